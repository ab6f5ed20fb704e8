"""What is kept of people, for how long, and what is never kept: addresses only as marks whose key is thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import State
from corrections_service.services import forgetting
from corrections_service.services.limits import address_block, count
from corrections_service.settings import Settings
from corrections_service.store.models import Attempt, Case, Reader, Report, Salt, Token, now

__all__ = ["address_block", "count", "erase_reader", "purge"]

PURGE_SHARE = 0.2
"""A purge of more than this share of the reports stops and asks (P-22)."""

BATCH = 500
"""Reports that one purge forgets at most; the job goes on until none are left."""


def erase_reader(session: Session, email: str) -> int:
    """Erase all that a reader with this address sent; how many reports."""
    where = func.lower(Reader.email) == email.strip().lower()
    reports = session.scalars(select(Report).join(Report.reader).where(where)).all()
    for report in reports:
        forgetting.erase(session, report)
    return len(reports)


def purge(session: Session, settings: Settings, *, force: bool = False) -> dict[str, int]:
    """Forget what its time is over for; how much of each. Raises TooMuchToPurge unless forced (P-22)."""
    day = timedelta(days=1)
    over = Case.updated_at < now() - settings.retention_closed_days * day
    spam_over = Case.updated_at < now() - settings.retention_spam_days * day
    old = or_(and_(Case.state == State.CLOSED, over), and_(Case.state == State.SPAM, spam_over))
    forgotten = and_(Report.case_id.in_(select(Case.id).where(old)), Report.erased_at.is_(None))
    if not force:
        _stop_if_too_much(session, forgotten)
    contact_over = Case.updated_at < now() - settings.retention_contact_days * day
    closed = select(Case.id).where(Case.state == State.CLOSED, contact_over)
    readers = select(Reader.report_id).join(Reader.report).where(Report.case_id.in_(closed))
    counts = {
        "addresses": _forget_addresses(session, session.scalars(readers.limit(BATCH)).all()),
        "attempts": _deleted(session, delete(Attempt)) if _forget_salts(session) else 0,
        "tokens": _deleted(session, delete(Token).where(Token.expires_at < now() - day)),
    }
    reports = session.scalars(select(Report).where(forgotten).order_by(Report.id).limit(BATCH)).all()
    for report in reports:
        forgetting.forget(session, report)
    return counts | {"reports": len(reports)}


def _forget_addresses(session: Session, report_ids: Sequence[int]) -> int:
    for report_id in report_ids:
        forgetting.stop_mail(session, report_id)
    return len(report_ids)


def _forget_salts(session: Session) -> bool:
    """Destroy the keys of former days; without them yesterday's marks mean nothing."""
    return _deleted(session, delete(Salt).where(Salt.day < f"{now():%Y-%m-%d}")) > 0


def _stop_if_too_much(session: Session, condition: ColumnElement[bool]) -> None:
    everything = session.scalar(select(func.count()).select_from(Report)) or 0
    to_erase = session.scalar(select(func.count()).select_from(Report).where(condition)) or 0
    if everything > 100 and to_erase > everything * PURGE_SHARE:
        raise errors.TooMuchToPurge(
            f"The purge would erase {to_erase} of {everything} reports. Is the clock right? Nothing was erased; "
            "`corrections purge --force` erases them."
        )


def _deleted(session: Session, statement: object) -> int:
    return int(getattr(session.execute(statement), "rowcount", 0))  # type: ignore[call-overload]
