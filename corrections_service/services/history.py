"""History: who may change a case, how a change is held, recorded with its version, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from corrections_service import errors
from corrections_service.rules import webhooks
from corrections_service.rules.workflow import LIVE, Role, State, Turn
from corrections_service.services import calls, corrections, lessons, outbox
from corrections_service.store import jobs
from corrections_service.store.models import Case, Editor, Event, EventKind, Report, Thanks, UtcTime, now
from corrections_service.store.rows import table_of

UNDO_FOR = timedelta(minutes=10)


NO_WAY_BACK = (
    EventKind.JOINED,
    EventKind.PARTED,
    EventKind.TAKEN_OVER,
    EventKind.GIVEN_BACK,
    EventKind.UNDONE,
)
"""Changes that belong to another case's, or are a way back themselves."""

OPEN = (State.NEW, State.OPEN)
"""States in which a case waits for an editor: in any other it is nobody's turn."""

QUIET = (EventKind.REOPENED, EventKind.SPLIT, EventKind.MOVED)
"""What takes back mails that nobody has got yet; they are owed again when it is undone."""

OPENINGS = (EventKind.SPLIT_OFF, EventKind.OPENED_ELSEWHERE)
"""By which editors open a case."""

BY_SERVICE = (EventKind.FIX_SEEN, EventKind.AUTO_CLOSED)
"""Closings that the service makes by itself."""


def get(session: Session, number: int, actor: Editor) -> Case:
    """The case with this number on one of the editor's sites. Raises NotFound, also for another's."""
    case = session.get(Case, number)
    if case is None or actor.role_on(case.site_id) is None:
        raise errors.NotFound()
    return case


def permit(case: Case, actor: Editor, needed: Role = Role.EDITOR) -> Role:
    """The editor's role, if it is enough to change the case. Raises NotFound, NotPermitted."""
    role = actor.role_on(case.site_id)
    if role is None:
        raise errors.NotFound()
    if not role.covers(needed):
        raise errors.NotPermitted()
    return role


def hold(session: Session, *cases: Case) -> None:
    """Hold these cases until the transaction ends, and see them as they are now: who comes at the same moment waits."""
    ids = [case.id for case in cases]
    rows = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    session.scalars(rows.execution_options(populate_existing=True)).all()


def take_up(session: Session, case: Case, actor: Editor, version: int | None = None) -> Role:
    """Begin a change of the case by an editor: allowed, alone, and on the version that the editor saw."""
    role = permit(case, actor)
    hold(session, case)
    check_version(case, version)
    return role


def check_version(case: Case, version: int | None) -> None:
    """Raises ChangedMeanwhile where the case is not the version that the editor saw."""
    if version is not None and version != case.version:
        raise errors.ChangedMeanwhile()


def check_live(case: Case) -> None:
    """Raises AlreadyClosed where nobody is to work on the case any more."""
    if case.state not in LIVE:
        raise errors.AlreadyClosed()


def readers_of(session: Session, case: Case) -> int:
    """How many readers stand behind the case: each once, however many reports of theirs were not withdrawn."""
    senders = func.count(Report.sender.distinct())
    query = select(senders).where(Report.case_id == case.id, Report.withdrawn_at.is_(None))
    return session.execute(query).scalar_one()


def record(
    session: Session,
    case: Case,
    kind: EventKind,
    /,
    *,
    actor: Editor | None = None,
    report: Report | None = None,
    **data: Any,
) -> Event:
    """Add one fact to the case's history."""
    event = Event(
        case_id=case.id,
        kind=kind,
        actor_id=actor.id if actor else None,
        report_id=report.id if report else None,
        data=data,
        at=now(),
    )
    session.add(event)
    session.flush()
    if kind in OPENINGS:
        calls.tell_new(session, case, event.at)
    return event


