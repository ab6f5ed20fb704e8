"""The notices on cases: written, taken back, and those that are public listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from corrections_service import errors
from corrections_service.rules.catalogue import best, catalogue_in
from corrections_service.rules.workflow import NOTICES, SHOWN, UNDECIDED, Decision, NoticeState
from corrections_service.services import entries
from corrections_service.store.models import Case, Correction, EntryKind, Event, EventKind, Site, now

UNDO = timedelta(seconds=15)
"""How long a decision stays inside the newsroom, so that it can be undone unseen."""

FIXES = (EventKind.FIX_SEEN, EventKind.CLOSED)
"""What says that the article was corrected."""

NOTED = (
    EventKind.DECIDED,
    EventKind.PROPOSED,
    EventKind.SENT_BACK,
    *FIXES,
    EventKind.REOPENED,
    EventKind.SPAM,
    EventKind.MERGED,
    EventKind.THAWED,
)
"""The changes of a case that write, move on or take back notices; to undo another one leaves them as they are."""

SAME_NOTICE = ("article_id", "notice_class", "wrong", "right", "text")
"""What two notices have in common that tell the same."""


def write(
    session: Session, case: Case, decision: Decision, state: NoticeState, publish_at: datetime | None = None
) -> Correction:
    """Keep the notice that goes with a decision; nobody sees it before the time for undoing is over, nor before its own."""
    correction = Correction(
        site_id=case.site_id,
        article_id=case.article_id,
        case=case,
        notice_class=NOTICES[decision.resolution],
        wrong="" if case.site.policy.get("wrong_unsaid") else decision.wrong.strip(),
        right=decision.right.strip(),
        text=decision.notice.strip(),
        state=state,
        early=decision.early.strip(),
        gravity=decision.gravity,
        ran=decision.ran,
        publish_at=max(publish_at or now(), now() + UNDO),
    )
    session.add(correction)
    return correction


def drop(session: Session, case: Case) -> None:
    """Let go of the case's notices that nobody has seen yet."""
    for correction in waiting(session, case):
        correction.retracted_at = now()


def take_back(session: Session, case: Case, why: str = "") -> None:
    """Take the case's notices back: unseen those that were not public yet, else in sight and with the reason."""
    for correction in _of_case(session, case):
        if correction.retracted_at is None:
            _retract(session, correction, why)


def undo(session: Session, case: Case, event: Event) -> None:
    """Leave the case's notices as they were before a change: what it wrote goes, what it took back returns.

    One that is public on the strength of a fix that was none, of an approval that was none, or as the case was let go, is
    taken back in sight, and waits for it again.
    """
    if event.kind == EventKind.FROZEN:
        delay(session, case)
    if event.kind not in NOTED:
        return
    last_id = _written(session, case, event)
    for correction in _of_case(session, case):
        if correction.id == last_id:
            if correction.retracted_at is None:
                _retract(session, correction, "")
        elif correction.retracted_at is not None:
            if correction.retracted_at >= event.at:
                correction.retracted_at, correction.retraction = None, ""
                _enter(session, correction, EntryKind.RESTORED)
        elif event.kind in FIXES:
            _lose_fix(session, case, correction, event)
        elif event.kind == EventKind.SENT_BACK and correction.state is NoticeState.DRAFT:
            correction.state = NoticeState.ASKED
        elif correction.id == event.data.get("approved"):
            _lose_leave(session, correction, NoticeState.ASKED)
        elif (
            event.kind == EventKind.THAWED
            and correction.state in SHOWN
            and _is_public_since(session, correction, event)
        ):
            _lose_leave(session, correction, NoticeState.READY)
        if event.kind == EventKind.REOPENED and correction.retracted_at is None:
            _enter(session, correction, EntryKind.KEPT)
    if event.data["before"].get("state") in UNDECIDED:
        doubt(session, case)
    elif event.kind in (EventKind.SPAM, EventKind.MERGED) and not waiting(session, case):
        uphold(session, case)


