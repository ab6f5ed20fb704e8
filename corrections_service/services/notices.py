"""Notices: kept with a decision, and public with the fix that was seen, or where an editor says why they may be before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import notices
from corrections_service.rules.catalogue import best, catalogue_in
from corrections_service.rules.notices import About
from corrections_service.rules.workflow import UNAPPROVED, Decision, NoticeState, Resolution, State
from corrections_service.services import corrections, editors, entries, sites, spreading, wishes
from corrections_service.services.answers import decided_reason, tell_readers
from corrections_service.services.history import change, hold, look_soon, record
from corrections_service.store import jobs
from corrections_service.store.models import Case, Correction, Editor, Event, EventKind, FixState, Membership, now

MOST_PEOPLE = 500
"""People of a site whose names are looked for in a notice."""

MOST_STEPS = 50
"""Decisions of a case, and ways back, among which the one that was undone last is looked for."""

UNDONE = (EventKind.DECIDED, EventKind.PROPOSED)
"""What is decided with words that are typed, and shown again where it is undone."""


def about(session: Session, case: Case, *, right: str = "") -> About:
    """What is known of the case's article and its site when a notice is checked; with a draft of what to write."""
    article, policy = case.article, case.site.policy
    languages = dict.fromkeys((best(article.language, case.site.language), best(case.site.language)))
    query = select(Editor).join(Membership).where(Membership.site_id == case.site_id, Editor.name != "")
    people = session.scalars(query.order_by(Editor.id).limit(MOST_PEOPLE))
    return About(
        languages=tuple(languages),
        published=_published(case),
        now=now(),
        author=article.author,
        people=tuple(name for person in people for name in editors.names_of(person)),
        wrong_unsaid=bool(policy.get("wrong_unsaid")),
        soft_words=tuple(policy.get("soft_words", ())),
        draft=draft(case, right),
    )


def draft(case: Case, right: str = "") -> str:
    """A first wording of the notice in the article's language, from what readers wish or what is typed as right."""
    quote, right = wishes.about(case), right or case.suggestion
    if not quote.exact or not (right or case.remove):
        return ""
    language = best(case.article.language, case.site.language)
    catalogue = catalogue_in(language, sites.own_sentences(case.site, language))
    unsaid, published = bool(case.site.policy.get("wrong_unsaid")), _published(case)
    if published is not None and published.date() == now().astimezone(published.tzinfo).date():
        published = None  # of today's article no reader needs to be told the day
    return notices.draft(catalogue, quote, right, published=published, wrong_unsaid=unsaid)


def _published(case: Case) -> datetime | None:
    """When the case's article was published, by the publication's clock; None where that is not known."""
    at = case.article.published_at
    return at.astimezone(sites.zone_of(case.site)) if at is not None else None


def check(session: Session, case: Case, decision: Decision) -> None:
    """Promise that the notice of a decision says what it must, and nothing that it may not. Raises InvalidFields."""
    wrong = notices.check(decision, about(session, case, right=decision.right))
    if wrong:
        raise errors.InvalidFields(wrong)


def keep(
    session: Session,
    case: Case,
    decision: Decision,
    state: NoticeState = NoticeState.APPROVED,
    *,
    publish_at: datetime | None = None,
) -> Correction:
    """Keep the notice that goes with a decision; one that may be public before the fix was seen waits for its time alone."""
    notice = corrections.write(session, case, decision, state, publish_at)
    if decision.late.strip():
        notice.text = f"{notice.text}\n\n{decision.late.strip()}"
    for earlier in corrections.standing(session, case):
        earlier.retraction = decision.retraction.strip()  # said once the new notice takes its place
    if notice.early and state is NoticeState.APPROVED:
        make_ready(session, notice)
    return notice


def approve(session: Session, notice: Correction) -> None:
    """Let a notice that was to be approved wait for the fix, or for its time alone."""
    notice.state = NoticeState.APPROVED
    notice.publish_at = max(notice.publish_at, now() + corrections.UNDO)
    if notice.early:
        make_ready(session, notice)


def proposal(session: Session, case: Case) -> Correction | None:
    """The case's notice that somebody has to approve."""
    return next((notice for notice in corrections.waiting(session, case) if notice.state is NoticeState.ASKED), None)


def sent_back(session: Session, case: Case) -> Correction | None:
    """The case's notice that was not approved, to be written anew."""
    return next((notice for notice in corrections.waiting(session, case) if notice.state is NoticeState.DRAFT), None)


def besides(decision: Decision, publish_at: datetime | None) -> dict[str, str]:
    """What is typed with a decision that its event has to keep, so that nothing is lost when it is undone."""
    at = publish_at.isoformat() if publish_at else ""
    values = {"late": decision.late.strip(), "retraction": decision.retraction.strip(), "publish_at": at}
    return {name: value for name, value in values.items() if value}


def undone(session: Session, case: Case) -> tuple[Event, Correction | None] | None:
    """The decision that was undone last, with its notice; None where the case was decided or sent back since."""
    steps = select(Event).where(Event.case_id == case.id)
    steps = steps.where(Event.kind.in_((*UNDONE, EventKind.SENT_BACK, EventKind.UNDONE)))
    way_back: Event | None = None
    for event in session.scalars(steps.order_by(Event.id.desc()).limit(MOST_STEPS)):
        if way_back is not None and event.kind == way_back.data["what"]:
            query = select(Correction).where(Correction.case_id == case.id, Correction.created_at >= event.at)
            query = query.where(Correction.created_at <= way_back.at).order_by(Correction.id.desc())
            return event, session.scalars(query.limit(1)).first()
        if way_back is None and event.kind != EventKind.UNDONE:
            return None
        if way_back is None and event.data["what"] in UNDONE:
            way_back = event
    return None


