"""Batches: one thing done with many cases at once, each with its version checked, and all of it taken back.

It is done in the background, a case in each transaction. Mails of a batch leave when the time for undoing is over,
which begins when the last case is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules.addresses import folded
from corrections_service.rules.workflow import NOTICES, TAKEN, Decision, Resolution, Role
from corrections_service.services import cases, corrections, history, joining, outbox, parting, sites, wishes
from corrections_service.store import jobs
from corrections_service.store.models import (
    Batch,
    BatchCase,
    Case,
    Delivery,
    DeliveryState,
    Editor,
    Event,
    Outcome,
    Reader,
    Report,
    now,
)

MOST, MOST_SHOWN = 1000, 200
"""Cases of one batch, and of them those that a page names."""

HELD = timedelta(hours=1)
"""Longer than a batch takes: should nobody work at it any more, what it owes goes then."""

RESOLUTIONS = tuple(resolution for resolution in TAKEN if resolution not in NOTICES)
"""What many cases can be decided as; a public notice is written for each case alone."""

Numbered = Mapping[int, int]
"""Cases with their versions as an editor saw them."""


@dataclass(frozen=True)
class Progress:
    """How far a batch is: so many cases in all, and what became of them."""

    total: int
    outcomes: Mapping[str, int]

    @property
    def handled(self) -> int:
        """The cases that nothing more will be done with."""
        return self.total - self.outcomes.get(Outcome.WAITING, 0)


def _decide(session: Session, case: Case, actor: Editor, version: int, data: dict[str, Any]) -> Event:
    decision = Decision(Resolution(data["resolution"]), why_silent=data.get("why_silent", ""))
    return cases.decide(session, case, decision, actor=actor, reason=data.get("reason", ""), version=version)


def _snooze(session: Session, case: Case, actor: Editor, version: int, data: dict[str, Any]) -> None:
    until = datetime.fromisoformat(data["until"])
    until = until if until.tzinfo else until.replace(tzinfo=sites.zone_of(case.site))
    cases.snooze(session, case, until, actor=actor, version=version)


def _merge(session: Session, case: Case, actor: Editor, version: int, data: dict[str, Any]) -> Event:
    if not data.get("sure"):
        parting.check_same(session, case, data["into"], actor=actor)
    return joining.merge(session, case, data["into"], actor=actor, version=version)


ACTIONS: dict[str, Callable[[Session, Case, Editor, int, dict[str, Any]], Event | None]] = {
    "decide": _decide,
    "snooze": _snooze,
    "merge": _merge,
    "spam": lambda session, case, actor, version, data: cases.mark_spam(session, case, actor=actor, version=version),
    "not_spam": lambda session, case, actor, version, data: cases.not_spam(session, case, actor=actor, version=version),
    "claim": lambda session, case, actor, version, data: cases.claim(session, case, actor=actor, version=version),
    "release": lambda session, case, actor, version, data: cases.release(session, case, actor=actor, version=version),
}


def chosen(session: Session, numbers: Sequence[int], actor: Editor) -> list[Case]:
    """These cases, if the editor may change all of them. Raises NotFound, NotPermitted, InvalidFields."""
    distinct = list(dict.fromkeys(numbers))
    if not distinct:
        raise errors.InvalidFields({"case": "Choose some cases first."})
    if len(distinct) > MOST:
        raise errors.InvalidFields({"case": f"At most {MOST:,} cases at once; these are {len(distinct):,}."})
    by_id: dict[int, Case] = {}
    for start in range(0, len(distinct), 500):
        part = distinct[start : start + 500]
        query = select(Case).where(Case.id.in_(part)).options(joinedload(Case.article), joinedload(Case.site))
        by_id |= {case.id: case for case in session.scalars(query)}
    for number in distinct:
        case = by_id.get(number)
        if case is None or actor.role_on(case.site_id) is None:
            raise errors.NotFound(f"There is no case {number} on your sites. Nothing was changed.")
        history.permit(case, actor, Role.EDITOR)
    return [by_id[number] for number in distinct]


def mails(session: Session, numbers: Sequence[int]) -> int:
    """How many answers are owed when these cases are decided: one to each mailbox of each case."""
    answers: set[tuple[int, str]] = set()
    for start in range(0, len(numbers), 500):
        query = select(Report.case_id, Reader.email).join(Reader, Reader.report_id == Report.id)
        query = query.where(Report.case_id.in_(numbers[start : start + 500]), Report.withdrawn_at.is_(None))
        answers |= {(row.case_id, folded(row.email)) for row in session.execute(query)}
    return len(answers)


def start(session: Session, versions: Numbered, action: str, data: dict[str, Any], *, actor: Editor) -> Batch:
    """Begin to do this with these cases, each if it is still the version that the editor saw."""
    chosen(session, list(versions), actor)
    if action == "merge":
        history.get(session, data["into"], actor)
    batch = Batch(editor_id=actor.id, action=action, data=data)
    session.add(batch)
    session.flush()
    session.add_all(
        BatchCase(batch_id=batch.id, case_id=number, version=version) for number, version in versions.items()
    )
    jobs.enqueue(session, "run_batch", f"batch:{batch.id}", batch.id)
    return batch


def get(session: Session, number: int, actor: Editor) -> Batch:
    """The editor's own batch of this number. Raises NotFound, also for another's."""
    batch = session.get(Batch, number)
    if batch is None or batch.editor_id != actor.id:
        raise errors.NotFound()
    return batch


def progress(session: Session, batch: Batch) -> Progress:
    """How far it is."""
    query = select(BatchCase.outcome, func.count()).where(BatchCase.batch_id == batch.id).group_by(BatchCase.outcome)
    outcomes = Counter({outcome: int(number) for outcome, number in session.execute(query)})
    return Progress(outcomes.total(), outcomes)


def owed(session: Session, batch: Batch) -> int:
    """How many mails the batch owes, or has sent."""
    of_batch = select(BatchCase.event_id).where(BatchCase.batch_id == batch.id)
    query = select(func.count()).select_from(Delivery).where(Delivery.event_id.in_(of_batch))
    return session.execute(query.where(Delivery.state != DeliveryState.CANCELLED)).scalar_one()


def touches_fact(cases: Sequence[Case]) -> bool:
    """Whether what a reader wishes of one of these cases changes a fact."""
    changes = (wishes.change(case) for case in cases)
    return any(change.guard for change in changes if change is not None)


def under_way(session: Session, actor: Editor) -> Sequence[Batch]:
    """What the editor began that is not finished, the newest first."""
    unfinished = Batch.finished_at.is_(None) | (Batch.undo_at.is_not(None) & Batch.undone_at.is_(None))
    query = select(Batch).where(Batch.editor_id == actor.id, unfinished).order_by(Batch.id.desc())
    return session.scalars(query.limit(5)).all()


def of_outcome(session: Session, batch: Batch, *outcomes: Outcome) -> Sequence[BatchCase]:
    """The cases of a batch that became this, with their articles."""
    query = select(BatchCase).where(BatchCase.batch_id == batch.id, BatchCase.outcome.in_(outcomes))
    query = query.options(joinedload(BatchCase.case).joinedload(Case.article))
    return session.scalars(query.order_by(BatchCase.case_id).limit(MOST_SHOWN)).all()


def following(session: Session, batch_id: int) -> int | None:
    """The next case of a batch that something is to be done with: the action, or the way back; None at the end."""
    batch = session.get_one(Batch, batch_id)
    outcome = Outcome.WAITING if batch.undo_at is None else Outcome.DONE
    query = select(BatchCase.case_id).where(BatchCase.batch_id == batch_id, BatchCase.outcome == outcome)
    return session.scalar(query.order_by(BatchCase.case_id).limit(1))


def act(session: Session, batch_id: int, case_id: int) -> None:
    """Do the batch's thing with one of its cases, or take it back. Raises what a change of a case raises."""
    batch, entry = _held(session, batch_id, case_id)
    case = session.get_one(Case, case_id)
    history.hold(session, case)
    before = case.version
    if batch.undo_at is None and entry.outcome == Outcome.WAITING:
        event = ACTIONS[batch.action](session, case, batch.editor, entry.version, batch.data)
        if case.version == before:  # what changed nothing has no way back: that of an earlier change would be taken
            raise errors.InvalidFields({"case": "There was nothing to do here."})
        entry.outcome, entry.version = Outcome.DONE, case.version
        if event is not None:
            entry.event_id = event.id
            outbox.postpone(session, [event.id], now() + HELD)
    elif batch.undo_at is not None and entry.outcome == Outcome.DONE:
        history.undo(session, case, actor=batch.editor, version=entry.version)
        entry.outcome = Outcome.UNDONE


