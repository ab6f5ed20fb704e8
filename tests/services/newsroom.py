"""A newsroom for tests: readers who report, editors who decide, on the database at hand."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from corrections_service.rules.workflow import Decision, NoticeState, Resolution, Role
from corrections_service.services import cases, corrections, editors, history, log, looks, notices, reports
from corrections_service.services.reports import Fields, Submitted
from corrections_service.store.database import Database
from corrections_service.store.models import (
    Case,
    Correction,
    Delivery,
    Editor,
    Event,
    FixState,
    Policy,
    Report,
    Site,
    now,
)
from tests.databases import SECRET

BRIDGE = {
    "exact": "was opend in 1987",
    "prefix": "The bridge across the harbour ",
    "suffix": " by the king, who stayed for lunch.",
    "suggestion": "was opened in 1987",
}
FERRY = {
    "exact": "leaves at nine",
    "prefix": "Anyone who misses the boat must wait until the next one ",
    "suffix": ", the harbour master said on Monday.",
    "suggestion": "leaves at ten",
}

SILENT = {"why_silent": "a letter is missing; the year stays"}
NOTICE = {"wrong": "opend in 1987", "right": "opened in 1978", "notice": "The bridge was opened in 1978, not in 1987."}

ALONE: Policy = {"second_person": {"withdrawn": False}}
"""The policy of a site where nothing takes two people."""

PRINTED = {**NOTICE, "early": "It stood in print."}
"""A correction that need not wait until the fix is seen on the page."""


class Newsroom:
    """One site with its people."""

    def __init__(self, db: Database, site: Site) -> None:
        self.db, self.site = db, site

    def send(self, *, block: str = "", **changes: Any) -> Submitted:
        """Send a report of the bridge's misspelling, with changes, from a network if one is named."""
        good = {"client_id": str(uuid.uuid4()), "url": "https://news.example/bridge", **BRIDGE}
        fields = Fields(**{**good, **changes})
        return self.db.intake(reports.submit, site=self.site, fields=fields, secret=SECRET, block=block)

    def refresh(self) -> None:
        """See the site as it is now, as every request does."""
        with self.db.read() as session:
            self.site = session.get_one(Site, self.site.id)

    def case_of(self, sent: Submitted) -> int:
        """The number of the case that a report is under."""
        with self.db.read() as session:
            return reports.by_token(session, sent.token).case_id

    def hire(self, role: Role = Role.EDITOR, email: str = "") -> int:
        """A person with this role; their number."""
        with self.db.write() as session:
            address = email or f"{role.value}@news.example"
            return editors.add(session, address, site=self.site, role=role).id

    def act(self, function: Any, case: int, editor: int, *values: Any, **options: Any) -> Any:
        """Do one thing with a case as an editor, in one transaction."""
        with self.db.write() as session:
            actor = session.get_one(Editor, editor)
            return function(session, history.get(session, case, actor), *values, actor=actor, **options)

    def decide(self, case: int, editor: int, resolution: Resolution, **said: str) -> None:
        """Decide a case."""
        reason = said.pop("reason", "")
        self.act(cases.decide, case, editor, Decision(resolution, **said), reason=reason)

    def look(self, case: int) -> Case:
        """The case as it is stored."""
        with self.db.read() as session:
            return session.get_one(Case, case)

    def history(self, case: int) -> list[str]:
        """What happened to the case, in order."""
        with self.db.read() as session:
            return list(session.scalars(select(Event.kind).where(Event.case_id == case).order_by(Event.id)))

    def owed(self, template: str) -> list[tuple[str, str]]:
        """To whom messages of this kind are owed, and what became of them."""
        with self.db.read() as session:
            found = select(Delivery.recipient, Delivery.state).where(Delivery.template == template)
            return [(row.recipient, row.state.value) for row in session.execute(found.order_by(Delivery.id))]

    def count(self, model: type[Any]) -> int:
        """How many rows of a table there are."""
        with self.db.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def settle(self, at: datetime) -> None:
        """Let all that happened so far have happened at this moment: no test measures how fast its machine is."""
        with self.db.write() as session:
            session.execute(update(Report).values(created_at=at))
            session.execute(update(Case).values(created_at=at))
            session.execute(update(Case).where(Case.decided_at.is_not(None)).values(decided_at=at))
            session.execute(update(Event).values(at=at))

    def change(self, model: type[Any], **values: Any) -> None:
        """Set columns of all rows, such as times: nobody waits for a year in a test."""
        with self.db.write() as session:
            session.execute(update(model).values(**values))

    def assert_readers_add_up(self) -> None:
        """Each case counts the readers of its reports that stand."""
        with self.db.read() as session:
            for case in session.scalars(select(Case)):
                assert case.readers == standing(session, case), (case.id, case.state)


def standing(session: Session, case: Case) -> int:
    """The senders of a case's reports that were not withdrawn, counted one by one."""
    found = session.execute(select(Report.sender, Report.withdrawn_at).where(Report.case_id == case.id))
    return len({row.sender for row in found if row.withdrawn_at is None})


def see(newsroom: Newsroom, case: int, state: FixState, before: str = "", after: str = "") -> None:
    """Let a look at the article say this of the case."""
    with newsroom.db.write() as session:
        looks.see_fix(session, session.get_one(Case, case), state, before, after)


def public(newsroom: Newsroom) -> list[str]:
    """The texts in the public log, once the time for undoing is over."""
    with newsroom.db.write() as session:
        for one in session.scalars(select(Correction)):
            one.publish_at -= corrections.UNDO + timedelta(seconds=1)
        session.flush()
        notices.publish_due(session)
    with newsroom.db.read() as session:
        return [one.text for one in log.page(session, newsroom.site)[0] if one.retracted_at is None]


def make_public(newsroom: Newsroom) -> None:
    """Let each notice that is on its way be public, as if its fix had been seen."""
    with newsroom.db.write() as session:
        on_its_way = update(Correction).where(Correction.published_at.is_(None), Correction.retracted_at.is_(None))
        session.execute(on_its_way.values(state=NoticeState.READY, publish_at=now() - timedelta(seconds=1)))
        notices.publish_due(session)
