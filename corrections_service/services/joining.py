"""Cases: what editors do with an error, each change with its event, its version and its way back."""

from __future__ import annotations

import hashlib
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
from corrections_service.rules import grouping, text, workflow
from corrections_service.rules.changes import describe_edit
from corrections_service.rules.quotes import Quote, Sighting
from corrections_service.rules.workflow import LIVE, NOTICES, Decision, Resolution, Role, State
from corrections_service.services import corrections, outbox, wishes
from corrections_service.store import engine
from corrections_service.store.models import Case, Editor, Event, Report, UtcTime, now
from corrections_service.store.rows import table_of

UNDO_FOR = timedelta(minutes=10)
ON_PAGE = (Resolution.FIXED, Resolution.CORRECTED, Resolution.CLARIFIED)
"""Resolutions after which the passage itself must read otherwise, which the service checks."""

NO_WAY_BACK = ("split", "joined", "parted", "undone")
"""Changes that belong to another case's, or are a way back themselves."""

BY_SERVICE = ("fix_seen", "auto_closed")
"""Closings that the service makes by itself."""

RELATING = ("merged", "joined", "parted", "split", "split_off", "sibling", "opened_elsewhere")

REMOVED = "\0"
"""Stands in a key for the wish that the words go; no text that anybody sends holds it."""

KEYS_COMPARED = 500
"""Reports of a case that are looked at when one is split off."""


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
    """How many readers stand behind the case: each once, however many reports of theirs were not withdrawn."""
    senders = func.count(Report.sender.distinct())
    standing = select(senders).where(Report.case_id == case.id, Report.withdrawn_at.is_(None))
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
    permit(case, actor, Role.AUTHOR)
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
    tell_readers(session, case, event, "case_asked", question=question.strip())


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
    quote = Quote(wishes.words(case), case.prefix, case.suffix)
    right = decision.right or case.suggestion or ("" if case.remove else quote.exact)
    guard = describe_edit(quote, right, before=decision.wrong).guard
    policy = case.site.policy.get("approvers")
    workflow.check_decision(case.state, decision, role, guard=guard, policy=policy)
    on_page = decision.resolution in ON_PAGE
    values = {
        "state": State.FIXING if on_page else State.CLOSED,
        "resolution": decision.resolution,
        "decided_at": now(),
        "assignee_id": case.assignee_id or actor.id,
        "snoozed_until": None,
        "recheck_at": now() if on_page or decision.resolution is Resolution.ALREADY_FIXED else None,
        "live_key": case.live_key if on_page else None,
    }
    said = {"wrong": decision.wrong, "right": decision.right, "why_silent": decision.why_silent}
    said["resolution"] = decision.resolution.value
    event = change(session, case, "decided", values, actor=actor, reason=reason.strip(), **said)
    corrections.take_back(session, case)
    if decision.resolution in NOTICES:
        corrections.publish(session, case, decision)
    if on_page:
        look_soon(session, case)
        engine.enqueue(session, "look_elsewhere", f"elsewhere:{event.id}", case.id)
    else:
        tell_readers(session, case, event, "case_resolved", reason=reason.strip())
    return event


