"""Looks at articles: which are due, what a look says of each case, and what follows from it by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, not_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from corrections_service.rules import text, webhooks
from corrections_service.rules.changes import Kind, describe_edit
from corrections_service.rules.evidence import Look, shows_change
from corrections_service.rules.mail_times import Sort
from corrections_service.rules.quotes import Standing
from corrections_service.rules.workflow import CHANGES_PAGE, LIVE, ON_PAGE, UNDECIDED, Resolution, State, approval_rule
from corrections_service.services import calls, corrections, notices, people, wishes
from corrections_service.services.answers import decided_reason, standing_decision, tell_readers
from corrections_service.services.history import (
    BY_SERVICE,
    change,
    keep_quiet,
    last_event,
    look_soon,
    record,
    set_quietly,
)
from corrections_service.store.models import Article, Case, Event, EventKind, FixState, Site, now
from corrections_service.store.rows import table_of

SEEN_FIXED = (FixState.APPLIED, FixState.CHANGED, FixState.GONE)

LOOKED = (EventKind.RECHECKED, EventKind.FIX_SEEN, EventKind.AUTO_CLOSED, EventKind.CAME_BACK)
"""What is kept of a look: its event says what was seen."""

UNSEEN, NOWHERE, SEVERAL, ONE_LEFT = "unseen", "nowhere", "several", "one left"
"""Why a look cannot tell: the passage was never seen as readers see it; the words stand nowhere on the page; the words
that a reader named stand in several places, or in one that is left of several."""

_FIXED = and_(Case.fix_state.is_not(None), Case.fix_state.in_(SEEN_FIXED))
_UNSEEN = or_(Case.fix_state.is_(None), Case.fix_state.in_((FixState.UNCLEAR, FixState.UNREACHABLE)))
_ALREADY = and_(
    Case.resolution.is_not(None),
    Case.resolution == Resolution.ALREADY_FIXED,
    # What was seen otherwise before it was decided is looked at once more.
    or_(Case.fix_state.is_(None), Case.fix_state != FixState.PRESENT, Case.recheck_at.is_not(None)),
)
# What an editor closed whose article could not be read; an import plans no look.
_BY_HAND = and_(Case.resolution.in_(ON_PAGE), _UNSEEN, Case.recheck_at.is_not(None))
_VOUCHED = or_(_ALREADY, _BY_HAND)
_SEEN = and_(Case.state == State.CLOSED, or_(_FIXED, _VOUCHED))
_NAMED = and_(Case.state.in_(LIVE), Case.place != "", Case.kind != Kind.MEDIA)
WATCHED = or_(and_(or_(Case.state.in_(LIVE), _SEEN), Case.exact != ""), _NAMED)
"""The cases that a look tells something about: the live ones whose words were marked or named, and those fixed, whose
words may come back."""

BACK = (EventKind.UNDONE, EventKind.REOPENED, EventKind.APPEALED)
"""What is done with a case that the service closed wrongly."""

TELL_AFTER = timedelta(hours=1)
"""When readers are told of a case that the service closed without a decision: until then it can be undone unseen."""

LOOK_FOR = timedelta(days=90)
"""How long after a case was reported or decided its article is read again."""

SLOWEST, SLOWEST_FOR_FIXES = timedelta(days=7), timedelta(days=1)
PATIENCE = timedelta(minutes=1)
"""How long a look that is due may wait for its host and stay due."""

UNFINISHED = timedelta(minutes=15)
"""Until a look that nobody finished is due again."""

MOST_DUE, AT_ONCE = 200, 4
"""Looks of a site that are considered at a time, and that are begun."""


def see_fix(
    session: Session,
    case: Case,
    state: FixState,
    before: str = "",
    after: str = "",
    *,
    passage: str | None = None,
    reason: str = "",
) -> None:
    """Keep what a look at the article says of this case, and move the case on where that settles it.

    `before` and `after` are the article's own words, `passage` those of them that stand in place of the quote, and
    `reason` says why nothing can be told. A fix is a difference between two looks: without one nothing is fixed.
    A decided case whose passage has changed closes with its notice, if nobody has to approve it and its time has come,
    and its readers are told; one whose wrong words came back opens again. An undecided one closes only on a site that
    chose so, and only if the suggestion stands there and is a mere typo's.
    """
    stands = after or before
    look = Look(Standing(state), after if passage is None and after else passage) if state in _TOLD else None
    facts: dict[str, Any] = {"stands": stands}
    if look is not None and look.state is not Standing.PRESENT:
        facts |= {"seen": state.value, "passage": look.stands}
        if not shows_change(_earlier(session, case), look) and not _is_vouched_for(case):
            state, reason = FixState.UNCLEAR, UNSEEN
    facts |= {"fix_state": state.value, **({"reason": reason} if reason else {})}
    if case.state is State.CLOSED and state in (FixState.UNCLEAR, FixState.UNREACHABLE):
        return  # what was seen of it before is still the best that is known
    is_taken_back = state in SEEN_FIXED and _taken_back(session, case, stands)
    is_first = state in SEEN_FIXED and case.fixed_at is None and not is_taken_back
    values: dict[str, Any] = {"fix_state": state, "fix_checked_at": now()}
    if is_first or state is FixState.PRESENT or (is_taken_back and case.state is State.FIXING):
        values["fixed_at"] = now() if is_first else None
    if state is FixState.PRESENT and before:
        values["fix_before"] = before
    if state in SEEN_FIXED:
        values["fix_after"] = after
    if state is FixState.PRESENT and case.state is State.FIXING:
        notices.lose_fix(session, case)
    is_fixed = case.state is State.FIXING and state in SEEN_FIXED and not is_taken_back
    if is_fixed and notices.see_fix(session, case):
        _close(session, case, values, facts)
    elif _came_back(session, case, state):
        _open_again(session, case, values, facts)
    elif _may_close_itself(session, case, state, stands):
        _close_undecided(session, case, values, facts)
    else:
        _note(session, case, state, values, facts)
    if is_first:
        corrections.confirm(session, case)
        fact = calls.Fact(webhooks.FIX_SEEN, case.site_id, f"{case.id}.{now().timestamp()}", now(), case.id)
        calls.owe(session, [fact])


def _close(session: Session, case: Case, values: dict[str, Any], facts: dict[str, Any]) -> None:
    """Close a decided case as its fix was seen, and tell its readers once the decision cannot be undone unseen any more."""
    values |= {"state": State.CLOSED, "live_key": None}
    event = change(session, case, EventKind.FIX_SEEN, values, **facts)
    undone_until = (case.decided_at or now()) + corrections.UNDO
    wait = max(undone_until - now(), timedelta(0))
    tell_readers(session, case, event, "case_resolved", wait=wait, reason=decided_reason(session, case))
    people.tell_who_asked(session, case, event, Sort.FIX_SEEN)


def _open_again(session: Session, case: Case, values: dict[str, Any], facts: dict[str, Any]) -> None:
    """Open a case whose wrong words came back; nobody is told any more that they had gone."""
    values |= {"state": State.OPEN, "resolution": None}
    keep_quiet(session, case)
    corrections.drop(session, case)
    corrections.question(session, case)
    if case.fix_state not in SEEN_FIXED and case.fixed_at is None:
        facts["still"] = True
    people.tell(session, case, change(session, case, EventKind.CAME_BACK, values, **facts), "came_back")


def _close_undecided(session: Session, case: Case, values: dict[str, Any], facts: dict[str, Any]) -> None:
    """Close a case that nobody decided, as its site chose, and tell its readers after a while."""
    values |= {"state": State.CLOSED, "resolution": Resolution.FIXED, "decided_at": now(), "live_key": None}
    values["snoozed_until"] = None
    event = change(session, case, EventKind.AUTO_CLOSED, values, **facts)
    tell_readers(session, case, event, "case_resolved", wait=TELL_AFTER, reason="")
    people.tell_who_asked(session, case, event, Sort.FIX_SEEN)


def _note(session: Session, case: Case, state: FixState, values: dict[str, Any], facts: dict[str, Any]) -> None:
    """Keep what was seen, which settles nothing; in the history where it is news."""
    is_news = state is not case.fix_state or _is_news(session, case, facts)
    was_there = case.fix_state is FixState.PRESENT
    set_quietly(session, case, values)
    if is_news:
        event = record(session, case, EventKind.RECHECKED, **facts)
        if was_there and state in SEEN_FIXED and case.state in UNDECIDED:
            people.tell(session, case, event, "changed")


_TOLD = (FixState.PRESENT, *SEEN_FIXED)


def _earlier(session: Session, case: Case) -> list[Look]:
    """What the looks before saw, in order."""
    query = select(Event.data).where(Event.case_id == case.id, Event.kind.in_(LOOKED)).order_by(Event.id)
    looks = [Look(Standing.PRESENT)] if case.fix_before else []
    for data in session.scalars(query):
        state = FixState(data.get("seen", data["fix_state"]))
        if state in _TOLD:
            looks.append(Look(Standing(state), data.get("passage")))
    return looks


def _is_vouched_for(case: Case) -> bool:
    """Whether an editor said that the article is right, and no look did; what stands there then is what is right."""
    is_unseen = case.fix_state in (None, FixState.UNCLEAR, FixState.UNREACHABLE)
    is_said = case.resolution is Resolution.ALREADY_FIXED or (case.resolution in ON_PAGE and is_unseen)
    return case.state is State.CLOSED and is_said


def _is_news(session: Session, case: Case, facts: dict[str, Any]) -> bool:
    last = last_look(session, case)
    compared = ("reason", *(name for name in ("stands", "seen") if facts.get(name)))
    return last is None or any(facts.get(name, "") != last.data.get(name, "") for name in compared)


def last_look(session: Session, case: Case) -> Event | None:
    """What was kept of the last look that saw anything else than the one before."""
    return last_event(session, case, *LOOKED)


def _came_back(session: Session, case: Case, state: FixState) -> bool:
    """Whether the wrong words of a closed case stand there; against an editor's word that they do not it is said once."""
    if case.state is not State.CLOSED or state is not FixState.PRESENT:
        return False
    if _is_vouched_for(case) and last_event(session, case, EventKind.CAME_BACK) is None:
        return True
    was_error = case.resolution is Resolution.ALREADY_FIXED or case.resolution in CHANGES_PAGE
    return was_error and case.fix_state in SEEN_FIXED


