"""Cases: what editors do with an error, each change with its event, its version and its way back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import urls, workflow
from corrections_service.rules.changes import describe_edit
from corrections_service.rules.showing import CACHE, written
from corrections_service.rules.workflow import CHANGES_PAGE, LIVE, NOTICES, ON_PAGE, Decision, Resolution, Role, State
from corrections_service.services import approvals, corrections, lessons, notices, offices, outbox, people, wishes
from corrections_service.services.answers import decided_reason, reports_to_answer, tell_readers
from corrections_service.services.history import (
    change,
    check_live,
    check_version,
    keep_quiet,
    last_event,
    look_soon,
    permit,
    record,
    take_reports_back,
    take_up,
)
from corrections_service.store import jobs
from corrections_service.store.models import Case, Correction, Editor, Event, EventKind, Report, now

LONGEST_SNOOZE = timedelta(days=365)
"""How long a case waits for more readers at most."""

LATEST_SNOOZE = timedelta(days=36_525)
"""Until when a case is put aside at most: what is near the calendar's end is no time on every clock."""

AWAKE: dict[str, Any] = {"snoozed_until": None, "wake_readers": None}


def claim(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Take the case; only one of two who try at once gets it. Raises AlreadyTaken, which says who has it."""
    take_up(session, case, actor)
    if case.assignee_id == actor.id:
        return
    if case.assignee is not None:
        raise errors.AlreadyTaken(f"{case.assignee.name or case.assignee.email} has taken this case.")
    check_version(case, version)
    state = State.OPEN if case.state is State.NEW else case.state
    change(session, case, EventKind.CLAIMED, {"assignee_id": actor.id, "state": state}, actor=actor)


def release(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Give the case back to everybody."""
    take_up(session, case, actor, version)
    if case.assignee_id is not None:
        change(session, case, EventKind.RELEASED, {"assignee_id": None}, actor=actor)


def note(session: Session, case: Case, text: str, *, actor: Editor) -> tuple[list[str], list[str]]:
    """Keep a note for colleagues, and mail it to those whom it names; readers never see it.

    Whom it names, and what names nobody, as `people.mention` says. Raises InvalidFields, NotPermitted.
    """
    permit(case, actor, Role.AUTHOR)
    if not text.strip():
        raise errors.InvalidFields({"text": "Write the note first."})
    event = record(session, case, EventKind.NOTED, actor=actor, text=text.strip())
    return people.mention(session, case, event)


def track(session: Session, case: Case, address: str, *, actor: Editor) -> None:
    """Link the case to where the newsroom's own tracker has it; blank takes the link away. Raises InvalidFields."""
    permit(case, actor)
    before = tracker_of(session, case)
    try:
        plain = urls.parse(address.strip()).href if address.strip() else ""
    except urls.BadAddress as error:
        raise errors.InvalidFields({"address": str(error)}) from None
    if plain == before:
        return
    if plain:
        record(session, case, EventKind.TRACKED, actor=actor, address=plain)
    else:
        record(session, case, EventKind.UNTRACKED, actor=actor)


def tracker_of(session: Session, case: Case) -> str:
    """Where the newsroom's own tracker has the case; "" where nobody said."""
    event = last_event(session, case, EventKind.TRACKED, EventKind.UNTRACKED)
    return str(event.data.get("address", "")) if event else ""


def check_undecided(case: Case) -> None:
    """Raises AlreadyClosed where a decision stands, whose notice and fix must not wait for something else besides."""
    check_live(case)
    if case.state is State.FIXING:
        raise errors.AlreadyClosed("This case is decided, and waits for its fix. Open it again first.")


def ask(session: Session, case: Case, question: str, *, actor: Editor, version: int | None = None) -> None:
    """Put a question to the readers who can be reached, and wait."""
    take_up(session, case, actor, version)
    check_undecided(case)
    readers = reports_to_answer(session, case)
    if not readers:
        raise errors.InvalidFields({"question": "No reader of this case left an address."})
    if not question.strip():
        raise errors.InvalidFields({"question": "Write the question first."})
    values = {"state": State.WAITING, **AWAKE}
    event = change(session, case, EventKind.ASKED, values, actor=actor, question=question.strip())
    tell_readers(session, case, event, outbox.ASKED, question=question.strip())


def reply(session: Session, case: Case, report: Report, words: str, *, actor: Editor) -> None:
    """Write to the reader of one report, in the desk's name. Raises InvalidFields where no address was left."""
    take_up(session, case, actor)
    if report.reader is None or report.withdrawn_at is not None:
        raise errors.InvalidFields({"text": "This reader cannot be written to: there is no address of theirs."})
    if not words.strip():
        raise errors.InvalidFields({"text": "Write the answer first."})
    event = record(session, case, EventKind.REPLIED, actor=actor, report=report, text=words.strip())
    tell_readers(session, case, event, "case_replied", only=report, text=words.strip())


def snooze(
    session: Session,
    case: Case,
    until: datetime | None,
    *,
    actor: Editor,
    more_readers: int | None = None,
    version: int | None = None,
) -> None:
    """Put the case aside until a time, or until so many more readers report it, whichever comes first."""
    take_up(session, case, actor, version)
    check_undecided(case)
    if until is None and more_readers is None:
        raise errors.InvalidFields({"until": "Choose until when."})
    if until is not None and until <= now():
        raise errors.InvalidFields({"until": "Choose a time in the future."})
    if until is not None and until > now() + LATEST_SNOOZE:
        raise errors.InvalidFields({"until": "Choose a time within the next hundred years."})
    until, readers = until or now() + LONGEST_SNOOZE, None if more_readers is None else case.readers + more_readers
    values = {"state": State.WAITING, "snoozed_until": until, "wake_readers": readers}
    change(session, case, EventKind.SNOOZED, values, actor=actor)


def wake(session: Session, limit: int = 500) -> int:
    """Bring back the cases whose time has come, or as many readers as were waited for; how many."""
    is_over = or_(Case.snoozed_until <= now(), Case.readers >= Case.wake_readers)
    query = select(Case).where(Case.state == State.WAITING, is_over).limit(limit)
    woken = session.scalars(query.with_for_update(skip_locked=True, key_share=True)).all()
    for case in woken:
        change(session, case, EventKind.WOKEN, {"state": State.OPEN, **AWAKE})
    return len(woken)


def decide(
    session: Session,
    case: Case,
    decision: Decision,
    *,
    actor: Editor,
    reason: str = "",
    publish_at: datetime | None = None,
    version: int | None = None,
) -> Event:
    """Decide: the page must change (fixing), or the case closes and each reader who asked is owed one answer.

    Raises AlreadyClosed, ChangedMeanwhile, NotPermitted, OwnDecision, NeedsApproval, GuardedChange, InvalidFields, Frozen.
    """
    role = take_up(session, case, actor, version)
    approvals.check_appeal(session, case, actor)
    approvals.check_used(case, decision.resolution)
    quote = wishes.about(case)
    right = decision.right or case.suggestion or ("" if case.remove else quote.exact)
    guard = describe_edit(quote, right, before=decision.wrong).guard
    policy = case.site.policy.get("approvers")
    workflow.check_decision(case.state, decision, role, guard=guard, policy=policy)
    if sentence := approvals.refusal(case, decision.resolution, actor):
        raise errors.NeedsApproval(sentence)
    check_text(session, case, decision)
    offices.check(session, case, decision.office, decision.resolution)
    return carry_out(session, case, decision, actor=actor, reason=reason, publish_at=publish_at)


def check_text(session: Session, case: Case, decision: Decision) -> None:
    """Promise that what the public is told with a decision is what it has to be. Raises InvalidFields, Frozen."""
    if decision.resolution in NOTICES:
        notices.check(session, case, decision)
    elif corrections.standing(session, case) and not decision.retraction.strip():
        raise errors.InvalidFields({"retraction": "Say why the notice that is public is taken back; readers see it."})
    if decision.resolution is Resolution.FIXED and corrections.is_frozen(case):
        raise errors.Frozen()


def carry_out(
    session: Session,
    case: Case,
    decision: Decision,
    *,
    actor: Editor,
    reason: str = "",
    publish_at: datetime | None = None,
    approved: Correction | None = None,
) -> Event:
    """Do what was decided, by whoever may: with the notice that this person approved, or with one that is written now."""
    on_page, is_public = decision.resolution in ON_PAGE, decision.resolution in NOTICES
    is_closed = notices.closes_at_once(decision, publish_at) if is_public else not on_page
    is_closed = is_closed and not (is_public and corrections.is_frozen(case))
    values = {
        "state": State.CLOSED if is_closed else State.FIXING,
        "resolution": decision.resolution,
        "decided_at": now(),
        "assignee_id": case.assignee_id or actor.id,
        **AWAKE,
        "recheck_at": None if is_closed and decision.resolution is not Resolution.ALREADY_FIXED else now(),
        "live_key": None if is_closed else case.live_key,
    }
    facts: dict[str, Any] = {"wrong": decision.wrong, "right": decision.right, "why_silent": decision.why_silent}
    facts |= {"early": decision.early.strip()} if is_public else {}
    facts |= notices.besides(decision, publish_at)
    if decision.resolution in CHANGES_PAGE:
        facts["shows"] = decision.shows or written(CACHE, minutes=case.site.policy.get("cache_minutes", 0))
    facts |= {"resolution": decision.resolution.value, **({"approved": approved.id} if approved else {})}
    if handed := offices.reports_for(session, case, decision.office):
        facts |= {"office": decision.office, "handed": handed}
    facts |= lessons.teach(session, case, lessons.FINE)
    event = change(session, case, EventKind.DECIDED, values, actor=actor, reason=reason.strip(), **facts)
    if approved is not None:
        notices.approve(session, approved)
    else:
        corrections.drop(session, case)
    if is_public and approved is None:
        notices.keep(session, case, decision, publish_at=publish_at)
    elif not is_public:
        retract(session, case, decision.retraction, actor=actor)
    if not is_closed:
        look_soon(session, case)
    if on_page:
        jobs.enqueue(session, "look_elsewhere", f"elsewhere:{event.id}", case.id)
    offices.hand_on(session, case, event)
    if is_closed:
        tell_readers(session, case, event, "case_resolved", reason=reason.strip())
    return event


def retract(session: Session, case: Case, why: str, *, actor: Editor) -> None:
    """Take back what is public of the case, in sight and with the reason."""
    for notice in corrections.standing(session, case):
        record(session, case, EventKind.RETRACTED, actor=actor, notice=notice.id, why=why.strip())
    corrections.take_back(session, case, why)


def close(session: Session, case: Case, why: str = "", *, actor: Editor, version: int | None = None) -> None:
    """Close a decided case by hand, where the service cannot see the fix itself; why, where a notice waits for it.

    Raises InvalidFields.
    """
    take_up(session, case, actor, version)
    if case.state is not State.FIXING:
        raise errors.InvalidFields({"why": "Decide first; then the case can be closed."})
    if corrections.is_frozen(case):
        raise errors.Frozen()
    notices.vouch(session, case, why)
    values = {"state": State.CLOSED, "live_key": None}
    event = change(session, case, EventKind.CLOSED, values, actor=actor, why=why.strip())
    tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))