def refuse(session: Session, batch_id: int, case_id: int, error: errors.CorrectionsError) -> None:
    """Keep why nothing was done with a case, or why it was not taken back."""
    _, entry = _held(session, batch_id, case_id)
    if entry.outcome == Outcome.DONE:
        entry.outcome = Outcome.KEPT
    else:
        entry.outcome = Outcome.CHANGED if isinstance(error, errors.ChangedMeanwhile) else Outcome.REFUSED
    entry.detail = "\n".join(error.fields.values()) if isinstance(error, errors.InvalidFields) else error.detail


def finish(session: Session, batch_id: int) -> None:
    """Say that all is done, and let its mails go once the time for undoing is over."""
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if following(session, batch_id) is not None:
        return  # the way back was asked for at this moment: who goes it says that it is over
    if batch.undo_at is None and batch.finished_at is None:
        batch.finished_at = now()
        _let_go(session, batch, corrections.UNDO)
    elif batch.undo_at is not None and batch.undone_at is None:
        batch.finished_at, batch.undone_at = batch.finished_at or now(), now()
        _let_go(session, batch, timedelta(0))


def undo(session: Session, batch: Batch) -> None:
    """Take all of it back, as far as nobody has changed it since and no reader was told; what waits is not begun."""
    session.refresh(batch, with_for_update=True)
    if batch.undo_at is not None:
        return
    if batch.finished_at is not None and now() - batch.finished_at > history.UNDO_FOR:
        raise errors.NothingToUndo("This was done too long ago to be taken back at once. Open its cases again.")
    batch.undo_at = now()
    outbox.postpone(session, _event_ids(session, batch), now() + HELD)
    jobs.enqueue(session, "run_batch", f"batch:{batch.id}:undo", batch.id)


def _held(session: Session, batch_id: int, case_id: int) -> tuple[Batch, BatchCase]:
    """A batch and one of its cases, as they are now: who comes at the same moment waits."""
    batch = session.get_one(Batch, batch_id, with_for_update={"read": True}, populate_existing=True)
    entry = session.get_one(BatchCase, (batch_id, case_id), with_for_update=True, populate_existing=True)
    return batch, entry


def _event_ids(session: Session, batch: Batch) -> list[int]:
    query = select(BatchCase.event_id).where(BatchCase.batch_id == batch.id, BatchCase.event_id.is_not(None))
    return [event_id for event_id in session.scalars(query) if event_id is not None]


def _let_go(session: Session, batch: Batch, wait: timedelta) -> None:
    outbox.postpone(session, _event_ids(session, batch), now() + wait)
    jobs.wake(session, "deliver_due", wait.total_seconds())
