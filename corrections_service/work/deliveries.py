"""What happens later: plain functions of ids, run by the engine, each safe to run twice."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.errors import StorageBusy, Unreachable
from corrections_service.rules import urls
from corrections_service.rules.doubts import prose
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.quotes import NOWHERE, FixCheck, Sighting, Standing, check_fixes, sentence_at
from corrections_service.rules.twins import Read
from corrections_service.services import (
    articles,
    cases,
    hosts,
    joining,
    looks,
    named,
    origins,
    outbox,
    privacy,
    siblings,
    wishes,
)
from corrections_service.settings import Settings
from corrections_service.store import engine, queue, search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Delivery, FixState, now
from corrections_service.work import canonical, reading, robots
from corrections_service.work.fetch import Page, read_page
from corrections_service.work.mail import Mailer, MailRefused

log = structlog.get_logger()

BATCH = 100
MOST_SPLITS = 32
"""Halvings of one digest at most: more than finding a few among 500 takes."""

PATIENT_TRIES = 3
"""So often a server may say "not now" to what a digest says before its halves go on by themselves."""

MISSING_SHARE = 0.5
"""Below this share of the text that was read before, a page is not the article as readers see it."""


@dataclass(frozen=True)
class Work:
    """What jobs work with: the database, the settings and the mail connection of this process."""

    database: Database
    settings: Settings
    mailer: Mailer

    @property
    def reader_limits(self) -> dict[str, str]:
        """How many mails to readers may go in a publication's name, by template."""
        answers = dict.fromkeys(outbox.ANSWERS, self.settings.limit_answers)
        return {outbox.RECEIPT: self.settings.limit_receipts, **answers}


def register(running: engine.Engine, work: Work) -> None:
    """Make the jobs known to the engine, with their schedules."""

    def bound(job: Callable[..., None]) -> Callable[..., None]:
        return lambda *ids: job(work, *ids)

    for job in (deliver_event, recheck, look_elsewhere):
        running.register(job.__name__, bound(job))
    running.schedule("deliver_due", 5, bound(deliver_due))
    running.schedule("recheck_due", 5, bound(recheck_due))
    running.schedule("index_due", 5, bound(index_due))
    running.schedule("wake_due", 60, bound(wake_due))
    running.schedule("purge", 3600, bound(purge))


def deliver_event(work: Work, event_id: int) -> None:
    """Send what one event owes."""
    with work.database.read() as session:
        owed = list(session.scalars(select(Delivery.id).where(Delivery.event_id == event_id)))
    deliver(work, owed)


def deliver_due(work: Work) -> None:
    """Send all that is due, and free what workers that died had taken."""
    with work.database.write() as session:
        outbox.release_claims(session, alive=engine.living_workers(session))
    while deliver(work, ()) == BATCH:
        pass


def deliver(work: Work, ids: Sequence[int]) -> int:
    """Claim what is due (of these ids; of all when there are none), send each, then mark it; how many were claimed.

    When the mail server is away, none of the others is tried in vain.
    """
    with work.database.write() as session:
        due = outbox.claim(session, engine.worker_id(), ids=ids, limit=BATCH)
        claimed = [one.id for one in due]
        for one in due if ids else ():  # at once, or the jobs of one burst would each keep a mail of it
            if one.template in outbox.TOGETHER:
                claimed += outbox.companions(session, one, engine.worker_id())
    done: set[int] = set()
    for delivery_id in claimed:
        if delivery_id not in done:
            together, refusal = _deliver_one(work, delivery_id, claimed)
            done |= set(together)
            if refusal is not None and refusal.away:
                with work.database.write() as session:
                    left = [one for one in claimed if one not in done]
                    outbox.put_back(session, left, until=now() + outbox.RETRY_FIRST)
                return 0
    return len(due)


def _deliver_one(work: Work, delivery_id: int, claimed: Sequence[int]) -> tuple[list[int], MailRefused | None]:
    """Send one message (a digest takes its companions along).

    Returns which deliveries that was, and why the mail server took none at all.
    """
    worker = engine.worker_id()
    with work.database.write() as session:
        delivery, ids = session.get_one(Delivery, delivery_id), [delivery_id]
        if not outbox.still_ours(session, ids, worker):
            return [], None
        if delivery.template in outbox.TOGETHER:
            ids += outbox.companions(session, delivery, worker, claimed=claimed)
        if delivery.template == outbox.DESK_TEMPLATE:
            pause = outbox.desk_pause(session, delivery, work.settings.limit_desk_mails)
            if pause is not None:
                outbox.put_back(session, ids, until=pause)
                return ids, None
        elif delivery.report_id is not None:
            if outbox.is_overtaken(session, delivery):
                return ids, None
            if delivery.template in outbox.ANSWERS and len(ids) <= outbox.answers_left(session, delivery):
                outbox.put_back(session, [one for one in ids if one not in claimed], until=now())
                ids = [delivery_id]
            waits = outbox.reader_pause(session, delivery, len(ids), work.reader_limits)
            if waits is not None:
                outbox.put_back(session, ids, until=waits[0], reason=waits[1])
                return ids, None
    refusal = _send_parts(work, ids)
    if delivery.report_id is not None:
        with work.database.write() as session:
            if not outbox.any_sent(session, ids):
                outbox.give_back(session, session.get_one(Delivery, delivery_id), work.reader_limits)
    return ids, refusal


