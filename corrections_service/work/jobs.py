"""What happens later: plain functions of ids, run by the engine, each safe to run twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

import structlog
from sqlalchemy.orm import Session

from corrections_service.errors import CorrectionsError, MailboxUnreadable
from corrections_service.services import (
    alarms,
    batches,
    calls,
    cases,
    clocks,
    entries,
    hosts,
    incoming,
    origins,
    practice,
    priorities,
    privacy,
    routing,
    siblings,
    tallies,
    wave_mail,
)
from corrections_service.store import engine, jobs, queue, search
from corrections_service.store.models import Case
from corrections_service.work.deliveries import deliver_due, publish_due
from corrections_service.work.means import BATCH, Work
from corrections_service.work.polling import poll
from corrections_service.work.rechecks import recheck, recheck_due
from corrections_service.work.webhooks import call_due, call_webhook

log = structlog.get_logger()


def register(running: engine.Engine, work: Work) -> None:
    """Make the jobs known to the engine, with their schedules."""

    def bound(job: Callable[..., None]) -> Callable[..., None]:
        return lambda *ids: job(work, *ids)

    for job in (recheck, look_elsewhere, run_batch, call_webhook):
        running.register(job.__name__, bound(job))
    running.register("deliver_event", lambda _event: deliver_due(work))  # an earlier version's, still in the database
    running.schedule("deliver_due", 5, bound(deliver_due))
    running.schedule("publish_due", 5, bound(publish_due))
    running.schedule("recheck_due", 5, bound(recheck_due))
    running.schedule("call_due", 5, bound(call_due))
    running.schedule("index_due", 5, bound(index_due))
    running.schedule("tally_due", 20, bound(tally_due))
    running.schedule("wake_due", 60, bound(wake_due))
    running.schedule("poll_mail", 60, bound(poll_mail))
    running.schedule("enter_due", 60, bound(enter_due))
    running.schedule("purge", 3600, bound(purge))


def look_elsewhere(work: Work, case_id: int) -> None:
    """Find where else on the site the wrong words of an accepted case stand."""
    with work.database.read() as session:
        places = siblings.search(session, session.get_one(Case, case_id))
    with work.database.write() as session:
        siblings.keep(session, session.get_one(Case, case_id), places)


def run_batch(work: Work, batch_id: int) -> None:
    """Do with each case of a batch what is to be done, each in a transaction of its own, or take all of it back."""
    while True:
        work.database.precedence.give_way()
        with work.database.read() as session:
            case_id = batches.following(session, batch_id)
        if case_id is None:
            break
        try:
            with work.database.write() as session:
                batches.act(session, batch_id, case_id)
        except CorrectionsError as error:
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            with work.database.write() as session:
                batches.refuse(session, batch_id, case_id, error)
    with work.database.write() as session:
        batches.finish(session, batch_id)


def _judge(session: Session, case_ids: Sequence[int]) -> None:
    """Give cases that came in or were changed lately to whose they are, and have them weighed."""
    routing.route(session, case_ids)
    priorities.note(session, case_ids)


def _weigh(work: Work) -> None:
    """Say how urgent the cases are that were noted; nobody waits for the database while they are weighed."""
    is_more = True
    while is_more:
        work.database.precedence.give_way()
        with work.database.read() as session:
            rows = priorities.weigh_due(session, BATCH)
        if rows:
            with work.database.write() as session:
                priorities.keep(session, rows)
        is_more = len(rows) == BATCH


def index_due(work: Work) -> None:
    """Take what was written lately into the search index, let go of what was erased, and say what comes first."""
    with work.database.write() as session:
        queue.fold_counts(session)
    search.catch_up(work.database, BATCH, _judge)
    _weigh(work)


def tally_due(work: Work) -> None:
    """Count for the figures the days on which something changed, few in each transaction."""
    for step in (tallies.note_due, tallies.count_due):
        is_more = True
        while is_more:
            work.database.precedence.give_way()
            with work.database.write() as session:
                is_more = step(session)


def wake_due(work: Work) -> None:
    """Bring back snoozed cases, remind of those that fell due, tell of waves, and of mail that waits."""
    with work.database.write() as session:
        cases.wake(session)
    with work.database.write() as session:
        clocks.remind(session)
    with work.database.write() as session:
        wave_mail.tell(session)
    with work.database.write() as session:
        if late_sites := alarms.tell(session):
            log.error("mail waits", sites=late_sites)


def poll_mail(work: Work) -> None:
    """Take in the mail that came; that the mailbox cannot be read is told once, until somebody has tried again."""
    try:
        poll(work)
    except MailboxUnreadable as error:
        log.warning("mailbox not read", reason=error.detail)
        if all(failure.job != "poll_mail" for failure in jobs.overview(work.database).failed):
            raise


def enter_due(work: Work) -> None:
    """Write down in the public log's chain what does not stand there yet, and sign how far it has come, once a day."""
    is_more = True
    while is_more:
        with work.database.write() as session:
            is_more = entries.enter_due(session)
    with work.database.write() as session:
        entries.sign_due(session, work.settings.secret_key)


def purge(work: Work) -> None:
    """Forget all that need not be kept any longer."""
    privacy.purge(work.database, work.settings)
    with work.database.write() as session:
        practice.sweep(session)
    with work.database.write() as session:
        hosts.forget(session)
        origins.forget(session)
        incoming.forget(session, work.settings)
        calls.forget(session)
