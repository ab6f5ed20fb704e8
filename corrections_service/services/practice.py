"""Practice: five cases on a site of an editor's own, decided as real ones are, of which nobody outside is told anything.

No page of readers or of the public knows such a site, no mail of its cases is owed, none of its articles is read, and no
figure counts it.
"""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from corrections_service.rules.catalogue import desk_in
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, reports, sites
from corrections_service.services.reports import Fields
from corrections_service.store.models import Base, Batch, BatchCase, Case, Editor, Membership, Site, now
from corrections_service.store.rows import table_of

ORIGIN, READER = "https://practice.invalid", "{0}@practice.invalid"
"""Where the articles are, and from whom the reports come: at a host that there can never be (RFC 2606)."""

CASES = (
    ("bridge", Kind.SPELLING, ("ann", "bob")),
    ("ferry", Kind.FACT, ("cleo",)),
    ("school", Kind.CONTEXT, ("dora",)),
    ("council", Kind.OTHER, ("emil",)),
    ("watches", Kind.OTHER, ("",)),
)
"""The cases by what they are about, with their kind and who reports them: a typo, a wrong number, what misleads, no, spam."""

_PASSAGE = re.compile(
    r"""
    (?P<prefix> [^\[]* )
    \[ (?P<exact> [^|\]]* ) (?: \| (?P<right> [^\]]* ) )? \]   # the wrong words | the right ones
    (?P<suffix> .* )
    """,
    re.VERBOSE,
)
"""As in: was [opend|opened] to traffic"""


def begin(session: Session, editor: Editor, *, language: str, secret: str) -> None:
    """Put five cases before an editor, in the language of their desk; where some are there already, these stay."""
    session.refresh(editor, with_for_update=True)  # who clicks twice practises once
    if of_editor(editor) is not None:
        return
    words = desk_in(language)
    site = sites.create(
        session, name=words("desk.practice.name"), origins=[ORIGIN], desk=editor.email, language=language
    )
    site.slug, site.active, site.trainee_id = f"practice-{secrets.token_hex(8)}", False, editor.id
    editors.set_role(session, editor, site, _role(editor))
    session.flush()
    for about, kind, readers in reversed(CASES):  # the newest stands first in the queue
        for reader in readers:
            fields = _fields(about, kind, READER.format(reader) if reader else "", language)
            reports.submit(session, site=site, fields=fields, secret=secret, arrived=now())


def of_editor(editor: Editor) -> Site | None:
    """The site on which the editor practises, or None."""
    workplaces = (membership.site for membership in editor.memberships)
    return next((site for site in workplaces if site.trainee_id == editor.id), None)


def end(session: Session, editor: Editor) -> None:
    """Take an editor's practice away from them; what they did there is removed too, at once or as `sweep` says."""
    for membership in [other for other in editor.memberships if other.site.trainee_id == editor.id]:
        editor.memberships.remove(membership)
    session.flush()
    sweep(session)


def sweep(session: Session) -> None:
    """Remove what is left of practice that is over, with all that belongs to it.

    SQLite gives the highest numbers again once they are free, and what counts by numbers would take a new report for one
    that it knows: there the rows stay, which nobody sees, until there are newer ones.
    """
    goes_on = select(Membership.id).where(Membership.site_id == Site.id).exists()
    over = session.scalars(select(Site.id).where(Site.trainee_id.is_not(None), ~goes_on)).all()
    for site_id in over:
        if session.get_bind().dialect.name == "postgresql" or not _has_newest(session, site_id):
            _remove(session, site_id)


def _has_newest(session: Session, site_id: int) -> bool:
    """Whether the highest number of any table is one of the site's rows."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.c and table.name != Site.__tablename__ and _belongs(table):
            newest = select(table.c.id).order_by(table.c.id.desc()).limit(1).scalar_subquery()
            if session.scalar(select(table.c.id).where(table.c.id == newest, _of_site(table, site_id))) is not None:
                return True
    return False


def _remove(session: Session, site_id: int) -> None:
    """Delete a site with every row that belongs to it."""
    of_site = select(Case.id).where(Case.site_id == site_id)
    batches = list(session.scalars(select(BatchCase.batch_id).where(BatchCase.case_id.in_(of_site)).distinct()))
    tables = [table for table in reversed(Base.metadata.sorted_tables) if _belongs(table)]
    for table in tables:
        for column in table.c:
            if any(key.column.table is table for key in column.foreign_keys):
                session.execute(update(table).where(_of_site(table, site_id)).values({column.name: None}))
    for table in tables:
        session.execute(delete(table).where(_of_site(table, site_id)))
    others = select(BatchCase.batch_id).where(BatchCase.batch_id.in_(batches))
    session.execute(delete(table_of(Batch)).where(Batch.id.in_(batches), Batch.id.not_in(others)))
    session.expire_all()


def _role(editor: Editor) -> Role:
    """What the editor may decide there: what they may at most elsewhere, but for the settings, which lead outside."""
    highest = max((membership.role for membership in editor.memberships), key=lambda role: role.rank)
    return Role.STANDARDS if highest.covers(Role.STANDARDS) else highest


def _fields(about: str, kind: Kind, email: str, language: str) -> Fields:
    """What a reader sends of one of the cases."""
    words = desk_in(language)
    is_marked = f"desk.practice.{about}" in words.sentences
    match = _PASSAGE.fullmatch(words(f"desk.practice.{about}")) if is_marked else None
    key = f"desk.practice.{about}_comment"
    return Fields(
        client_id=str(uuid.uuid4()),
        url=f"{ORIGIN}/{about}",
        exact=match["exact"] if match else "",
        prefix=match["prefix"] if match else "",
        suffix=match["suffix"] if match else "",
        suggestion=(match["right"] or "") if match else "",
        comment=words(key) if key in words.sentences else "",
        kind=kind,
        email=email,
        language=language,
        title=words(f"desk.practice.{about}_headline"),
    )


def _belongs(table: Table) -> bool:
    """Whether rows of a table can be a site's."""
    return table.name == Site.__tablename__ or "site_id" in table.c or bool(_parents(table))


def _parents(table: Table) -> list[tuple[Column[Any], Column[Any]]]:
    """The columns by which rows belong to rows of other tables that can be a site's, each with what it refers to."""
    links = [(column, key.column) for column in table.c for key in column.foreign_keys]
    return [(column, other) for column, other in links if other.table is not table and _belongs(other.table)]


def _of_site(table: Table, site_id: int) -> ColumnElement[bool]:
    """The rows that belong to the site, by themselves or by what they refer to."""
    if table.name == Site.__tablename__:
        return table.c.id == site_id
    if "site_id" in table.c:
        return table.c.site_id == site_id
    return or_(*(column.in_(select(other).where(_of_site(other.table, site_id))) for column, other in _parents(table)))
