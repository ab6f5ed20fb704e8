"""The sums that must come out, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import LIVE, State
from corrections_service.store.models import Attempt, Case, Delivery, DeliveryState, Refusal, Report, Site, now

REFUSALS = {errors.TooManyReports.code, errors.StorageBusy.code}
"""Not the report's fault: it may come again."""


def accounting(session: Session) -> dict[str, object]:
    """The identities of P-05: attempts = accepted + rejected + refused; accepted = the sum over what became of each.

    Rejected (4xx) and refused (429, 503) are counted by reason. Ages are of the oldest, in seconds.
    """
    practice = select(Site.id).where(Site.trainee_id.is_not(None))
    of_readers, of_publications = Report.site_id.not_in(practice), Case.site_id.not_in(practice)
    accepted = session.scalar(select(func.count()).select_from(Report).where(of_readers)) or 0
    by_reason = select(Refusal.reason, func.sum(Refusal.count)).group_by(Refusal.reason)
    turned_away = {reason: int(count) for reason, count in session.execute(by_reason)}
    refused = {reason: count for reason, count in turned_away.items() if reason in REFUSALS}
    by_state = select(Case.state, func.count(Report.id)).join(Report.case).where(Report.erased_at.is_(None), of_readers)
    states = {State(state): int(count) for state, count in session.execute(by_state.group_by(Case.state))}
    erased = session.scalar(select(func.count()).where(Report.erased_at.is_not(None), of_readers)) or 0
    mails_owed = session.execute(
        select(func.count(), func.min(Delivery.created_at)).where(Delivery.state == DeliveryState.OWED)
    ).one()
    new, undecided = (
        session.scalar(select(func.min(Case.created_at)).where(Case.state.in_(group), of_publications))
        for group in ({State.NEW}, LIVE)
    )
    return {
        "attempts": accepted + sum(turned_away.values()),
        "accepted": accepted,
        "rejected": {reason: count for reason, count in turned_away.items() if reason not in refused},
        "refused": refused,
        "open": sum(states.get(state, 0) for state in LIVE),
        "resolved": states.get(State.CLOSED, 0),
        "merged": states.get(State.MERGED, 0),
        "quarantined": states.get(State.SPAM, 0),
        "erased": erased,
        "mails_owed": mails_owed[0],
        "oldest_owed_seconds": _seconds_since(mails_owed[1]),
        "oldest_new_seconds": _seconds_since(new),
        "oldest_open_seconds": _seconds_since(undecided),
    }


def _seconds_since(then: datetime | None) -> int:
    return int((now() - then).total_seconds()) if then else 0


def count_refusal(session: Session, *, reason: str, many: int = 1) -> None:
    """Count refused reports under their reason, for today."""
    day = f"{now():%Y-%m-%d}"
    table = Refusal.__table__
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Refusal).values(day=day, reason=reason, count=many)
    session.execute(
        statement.on_conflict_do_update(index_elements=["day", "reason"], set_={"count": table.c.count + many})
    )


def count_refusals(session: Session, *, reasons: Mapping[str, int]) -> None:
    """Count refused reports under their reasons, for today."""
    for reason, many in reasons.items():
        count_refusal(session, reason=reason, many=many)


def touch(session: Session) -> None:
    """Write for real: whether the database takes writes at all."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Attempt).values(mark="readiness", window=0, count=1)
    new_values = {"count": 1 - Attempt.__table__.c.count}
    session.execute(statement.on_conflict_do_update(index_elements=["mark", "window"], set_=new_values))
