"""What is kept of people, for how long, and what is never kept: addresses only as marks whose key is thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import State
from corrections_service.services import attachments, forgetting
from corrections_service.services.limits import address_block, count
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Attempt, Block, Case, Letter, Reader, Report, Salt, Token, now

__all__ = ["address_block", "count", "erase_reader", "purge"]

PURGE_SHARE = 0.2
"""A purge of more than this share of the reports stops and asks (P-22)."""

BLOCKS_SHOWN = timedelta(days=30)
"""How long a block that is over is still listed."""

BATCH, PART = 500, 5
"""Reports that one purge looks for at most, and those that one transaction of the job forgets: one takes 10 ms and more."""


@dataclass(frozen=True)
class Due:
    """Reports whose readers' addresses are to be forgotten, and reports that are to be forgotten themselves."""

    addresses: Sequence[int] = ()
    reports: Sequence[int] = ()

    @property
    def may_be_more(self) -> bool:
        """Whether only some were looked for."""
        return BATCH in (len(self.addresses), len(self.reports))

    def parts(self) -> Iterator[Due]:
        """The same in parts that are soon done."""
        for at in range(0, len(self.addresses), PART):
            yield Due(addresses=self.addresses[at : at + PART])
        for at in range(0, len(self.reports), PART):
            yield Due(reports=self.reports[at : at + PART])


def erase_reader(session: Session, email: str) -> int:
    """Erase all that a reader with this address sent; how many reports."""
    where = func.lower(Reader.email) == email.strip().lower()
    reports = session.scalars(select(Report).join(Report.reader).where(where)).all()
    for report in reports:
        forgetting.erase(session, report)
    session.execute(delete(Letter).where(func.lower(Letter.sender) == email.strip().lower()))
    return len(reports)


def purge(database: Database, settings: Settings, *, force: bool = False) -> dict[str, int]:
    """Forget all whose time is over, little in each transaction, for readers wait meanwhile; how much of each.

    Raises TooMuchToPurge unless forced (P-22), before any is forgotten.
    """
    counts, old = Counter[str](), None
    while old is None or old.may_be_more:
        with database.read(unhurried=True) as session:
            old = find_due(session, settings, force=force)
        force = True  # the first look judged how much all of it is
        for part in old.parts():
            database.precedence.give_way()
            with database.write() as session:
                counts.update(forget_due(session, settings, part))
    with database.write() as session:
        counts.update(forget_marks(session))
    return {name: counts[name] for name in ("addresses", "reports", "attempts", "tokens")}


def find_due(session: Session, settings: Settings, *, force: bool = False) -> Due:
    """Some of the reports whose time is over, and of those whose address's is. Raises TooMuchToPurge unless forced (P-22)."""
    if not force:
        _stop_if_too_much(session, _over(settings))
    readers = select(Reader.report_id).join(Reader.report).where(_contact_over(settings))
    reports = select(Report.id).where(_over(settings)).order_by(Report.id)
    return Due(session.scalars(readers.limit(BATCH)).all(), session.scalars(reports.limit(BATCH)).all())


def forget_due(session: Session, settings: Settings, old: Due) -> dict[str, int]:
    """Forget these, as far as their time is still over: a case may have been opened again."""
    readers = select(Reader.report_id).join(Reader.report).where(_contact_over(settings))
    report_ids = session.scalars(readers.where(Reader.report_id.in_(old.addresses))).all()
    for report_id in report_ids:
        forgetting.stop_mail(session, report_id)
    reports = session.scalars(select(Report).where(_over(settings), Report.id.in_(old.reports))).all()
    for report in reports:
        forgetting.forget(session, report)
    return {"addresses": len(report_ids), "reports": len(reports)}


def forget_marks(session: Session) -> dict[str, int]:
    """Forget the marks of former days and of blocks that are over, and tokens that are; how many of these."""
    session.execute(delete(Block).where(Block.ends_at < now() - BLOCKS_SHOWN))
    attachments.forget_left_over(session)
    return {
        "attempts": _deleted(session, delete(Attempt)) if _forget_salts(session) else 0,
        "tokens": _deleted(session, delete(Token).where(Token.expires_at < now() - timedelta(days=1))),
    }


def _over(settings: Settings) -> ColumnElement[bool]:
    """Which reports are to be forgotten."""
    is_over = or_(_done_for(settings.retention_closed_days), _aside_for(settings.retention_spam_days))
    return and_(is_over, Report.erased_at.is_(None))


def _contact_over(settings: Settings) -> ColumnElement[bool]:
    """Of which reports the reader's address is to be forgotten."""
    return or_(_done_for(settings.retention_contact_days), _aside_for(settings.retention_contact_days))


def _done_for(days: int) -> ColumnElement[bool]:
    """Which reports' cases have been closed for so long, whatever happened to them since: so readers are told."""
    since, closed = now() - timedelta(days=days), select(Case.id).where(Case.state == State.CLOSED)
    return or_(
        Report.case_id.in_(closed.where(Case.updated_at < since)),
        and_(Report.closed_at < since, Report.case_id.in_(closed)),
    )


def _aside_for(days: int) -> ColumnElement[bool]:
    """Which reports have been with the spam for so long."""
    since = now() - timedelta(days=days)
    return Report.case_id.in_(select(Case.id).where(Case.state == State.SPAM, Case.updated_at < since))


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
