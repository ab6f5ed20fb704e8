"""People by the newsroom's own accounts (OpenID Connect): who is let in, by which account, and with which roles."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.accounts_settings import EVERYWHERE
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, sites
from corrections_service.store.models import Editor, Membership, Site, now
from corrections_service.store.rows import insert_once

log = structlog.get_logger()

Given = tuple[Role, str]
"""A role, and the slug of the site where accounts give it, or EVERYWHERE."""

LAST_CAME = "last_came"
"""Where it is kept when a person last came by the accounts of each issuer."""

GOOD_FOR, ABSENT_AFTER = timedelta(hours=24), timedelta(days=90)
"""How long roles that accounts gave are good for other ways in, and after how long an administrator is nobody to rely on."""

FREE = ""
"""In the place of a subject: whichever account of the issuer comes next is the person's."""


def come(
    session: Session, email: str, *, issuer: str, subject: str, name: str = "", roles: Sequence[Given] | None = None
) -> Editor | None:
    """The person here whom the newsroom's own accounts vouch for, by address; from then on by that one account alone.

    With `roles`, those that these accounts gave become exactly these, what was given here stays, and who is new and has
    one of them at a site that there is, is made a person here, called by `name`. None where somebody has no role at all:
    what was taken away is to be stored all the same. Raises NotPermitted for an address that another account of theirs
    had before, with whichever provider, and for another person's account.
    """
    editor = editors.by_email(session, email)
    if editor is None and roles and _entitlements(session, roles):
        editor = _make(session, email, name)
    if editor is None:
        return None
    session.flush()
    session.refresh(editor, with_for_update=True)  # of two accounts that come at the same moment, one is the first
    if not editor.active:
        return None
    bound = _accounts_of(editor.choices)
    if bound and bound.get(issuer) not in (FREE, subject):
        raise errors.NotPermitted(phrase("desk.accounts.another", email=email))
    if bound.get(issuer) != subject and _is_anothers(session, editor, issuer, subject):
        raise errors.NotPermitted(phrase("desk.accounts.elsewhere", email=email))
    if roles is not None:
        _follow(session, editor, issuer, roles)
    if not editor.memberships:
        return None
    if bound.get(issuer) != subject:
        _bind(session, editor, {**bound, issuer: subject})
    times = {**editor.choices.get(LAST_CAME, {}), issuer: now().isoformat()}
    editors.choose(session, editor, **{LAST_CAME: times})
    return editor


def drop_old_roles(session: Session, editor: Editor) -> None:
    """Take away the roles by accounts that the person has not come by for a day: they come another way, and may have left.

    The next sign-in by those accounts brings them back. A site's last administrator stays one. Raises NotPermitted, and
    changes nothing, where no role is left, or none was there.
    """
    if not editor.memberships:
        raise errors.NotPermitted(phrase("desk.accounts.unknown", email=editor.email))
    if all(membership.issuer == "" for membership in editor.memberships):
        return
    session.flush()  # what is being changed is not read over
    session.refresh(editor, with_for_update=True)
    at_work = [membership for membership in editor.memberships if membership.site.trainee_id is None]
    old_ones = [membership for membership in at_work if not _came_within(GOOD_FOR, membership)]
    old_ones = [membership for membership in old_ones if not _has_to_stay(session, membership)]
    if old_ones and len(old_ones) == len(at_work):
        raise errors.NotPermitted(phrase("desk.accounts.long_ago"))
    for membership in old_ones:
        editors.set_role(session, editor, membership.site, None)


def _came_within(period: timedelta, membership: Membership) -> bool:
    """Whether somebody came lately by the accounts that gave this role; a role that people gave needs no accounts."""
    at = membership.editor.choices.get(LAST_CAME, {}).get(membership.issuer)
    return not membership.issuer or (at is not None and datetime.fromisoformat(at) > now() - period)


def gave_roles(session: Session, email: str, issuer: str) -> bool:
    """Whether somebody with this address has a role that these accounts gave."""
    editor = editors.by_email(session, email)
    return editor is not None and any(membership.issuer == issuer for membership in editor.memberships)