def _send_parts(work: Work, ids: list[int]) -> MailRefused | None:
    """Send these as one message; of a digest that is refused for what it says, each half goes on by itself.

    So the one that cannot be sent is found, alone stays unsent, and says why. Returns why the server took none at all.
    """
    parts, splits = [ids], MOST_SPLITS
    keep = timedelta(days=work.settings.retention_mail_days)
    while parts:
        part = parts.pop(0)
        refusal = _send(work, part)
        if refusal is None:
            continue
        log.warning("mail not sent", deliveries=len(part), first=part[0], reason=refusal.reason)
        if len(part) > 1 and refusal.of_content and splits:
            splits -= 1
            parts = [part[: len(part) // 2], part[len(part) // 2 :], *parts]
            continue
        undone = [one for rest in (part, *parts) for one in rest] if refusal.away else part
        for_good = (refusal.for_good and len(part) == 1) or (refusal.for_good and not refusal.of_content)
        with work.database.write() as session:
            outbox.mark_failed(session, undone, refusal.reason, for_good=for_good, keep=keep)
        if refusal.away:
            return refusal
    return None


def _send(work: Work, ids: Sequence[int]) -> MailRefused | None:
    """Send one message that tells of these, then mark them; no transaction is open meanwhile. Returns why it was refused."""
    with work.database.read() as session:
        if not outbox.still_ours(session, ids, engine.worker_id()):
            return None
        shown = select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)
        deliveries = session.scalars(shown).all()
        tries = min(one.attempts for one in deliveries)
        try:
            message = work.mailer.compose(deliveries, together=ids)
        except MailRefused as refusal:
            return refusal
        except StorageBusy:
            raise
        except Exception as error:  # whatever it is, it is this mail's alone
            return _accident("composed", error)
    try:
        work.mailer.send(message)
    except MailRefused as refusal:
        refusal.of_content = refusal.of_content and (refusal.for_good or tries >= PATIENT_TRIES)
        return refusal
    except Exception as error:
        return _accident("sent", error)
    with work.database.write() as session:
        outbox.mark_sent(session, ids)
    return None


def _accident(done: str, error: Exception) -> MailRefused:
    """What nobody foresaw about one mail, in words that hold nothing of what it says; it is tried again, as others are."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}"
    return MailRefused(f"This mail could not be {done}: {where}.", for_good=False, of_content=True)


def recheck(work: Work, article_id: int, page_url: str = "") -> None:
    """Read the article again, or one page of it alone, and say of each case there what stands there now."""
    started, pace = now(), work.settings.fetch_pace_seconds
    with work.database.read() as session:
        article = session.get_one(Article, article_id)
        # One that names another as its own address is read whole until they are joined.
        names_itself = article.canonical_url in ("", article.url.partition("?")[0]) or not joining.named(
            session, article, article.canonical_url
        )
        is_kept_whole = (
            0 < article.text_length <= articles.WORDS_KEPT and article.words and not page_url and names_itself
        )
        known = {"etag": article.etag, "last_modified": article.last_modified} if is_kept_whole else {}
        (url, route), origins = urls.cut_route(page_url or article.url), article.site.origins

    def ask(address: str, **known: str) -> Page:
        judge = partial(_mind_robots, work, origins=origins)
        return read_page(address, origins=origins, allowed=work.settings.fetch_allow, judge=judge, **known)

    def understand(page: Page) -> tuple[Page, Read]:
        return page, reading.read(page.body, page.url + route, page.content_type, origins)

    try:
        page, seen = ask(url, **known), None
        if not page.unchanged:
            page, seen = understand(page)
        if seen and not page_url and not route:
            pause = timedelta(seconds=pace)
            page, seen = canonical.follow(
                work.database, article_id, (page, seen), lambda to: understand(ask(to)), pause
            )
    except Unreachable as error:
        pace = max(pace, error.retry_after or 0)
        _conclude_nothing(work, article_id, started, error.detail, FixState.UNREACHABLE, page_url)
    else:
        _conclude(work, article_id, started, page, seen, page_url)
    finally:
        with work.database.write() as session:
            hosts.free(session, url, timedelta(seconds=pace))


def _mind_robots(work: Work, url: str, origins: Sequence[str]) -> None:
    """Raises Unreachable where the host's robots.txt, which is read once a day, asks the article reader to stay away."""
    with work.database.read() as session:
        rules = hosts.robots(session, url)
    if rules is None:
        rules = robots.read_robots(url, origins=origins, allowed=work.settings.fetch_allow)
        wait = timedelta(seconds=robots.pause(rules))
        with work.database.write() as session:
            hosts.keep_robots(session, url, rules, wait)
    if not robots.may_read(rules, url):
        raise Unreachable("The site's robots.txt keeps the article reader out; let corrections-service in there.")


def _conclude(work: Work, article_id: int, started: datetime, page: Page, seen: Read | None, page_url: str) -> None:
    """Say of each case what stands there now; `seen` is None where the article is as it was at the last look.

    What stands on a further page of the article tells nothing about the first one.
    """
    with work.database.read() as session:
        article = session.get_one(Article, article_id)
        kept, known = ("", 0) if page_url else (article.words, article.text_length)
        words = seen[0] if seen else kept
        watched = looks.of_article(session, article, page_url=page_url)
        asked = {case.id: wishes.sighting(case) for case in watched}
        sought = named.sought(watched)
        # A report may come from a page as it was: what was read of the article before it is an earlier look.
        unseen = {case.id: Sighting(asked[case.id].quote) for case in watched if not case.fix_state}
        before = kept if seen and unseen else ""
    if len(words) < known * MISSING_SHARE or prose(words) < prose(kept) * MISSING_SHARE:
        reason = "Most of the article's text is missing, as behind a paywall or a consent wall, or on another page."
        _conclude_nothing(work, article_id, started, reason, FixState.UNCLEAR, page_url)
        return
    there = named.look_up(sought, STRUCK.shown(words))
    asked |= {case_id: replace(asked[case_id], quote=one.quote) for case_id, one in there.items() if one.quote}
    checked = check_fixes(list(asked.values()), words)
    found = dict(zip(asked, checked, strict=True))
    stood = check_fixes(list(unseen.values()), before) if before else []
    earlier = dict(zip(unseen, stood, strict=False))
    with work.database.write() as session:
        article = session.get_one(Article, article_id, with_for_update={"key_share": True})
        if _is_late(article, started) and not page_url:
            return
        # A redirect to a front page or another article is no move: some passage must be known there.
        known_there = any(found[one].state is not Standing.UNCLEAR for one in found if one not in there)
        if page.moved_to and not page_url and known_there:
            article = joining.join(session, article, page.moved_to + urls.cut_route(article.url)[1])
        elif not urls.is_same_page(page.url, page_url or article.url):
            there = {case_id: named.Found(one.words) for case_id, one in there.items()}  # words that stand elsewhere
        if seen is None:
            articles.record_unchanged(session, article)
        elif not page_url:
            marks = {"etag": page.etag, "last_modified": page.last_modified}
            articles.record_reading(session, article, seen[1], words, **marks)
        for case in _held(session, article, page_url):
            if case.id in found and (case.id not in there or named.settle(session, case, there[case.id])):
                if case.id in earlier and earlier[case.id].state is Standing.PRESENT and not case.fix_state:
                    _see(session, case, earlier[case.id], before)
                _see(session, case, found[case.id], words)
            if case.id in found:
                _plan(session, work, case, started)


def _is_late(article: Article, started: datetime) -> bool:
    """Whether a look that began at this time has been overtaken by a later one."""
    return article.read_at is not None and started < article.read_at <= now()


def _held(session: Session, article: Article, page_url: str) -> Sequence[Case]:
    watched = looks.of_article(session, article, page_url=page_url)
    cases.hold(session, *watched)
    return watched


def _see(session: Session, case: Case, check: FixCheck, words: str) -> None:
    stands = sentence_at(words, check.span) if check.span else ""
    state = FixState(check.state)
    if case.several and state in (FixState.CHANGED, FixState.GONE):
        state = FixState.UNCLEAR  # what is gone from a list or a front page may stand in its article as it did
    looks.see_fix(
        session,
        case,
        state,
        before=stands if state is FixState.PRESENT else "",
        after=stands,
        passage=STRUCK.shown(words[slice(*check.span)]) if check.span else None,
        reason=looks.NOWHERE if check.reason == NOWHERE else "",
    )


def _plan(session: Session, work: Work, case: Case, started: datetime) -> None:
    if case.recheck_at is not None and started <= case.recheck_at <= now():
        return  # another look was wished for while this one was under way
    cases.plan_look(session, case, looks.next_look(case, timedelta(minutes=work.settings.recheck_minutes)))


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
            if name not in busy and hosts.claim(session, url):
                busy[name] = now()
                return None
            return busy.setdefault(name, hosts.free_at(session, url))

        for article_id, page_url in looks.take_due(session, ask):
            engine.enqueue(session, "recheck", f"recheck:{article_id}:{now().timestamp()}", article_id, page_url)


def look_elsewhere(work: Work, case_id: int) -> None:
    """Find where else on the site the wrong words of an accepted case stand."""
    with work.database.read() as session:
        found = siblings.look(session, session.get_one(Case, case_id))
    with work.database.write() as session:
        siblings.keep(session, session.get_one(Case, case_id), found)


def index_due(work: Work) -> None:
    """Take what was written lately into the search index, and let go of what was erased."""
    with work.database.write() as session:
        queue.fold_counts(session)
    search.catch_up(work.database, BATCH)


def wake_due(work: Work) -> None:
    """Bring back snoozed cases."""
    with work.database.write() as session:
        cases.wake(session)


def purge(work: Work) -> None:
    """Forget what need not be kept any longer."""
    with work.database.write() as session:
        privacy.purge(session, work.settings)
        hosts.forget(session)
        origins.forget(session)
