"""Cases: what editors do with an error, each change with its event, its version and its way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from corrections_service import errors
from corrections_service.rules import workflow
from corrections_service.rules.changes import describe_change
from corrections_service.rules.workflow import LIVE, NOTICES, Decision, Resolution, Role, State
from corrections_service.services import corrections, outbox
from corrections_service.store import engine
from corrections_service.store.models import Article, Case, Editor, Event, FixState, Report, UtcTime, now
from corrections_service.store.rows import table_of

UNDO_FOR = timedelta(minutes=10)
ON_PAGE = (Resolution.FIXED, Resolution.CORRECTED, Resolution.CLARIFIED)
"""Resolutions after which the passage itself must read otherwise, which the service checks."""

NO_WAY_BACK = ("split", "joined", "parted", "undone")
"""Changes that belong to another case's, or are a way back themselves."""

SEEN_FIXED = (FixState.APPLIED, FixState.CHANGED, FixState.GONE)


def get(session: Session, number: int, actor: Editor) -> Case:
    """The case with this number on one of the editor's sites. Raises NotFound, also for another's."""
    case = session.get(Case, number)
    if case is None or actor.role_on(case.site_id) is None:
        raise errors.NotFound()
    return case


def hold(session: Session, *cases: Case) -> None:
    """Hold these cases until the transaction ends, and see them as they are now: who comes at the same moment waits."""
    ids = [case.id for case in cases]
    rows = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    session.scalars(rows.execution_options(populate_existing=True)).all()


def readers_of(session: Session, case: Case) -> int:
    """How many readers stand behind the case: those of its reports that were not withdrawn."""
    standing = select(func.count()).where(Report.case_id == case.id, Report.withdrawn_at.is_(None))
    return session.execute(standing).scalar_one()