def closes_at_once(decision: Decision, publish_at: datetime | None) -> bool:
    """Whether nothing is waited for after this decision with a notice: neither the article, nor a time.

    Readers are told of an editor's note that it is published, of all others that the article reads otherwise.
    """
    is_all = decision.resolution is Resolution.EDITORS_NOTE
    return is_all and bool(decision.early.strip()) and publish_at is None


def make_ready(session: Session, notice: Correction) -> None:
    """Let the notice wait for its time alone."""
    notice.state = NoticeState.READY
    jobs.wake(session, "publish_due", max((notice.publish_at - now()).total_seconds(), 0))


def see_fix(session: Session, case: Case) -> bool:
    """Have the case's notice published, now that its fix was seen; whether nothing keeps the case open any more."""
    pending = corrections.waiting(session, case)
    if any(notice.state in UNAPPROVED for notice in pending):
        return False
    for notice in pending:
        make_ready(session, notice)
    return not corrections.is_frozen(case) and all(notice.publish_at <= now() + corrections.UNDO for notice in pending)


def lose_fix(session: Session, case: Case) -> None:
    """Let the case's notice wait for the fix again: the wrong words stand in the article."""
    for notice in corrections.waiting(session, case):
        if notice.state is NoticeState.READY and not notice.early:
            notice.state = NoticeState.APPROVED


def may_vouch(session: Session, case: Case) -> bool:
    """Whether an editor's word is enough to close a decided case: it waits for no approval, no time and no thaw."""
    pending = corrections.waiting(session, case)
    is_held = any(notice.state in UNAPPROVED or notice.publish_at > now() + corrections.UNDO for notice in pending)
    return case.state is State.FIXING and not is_held and not corrections.is_frozen(case)


def vouch(session: Session, case: Case, why: str) -> None:
    """Take an editor's word for the fix, with the reason where a notice waits for it, or the last look saw none.

    Raises InvalidFields, also for whatever else a notice waits for.
    """
    pending = corrections.waiting(session, case)
    if any(notice.state in UNAPPROVED for notice in pending):
        raise errors.InvalidFields({"case": "The notice waits to be approved first."})
    if reads_wrong(case) and not why.strip():
        raise errors.InvalidFields(
            {"why": "The last look saw the wrong words in the article. Say why the case is closed all the same."}
        )
    for notice in pending:
        if notice.publish_at > now() + corrections.UNDO:
            raise errors.InvalidFields({"case": "The notice waits for its time; the case closes once it is public."})
        if notice.state is NoticeState.APPROVED and not why.strip():
            raise errors.InvalidFields(
                {"why": "The notice waits until the fix is seen. Say why it may be public before, such as: in print."}
            )
        if notice.state is NoticeState.APPROVED:
            notice.early = why.strip()
            notice.publish_at = max(notice.publish_at, now() + corrections.UNDO)
            make_ready(session, notice)


def awaits_fix(session: Session, case: Case) -> bool:
    """Whether a notice of the case waits until its fix is seen."""
    return any(notice.state is NoticeState.APPROVED for notice in corrections.waiting(session, case))


def reads_wrong(case: Case) -> bool:
    """Whether the last look saw the wrong words in the article."""
    return case.fix_state is FixState.PRESENT


def due(session: Session) -> Sequence[int]:
    """The notices that are ready and whose time has come, by number, in the order in which they become public."""
    is_free = or_(Case.frozen_until.is_(None), Case.frozen_until <= now())
    query = (
        select(Correction.id).join(Case).where(Correction.state == NoticeState.READY, Correction.publish_at <= now())
    )
    query = query.where(Correction.retracted_at.is_(None), is_free).order_by(Correction.publish_at, Correction.id)
    return session.scalars(query).all()


def publish_due(session: Session) -> int:
    """Make public all that is due, in one transaction; how many notices."""
    return sum(publish(session, number) for number in due(session))


def publish(session: Session, number: int) -> bool:
    """Make this notice public, in place of one of its case that was, unless somebody was faster."""
    notice = session.get_one(Correction, number)
    case = notice.case
    hold(session, case)
    session.refresh(notice)
    if notice.state is not NoticeState.READY or notice.retracted_at is not None or corrections.is_frozen(case):
        return False
    for earlier in corrections.standing(session, case):
        corrections.replace(session, earlier, notice)
    notice.state, notice.published_at = NoticeState.PUBLIC, now()
    entries.enter(session, notice)
    spreading.begin(session, case)
    if case.state is State.FIXING and case.resolution is Resolution.EDITORS_NOTE and notice.early:
        event = change(session, case, EventKind.PUBLISHED, {"state": State.CLOSED, "live_key": None}, notice=notice.id)
        tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))
    else:
        record(session, case, EventKind.PUBLISHED, notice=notice.id)
    if case.state is State.FIXING:
        look_soon(session, case)  # which closes it where the fix stands
    return True