def change(session: Session, case: Case, kind: EventKind, values: dict[str, Any], /, **facts: Any) -> Event:
    """Set columns of the case and record it, as `record` does, with what was there before. Raises ChangedMeanwhile."""
    if case.turn is not None and values.get("state", case.state) not in (case.state, *OPEN):
        values = {"turn": None, "unseen_since": None} | values
    before = {name: _plain(getattr(case, name)) for name in values}
    for name, value in values.items():
        setattr(case, name, value)
    case.updated_at = case.rank_at = now()
    if case.state is State.CLOSED and before.get("state", State.CLOSED) is not State.CLOSED:
        session.execute(update(table_of(Report)).where(Report.case_id == case.id).values(closed_at=now()))
    try:
        session.flush()
    except (StaleDataError, IntegrityError):
        raise errors.ChangedMeanwhile() from None
    if (actor := facts.get("actor")) is not None:
        look_at(session, case, actor=actor)
    event = record(session, case, kind, before=before, version=case.version, **facts)
    if kind != EventKind.IMPORTED:
        _tell_programs(session, case, event, State(before.get("state", case.state)))
    return event


def _tell_programs(session: Session, case: Case, event: Event, before: State) -> None:
    """Owe other programs that nobody has to work on the case any more, or that somebody has to again."""
    if before in LIVE and case.state not in LIVE:
        calls.tell_closed(session, case, event.id, corrections.UNDO)
    elif before not in LIVE and case.state in LIVE:
        unaware = calls.tell_new(session, case, event.at) if before is State.SPAM else []
        kind = webhooks.APPEALED if event.kind == EventKind.APPEALED else webhooks.REOPENED
        calls.tell_open(session, case, event.id, kind, unaware)


def set_quietly(session: Session, case: Case, values: dict[str, Any]) -> None:
    """A look that changes nothing for editors does not make their open forms stale: no new version."""
    session.execute(update(table_of(Case)).where(Case.id == case.id).values(**values))
    for name, value in values.items():
        set_committed_value(case, name, value)
    session.expire(case, ["quote"])  # which is made of columns when it is asked for


def give_turn(session: Session, case: Case, turn: Turn) -> None:
    """Mark the case for its editor, before all others until they have looked."""
    set_quietly(session, case, {"turn": turn, "unseen_since": now()})


def is_turn_of(case: Case, actor: Editor) -> bool:
    """Whether it is this editor who has to look at the case: who has it, or of a case that nobody has, any."""
    role = actor.role_on(case.site_id)
    return case.assignee_id in (None, actor.id) and role is not None and role.covers(Role.EDITOR)


def look_at(session: Session, case: Case, *, actor: Editor) -> None:
    """Let the case stand where it belongs again, once its editor has looked; it keeps its mark until it is decided."""
    if case.unseen_since is not None and is_turn_of(case, actor):
        set_quietly(session, case, {"unseen_since": None})


def plan_look(session: Session, case: Case, at: datetime | None) -> None:
    """Say when the article is to be read again for this case."""
    set_quietly(session, case, {"recheck_at": at})


def look_soon(session: Session, *cases: Case) -> None:
    """Have the cases' articles read as soon as their hosts may be asked."""
    for case in cases:
        plan_look(session, case, now())
    jobs.wake(session, "recheck_due")


def last_event(session: Session, case: Case, *kinds: EventKind) -> Event | None:
    """The latest event of these kinds."""
    query = select(Event).where(Event.case_id == case.id, Event.kind.in_(kinds)).order_by(Event.id.desc()).limit(1)
    return session.scalars(query).first()


def latest_events(session: Session, case: Case, limit: int) -> Sequence[Event]:
    """What happened to the case last, in order, with who did it."""
    query = select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(limit)
    return session.scalars(query.options(joinedload(Event.actor))).all()[::-1]


def since(session: Session, case: Case, version: int) -> list[Event]:
    """What made the case another since this version of it, in order, with who did it."""
    return [event for event in latest_events(session, case, 50) if event.data.get("version", 0) > version]