def _taken_back(session: Session, case: Case, stands: str) -> bool:
    """Whether an editor or a reader said of just these words that they are no fix, and none since that they are what is right."""
    closing = last_event(session, case, *BY_SERVICE)
    if closing is None or closing.data.get("stands") != stands:
        return False
    kinds = (*BACK, EventKind.CAME_BACK, EventKind.DECIDED)
    after = select(Event.kind).where(Event.case_id == case.id, Event.id > closing.id, Event.kind.in_(kinds))
    if session.scalar(after.order_by(Event.id).limit(1)) not in BACK:
        return False
    decision = standing_decision(session, case)
    is_since = decision is not None and decision.id > closing.id
    right = _plain(str(decision.data.get("right", ""))) if decision is not None and is_since else ""
    # As whole words: "king" is not what is right where "kings" stands.
    return not right or re.search(rf"(?<!\w){re.escape(right)}(?!\w)", _plain(stands)) is None


def _plain(words: str) -> str:
    """Words as they are compared, with a space between each two."""
    return " ".join(text.fold(word).text for word in words.split())


def _may_close_itself(session: Session, case: Case, state: FixState, stands: str) -> bool:
    """Once, on a site that wants it, and only where a change was seen that touches no fact, nor does the suggestion."""
    if corrections.is_frozen(case) or corrections.stands(session, case):
        return False
    if case.state not in UNDECIDED or state is not FixState.APPLIED or not case.site.policy.get("auto_close"):
        return False
    if not approval_rule(Resolution.FIXED, case.site.policy).used:
        return False
    if not case.fix_before or last_event(session, case, EventKind.AUTO_CLOSED) is not None:
        return False
    edit, wish = describe_edit(case.quote, stands, before=case.fix_before), wishes.change(case)
    return not edit.guard and wish is not None and not wish.guard


