"""All that a publication has, as lines of JSON or as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.references import reference_of
from corrections_service.store.models import Article, Attachment, Base, Case, Correction, Event, Reader, Report, Site

AT_ONCE = 500
SECRETS = ("token_digest", "content_sha256", "sender", "live_key", "fingerprint")
"""Columns that mean something to the service alone."""

BYTE_ORDER_MARK = "\ufeff"
FORMULA = re.compile(r"^(?:[\t\r\n]|[\s;,\"'|\0]*[=+\-@＝＋－＠])")
"""What spreadsheets take for the beginning of a formula (THREATS C11), also behind what they skip."""


def count(session: Session, site: Site) -> int:
    """How many reports a publication has."""
    return session.scalar(select(func.count()).select_from(Report).where(Report.site_id == site.id)) or 0


def json_lines(session: Session, site: Site) -> Iterator[str]:
    """Each thing of the site on a line of its own, with its sort as `type`: what others refer to comes first."""
    of_case = select(Case.id).where(Case.site_id == site.id)
    questions = {
        "site": select(_table(Site)).where(Site.id == site.id),
        "article": select(_table(Article)).where(Article.site_id == site.id),
        "case": select(_table(Case)).where(Case.site_id == site.id),
        "report": select(_table(Report), Reader.email, _attachments())
        .outerjoin(Reader)
        .where(Report.site_id == site.id),
        "event": select(_table(Event)).where(Event.case_id.in_(of_case)),
        "correction": select(_table(Correction)).where(Correction.site_id == site.id),
    }
    for kind, question in questions.items():
        rows = session.execute(question.order_by("id").execution_options(yield_per=AT_ONCE))
        for row in rows.mappings():
            values = {name: _plain(value) for name, value in row.items() if name not in SECRETS}
            yield json.dumps({"type": kind, **values}, ensure_ascii=False) + "\n"


def csv_lines(session: Session, site: Site) -> Iterator[str]:
    """One row for each report with what became of it (RFC 4180, UTF-8 with its mark), where no cell is a formula."""
    columns: dict[str, Any] = {
        "number": Report.id,
        "case": Case.id,
        "sent": Report.created_at,
        "url": Report.url,
        "page_url": Report.page_url,
        "headline": Article.headline,
        "quote": Report.exact,
        "prefix": Report.prefix,
        "suffix": Report.suffix,
        "place": Report.place,
        "suggestion": Report.suggestion,
        "remove": Report.remove,
        "comment": Report.comment,
        "source": Report.source_url,
        "kind": Case.kind,
        "state": Case.state,
        "resolution": Case.resolution,
        "decided": Case.decided_at,
        "readers": Case.readers,
        "id": Report.client_id,
        "attachments": _attachments(),
    }
    question = select(*(column.label(name) for name, column in columns.items()))
    question = question.select_from(Report).join(Case, Report.case_id == Case.id).join(Article)
    question = question.where(Report.site_id == site.id).order_by(Report.id)
    yield BYTE_ORDER_MARK + csv_line(["reference", *columns])
    for row in session.execute(question.execution_options(yield_per=AT_ONCE)):
        yield csv_line([reference_of(row.number), *(cell(_table_value(value)) for value in row)])


def cell(value: Any) -> str:
    """A value as a spreadsheet shows it: never a formula, nothing that turns its direction."""
    content = "" if value is None else text.without_direction_controls(str(value)).replace("\0", "")
    return f"'{content}" if FORMULA.match(content) else content


def csv_line(cells: list[str]) -> str:
    """One line of a table (RFC 4180)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _attachments() -> ColumnElement[int]:
    """How many pictures a report has: what they show stays here."""
    query = select(func.count(Attachment.id)).where(Attachment.report_id == Report.id)
    return query.scalar_subquery().label("attachments")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _table_value(value: Any) -> Any:
    """What a table says: `1` or nothing for yes and no, as forms do."""
    return "1" * value if isinstance(value, bool) else _plain(value)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