def undo(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> Event:
    """Take back the editor's last change, or what the service did since, with all that it owed.

    Raises NothingToUndo, and ChangedMeanwhile when the case is not as it was when the editor saw it.
    """
    take_up(session, case, actor, version)
    last = _last_change(session, case)
    if last is None:
        raise errors.NothingToUndo()
    is_own = last.actor_id == actor.id and last.kind not in NO_WAY_BACK and now() - last.at <= UNDO_FOR
    if not is_own and not _is_by_service(last):
        raise errors.NothingToUndo()
    values = {name: _typed(name, value) for name, value in last.data["before"].items()}
    if values.get("state") is State.MERGED:
        raise errors.NothingToUndo("Merge the cases again instead.")
    if case.state in LIVE and values.get("state", case.state) not in LIVE and _has_joined(session, case, last.at):
        raise errors.NothingToUndo(
            "Somebody has reported the error since; decide the case anew, so that they hear of it."
        )
    if "reports" in last.data and last.kind in (EventKind.MERGED, EventKind.SPLIT, EventKind.MOVED):
        outbox.check_untold(session, last.data["into"], last.data["reports"], last.at)
    if last.kind == EventKind.MERGED:
        values["readers"] = take_reports_back(session, case, actor)
    if last.kind in (EventKind.SPLIT, EventKind.MOVED):
        values["readers"] = put_reports_back(session, case, last, actor)
    if values.get("live_key") not in (None, case.live_key) and not free_key(session, values["live_key"]):
        values["live_key"] = None  # the same error was reported anew meanwhile and has a case of its own
    if last.kind in BY_SERVICE:
        keep_quiet(session, case)
        values["fixed_at"] = None  # which was no fix
    else:
        outbox.cancel(session, last)
    if last.kind in QUIET:
        outbox.give_back(session, last.data.get("quiet", []))
    corrections.undo(session, case, last)
    lesson = lessons.take_back(session, case, last)
    undone = change(session, case, EventKind.UNDONE, values, actor=actor, what=last.kind, **lesson)
    if case.state in LIVE and case.recheck_at is None:
        look_soon(session, case)
    return undone


def _has_joined(session: Session, case: Case, since: datetime) -> bool:
    """Whether a report came to the case since then."""
    where = (Report.case_id == case.id, Report.created_at >= since, Report.withdrawn_at.is_(None))
    return session.scalar(select(Report.id).where(*where).limit(1)) is not None


def keep_quiet(session: Session, case: Case) -> list[int]:
    """Tell no reader any more that the case was closed, unless they were told already; which mails are not sent."""
    quiet = outbox.take_closing_back(session, case.id)
    last = last_event(session, case, *BY_SERVICE)
    if last is not None:
        with suppress(errors.NothingToUndo):
            outbox.cancel(session, last)
    return quiet


def changed_by_service(session: Session, case: Case) -> bool:
    """Whether the service closed or merged the case and nobody has changed it since: any editor may take that back."""
    last = _last_change(session, case)
    return last is not None and _is_by_service(last)


def _is_by_service(event: Event) -> bool:
    return event.kind in BY_SERVICE or (event.kind == EventKind.MERGED and event.actor_id is None)


def _last_change(session: Session, case: Case) -> Event | None:
    """The event of the change that made the case what it is; None where it cannot be told."""
    recent = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(50))
    last = next((event for event in recent if "before" in event.data), None)
    return last if last is not None and last.data["version"] == case.version else None


def take_reports_back(session: Session, case: Case, actor: Editor) -> int:
    """Part the case from the one it was merged into; how many readers stand behind it again."""
    event = last_event(session, case, EventKind.MERGED)
    if event is None:
        raise errors.NothingToUndo()
    target = get(session, event.data["into"], actor)
    hold(session, target)
    if target.state is State.MERGED:
        raise errors.NothingToUndo(f"Case {target.id} was merged in its turn; reopen that one first.")
    outbox.take_answers_back(
        session, target.id, move_reports(session, Report.id.in_(event.data["reports"]), target, case)
    )
    change(session, target, EventKind.PARTED, {"readers": readers_of(session, target)}, actor=actor, case=case.id)
    return readers_of(session, case)