def reopen(session: Session, case: Case, why: str = "", *, actor: Editor, version: int | None = None) -> None:
    """Take a closed, decided, merged or spam case up again; what is public of it stays so until it is decided anew."""
    take_up(session, case, actor, version)
    if case.state in LIVE and case.state is not State.FIXING:
        raise errors.NotClosed()
    values: dict[str, Any] = {"state": State.OPEN, "resolution": None, "merged_into_id": None}
    home = session.get(Case, case.merged_into_id) if case.merged_into_id is not None else None
    if case.state is State.MERGED:
        values["readers"] = take_reports_back(session, case, actor)
    quiet = keep_quiet(session, case)
    change(session, case, EventKind.REOPENED, values, actor=actor, why=why.strip(), quiet=quiet)
    look_soon(session, case)
    corrections.drop(session, case)
    if home is not None:
        corrections.bring_back(session, case, home)
    corrections.question(session, case)


def mark_spam(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Put the case into the spam view, from where it can come back."""
    take_up(session, case, actor, version)
    approvals.check_open(session, case, actor)
    corrections.drop(session, case)
    corrections.uphold(session, case)
    lesson = lessons.teach(session, case, lessons.SPAM)
    change(session, case, EventKind.SPAM, {"state": State.SPAM, "live_key": None}, actor=actor, **lesson)


def not_spam(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Bring the case back from the spam view."""
    take_up(session, case, actor, version)
    if case.state is State.SPAM:
        lesson = lessons.teach(session, case, lessons.FINE)
        change(session, case, EventKind.NOT_SPAM, {"state": State.NEW, "spam_points": 0}, actor=actor, **lesson)
        corrections.doubt(session, case)
        look_soon(session, case)


def ask_for_look(session: Session, case: Case, *, actor: Editor) -> None:
    """Have the article read again now."""
    permit(case, actor, Role.AUTHOR)
    look_soon(session, case)