def free(session: Session, editor: Editor, issuer: str = "") -> None:
    """Let the next account that comes with a person's address be theirs: of this issuer, else of whichever it is."""
    _bind(session, editor, {**_accounts_of(editor.choices), issuer: FREE} if issuer else {})


def _bind(session: Session, editor: Editor, bound: Mapping[str, str]) -> None:
    editors.choose(session, editor, **{editors.ACCOUNT: [part for pair in bound.items() for part in pair] or None})


def _accounts_of(choices: Mapping[str, Any]) -> dict[str, str]:
    """By which account of each issuer somebody came; issuer and subject are kept one after the other."""
    pairs = choices.get(editors.ACCOUNT) or []
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _is_anothers(session: Session, editor: Editor, issuer: str, subject: str) -> bool:
    """Whether somebody else here comes by this account; people are few, and each comes by a new account once."""
    others = session.scalars(select(Editor.choices).where(Editor.id != editor.id))
    return any(_accounts_of(choices).get(issuer) == subject for choices in others)


def unknown_sites(session: Session, slugs: Sequence[str]) -> list[str]:
    """The slugs that are no site's."""
    present = {site.slug for site in sites.all_sites(session)} | {EVERYWHERE}
    return [slug for slug in dict.fromkeys(slugs) if slug not in present]


def _make(session: Session, email: str, name: str) -> Editor | None:
    """A new person, of two who come at the same moment one; None where nothing can be mailed to the address."""
    try:
        address = sites.checked_address(email, "email")
    except errors.InvalidFields:
        return None
    insert_once(session, Editor, ["email"], email=address, name=name, fs_uniquifier=secrets.token_hex(32))
    return editors.by_email(session, address)


def _follow(session: Session, editor: Editor, issuer: str, roles: Sequence[Given]) -> None:
    """Let the roles that these accounts gave be these; a role of another origin on the same site goes first."""
    entitlements = _entitlements(session, roles)
    for membership in list(editor.memberships):
        if membership.issuer != issuer:
            entitlements.pop(membership.site_id, None)
            continue
        site, role = entitlements.pop(membership.site_id, (membership.site, None))
        if role is membership.role:
            continue
        if _has_to_stay(session, membership):
            log.warning("the last administrator stays one, whatever the accounts say", site=site.slug)
            continue
        editors.set_role(session, editor, site, role, issuer=issuer)
    for site, role in entitlements.values():
        editors.set_role(session, editor, site, role, issuer=issuer)
    session.flush()


def _entitlements(session: Session, roles: Sequence[Given]) -> dict[int, tuple[Site, Role | None]]:
    """The strongest role on each site, by the site's number."""
    entitlements: dict[int, tuple[Site, Role | None]] = {}
    for site in sites.all_sites(session):
        here = [role for role, slug in roles if slug in (site.slug, EVERYWHERE)]
        if here:
            entitlements[site.id] = (site, max(here, key=lambda role: role.rank))
    return entitlements


def check_administered(session: Session, editor: Editor, site: Site) -> None:
    """Promise that somebody else administers the site: of two who take each other's role away one is first. Raises NotPermitted."""
    membership = next((role for role in editor.memberships if role.site_id == site.id), None)
    if membership is not None and _has_to_stay(session, membership):
        raise errors.NotPermitted()


def _has_to_stay(session: Session, membership: Membership) -> bool:
    """Whether nobody else administers the site; whoever asks the same at this moment waits for the answer to count.

    Somebody who administers by accounts and has not come by them for very long may have left, and does not count.
    """
    if membership.role is not Role.ADMIN:
        return False
    is_admin = (Membership.site_id == membership.site_id, Membership.role == Role.ADMIN)
    query = select(Membership).join(Membership.editor).where(*is_admin, Editor.active).order_by(Membership.id)
    admins = session.scalars(query.with_for_update(of=Membership).execution_options(populate_existing=True)).all()
    others = [admin for admin in admins if admin.editor_id != membership.editor_id]
    return not any(_came_within(ABSENT_AFTER, admin) for admin in others)