def put_reports_back(session: Session, case: Case, event: Event, actor: Editor) -> int:
    """Take back that a report was split off or moved; how many readers stand behind the case again.

    Raises NothingToUndo where somebody has worked on the new case, or more came to it.
    """
    other = get(session, event.data["into"], actor)
    hold(session, other)
    report_ids = event.data["reports"]
    if other.state not in LIVE:
        raise errors.NothingToUndo(f"Case {other.id} is done with; open it again first.")
    by_editors = select(Event.id).where(Event.case_id == other.id, Event.actor_id.is_not(None))
    if event.kind == EventKind.SPLIT and session.scalar(by_editors.where(Event.kind != EventKind.SPLIT_OFF).limit(1)):
        raise errors.NothingToUndo(f"Case {other.id} was worked on meanwhile; merge the cases instead.")
    if part_reports(session, Report.id.in_(report_ids), other, case) != sorted(report_ids):
        raise errors.NothingToUndo("The report was moved on.")
    outbox.take_answers_back(session, other.id, report_ids)
    bring_along(session, other, case, report_ids, actor=actor)
    if readers_of(session, other) or event.kind == EventKind.MOVED:
        given_back: dict[str, Any] = {"readers": readers_of(session, other)}
        taken_over = select(Event).where(Event.case_id == other.id, Event.kind == EventKind.TAKEN_OVER)
        first = session.scalars(taken_over.where(Event.id > event.id).order_by(Event.id).limit(1)).first()
        if first is not None and first.data["case"] == case.id and "live_key" in first.data["before"]:
            given_back["live_key"] = first.data["before"]["live_key"]
        change(session, other, EventKind.GIVEN_BACK, given_back, actor=actor, case=case.id)
    else:
        values = {"state": State.MERGED, "merged_into_id": case.id, "readers": 0, "live_key": None}
        change(session, other, EventKind.MERGED, values, actor=actor, into=case.id, reports=[])
    return readers_of(session, case)


def move_reports(session: Session, condition: ColumnElement[bool], source: Case, target: Case) -> list[int]:
    """Put reports of one case under another, and say which."""
    moving = update(Report).where(condition, Report.case_id == source.id)
    statement = moving.values(case_id=target.id, closed_at=now()).returning(Report.id)
    report_ids = list(session.scalars(statement, execution_options={"synchronize_session": "fetch"}))
    session.expire(source, ["reports"])
    session.expire(target, ["reports"])
    return sorted(report_ids)


def bring_along(
    session: Session, home: Case, target: Case, report_ids: Sequence[int], *, actor: Editor, under: Case | None = None
) -> None:
    """Count under a case what was merged into another one whose reports went there, with the notices on it.

    As long as a report that came with it is left behind, it stays.
    """
    for case in session.scalars(select(Case).where(Case.merged_into_id == (under or home).id)).all():
        merging = last_event(session, case, EventKind.MERGED)
        own_ids = merging.data["reports"] if merging is not None else []
        if set(own_ids).isdisjoint(report_ids):
            continue
        rest = select(Report.id).where(Report.id.in_(own_ids), Report.case_id == home.id)
        if session.scalar(rest.where(Report.withdrawn_at.is_(None)).limit(1)) is not None:
            bring_along(session, home, target, report_ids, actor=actor, under=case)
            continue
        successors = corrections.standing(session, target)
        came = session.scalars(select(Report.id).where(Report.id.in_(own_ids), Report.case_id == target.id)).all()
        values = {"state": State.MERGED, "merged_into_id": target.id}
        change(session, case, EventKind.MERGED, values, actor=actor, into=target.id, reports=sorted(came))
        corrections.follow(session, case, home, target, successors)


def part_reports(session: Session, condition: ColumnElement[bool], source: Case, target: Case) -> list[int]:
    """Put reports of one case under another that is about something else, and say which.

    Whom an editor agreed to thank for the one is thanked for the other only once an editor agrees anew.
    """
    report_ids = move_reports(session, condition, source, target)
    session.execute(update(Thanks).where(Thanks.report_id.in_(report_ids)).values(agreed_at=None))
    return report_ids


def free_key(session: Session, key: str) -> str | None:
    """The key, unless another case goes by it."""
    return None if session.scalar(select(Case.id).where(Case.live_key == key)) else key


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(name: str, value: Any) -> Any:
    """A column's value from an event's plain one."""
    if value is None:
        return None
    kind = Case.__table__.c[name].type
    return datetime.fromisoformat(value) if isinstance(kind, UtcTime) else kind.python_type(value)