def _lose_fix(session: Session, case: Case, correction: Correction, closing: Event) -> None:
    """Have a notice wait for the fix again that was seen, or vouched for, in vain; one that is public since then with it."""
    since: Event | None = closing
    if closing.kind == EventKind.CLOSED:
        if correction.early != str(closing.data.get("why", "")):
            return
        correction.early = ""
    else:
        decided = select(Event).where(Event.case_id == case.id, Event.kind == EventKind.DECIDED)
        since = session.scalars(decided.where(Event.id < closing.id).order_by(Event.id.desc()).limit(1)).first()
        if correction.early:
            return
    if correction.published_at is None:
        correction.state = NoticeState.APPROVED
    elif _is_public_since(session, correction, since or closing):
        _retract(session, correction, _too_early(correction))
        session.add(_again(correction, NoticeState.APPROVED))


def _written(session: Session, case: Case, event: Event) -> int | None:
    """Which of the case's notices a change wrote, which is its last; None where it wrote none.

    No times tell: who decided and who undoes it may be processes whose clocks differ.
    """
    is_public = event.data.get("resolution") in NOTICES and "approved" not in event.data
    if event.kind not in (EventKind.DECIDED, EventKind.PROPOSED) or not is_public:
        return None
    return session.scalar(select(func.max(Correction.id)).where(Correction.case_id == case.id))


def _is_public_since(session: Session, correction: Correction, event: Event) -> bool:
    """Whether a notice became public after this was done, whatever the clocks say of those who did the one and the other."""
    query = select(Event).where(Event.case_id == correction.case_id, Event.kind == EventKind.PUBLISHED)
    publishings = session.scalars(query.order_by(Event.id.desc()))
    publishing = next((later for later in publishings if later.data.get("notice") == correction.id), None)
    if publishing is None:  # by an earlier version
        return correction.published_at is not None and correction.published_at >= event.at
    return publishing.id > event.id


def _lose_leave(session: Session, correction: Correction, state: NoticeState) -> None:
    """Have a notice wait again, in this state, for who lets it go; one that is public by then is taken back in sight."""
    if correction.published_at is None:
        correction.state = state
    else:
        _retract(session, correction, "")
        again = _again(correction, state)
        again.early = correction.early
        session.add(again)


def delay(session: Session, case: Case) -> None:
    """Keep what is on its way inside for as long as a decision: what held it back does so no more."""
    for correction in waiting(session, case):
        correction.publish_at = max(correction.publish_at, now() + UNDO)


def question(session: Session, case: Case) -> None:
    """Say in the log that what is public of the case is being looked at again."""
    for correction in standing(session, case):
        entries.add(session, correction, EntryKind.REOPENED)


def uphold(session: Session, case: Case) -> None:
    """Say in the log that what is public of the case stays, where it was being looked at again."""
    _answer(session, case, (EntryKind.REOPENED,), EntryKind.KEPT)


def doubt(session: Session, case: Case) -> None:
    """Say in the log that what is public of the case is being looked at again, where it does not say so already."""
    _answer(session, case, (EntryKind.PUBLISHED, EntryKind.KEPT, EntryKind.RESTORED), EntryKind.REOPENED)


def _answer(session: Session, case: Case, last: Sequence[EntryKind], kind: EntryKind) -> None:
    """Enter this of each of the case's public notices of which the log said one of those last."""
    notices = standing(session, case)
    versions = entries.latest(session, notices, but=(EntryKind.FIXED,))
    for notice in notices:
        if notice.id in versions and versions[notice.id].kind in last:
            entries.add(session, notice, kind)


def confirm(session: Session, case: Case) -> None:
    """Say in the log since when the article reads right, where the notice was public before."""
    for correction in standing(session, case):
        entries.add(session, correction, EntryKind.FIXED)


def replace(session: Session, correction: Correction, by: Correction) -> None:
    """Let a notice that is public give its place to a later one, in sight."""
    correction.retracted_at = now()
    entries.add(session, correction, EntryKind.REPLACED, replaced_by=by)


def give_way(session: Session, case: Case, successors: Sequence[Correction]) -> None:
    """Let the last of another case's notices that stay take the place of the case's; what nobody has seen goes."""
    drop(session, case)
    for correction in standing(session, case) if successors else ():
        replace(session, correction, successors[-1])


