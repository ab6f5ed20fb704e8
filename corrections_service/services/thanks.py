"""Thanks: a name by which a reader may be thanked in public, once an editor agreed; it goes when they take it away."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence, Set
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.workflow import State
from corrections_service.services import corrections, people
from corrections_service.services.history import record, take_up
from corrections_service.store import erasures
from corrections_service.store.models import Case, Correction, Editor, Event, EventKind, Report, Thanks, now

LONGEST = 80
"""Characters of a name."""

TURN = "offered"
"""What a mail tells of a name that is offered when nobody looks at the case any more."""

_NO_NAME = re.compile(r"[/\\@<>]|\bwww\.|\.\w{2,}\b(?!\.)\S*$", re.IGNORECASE)
"""What no name holds: parts of links, of addresses and of markup."""


def offer(session: Session, report: Report, typed: str) -> None:
    """Keep the name that a reader offers, in place of an earlier one; an editor has to agree anew. Raises InvalidFields."""
    name = text.one_line(text.without_direction_controls(text.clean(typed))).strip()
    if len(name) > LONGEST:
        raise errors.InvalidFields({"name": errors.too_long(len(name), LONGEST)})
    if not is_possible(session, report):
        raise errors.NotClosed("Nobody is thanked here.")
    if not text.is_visible(name) or _NO_NAME.search(name):
        raise errors.InvalidFields({"name": "Give a name, without a link or an address."})
    earlier = session.get(Thanks, report.id)
    is_seen = earlier is None or earlier.agreed_at is not None
    if earlier is not None and earlier.name != name:
        forget(session, report)
    session.merge(Thanks(report_id=report.id, name=name, agreed_at=None))
    event = record(session, report.case, EventKind.NAME_OFFERED, report=report)
    if is_seen and corrections.stands(session, report.case):
        people.tell(session, report.case, event, TURN)


def is_possible(session: Session, report: Report) -> bool:
    """Whether a notice thanks the reader of a report, or may: nothing is published of what was declined, or fixed in silence."""
    case = report.case
    is_decided = case.state in (State.CLOSED, State.FIXING) and case.resolution is not None
    is_wanted = bool(case.site.policy.get("thanks")) and report.withdrawn_at is None
    return is_wanted and (not is_decided or corrections.stands(session, case))


def forget(session: Session, report: Report) -> None:
    """Take a reader's name away, wherever it stands; no restore brings it back, but what is offered later stays."""
    row = session.execute(delete(Thanks).where(Thanks.report_id == report.id).returning(Thanks.report_id)).first()
    if row is not None:
        erasures.note(session, erasures.NAME_GONE, report.case.site.key, report.client_id)


def forget_again(session: Session, report: Report, at: datetime) -> None:
    """Take away the name that a backup of before has brought back; one that was offered since then stays."""
    kinds = (Event.report_id == report.id, Event.kind == EventKind.NAME_OFFERED)
    last = session.scalar(select(func.max(Event.at)).where(*kinds))
    if last is None or last <= at:
        session.execute(delete(Thanks).where(Thanks.report_id == report.id))


def agree(session: Session, case: Case, number: int, name: str, *, actor: Editor) -> None:
    """Thank a reader of the case by the name that this editor saw. Raises ChangedMeanwhile."""
    take_up(session, case, actor)
    thanks = _offered(session, case, number)
    if thanks.name != name:
        raise errors.ChangedMeanwhile("The reader offers another name by now.")
    if thanks.agreed_at is None:
        thanks.agreed_at = now()
        record(session, case, EventKind.THANKED, actor=actor, report=session.get_one(Report, number))


def disagree(session: Session, case: Case, number: int, *, actor: Editor) -> None:
    """Thank a reader of the case by name no more."""
    take_up(session, case, actor)
    thanks = _offered(session, case, number)
    if thanks.agreed_at is not None:
        thanks.agreed_at = None
        record(session, case, EventKind.UNTHANKED, actor=actor, report=session.get_one(Report, number))


def offers(session: Session, reports: Sequence[Report]) -> dict[int, Thanks]:
    """The names that these reports' readers offer, by the report's number."""
    query = select(Thanks).where(Thanks.report_id.in_([report.id for report in reports]))
    return {thanks.report_id: thanks for thanks in session.scalars(query)}


def names(session: Session, notices: Collection[Correction]) -> dict[int, tuple[str, ...]]:
    """By which names readers are thanked in each of these public notices, by its number; of what was taken back none."""
    thanking = [notice for notice in notices if notice.retracted_at is None and notice.site.policy.get("thanks")]
    if not thanking:
        return {}
    query = select(Report.id, Report.case_id, Thanks.name).join(Thanks, Thanks.report_id == Report.id)
    homes, origins = _merged(session, {notice.case_id for notice in thanking})
    by_case = defaultdict[int, list[str]](list)
    agreed = query.where(Report.case_id.in_(homes), Thanks.agreed_at.is_not(None), Report.withdrawn_at.is_(None))
    for row in session.execute(agreed.order_by(Report.id)):
        for case_id in (row.case_id, *origins.get(row.id, ())):
            if row.name not in by_case[case_id]:
                by_case[case_id].append(row.name)
    return {notice.id: tuple(by_case[notice.case_id]) for notice in thanking if by_case[notice.case_id]}


def _merged(session: Session, case_ids: Set[int]) -> tuple[set[int], dict[int, list[int]]]:
    """These cases with those in which they live on, as their notices stay theirs; and of which cases each report was."""
    homes, new = set(case_ids), set(case_ids)
    while new:
        query = select(Case.merged_into_id).where(Case.id.in_(new), Case.state == State.MERGED)
        new = {number for number in session.scalars(query) if number is not None} - homes
        homes |= new
    origins = defaultdict[int, list[int]](list)
    merged = select(Case.id).where(Case.id.in_(case_ids), Case.state == State.MERGED)
    last = select(func.max(Event.id)).where(Event.case_id.in_(merged), Event.kind == EventKind.MERGED)
    for event in session.scalars(select(Event).where(Event.id.in_(last.group_by(Event.case_id)))):
        for number in event.data["reports"]:
            origins[number].append(event.case_id)
    return homes, origins


def _offered(session: Session, case: Case, number: int) -> Thanks:
    """The name that a report of the case offers. Raises ChangedMeanwhile."""
    thanks, report = session.get(Thanks, number), session.get(Report, number)
    if thanks is None or report is None or report.case_id != case.id:
        raise errors.ChangedMeanwhile("The reader offers no name any more.")
    return thanks