def record(
    session: Session,
    case: Case,
    kind: str,
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
    return event


def change(session: Session, case: Case, kind: str, values: dict[str, Any], /, **facts: Any) -> Event:
    """Set columns of the case and record it, as `record` does, with what was there before. Raises ChangedMeanwhile."""
    before = {name: _plain(getattr(case, name)) for name in values}
    for name, value in values.items():
        setattr(case, name, value)
    case.updated_at = now()
    try:
        session.flush()
    except (StaleDataError, IntegrityError):
        raise errors.ChangedMeanwhile() from None
    return record(session, case, kind, before=before, version=case.version, **facts)


def claim(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Take the case; only one of two who try at once gets it. Raises AlreadyTaken, which says who has it."""
    _take_up(session, case, actor)
    if case.assignee_id == actor.id:
        return
    if case.assignee is not None:
        raise errors.AlreadyTaken(f"{case.assignee.name or case.assignee.email} has taken this case.")
    _check_version(case, version)
    state = State.OPEN if case.state is State.NEW else case.state
    change(session, case, "claimed", {"assignee_id": actor.id, "state": state}, actor=actor)


def release(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Give the case back to everybody."""
    _take_up(session, case, actor, version)
    if case.assignee_id is not None:
        change(session, case, "released", {"assignee_id": None}, actor=actor)


def note(session: Session, case: Case, text: str, *, actor: Editor) -> None:
    """Keep a note for colleagues; readers never see it."""
    _permit(case, actor, Role.AUTHOR)
    if not text.strip():
        raise errors.InvalidFields({"text": "Write the note first."})
    record(session, case, "noted", actor=actor, text=text.strip())


def ask(session: Session, case: Case, question: str, *, actor: Editor, version: int | None = None) -> None:
    """Put a question to the readers who can be reached, and wait."""
    _take_up(session, case, actor, version)
    _check_live(case)
    readers = reports_to_answer(session, case)
    if not readers:
        raise errors.InvalidFields({"question": "No reader of this case left an address."})
    if not question.strip():
        raise errors.InvalidFields({"question": "Write the question first."})
    values = {"state": State.WAITING, "snoozed_until": None}
    event = change(session, case, "asked", values, actor=actor, question=question.strip())
    _tell_readers(session, case, event, "case_asked", question=question.strip())


def snooze(session: Session, case: Case, until: datetime, *, actor: Editor, version: int | None = None) -> None:
    """Put the case aside until a time."""
    _take_up(session, case, actor, version)
    _check_live(case)
    if until <= now():
        raise errors.InvalidFields({"until": "Choose a time in the future."})
    change(session, case, "snoozed", {"state": State.WAITING, "snoozed_until": until}, actor=actor)


def wake(session: Session, limit: int = 500) -> int:
    """Bring back the cases whose time has come; how many."""
    due = select(Case).where(Case.state == State.WAITING, Case.snoozed_until <= now()).limit(limit)
    woken = session.scalars(due.with_for_update(skip_locked=True, key_share=True)).all()
    for case in woken:
        change(session, case, "woken", {"state": State.OPEN, "snoozed_until": None})
    return len(woken)


def decide(
    session: Session,
    case: Case,
    decision: Decision,
    *,
    actor: Editor,
    reason: str = "",
    version: int | None = None,
) -> Event:
    """Decide: the page must change (fixing), or the case closes and each reader who asked is owed one answer.

    Raises AlreadyClosed, ChangedMeanwhile, NotPermitted, NeedsApproval, GuardedChange, InvalidFields.
    """
    role = _take_up(session, case, actor, version)
    guard = describe_change(decision.wrong or case.exact, decision.right or case.suggestion or case.exact).guard
    policy = case.site.policy.get("approvers")
    workflow.check_decision(case.state, decision, role, guard=guard, policy=policy)
    on_page = decision.resolution in ON_PAGE
    values = {
        "state": State.FIXING if on_page else State.CLOSED,
        "resolution": decision.resolution,
        "decided_at": now(),
        "assignee_id": case.assignee_id or actor.id,
        "snoozed_until": None,
        "recheck_at": now() if on_page else None,
        "live_key": case.live_key if on_page else None,
    }
    said = {"wrong": decision.wrong, "right": decision.right, "why_silent": decision.why_silent}
    said["resolution"] = decision.resolution.value
    event = change(session, case, "decided", values, actor=actor, reason=reason.strip(), **said)
    corrections.take_back(session, case)
    if decision.resolution in NOTICES:
        corrections.publish(session, case, decision)
    if on_page:
        engine.enqueue(session, "recheck", f"recheck:event:{event.id}", case.article_id)
    else:
        _tell_readers(session, case, event, "case_resolved", reason=reason.strip())
    return event


def close(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Close a decided case by hand, where the service cannot see the fix itself."""
    _take_up(session, case, actor, version)
    if case.state is not State.FIXING:
        raise errors.InvalidFields({"state": "Decide first; then the case can be closed."})
    event = change(session, case, "closed", {"state": State.CLOSED, "live_key": None}, actor=actor)
    _tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))


def see_fix(session: Session, case: Case, state: FixState, before: str = "", after: str = "") -> None:
    """Keep what a look at the article says of this case, and move the case on where that settles it.

    `before` and `after` are the article's own words. A decided case whose passage has changed closes, and its readers
    are told; one whose wrong words came back opens again.
    """
    values: dict[str, Any] = {"fix_state": state, "fix_checked_at": now()}
    if state is FixState.PRESENT and before:
        values["fix_before"] = before
    if state in SEEN_FIXED and after:
        values["fix_after"] = after
    if case.state is State.FIXING and state in SEEN_FIXED:
        values |= {"state": State.CLOSED, "recheck_at": None, "live_key": None}
        event = change(session, case, "fix_seen", values, fix_state=state.value)
        _tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))
    elif case.state is State.CLOSED and case.fix_state in SEEN_FIXED and state is FixState.PRESENT:
        values |= {"state": State.OPEN, "resolution": None}
        change(session, case, "came_back", values, fix_state=state.value)
    elif state is not case.fix_state:
        _look(session, case, values)
        record(session, case, "rechecked", fix_state=state.value)
    else:
        _look(session, case, values)


def plan_look(session: Session, case: Case, at: datetime | None) -> None:
    """Say when the article is to be read again for this case."""
    _look(session, case, {"recheck_at": at})


def reopen(session: Session, case: Case, why: str = "", *, actor: Editor, version: int | None = None) -> None:
    """Take a closed, decided, merged or spam case up again."""
    _take_up(session, case, actor, version)
    if case.state in LIVE and case.state is not State.FIXING:
        raise errors.NotClosed()
    values: dict[str, Any] = {"state": State.OPEN, "resolution": None, "merged_into_id": None, "recheck_at": None}
    if case.state is State.MERGED:
        values["readers"] = _take_reports_back(session, case, actor)
    change(session, case, "reopened", values, actor=actor, why=why.strip())
    corrections.take_back(session, case)


def mark_spam(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Put the case into the spam view, from where it can come back."""
    _take_up(session, case, actor, version)
    _check_live(case)
    change(session, case, "spam", {"state": State.SPAM, "live_key": None}, actor=actor)


def not_spam(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Bring the case back from the spam view."""
    _take_up(session, case, actor, version)
    if case.state is State.SPAM:
        change(session, case, "not_spam", {"state": State.NEW, "spam_points": 0}, actor=actor)


def merge(session: Session, case: Case, into: int, *, actor: Editor, version: int | None = None) -> None:
    """Count this case's readers under another case of the same site, for good or until undone."""
    _permit(case, actor)
    target = get(session, into, actor)
    hold(session, case, target)
    _check_version(case, version)
    _check_live(case)
    if target.id == case.id or target.site_id != case.site_id or target.state is State.MERGED:
        raise errors.InvalidFields({"into": "Give the number of another case of this site that is not merged itself."})
    values = {"state": State.MERGED, "merged_into_id": target.id, "readers": 0, "live_key": None}
    moved = _move(session, Report.case_id == case.id, case, target)
    change(session, case, "merged", values, actor=actor, into=target.id, reports=moved)
    change(session, target, "joined", {"readers": readers_of(session, target)}, actor=actor, case=case.id)


def split(session: Session, case: Case, report_id: int, *, actor: Editor) -> Case:
    """Give one report a case of its own. Raises NotFound, InvalidFields for the only one."""
    _take_up(session, case, actor)
    report = next((one for one in case.reports if one.id == report_id), None)
    if report is None:
        raise errors.NotFound()
    if len(case.reports) < 2:
        raise errors.InvalidFields({"report": "A case keeps at least one report."})
    own = Case(
        site_id=case.site_id,
        article_id=case.article_id,
        kind=report.kind or case.kind,
        fingerprint=case.fingerprint,
        live_key=None,
        exact=report.exact,
        prefix=report.prefix,
        suffix=report.suffix,
        place=report.place,
        suggestion=report.suggestion,
        comment=report.comment,
    )
    session.add(own)
    session.flush()
    moved = _move(session, Report.id == report.id, case, own)
    own.readers = readers_of(session, own)
    record(session, own, "split_off", actor=actor, case=case.id)
    change(session, case, "split", {"readers": readers_of(session, case)}, actor=actor, into=own.id, reports=moved)
    return own


def undo(session: Session, case: Case, *, actor: Editor) -> Event:
    """Take the editor's last change back, with all that it owed. Raises NothingToUndo."""
    _take_up(session, case, actor)
    recent = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(50))
    last = next((event for event in recent if "before" in event.data), None)
    if last is None or last.actor_id != actor.id or last.kind in NO_WAY_BACK:
        raise errors.NothingToUndo()
    if now() - last.at > UNDO_FOR or last.data["version"] != case.version:
        raise errors.NothingToUndo()
    values = {name: _typed(name, value) for name, value in last.data["before"].items()}
    if values.get("state") is State.MERGED:
        raise errors.NothingToUndo("Merge the cases again instead.")
    if last.kind == "merged":
        values["readers"] = _take_reports_back(session, case, actor)
    taken = select(Case.id).where(Case.live_key == values.get("live_key"), Case.id != case.id)
    if session.scalar(taken):
        values["live_key"] = None  # the same error was reported anew meanwhile and has a case of its own
    outbox.cancel(session, last)
    corrections.undo(session, case, since=last.at)
    return change(session, case, "undone", values, actor=actor, what=last.kind)


def ask_for_look(session: Session, case: Case, *, actor: Editor) -> None:
    """Have the article read again now."""
    _permit(case, actor, Role.AUTHOR)
    moment = int(now().timestamp())
    engine.enqueue(session, "recheck", f"recheck:{case.article_id}:{moment}", case.article_id)


def of_article(session: Session, article: Article, limit: int = 500) -> Sequence[Case]:
    """The cases that a look at the article says something about: the live ones, and those seen fixed."""
    watched = Case.state.in_(LIVE) | ((Case.state == State.CLOSED) & Case.fix_state.in_(SEEN_FIXED))
    where = select(Case).where(Case.article_id == article.id, watched, Case.exact != "")
    return session.scalars(where.order_by(Case.id.desc()).limit(limit)).all()


def reports_to_answer(session: Session, case: Case) -> Sequence[Report]:
    """The reports whose readers asked for an answer and have not withdrawn."""
    where = (Report.case_id == case.id, Report.withdrawn_at.is_(None), Report.reader.has())
    return session.scalars(select(Report).where(*where).order_by(Report.id)).all()


def decided_reason(session: Session, case: Case) -> str:
    """What the editor wrote to the readers with the last decision."""
    last = select(Event).where(Event.case_id == case.id, Event.kind == "decided").order_by(Event.id.desc()).limit(1)
    event = session.scalar(last)
    return str(event.data.get("reason", "")) if event else ""


def _tell_readers(session: Session, case: Case, event: Event, template: str, **data: Any) -> None:
    wait = corrections.UNDO.total_seconds() if event.actor_id else 0
    owed = [
        outbox.owe(
            session,
            template,
            report.reader.email,
            site=case.site,
            event=event,
            case_id=case.id,
            report_id=report.id,
            data=data,
            delay=wait,
        )
        for report in reports_to_answer(session, case)
        if report.reader is not None
    ]
    if any(owed):
        engine.enqueue(session, "deliver_event", f"deliver:event:{event.id}", event.id, delay=wait)


def _take_reports_back(session: Session, case: Case, actor: Editor) -> int:
    """Part the case from the one it was merged into; how many readers stand behind it again."""
    merged = select(Event).where(Event.case_id == case.id, Event.kind == "merged").order_by(Event.id.desc()).limit(1)
    event = session.scalars(merged).one()
    target = get(session, event.data["into"], actor)
    hold(session, target)
    if target.state is State.MERGED:
        raise errors.NothingToUndo(f"Case {target.id} was merged in its turn; reopen that one first.")
    _move(session, Report.id.in_(event.data["reports"]), target, case)
    change(session, target, "parted", {"readers": readers_of(session, target)}, actor=actor, case=case.id)
    return readers_of(session, case)


def _move(session: Session, which: ColumnElement[bool], source: Case, target: Case) -> list[int]:
    """Put reports of one case under another, and say which."""
    moving = update(Report).where(which, Report.case_id == source.id).values(case_id=target.id).returning(Report.id)
    moved = list(session.scalars(moving, execution_options={"synchronize_session": "fetch"}))
    session.expire(source, ["reports"])
    session.expire(target, ["reports"])
    return sorted(moved)


def _look(session: Session, case: Case, values: dict[str, Any]) -> None:
    """A look that changes nothing for editors does not make their open forms stale: no new version."""
    session.execute(update(table_of(Case)).where(Case.id == case.id).values(**values))
    for name, value in values.items():
        set_committed_value(case, name, value)


def _permit(case: Case, actor: Editor, needed: Role = Role.EDITOR) -> Role:
    role = actor.role_on(case.site_id)
    if role is None:
        raise errors.NotFound()
    if not role.covers(needed):
        raise errors.NotPermitted()
    return role


def _take_up(
    session: Session, case: Case, actor: Editor, version: int | None = None, needed: Role = Role.EDITOR
) -> Role:
    """Begin a change of the case by an editor: allowed, alone, and on the version that the editor saw."""
    role = _permit(case, actor, needed)
    hold(session, case)
    _check_version(case, version)
    return role


def _check_version(case: Case, version: int | None) -> None:
    if version is not None and version != case.version:
        raise errors.ChangedMeanwhile()


def _check_live(case: Case) -> None:
    if case.state not in LIVE:
        raise errors.AlreadyClosed()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(name: str, value: Any) -> Any:
    """A column's value from an event's plain one."""
    if value is None:
        return None
    kind = Case.__table__.c[name].type
    return datetime.fromisoformat(value) if isinstance(kind, UtcTime) else kind.python_type(value)