def bring_back(session: Session, case: Case, home: Case) -> None:
    """Let the notices of a case be public again that gave their place to one of the case that it was merged into.

    None returns where nothing is public any more there: what was taken back of the error was taken back of both.
    """
    if not standing(session, home):
        return
    notices = _of_case(session, case)
    own_ids, versions = {notice.id for notice in notices}, entries.latest(session, notices)
    for notice in notices:
        version = versions.get(notice.id)
        if version is None or version.kind != EntryKind.REPLACED or version.replaced_by in own_ids:
            continue
        notice.retracted_at, notice.retraction = None, ""
        entries.add(session, notice, EntryKind.RESTORED)


def follow(session: Session, case: Case, home: Case, target: Case, successors: Sequence[Correction]) -> None:
    """Let the notices of a merged case stand with the case that it is counted under now, and not with its former home.

    What gave its place to one of the home's is public again, unless one of the case's `successors` takes it.
    """
    bring_back(session, case, home)
    give_way(session, case, successors)
    if target.state in UNDECIDED:
        doubt(session, case)


def _retract(session: Session, correction: Correction, why: str) -> None:
    """Take one notice back, and say so in the log where it was public."""
    correction.retracted_at, correction.retraction = now(), why.strip()
    _enter(session, correction, EntryKind.RETRACTED)


def _enter(session: Session, correction: Correction, kind: EntryKind) -> None:
    """Write this down in the log, unless the notice never was public."""
    if correction.published_at is not None:
        entries.add(session, correction, kind)


def _too_early(correction: Correction) -> str:
    """Why a notice is taken back whose article was not corrected yet, in the language of the site."""
    language = best(correction.site.language)
    return catalogue_in(language)("public.too_early")


def _again(correction: Correction, state: NoticeState) -> Correction:
    """The same notice, to be published once what it waits for in this state has come."""
    return Correction(
        **{name: getattr(correction, name) for name in ("site_id", "case_id", "gravity", "ran", *SAME_NOTICE)},
        state=state,
    )


def stands(session: Session, case: Case) -> bool:
    """Whether a notice of the case is public, or on its way."""
    return any(correction.retracted_at is None for correction in _of_case(session, case))


def waiting(session: Session, case: Case) -> list[Correction]:
    """The case's notices that are on their way and not public yet."""
    return [notice for notice in _of_case(session, case) if notice.retracted_at is None and notice.state not in SHOWN]


def standing(session: Session, case: Case) -> list[Correction]:
    """The case's notices that the public reads now."""
    return [notice for notice in _of_case(session, case) if notice.retracted_at is None and notice.state in SHOWN]


def is_frozen(case: Case) -> bool:
    """Whether an embargo or a legal hold keeps all of the case inside."""
    return case.frozen_until is not None and case.frozen_until > now()


def get(session: Session, site: Site, number: int) -> Correction:
    """One public notice; also one that was taken back, which then says so. Raises NotFound."""
    correction = session.get(Correction, number)
    if correction is None or correction.site_id != site.id or correction.published_at is None:
        raise errors.NotFound()
    return correction


def _of_case(session: Session, case: Case) -> Sequence[Correction]:
    """The notices of the case, and of those merged into it: what is decided of it is decided of them."""
    case_ids, new = {case.id}, {case.id}
    while new:
        new = set(session.scalars(select(Case.id).where(Case.merged_into_id.in_(new)))) - case_ids
        case_ids |= new
    return session.scalars(select(Correction).where(Correction.case_id.in_(case_ids)).order_by(Correction.id)).all()


@cache
def public() -> tuple[ColumnElement[bool], ...]:
    """Which notices the public reads, in log, feeds, data and articles: no page asks otherwise.

    What two cases say of one passage in the same words, as their article was two, is told once.
    """
    first, first_case, case = aliased(Correction), aliased(Case), aliased(Case)
    conditions = (getattr(first, name) == getattr(Correction, name) for name in SAME_NOTICE)
    passage = (
        first_case.id == first.case_id,
        case.id == Correction.case_id,
        first_case.fingerprint == case.fingerprint,
        first_case.id != case.id,
    )
    repeat = select(first.id).where(*conditions, *_stands(first), first.id < Correction.id, *passage)
    return (*_stands(Correction), ~repeat.correlate(Correction).exists())


def _stands(notice: type[Correction]) -> list[ColumnElement[bool]]:
    return [notice.state.in_(SHOWN), notice.retracted_at.is_(None)]
