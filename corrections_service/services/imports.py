"""Imports: reports of another program become reports here, each once, and nobody is mailed about them."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.errors import InvalidFields
from corrections_service.rules import text
from corrections_service.rules.fields import LIMITS
from corrections_service.rules.workflow import State
from corrections_service.services import history, intake, reports
from corrections_service.services.reports import Fields
from corrections_service.services.tables import Row
from corrections_service.store.database import Database
from corrections_service.store.models import Case, EventKind, Report, Site, now

AT_ONCE = 20
"""Rows of one transaction: readers who report meanwhile wait no longer than for these."""

LONGEST_COMMENT = 10_000
"""A comment that is imported may be longer than one that is typed: its reader cannot shorten it any more."""


class Outcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    THERE = "there already"
    BAD = "bad"


def take_in(
    database: Database, site: Site, rows: Iterator[Row], *, secret: str, only_look: bool = False
) -> Iterator[tuple[Row, Outcome]]:
    """Store each report that is not there yet; yields each row, once it is settled, with what became of it.

    A row that is bad says why in `wrong`, one that came in shortened says so in `cut`. Doing it again is fine. Where this
    is `only_look`, nothing is stored, and what is told is what would become of it. Raises StorageBusy, StorageFull.
    """
    looked_at: set[str] = set()
    while batch := list(islice(rows, AT_ONCE)):
        checked = [_checked(row, site) for row in batch]
        good = [(row, fields) for row, fields in checked if fields is not None]
        if only_look:
            with database.read() as session:
                stored_ids = {fields.client_id for _, fields in good} - _earlier_ids(session, site, good) - looked_at
            looked_at |= stored_ids
        else:
            stored_ids = database.intake(_store, site=site, good=good, secret=secret)
        for row, fields in checked:
            if fields is None:
                yield row, Outcome.BAD
            else:
                yield row, Outcome.IMPORTED if fields.client_id in stored_ids else Outcome.THERE
                stored_ids.discard(fields.client_id)


def _checked(row: Row, site: Site) -> tuple[Row, Fields | None]:
    """The row by the rules for all reports, or what is wrong with it."""
    if row.wrong:
        return row, None
    comment = text.clean(row.fields.get("comment", "")).strip()
    values = {"id": _client_id(site, row.key), **row.fields, "comment": comment[: LIMITS["comment"]]}
    try:
        fields = intake.checked(values, site)
    except InvalidFields as error:
        return replace(row, wrong=error.detail), None
    visible = comment if fields.comment else ""
    fields = replace(fields, comment=text.cut(visible, LONGEST_COMMENT))
    lengths = {"comment": (len(visible), len(fields.comment)), "exact": (fields.exact_length, len(fields.exact))}
    cut = [
        f"{name}: {had:,} characters, of which {has:,} came in." for name, (had, has) in lengths.items() if has < had
    ]
    return replace(row, cut=" ".join(cut)), fields


def _client_id(site: Site, key: str) -> str:
    """The id of a row, the same whenever it is imported for this site."""
    digest = hashlib.sha256(f"{site.key}:{key}".encode("utf-8", "surrogatepass")).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _store(session: Session, *, site: Site, good: Sequence[tuple[Row, Fields]], secret: str) -> set[str]:
    """Store what is not there, and close what was dealt with elsewhere; the ids of what was stored."""
    earlier_ids = _earlier_ids(session, site, good)
    stored_ids: set[str] = set()
    dealt_with: dict[int, list[Row]] = defaultdict(list)
    for row, fields in good:
        if fields.client_id not in earlier_ids | stored_ids:
            submitted = reports.submit(session, site=site, fields=fields, secret=secret, arrived=row.arrived or now())
            stored_ids.add(fields.client_id)
            if row.dealt_with is not None:
                dealt_with[reports.by_reference(session, site, submitted.reference).case_id].append(row)
    for number, rows in dealt_with.items():
        _put_away(session, session.get_one(Case, number), rows)
    return stored_ids


def _earlier_ids(session: Session, site: Site, good: Sequence[tuple[Row, Fields]]) -> set[str]:
    """Which of these are there already."""
    ids = [fields.client_id for _, fields in good]
    return set(session.scalars(select(Report.client_id).where(Report.site_id == site.id, Report.client_id.in_(ids))))


def _put_away(session: Session, case: Case, rows: Sequence[Row]) -> None:
    """Close a case that only reports raise which another newsroom had dealt with."""
    session.refresh(case)
    if case.state is not State.NEW or case.readers != len(rows) or rows[-1].dealt_with is None:
        return
    state, resolution = rows[-1].dealt_with
    values = {"state": state, "resolution": resolution, "decided_at": rows[-1].decided}
    history.change(session, case, EventKind.IMPORTED, {**values, "live_key": None, "recheck_at": None})
