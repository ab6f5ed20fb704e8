"""A newspaper with its people, its pages and its readers, for tests of what becomes of a notice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.workflow import Role, State
from corrections_service.services import clocks, editors
from corrections_service.settings import Settings
from corrections_service.store import jobs
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import NEVER, Case, Correction, Delivery, Event, FixState, Site, now
from corrections_service.store.rows import table_of
from tests.browser.pages import FOR_SCREENS, Pages, opened_in_article, served, tag_of
from tests.databases import SECRET
from tests.measures import wait_for
from tests.running import Service, running_service

BEFORE, AFTER = (
    "It had rained all night, and the whole harbour was still asleep.",
    "Nobody in the town had been told of it.",
)
ROLES = {"eva": Role.EDITOR, "omar": Role.EDITOR, "stan": Role.STANDARDS, "ada": Role.ADMIN}


class Paper:
    """A newspaper with its people, its pages and its readers."""

    def __init__(self, service: Service, browser: Browser, database: Database, pages: Pages, mailbox: Mailbox) -> None:
        self.service, self.browser, self.db, self.pages, self.mailbox = service, browser, database, pages, mailbox
        self.states = {name: self._sign_in(name) for name in ROLES}
        self.paths = (f"/story-{number}" for number in itertools.count(1))

    def _sign_in(self, name: str) -> Any:
        """What a browser keeps of somebody who came by a link."""
        link = self.service.console("editor", "link", f"{name}@news.example").strip().partition("sign-in: ")[2]
        with self.browser.new_context() as context:
            page = context.new_page()
            page.goto(link)
            page.get_by_role("button").click()
            expect(page).to_have_url(re.compile("/queue"))
            return context.storage_state()

    @contextmanager
    def desk(self, name: str, case: int) -> Iterator[Page]:
        """A case in the browser of one of the paper's people."""
        viewport = {"width": 1280, "height": 900}
        with self.browser.new_context(storage_state=self.states[name], viewport=viewport) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{self.service.base_url}/cases/{case}")
            yield page

    def switch_on(self, label: str) -> None:
        """Tick one of the settings of what is told, as the administrator does."""
        with self.desk("ada", 1) as page:
            page.goto(f"{self.service.base_url}/settings/sites/news/telling")
            page.get_by_label(label).check()
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_label(label)).to_be_checked()

    def publish(self, path: str, words: str) -> str:
        """Put an article with these words onto the paper's site, or in place of what stood there; its address."""
        html = (
            f'<!doctype html><html lang="en"><head><title>News</title>{FOR_SCREENS}</head><body><article>'
            f"<h1>Story {path.rpartition('-')[2]}</h1><div data-corrections-log></div>"
            f"<p>{BEFORE} {words}. {AFTER}</p></article></body></html>"
        )
        return self.pages.put(path, html)

    def report(self, path: str, wrong: str, right: str, email: str = "ann@readers.example") -> tuple[int, str]:
        """Publish an article and let a reader report an error in it by the dialog: the case, and the reader's own page.

        Three answers a day go to one mailbox each by itself: who waits for one in a mail writes from a mailbox of their own.
        """
        page = self.browser.new_page()
        page.goto(self.publish(path, wrong))
        dialog = opened_in_article(page, wrong)
        dialog.locator("[name=suggestion]").fill(right)
        dialog.locator("[name=wants_reply]").check()
        dialog.locator("[name=email]").fill(email)
        dialog.locator("button[value=send]").click()
        status = str(dialog.locator("a[href*='/r/']").get_attribute("href"))
        page.close()
        with self.db.read() as session:
            case = session.scalars(select(Case.id).order_by(Case.id.desc()).limit(1)).one()
        self._hurry("recheck_due")
        wait_for(lambda: self.look(case) is FixState.PRESENT, "the service sees the wrong words")
        return case, status

    def look(self, case: int) -> FixState | None:
        """What the last look saw."""
        with self.db.read() as session:
            return session.get_one(Case, case).fix_state

    @contextmanager
    def reader(self, address: str) -> Iterator[Page]:
        """A page in a reader's browser."""
        with self.browser.new_context() as context:
            page = context.new_page()
            page.goto(address)
            yield page

    def read(self, address: str) -> str:
        """What a reader sees at an address."""
        with self.reader(address) as page:
            return page.locator("body").inner_text()

    @property
    def log(self) -> str:
        """What the public log says."""
        return self.read(f"{self.service.base_url}/log/news")

    def pass_time(self, case: int, passed: timedelta = timedelta(minutes=1)) -> None:
        """Let a while have passed since all that happened to a case, and do what is done once a minute."""
        self._hurry("index_due")
        wait_for(lambda: self._is_weighed(case), "the background has noted what became of the case")
        with self.db.write() as session:
            mine = session.get_one(Case, case)
            for event in session.scalars(select(Event).where(Event.case_id == case)):
                event.at -= passed
            for notice in mine.corrections:
                notice.publish_at -= passed
            session.execute(update(Delivery).where(Delivery.case_id == case).values(next_at=now()))
            decided = mine.decided_at - passed if mine.decided_at else None
            remind_at = mine.remind_at - passed if mine.remind_at else None
            values = {"decided_at": decided, "remind_at": remind_at, "recheck_at": now()}
            frozen = {"frozen_until": mine.frozen_until - passed} if mine.frozen_until else {}
            session.execute(update(table_of(Case)).where(Case.id == case).values(**values, **frozen))
        self._hurry("recheck_due", "publish_due", "deliver_due")
        with self.db.write() as session:
            clocks.remind(session)

    def _hurry(self, *names: str) -> None:
        """Have the background look at what is owed, as it does by itself some seconds later."""
        with self.db.write() as session:
            for job in names:
                jobs.wake(session, job)

    def _is_weighed(self, case: int) -> bool:
        """Whether it is known of a decided case when somebody is reminded of it."""
        with self.db.read() as session:
            mine = session.get_one(Case, case)
            is_decided = mine.state is State.FIXING and mine.decided_at is not None
            return not is_decided or (mine.due_at == NEVER and mine.remind_at is not None)

    def wait_until_public(self, case: int, words: str) -> None:
        """Wait until a notice of the case is public, and the log tells these words."""
        wait_for(lambda: "public" in self.notices(case), "the notice is public")
        wait_for(lambda: words in self.log, "the log tells it")

    def wait_until_in(self, case: int, state: State) -> None:
        """Wait until the case is in this state."""

        def is_there() -> bool:
            with self.db.read() as session:
                return session.get_one(Case, case).state is state

        wait_for(is_there, f"the case is {state.value}")

    def notices(self, case: int) -> list[str]:
        """How far the case's notices have come, those that were taken back left out."""
        with self.db.read() as session:
            rows = select(Correction.state).where(Correction.case_id == case, Correction.retracted_at.is_(None))
            return [state.value for state in session.scalars(rows.order_by(Correction.id))]


@contextmanager
def running_paper(directory: Path, browser: Browser) -> Iterator[Paper]:
    """The paper with two editors, a standards editor and an administrator, until the block ends."""
    with (
        Mailbox(directory=directory / "mails") as mailbox,
        served() as pages,
        running_service(directory / "data", mailbox, fetch_pace_seconds="0.1") as service,
    ):
        service.init(pages.origin)
        pages.tag = tag_of(service)
        settings = Settings(data_dir=directory / "data", secret_key=SECRET, base_url=service.base_url)
        database = open_database(settings)
        with database.write() as session:
            site = session.scalars(select(Site)).one()
            for name, role in ROLES.items():
                editors.add(session, f"{name}@news.example", site=site, role=role)
        service.start()
        yield Paper(service, browser, database, pages, mailbox)
        database.close()
