"""Rechecks: an article is read again, and of each of its cases is said what stands there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from corrections_service.errors import Unreachable
from corrections_service.rules import sentences, urls
from corrections_service.rules.brackets import NOWHERE
from corrections_service.rules.doubts import prose
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.quotes import FixCheck, Sighting, Standing, check_fixes
from corrections_service.rules.twins import Reading
from corrections_service.services import articles, entries, history, hosts, looks, moves, named, wishes
from corrections_service.store import jobs
from corrections_service.store.models import Article, Case, FixState, now
from corrections_service.work import canonical, reading, robots
from corrections_service.work.fetch import Page, read_page
from corrections_service.work.means import Work

MISSING_SHARE = 0.5
"""Below this share of the text that was read before, a page is not the article as readers see it."""


def recheck(work: Work, article_id: int, page_url: str = "") -> None:
    """Read the article again, or one page of it alone, and say of each case there what stands there now."""
    started, pace = now(), work.settings.fetch_pace_seconds
    with work.database.read() as session:
        article = session.get_one(Article, article_id)
        # One that names another as its own address is read whole until they are joined.
        names_itself = article.canonical_url in ("", article.url.partition("?")[0]) or not moves.named_address(
            session, article, article.canonical_url
        )
        is_kept_whole = (
            0 < article.text_length <= articles.WORDS_KEPT and article.words and not page_url and names_itself
        )
        validators = {"etag": article.etag, "last_modified": article.last_modified} if is_kept_whole else {}
        (url, route), origins = urls.cut_route(page_url or article.url), article.site.origins

    def ask(address: str, **validators: str) -> Page:
        judge = partial(robots.mind, work.database, origins=origins, allowed=work.settings.fetch_allow)
        return read_page(address, origins=origins, allowed=work.settings.fetch_allow, judge=judge, **validators)

    def understand(page: Page) -> tuple[Page, Reading]:
        return page, reading.read(page.body, page.url + route, page.content_type, origins)

    try:
        page, new_reading = ask(url, **validators), None
        if not page.unchanged:
            page, new_reading = understand(page)
        if new_reading and not page_url and not route:
            pause = timedelta(seconds=pace)
            page, new_reading = canonical.follow(
                work.database, article_id, (page, new_reading), lambda to: understand(ask(to)), pause
            )
    except Unreachable as error:
        pace = max(pace, error.retry_after or 0)
        _conclude_nothing(work, article_id, started, error.detail, FixState.UNREACHABLE, page_url)
    else:
        _conclude(work, article_id, started, page, new_reading, page_url)
    finally:
        with work.database.write() as session:
            hosts.free(session, url, timedelta(seconds=pace))


def _conclude(
    work: Work, article_id: int, started: datetime, page: Page, new_reading: Reading | None, page_url: str
) -> None:
    """Say of each case what stands there now; `new_reading` is None where the article is as it was at the last look.

    What stands on a further page of the article tells nothing about the first one.
    """
    with work.database.read() as session:
        article = session.get_one(Article, article_id)
        old_text, old_length = ("", 0) if page_url else (article.words, article.text_length)
        text = new_reading[0] if new_reading else old_text
        watched = looks.of_article(session, article, page_url=page_url)
        sightings = {case.id: wishes.sighting(case) for case in watched}
        words_by_case = named.named_words(watched)
        # A report may come from a page as it was: what was read of the article before it is an earlier look.
        unseen = {case.id: Sighting(sightings[case.id].quote) for case in watched if not case.fix_state}
        before = old_text if new_reading and unseen else ""
    if len(text) < old_length * MISSING_SHARE or prose(text) < prose(old_text) * MISSING_SHARE:
        reason = "Most of the article’s text is missing, as behind a paywall or a consent wall, or on another page."
        _conclude_nothing(work, article_id, started, reason, FixState.UNCLEAR, page_url)
        return
    findings = named.look_up(words_by_case, STRUCK.shown(text))
    sightings |= {
        case_id: replace(sightings[case_id], quote=finding.quote)
        for case_id, finding in findings.items()
        if finding.quote
    }
    checks = check_fixes(list(sightings.values()), text)
    outcomes = dict(zip(sightings, checks, strict=True))
    earlier_checks = check_fixes(list(unseen.values()), before) if before else []
    earlier = dict(zip(unseen, earlier_checks, strict=False))
    with work.database.write() as session:
        article = session.get_one(Article, article_id, with_for_update={"key_share": True})
        if _is_late(article, started) and not page_url:
            return
        # A redirect to a front page or another article is no move: some passage must be known there.
        known_there = any(outcomes[id].state is not Standing.UNCLEAR for id in outcomes if id not in findings)
        if page.moved_to and not page_url and known_there:
            article = moves.join(session, article, page.moved_to + urls.cut_route(article.url)[1])
        elif not urls.is_same_page(page.url, page_url or article.url):
            # Their words were looked up in another page.
            findings = {case_id: named.Finding(finding.words) for case_id, finding in findings.items()}
        if new_reading is None:
            articles.record_unchanged(session, article)
        elif not page_url:
            marks = {"etag": page.etag, "last_modified": page.last_modified}
            articles.record_reading(session, article, new_reading[1], text, **marks)
            entries.note_reading(session, article)
        for case in _held(session, article, page_url):
            if case.id in outcomes and (case.id not in findings or named.settle(session, case, findings[case.id])):
                if case.id in earlier and earlier[case.id].state is Standing.PRESENT and not case.fix_state:
                    _see(session, case, earlier[case.id], before)
                _see(session, case, outcomes[case.id], text)
            if case.id in outcomes:
                _plan(session, work, case, started)


def _is_late(article: Article, started: datetime) -> bool:
    """Whether a look that began at this time has been overtaken by a later one."""
    return article.read_at is not None and started < article.read_at <= now()


def _held(session: Session, article: Article, page_url: str) -> Sequence[Case]:
    watched = looks.of_article(session, article, page_url=page_url)
    history.hold(session, *watched)
    return watched


def _see(session: Session, case: Case, check: FixCheck, text: str) -> None:
    stands = sentences.at(text, check.span) if check.span else ""
    state = FixState(check.state)
    if case.several and state in (FixState.CHANGED, FixState.GONE):
        state = FixState.UNCLEAR  # what is gone from a list or a front page may stand in its article as it did
    looks.see_fix(
        session,
        case,
        state,
        before=stands if state is FixState.PRESENT else "",
        after=stands,
        passage=STRUCK.shown(text[slice(*check.span)]) if check.span else None,
        reason=looks.NOWHERE if check.reason == NOWHERE else "",
    )


def _plan(session: Session, work: Work, case: Case, started: datetime) -> None:
    if case.recheck_at is not None and started <= case.recheck_at <= now():
        return  # another look was wished for while this one was under way
    history.plan_look(session, case, looks.next_look(case, timedelta(minutes=work.settings.recheck_minutes)))


def _conclude_nothing(
    work: Work, article_id: int, started: datetime, reason: str, state: FixState, page_url: str
) -> None:
    """Keep why a look tells nothing (unreachable, a paywall, a consent wall), and when to look again."""
    with work.database.write() as session:
        article = session.get_one(Article, article_id, with_for_update={"key_share": True})
        if _is_late(article, started) and not page_url:
            return
        if not page_url:
            articles.record_failure(session, article, reason)
        for case in _held(session, article, page_url):
            looks.see_fix(session, case, state)
            _plan(session, work, case, started)


def recheck_due(work: Work) -> None:
    """Have the articles read whose time for a look has come, each host asked no faster than its pace.

    One look serves all the cases of an article, so that a burst of reports is no burst of requests (G11).
    """
    with work.database.write() as session:
        busy: dict[str, datetime] = {}

        def ask(url: str) -> datetime | None:
            name = hosts.name_of(url)
            if name in busy:
                return busy[name]
            is_ours = hosts.claim(session, url)
            busy[name] = now() if is_ours else hosts.free_at(session, url)
            return None if is_ours else busy[name]

        for article_id, page_url in looks.take_due(session, ask):
            jobs.enqueue(session, "recheck", f"recheck:{article_id}:{now().timestamp()}", article_id, page_url)