def close(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Close a decided case by hand, where the service cannot see the fix itself."""
    _take_up(session, case, actor, version)
    if case.state is not State.FIXING:
        raise errors.InvalidFields({"state": "Decide first; then the case can be closed."})
    event = change(session, case, "closed", {"state": State.CLOSED, "live_key": None}, actor=actor)
    tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))


def plan_look(session: Session, case: Case, at: datetime | None) -> None:
    """Say when the article is to be read again for this case."""
    set_quietly(session, case, {"recheck_at": at})


def look_soon(session: Session, *cases: Case) -> None:
    """Have the cases' articles read as soon as their hosts may be asked."""
    for case in cases:
        plan_look(session, case, now())
    engine.enqueue(session, "recheck_due", f"recheck:{int(now().timestamp())}")


def reopen(session: Session, case: Case, why: str = "", *, actor: Editor, version: int | None = None) -> None:
    """Take a closed, decided, merged or spam case up again."""
    _take_up(session, case, actor, version)
    if case.state in LIVE and case.state is not State.FIXING:
        raise errors.NotClosed()
    values: dict[str, Any] = {"state": State.OPEN, "resolution": None, "merged_into_id": None}
    if case.state is State.MERGED:
        values["readers"] = _take_reports_back(session, case, actor)
    keep_quiet(session, case)
    change(session, case, "reopened", values, actor=actor, why=why.strip())
    look_soon(session, case)
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
        look_soon(session, case)


def merge(session: Session, case: Case, into: int, *, actor: Editor, version: int | None = None) -> None:
    """Count this case's readers under another case of the same site, for good or until undone."""
    permit(case, actor)
    target = get(session, into, actor)
    hold(session, case, target)
    _check_version(case, version)
    _check_live(case)
    if target.id == case.id or target.site_id != case.site_id or target.state is State.MERGED:
        raise errors.InvalidFields({"into": "Give the number of another case of this site that is not merged itself."})
    unite(session, case, target, actor=actor)


def unite(session: Session, case: Case, target: Case, *, actor: Editor | None = None) -> None:
    """Count a case's readers under another, both of them held; without an editor it is the service that does it.

    Of two notices of the one error the other's stays public.
    """
    values = {"state": State.MERGED, "merged_into_id": target.id, "readers": 0}
    moved = _move(session, Report.case_id == case.id, case, target)
    change(session, case, "merged", values, actor=actor, into=target.id, reports=moved)
    change(session, target, "joined", {"readers": readers_of(session, target)}, actor=actor, case=case.id)
    if corrections.stands(session, target):
        corrections.take_back(session, case)


def related(session: Session, case: Case) -> Sequence[Case]:
    """The other cases that have or had words in common with this one: merged, split off, opened for the same words."""
    known, new = {case.id}, {case.id}
    while new:
        told = session.scalars(select(Event.data).where(Event.case_id.in_(new), Event.kind.in_(RELATING)))
        linked = {data[name] for data in told for name in ("into", "case") if name in data}
        merged = session.scalars(select(Case.id).where(Case.merged_into_id.in_(new)))
        new = {*linked, *merged} - known
        known |= new
    return session.scalars(select(Case).where(Case.id.in_(known - {case.id}))).all()


def looks_like(session: Session, case: Case) -> tuple[Case, str] | None:
    """The live case that this one may be the same as, and why, until an editor joins them or keeps them apart."""
    last = last_event(session, case, "suggested", "kept_apart")
    if case.state not in LIVE or last is None or last.kind == "kept_apart":
        return None
    other = session.get(Case, last.data["case"])
    return (other, str(last.data["reason"])) if other is not None and other.state in LIVE else None


def keep_apart(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Say that the case is not the one that it was suggested to be the same as; nobody suggests that again."""
    _take_up(session, case, actor, version)
    alike = looks_like(session, case)
    if alike is not None:
        record(session, case, "kept_apart", actor=actor, case=alike[0].id)


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
        fingerprint=grouping.fingerprint(Quote(report.exact, report.prefix, report.suffix)),
        live_key=None,
        exact=report.exact,
        prefix=report.prefix,
        suffix=report.suffix,
        place=report.place,
        suggestion=report.suggestion,
        remove=report.remove,
        comment=report.comment,
        page_url=case.page_url,
        several=report.several,
        recheck_at=now() if wishes.words(report) else None,
    )
    session.add(own)
    session.flush()
    moved = _move(session, Report.id == report.id, case, own)
    own.readers = readers_of(session, own)
    record(session, own, "split_off", actor=actor, case=case.id)
    key = _key_of(report, case.article_id)
    left = [_key_of(one, case.article_id) for one in case.reports[:KEYS_COMPARED]]
    values: dict[str, Any] = {"readers": readers_of(session, case)}
    if case.live_key == key and key not in left:
        values["live_key"] = _free_key(session, left[0])
    change(session, case, "split", values, actor=actor, into=own.id, reports=moved)
    own.live_key = _free_key(session, key)
    try:
        session.flush()
    except IntegrityError:  # a reader reports the same at this moment
        raise errors.ChangedMeanwhile() from None
    return own


def key_of(article_id: int, seen: Sighting, place: str, comment: str) -> str:
    """What must be equal for two reports to be the same error without further thought."""
    said = text.fold(seen.suggestion if seen.quote.exact else f"{place}\n{seen.suggestion}\n{comment}").text
    said += REMOVED * seen.remove
    return f"{article_id}:{grouping.fingerprint(seen.quote)}:{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def _key_of(report: Report, article_id: int) -> str:
    return key_of(article_id, wishes.sighting(report), report.place, report.comment)


def _free_key(session: Session, key: str) -> str | None:
    """The key, unless another case goes by it."""
    return None if session.scalar(select(Case.id).where(Case.live_key == key)) else key


def undo(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> Event:
    """Take back the editor's last change, or what the service did since, with all that it owed.

    Raises NothingToUndo, and ChangedMeanwhile when the case is not as it was when the editor saw it.
    """
    _take_up(session, case, actor, version)
    last = _last_change(session, case)
    if last is None:
        raise errors.NothingToUndo()
    is_own = last.actor_id == actor.id and last.kind not in NO_WAY_BACK and now() - last.at <= UNDO_FOR
    if not is_own and not _is_by_service(last):
        raise errors.NothingToUndo()
    values = {name: _typed(name, value) for name, value in last.data["before"].items()}
    if values.get("state") is State.MERGED:
        raise errors.NothingToUndo("Merge the cases again instead.")
    if last.kind == "merged":
        values["readers"] = _take_reports_back(session, case, actor)
    if values.get("live_key") not in (None, case.live_key) and not _free_key(session, values["live_key"]):
        values["live_key"] = None  # the same error was reported anew meanwhile and has a case of its own
    if last.kind in BY_SERVICE:
        keep_quiet(session, case)
    else:
        outbox.cancel(session, last)
    corrections.undo(session, case, since=last.at)
    undone = change(session, case, "undone", values, actor=actor, what=last.kind)
    if case.state in LIVE and case.recheck_at is None:
        look_soon(session, case)
    return undone


def keep_quiet(session: Session, case: Case) -> None:
    """Tell no reader any more that the service closed the case, unless they were told already."""
    last = last_event(session, case, *BY_SERVICE)
    if last is not None:
        with suppress(errors.NothingToUndo):
            outbox.cancel(session, last)


def changed_by_service(session: Session, case: Case) -> bool:
    """Whether the service closed or merged the case and nobody has changed it since: any editor may take that back."""
    last = _last_change(session, case)
    return last is not None and _is_by_service(last)


def _is_by_service(event: Event) -> bool:
    return event.kind in BY_SERVICE or (event.kind == "merged" and event.actor_id is None)


def _last_change(session: Session, case: Case) -> Event | None:
    """The event of the change that made the case what it is; None where it cannot be told."""
    recent = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(50))
    last = next((event for event in recent if "before" in event.data), None)
    return last if last is not None and last.data["version"] == case.version else None


def ask_for_look(session: Session, case: Case, *, actor: Editor) -> None:
    """Have the article read again now."""
    permit(case, actor, Role.AUTHOR)
    look_soon(session, case)


def latest_events(session: Session, case: Case, limit: int) -> Sequence[Event]:
    """What happened to the case last, in order, with who did it."""
    mine = select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(limit)
    return session.scalars(mine.options(joinedload(Event.actor))).all()[::-1]


def reports_to_answer(session: Session, case: Case) -> Sequence[Report]:
    """The reports whose readers asked for an answer and have not withdrawn."""
    where = (Report.case_id == case.id, Report.withdrawn_at.is_(None), Report.reader.has())
    return session.scalars(select(Report).where(*where).order_by(Report.id)).all()


def decided_reason(session: Session, case: Case) -> str:
    """What the editor wrote to the readers with the last decision."""
    event = last_event(session, case, "decided")
    return str(event.data.get("reason", "")) if event else ""


def last_event(session: Session, case: Case, *kinds: str) -> Event | None:
    """The latest event of these kinds."""
    found = select(Event).where(Event.case_id == case.id, Event.kind.in_(kinds)).order_by(Event.id.desc()).limit(1)
    return session.scalars(found).first()


def tell_readers(
    session: Session, case: Case, event: Event, template: str, wait: timedelta = timedelta(0), **data: Any
) -> None:
    """Owe each reader who asked one mail about this event, after a while in which it can be undone unseen."""
    delay = (corrections.UNDO if event.actor_id else wait).total_seconds()
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
            delay=delay,
        )
        for report in reports_to_answer(session, case)
        if report.reader is not None
    ]
    if any(owed):
        engine.enqueue(session, "deliver_event", f"deliver:event:{event.id}", event.id, delay=delay)


def _take_reports_back(session: Session, case: Case, actor: Editor) -> int:
    """Part the case from the one it was merged into; how many readers stand behind it again."""
    event = last_event(session, case, "merged")
    if event is None:
        raise errors.NothingToUndo()
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


def set_quietly(session: Session, case: Case, values: dict[str, Any]) -> None:
    """A look that changes nothing for editors does not make their open forms stale: no new version."""
    session.execute(update(table_of(Case)).where(Case.id == case.id).values(**values))
    for name, value in values.items():
        set_committed_value(case, name, value)


def permit(case: Case, actor: Editor, needed: Role = Role.EDITOR) -> Role:
    """The editor's role, if it is enough to change the case. Raises NotFound, NotPermitted."""
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
    role = permit(case, actor, needed)
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
