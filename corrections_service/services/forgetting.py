"""Forgetting: what a reader wrote and their address are removed wherever they are; that there was a report stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from corrections_service.rules.lessons import REASON
from corrections_service.rules.quotes import Quote
from corrections_service.services import (
    attachments,
    calls,
    history,
    joining,
    lessons,
    offices,
    outbox,
    priorities,
    thanks,
)
from corrections_service.services.readers import take_up, withdraw
from corrections_service.services.reports import KEYED
from corrections_service.store import erasures, search
from corrections_service.store.models import Case, Delivery, Event, EventKind, Letter, Reader, Report, now

CONTENT = {"suggestion": "", "remove": False, "comment": "", "place": ""}
"""What a reader wishes and writes, and a case repeats; with what stands there when it is forgotten."""


WORDS = ("text", "why", "attached", "sender")
"""The facts of an event that hold what somebody said, or who did."""


def erase(session: Session, report: Report) -> None:
    """Forget a report at its reader's wish, and take it back."""
    offices.ask_back(session, report)
    withdraw(session, report)
    lessons.forget(session, report)
    forget(session, report)


def forget(session: Session, report: Report) -> None:
    """Remove what the reader wrote and their address, wherever it is; that there was a report stays (a tombstone)."""
    if report.erased_at is not None:
        return
    case = take_up(session, report)
    stop_mail(session, report.id)
    thanks.forget(session, report)
    attachments.forget(session, report)
    content, quote = {name: getattr(report, name) for name in CONTENT}, report.quote
    report.quote = Quote("")
    for name in ("source_url", "title", "exact_sha256"):
        setattr(report, name, "")
    for name, nothing in CONTENT.items():
        setattr(report, name, nothing)
    report.spam_reasons = [reason for reason in report.spam_reasons if not reason.startswith(REASON)]
    report.erased_at = now()
    erasures.note(session, erasures.ERASED, report.case.site.key, report.client_id)
    search.forget_words(session)
    related_cases = (case, *joining.related(session, case))
    quoted = {other.exact for related in related_cases for other in related.reports if other.erased_at is None}
    for related in related_cases:
        _forget_in(related, content)
        if related.quote == quote and quote.exact not in quoted:
            _forget_quote(related)
    calls.forget_words(session, [related.id for related in related_cases])
    for event in session.scalars(select(Event).where(Event.report_id == report.id)):
        event.data = {name: value for name, value in event.data.items() if name not in WORDS}
    session.execute(delete(Letter).where(Letter.report_id == report.id))
    history.record(session, case, EventKind.ERASED, report=report)


def _forget_in(case: Case, content: Mapping[str, Any]) -> None:
    """Let a case that repeats what was forgotten say what its first other report says."""
    if {name: getattr(case, name) for name in CONTENT} == content:
        first = next((report for report in case.reports if report.erased_at is None), None)
        for name, nothing in CONTENT.items():
            setattr(case, name, getattr(first, name) if first else nothing)
    elif not case.reports and case.suggestion and case.suggestion in content["suggestion"]:
        case.suggestion = ""


def _forget_quote(case: Case) -> None:
    """Let a case lose a quote that no look at the article saw there: these may be the reader's own words.

    One that was seen is the article's, and stays; so does one under which others still report the same passage.
    """
    if not case.fix_before and not any(report.erased_at is None for report in case.reports):
        case.quote = Quote("")


def stop_mail(session: Session, report_id: int) -> None:
    """Forget the reader's address, so that no more mail goes to it; doing it again is fine.

    With it go what the desk was told of its reader's record, the mark of the address, and an earlier version's hash of
    all that was sent, by which it could be guessed.
    """
    report = session.get(Report, report_id)
    if report is None:
        return
    address = select(Reader.email).where(Reader.report_id == report_id).scalar_subquery()
    behind = select(Report.case_id).join(Reader, Reader.report_id == Report.id).where(Reader.email == address)
    case_ids = session.scalars(behind.where(Report.site_id == report.site_id).distinct()).all()
    session.execute(delete(Reader).where(Reader.report_id == report_id))
    priorities.note(session, [report.case_id, *case_ids])
    if not report.content_sha256.startswith(KEYED):
        report.content_sha256 = ""
    # What they sent besides in this case still counts as one reader's, by a name that tells nobody who.
    statement = update(Report).where(Report.case_id == report.case_id, Report.sender == report.sender)
    session.execute(statement.values(sender=f"r{report.id}"), execution_options={"synchronize_session": "fetch"})
    erasures.note(session, erasures.MAIL_STOPPED, report.case.site.key, report.client_id)
    outbox.forget_recipient(session, Delivery.report_id == report_id)


def stop_all_mail(session: Session, site_id: int, report_id: int) -> None:
    """Do so for all reports to this site from the same address; doing it again is fine."""
    address = session.scalar(select(Reader.email).where(Reader.report_id == report_id))
    query = select(Reader.report_id).join(Reader.report).where(Reader.email == address, Report.site_id == site_id)
    for number in session.scalars(query).all() if address is not None else ():
        stop_mail(session, number)
