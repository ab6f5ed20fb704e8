"""Mail choices: how each person wants the mails of each site, by sort; without a choice, as every desk gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.clocks import is_zone
from corrections_service.rules.mail_times import USUAL, Habits, Pace, Sort
from corrections_service.services import editors, sites
from corrections_service.store.models import Editor, MailChoice, Site
from corrections_service.store.rows import insert_once


def person_at(session: Session, address: str, site_id: int) -> Editor | None:
    """Who works on the site and is mailed at this address; None for a desk's own."""
    editor = editors.by_email(session, address)
    return editor if editor is not None and editor.active and editor.role_on(site_id) is not None else None


def habits(session: Session, editor_id: int | None, site: Site) -> Habits:
    """How a person wants the mails of a site; their days are the site's where they named no zone."""
    choice = session.get(MailChoice, (editor_id, site.id)) if editor_id is not None else None
    if choice is None:
        return USUAL
    return Habits(choice.paces, choice.zone or sites.zone_of(site).key, choice.quiet_from, choice.quiet_until)


def choose(session: Session, editor_id: int, site_id: int, wished: Habits) -> None:
    """Keep how a person wants the mails of a site. Raises InvalidFields."""
    wrong = {}
    if wished.zone and not is_zone(wished.zone):
        wrong["zone"] = "There is no time zone of this name; Europe/Kyiv is one."
    times = {"quiet_from": wished.quiet_from, "quiet_until": wished.quiet_until}
    wrong |= {name: "Give a time such as 22:00, or nothing." for name, at in times.items() if at and not _is_time(at)}
    if not wrong and bool(wished.quiet_from) is not bool(wished.quiet_until):
        missing = "quiet_until" if wished.quiet_from else "quiet_from"
        wrong[missing] = "Quiet hours have a beginning and an end."
    if wrong:
        raise errors.InvalidFields(wrong)
    paces = {sort.value: wished.pace(sort).value for sort in Sort if wished.pace(sort) is not USUAL.pace(sort)}
    _keep(session, editor_id, site_id, {"paces": paces, "zone": wished.zone, **times})


def silence(session: Session, editor_id: int, site_id: int, sorts: Sequence[Sort]) -> None:
    """Mail this person nothing more of these sorts at this site."""
    choice = session.get(MailChoice, (editor_id, site_id))
    paces = {**(choice.paces if choice else {}), **{sort.value: Pace.NEVER.value for sort in sorts}}
    _keep(session, editor_id, site_id, {"paces": paces})


def who_wants(session: Session, sort: Sort) -> Sequence[MailChoice]:
    """The choices of the people who asked for a sort of mail that nobody gets unasked."""
    rows = session.scalars(select(MailChoice).order_by(MailChoice.site_id, MailChoice.editor_id))
    choices = [row for row in rows if Habits(row.paces).pace(sort) is not Pace.NEVER]
    return [row for row in choices if row.editor.active and row.editor.role_on(row.site_id) is not None]


def _keep(session: Session, editor_id: int, site_id: int, values: Mapping[str, Any]) -> None:
    row = {"paces": {}, "zone": "", "quiet_from": "", "quiet_until": "", **values}
    insert_once(session, MailChoice, ["editor_id", "site_id"], editor_id=editor_id, site_id=site_id, **row)
    choice = session.get_one(MailChoice, (editor_id, site_id), with_for_update=True, populate_existing=True)
    for name, value in values.items():
        setattr(choice, name, value)


def _is_time(value: str) -> bool:
    try:
        return time.fromisoformat(value).strftime("%H:%M") == value
    except ValueError:
        return False