def next_look(case: Case, first: timedelta) -> datetime | None:
    """When the article is to be read again for this case: later and later after it was reported or decided.

    None where nothing more is expected: spam, merged, closed otherwise than by a change of the page, or long ago.
    """
    since = case.decided_at or case.created_at
    waited = now() - since
    fixed = case.fix_state in SEEN_FIXED or (_is_vouched_for(case) and case.fix_state is not FixState.PRESENT)
    awaited = case.state in LIVE or (case.state is State.CLOSED and fixed)
    if not awaited or waited > LOOK_FOR:
        return None
    slowest = SLOWEST_FOR_FIXES if case.state is State.FIXING else SLOWEST
    return now() + min(max(first, waited / 2), slowest)


def article_changed(session: Session, article_id: int) -> bool:
    """Have an article read soon that was changed just now, each page of it; whether any case of it asks for that."""
    newest = select(func.max(Case.id)).where(Case.article_id == article_id, WATCHED).group_by(Case.page_url)
    cases = session.scalars(select(Case).where(Case.id.in_(newest))).all()
    if cases:
        look_soon(session, *cases)
    return bool(cases)


def take_due(session: Session, ask: Callable[[str], datetime | None]) -> list[tuple[int, str]]:
    """The articles whose time for a look has come and whose hosts may be asked; due again only much later.

    Each with the address of the page where the words were read, where that is not the article's own.

    `ask` takes an address's host, or says when it may be asked instead. The newest wishes of each site come first, a few
    at once; those whose host wants to be left alone are put off until then.
    """
    is_unread = or_(not_(WATCHED), Case.site_id.in_(select(Site.id).where(Site.trainee_id.is_not(None))))
    session.execute(update(table_of(Case)).where(Case.recheck_at <= now(), is_unread).values(recheck_at=None))
    wished = func.max(Case.recheck_at).label("wished")
    query = select(Case.site_id, Case.article_id, Case.page_url, wished).where(Case.recheck_at <= now())
    wishes = query.group_by(Case.site_id, Case.article_id, Case.page_url).subquery()
    turn = func.row_number().over(partition_by=wishes.c.site_id, order_by=wishes.c.wished.desc()).label("turn")
    turns = select(wishes.c.article_id, wishes.c.page_url, wishes.c.wished, turn).subquery()
    rows = select(Article.id, Article.site_id, Article.url, turns.c.page_url).join(
        turns, turns.c.article_id == Article.id
    )
    pages: list[tuple[int, str]] = []
    of_site: Counter[int] = Counter()
    for row in session.execute(rows.where(turns.c.turn <= MOST_DUE).order_by(turns.c.wished.desc())).all():
        later = ask(row.page_url or row.url) if of_site[row.site_id] < AT_ONCE else now()
        if later is None:
            pages.append((row.id, row.page_url))
            of_site[row.site_id] += 1
        elif later > now() + PATIENCE:
            _put_off(session, [(row.id, row.page_url)], later)
    _put_off(session, pages, now() + UNFINISHED)
    return pages


def _put_off(session: Session, pages: Sequence[tuple[int, str]], until: datetime) -> None:
    """Let the due looks at these pages of articles be due later."""
    query = select(Case.id).where(tuple_(Case.article_id, Case.page_url).in_(pages), Case.recheck_at <= now())
    free = list(session.scalars(query.with_for_update(skip_locked=True, key_share=True)))
    session.execute(update(table_of(Case)).where(Case.id.in_(free)).values(recheck_at=until))


def of_article(session: Session, article: Article, limit: int = 500, *, page_url: str | None = None) -> Sequence[Case]:
    """The cases that a look at the article, or at this page of it alone, tells something about.

    The ones that no look has told of yet come first, then those of the longest time ago.
    """
    where = select(Case).where(Case.article_id == article.id, WATCHED)
    if page_url is not None:
        where = where.where(Case.page_url == page_url)
    return session.scalars(where.order_by(Case.fix_checked_at.nulls_first(), Case.id.desc()).limit(limit)).all()
