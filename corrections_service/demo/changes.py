"""The demo's log: its entries as of the times that have passed, a notice that was replaced, one that was taken back.

With them what a site may choose besides: a reader who is thanked, a list of where else a notice has to be told, offices.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from corrections_service.rules.offices import Office
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, corrections, entries, notices, offices, sites, spreading, thanks
from corrections_service.store.models import Case, Correction, Editor, Entry, Site, now

READER = "Ingrid Solheim"
OFFICES = (
    Office(name="Subscriptions and delivery", address="subscriptions@gazette.example"),
    Office(name="Letters to the editor", address="letters@gazette.example"),
)
DONE = ("headline", "teaser")


def choose(site: Site) -> None:
    """Choose what can be tried, and have told readers of offices and programs ever since."""
    sites.choose(site, thanks=True, spread=True)
    offices.choose(site, list(OFFICES))
    since = f"{now() - timedelta(days=365):%Y-%m-%dT%H:%M:%S.%fZ}"
    sites.choose(site, offices_since=since, programs_since=since)


def thank(session: Session, case: Case, editor: Editor) -> None:
    """Let the case's first reader have offered a name, and an editor have agreed."""
    report = case.reports[0]
    thanks.offer(session, report, READER)
    session.flush()
    thanks.agree(session, case, report.id, READER, actor=editor)


def spread(session: Session, case: Case, editor: Editor) -> None:
    """Let somebody have seen to some of where else the case's notice has to be told."""
    for channel in DONE:
        spreading.tick(session, case, channel, actor=editor, is_done=True)


def enter_anew(session: Session) -> None:
    """Write the log down as if each notice had been entered when it was published."""
    session.execute(delete(Entry))
    taken_back = session.scalars(select(Correction).where(Correction.retracted_at.is_not(None)))
    for correction in taken_back.all():
        if correction.published_at is not None:
            correction.published_at -= timedelta(hours=2)
            correction.retracted_at = correction.published_at + timedelta(hours=1)
    session.flush()
    for correction in session.scalars(select(Correction).order_by(Correction.published_at)).all():
        correction.entered = False
        entries.enter(session, correction)


def replace(session: Session, case: Case, editor: Editor) -> None:
    """Let the case's notice be replaced by one that says more."""
    cases.reopen(session, case, "It does not say whose name it is.", actor=editor)
    decision = Decision(
        Resolution.CORRECTED,
        case.exact,
        case.suggestion,
        f"The name of the librarian is {case.suggestion}, not {case.exact}.",
        early="The article has read right since the first notice.",
        retraction="It did not say whose name was wrong.",
        ran="web, newsletter",
    )
    _publish(session, case, decision, editor)


def take_back(session: Session, case: Case, editor: Editor) -> None:
    """Let the case have had a notice that was taken back, as it called an error news; the case is open again."""
    early = "The edition was printed already."
    change = f"{case.exact} → {case.suggestion}"
    decision = Decision(Resolution.UPDATED, notice=change, early=early, gravity="material", ran="web, print")
    _publish(session, case, decision, editor)
    cases.reopen(session, case, "It was no news.", actor=editor)
    retraction = "It called news what was an error of ours."
    silently = Decision(Resolution.FIXED, why_silent="The correction follows.", retraction=retraction)
    cases.decide(session, case, silently, actor=editor)
    cases.reopen(session, case, "To correct it in public.", actor=editor)


def _publish(session: Session, case: Case, decision: Decision, editor: Editor) -> None:
    cases.decide(session, case, decision, actor=editor)
    for notice in corrections.waiting(session, case):
        notice.publish_at = now()
    session.flush()
    notices.publish_due(session)
