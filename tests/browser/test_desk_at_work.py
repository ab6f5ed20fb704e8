"""The desk as it is worked at: twenty cases by keyboard, twenty by touch, forty at once, and two editors at the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Resolution, Role, State, Turn
from corrections_service.services import answers, cases, corrections, editors, history, sites
from corrections_service.settings import Settings
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Article, Case, Editor, Presence, Reader, Report, Site
from tests.databases import SECRET
from tests.measures import PATIENCE, wait_for
from tests.running import Service, running_service

NOWHERE = "http://127.0.0.1:9"
"""A publication whose articles nobody serves: what is decided is looked for in vain."""

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DESK, PHONE = {"width": 1280, "height": 720}, {"width": 360, "height": 740}
SEND = """([path, fields]) => {
    const form = new URLSearchParams({...fields, csrf_token: document.querySelector("[name=csrf_token]").value});
    window.sent = fetch(path, { method: "POST", body: form }).then(answer => answer.status);
}"""
"""Sends a form without waiting for its answer, which `window.sent` is."""

PLACE = """() => {
    const row = document.activeElement.closest("[data-case]");
    const all = (found) => [...document.querySelectorAll(found)];
    const ticked = all(".pick input:checked").map(one => one.value.split(":")[0]);
    const rows = all("[data-rows] > tr").map(one => one.dataset.case);
    return [row?.dataset.case, ticked, document.getElementById("list").scrollTop, rows];
}"""
"""Where an editor is in the list: the row with the focus, the ticks, how far it is scrolled, its rows."""


class Desk:
    """A service with two editors, who work at a publication of its own for each test."""

    def __init__(self, service: Service, browser: Browser, database: Database) -> None:
        self.service, self.browser, self.db = service, browser, database
        self.states = {name: self._sign_in(name) for name in ("ed", "mia")}

    def _sign_in(self, name: str) -> Any:
        """What a browser keeps of an editor who came by a link."""
        said = self.service.console("editor", "link", f"{name}@news.example")
        with self.browser.new_context() as context:
            page = context.new_page()
            page.goto(said.strip().partition("sign-in: ")[2])
            page.get_by_role("button").click()
            expect(page).to_have_url(re.compile("/queue"))
            return context.storage_state()

    def publish(self, name: str, count: int) -> tuple[str, list[int]]:
        """A publication with so many typos, each in an article of its own: its list, and the newest first."""
        with self.db.write() as session:
            site = sites.create(session, name=name, origins=[NOWHERE], desk="desk@news.example")
            for email in ("ed", "mia"):
                editors.add(session, f"{email}@news.example", site=site, role=Role.EDITOR)
            numbers = [_typo(session, site, number) for number in range(count)]
            return f"{self.service.base_url}/queue?site={site.id}", numbers[::-1]

    @contextmanager
    def editor(self, name: str = "ed", **options: Any) -> Iterator[Page]:
        """An editor's page in a browser of their own."""
        with self.browser.new_context(**{"viewport": DESK, "storage_state": self.states[name]} | options) as context:
            yield context.new_page()


def _typo(session: Session, site: Site, number: int) -> int:
    """A case that one reader reported."""
    url = f"{NOWHERE}/{number}"
    article = Article(site_id=site.id, url=url, headline=f"Article {number}", language="en")
    session.add(article)
    session.flush()
    words = {
        "exact": f"teh bridge {number}",
        "suggestion": f"the bridge {number}",
        "prefix": "Yesterday ",
        "suffix": " was opened by the king.",
    }
    at, mark = NOON + timedelta(seconds=number), f"{site.id}-{number}"
    facts = {"kind": Kind.SPELLING, "created_at": at}
    case = Case(site_id=site.id, article_id=article.id, fingerprint="", readers=1, **facts, **words)
    session.add(case)
    session.flush()
    marks = {"client_id": mark, "content_sha256": mark, "token_digest": mark, "sender": mark}
    session.add(Report(site_id=site.id, case_id=case.id, url=url, **facts, **marks, **words))
    return case.id


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Desk]:
    """The service, started once, with two people signed in."""
    directory = tmp_path_factory.mktemp("work") / "data"
    with running_service(directory) as service:
        service.init(NOWHERE)
        database = open_database(Settings(data_dir=directory, secret_key=SECRET, base_url=service.base_url))
        with database.write() as session:
            editors.add(session, "mia@news.example", site=session.scalars(sa.select(Site)).one(), role=Role.EDITOR)
        service.start()
        yield Desk(service, browser, database)
        database.close()


def open_first(page: Page, address: str) -> None:
    """Open the list, and its first case by two keys."""
    page.goto(address)
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("main[data-case]")).to_be_visible()


def is_done(page: Page, number: int) -> None:
    """Wait until the desk says that a case was done, and shows another one, which can be decided."""
    expect(page.locator(".toast")).to_contain_text(f"Case {number}: ")
    expect(page.locator(f"main:not([inert], [data-case='{number}'])")).to_be_visible()


IN_A_HURRY = """() => {
  window.hurried = [];
  addEventListener("desk:shown", () => setTimeout(() => {
    const main = document.querySelector("main");
    hurried.push(`${main.dataset.case} ${main.inert ? "inert" : "decides"}`);
    if (hurried.length == 2) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
  }));
}"""
"""For the desk: who presses "1" again at once when another case took the place of the one that came."""


def shown(page: Page) -> int:
    """The case that is open."""
    return int(str(page.locator("main").get_attribute("data-case")))


def test_twenty_cases_are_done_by_keyboard_in_at_most_thirty_keys(desk: Desk) -> None:
    """C8: accepted, declined and put aside, each by its key; the next one opens by itself."""
    address, numbers = desk.publish("Keys", 21)
    ways = [["1"]] * 14 + [["3", "1"], ["3", "2"]] + [["h", "Control+Enter"]] * 2 + [["1"]] * 2
    keys = 2 + sum(map(len, ways))
    with desk.editor() as page:
        open_first(page, address)
        for number, way in zip(numbers, ways, strict=False):
            assert shown(page) == number
            for key in way:
                page.keyboard.press(key)
            is_done(page, number)
    assert keys <= 30
    assert shown_states(desk, numbers[:20]) == {"fixing": 16, "closed": 2, "waiting": 2}


def shown_states(desk: Desk, numbers: list[int]) -> dict[str, int]:
    """How many of these cases are in which state."""
    query = sa.select(Case.state, sa.func.count()).where(Case.id.in_(numbers)).group_by(Case.state)
    with desk.db.read() as session:
        return {state.value: count for state, count in session.execute(query)}


def test_twenty_cases_are_done_by_touch_on_a_small_screen_without_scrolling_to_a_decision(desk: Desk) -> None:
    """G7: what decides is in sight as soon as the case is."""
    address, numbers = desk.publish("Touch", 21)
    with desk.editor(viewport=PHONE, has_touch=True) as page:
        page.goto(address)
        page.locator("[data-rows] .row").first.tap()
        for at, number in enumerate(numbers[:20]):
            expect(page.locator("main")).to_have_attribute("data-case", f"{number}")
            if at % 5 == 4:
                page.locator("a[data-exit=decline]").tap()
                answer = page.get_by_text("Not an error", exact=True)
                expect(answer).to_be_in_viewport(ratio=1)
                answer.tap()
                button = page.locator("#decide button.primary")
                expect(button).to_be_in_viewport(ratio=1)
                button.tap()
            else:
                accept = page.locator("[data-exit=accept]")
                expect(accept).to_be_in_viewport(ratio=1)
                accept.tap()
            is_done(page, number)
            assert page.evaluate("scrollY") == 0
    assert shown_states(desk, numbers[:20]) == {"fixing": 16, "closed": 4}


def test_a_reader_is_told_no_reason_that_nobody_chose(desk: Desk) -> None:
    """C8: declining opens with nothing chosen, and takes along nothing that was chosen on another way out."""
    address, (number, *_) = desk.publish("Chosen", 2)
    chosen = "#decide [name=resolution]:checked"
    with desk.editor() as page:
        open_first(page, address)
        page.keyboard.press("3")
        expect(page.locator("#decline input:focus")).to_have_count(1)
        expect(page.locator(chosen)).to_have_count(0)
        page.keyboard.press("Control+Enter")
        expect(page.locator("main")).to_have_attribute("data-case", f"{number}")
        assert shown_states(desk, [number]) == {"new": 1}
        page.keyboard.press("Escape")
        page.locator("[name=resolution][value=corrected]").check()
        page.keyboard.press("3")
        expect(page.locator(chosen)).to_have_count(0)
        page.keyboard.press("ArrowDown")
        expect(page.locator("[name=resolution][value=opinion]")).to_be_checked()
        page.keyboard.press("Control+Enter")
        is_done(page, number)
    with desk.db.read() as session:
        assert session.get_one(Case, number).resolution is Resolution.OPINION


def test_an_undone_decision_is_all_in_the_form_and_its_reason_goes_with_no_other(desk: Desk) -> None:
    """And nothing is offered to be undone once its mail has gone."""
    address, (number, *_) = desk.publish("Undone", 2)
    with desk.db.write() as session:
        report = session.scalars(sa.select(Report).where(Report.case_id == number)).one()
        session.add(Reader(report_id=report.id, email="ann@readers.example"))
    with desk.editor() as page:
        page.clock.install()
        open_first(page, address)
        page.locator("[name=resolution][value=opinion]").check()
        reason = page.get_by_label("To the readers who asked")
        reason.fill("It is a matter of taste.")
        page.keyboard.press("Control+Enter")
        is_done(page, number)
        page.locator("main").focus()
        page.keyboard.press("z")
        expect(page.locator("main")).to_have_attribute("data-case", f"{number}")
        expect(page.locator("[name=resolution][value=opinion]")).to_be_checked()
        expect(reason).to_have_value("It is a matter of taste.")
        page.locator("[name=resolution][value=not_an_error]").check()
        expect(reason).to_have_value("")
        page.locator("[name=resolution][value=opinion]").check()
        expect(reason).to_have_value("It is a matter of taste.")
        page.keyboard.press("Control+Enter")
        is_done(page, number)
        undo = page.locator(".toast").get_by_role("button", name="Undo")
        expect(undo).to_be_visible()
        page.clock.fast_forward(corrections.UNDO // timedelta(milliseconds=1))
        expect(undo).to_have_count(0)
        expect(page.locator(".toast")).to_contain_text(f"Case {number}: ")


def test_forty_cases_are_done_at_once(desk: Desk) -> None:
    """C9: a range is ticked by two keys; the end says what became of each."""
    address, numbers = desk.publish("Bulk", 41)
    with desk.editor() as page:
        page.goto(address)
        page.wait_for_load_state()
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.locator("[data-rows] .row").nth(39).focus()
        page.keyboard.press("Shift+X")
        expect(page.locator(".picked")).to_contain_text("40 cases · no mail")
        page.keyboard.press("b")
        expect(page.get_by_role("heading", level=1)).to_have_text("40 cases at once")
        page.get_by_label("Not an error").check()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("40 done"), timeout=PATIENCE * 1000)
    assert shown_states(desk, numbers) == {"closed": 40, "new": 1}


def test_what_two_editors_do_at_once_is_kept_of_both(desk: Desk) -> None:
    """C7: who saves over a colleague's change is told, with all that was typed, and saves again."""
    address, (number, *_) = desk.publish("Both", 3)
    with desk.editor("ed") as ed, desk.editor("mia") as mia:
        open_first(ed, address)
        open_first(mia, address)
        ed.keyboard.press("a")
        expect(ed.get_by_role("button", name="Give back")).to_be_visible()
        mia.locator("[name=resolution][value=opinion]").check()
        mia.get_by_label("To the readers who asked").fill("It is a matter of taste.")
        mia.keyboard.press("Control+Enter")
        expect(mia.locator("main .summary")).to_contain_text("changed")
        expect(mia.get_by_label("To the readers who asked")).to_have_value("It is a matter of taste.")
        mia.get_by_role("button", name="Decide and open the next").click()
        is_done(mia, number)
    with desk.db.read() as session:
        case = session.get_one(Case, number)
        assert case.assignee is not None
        assert (case.assignee.email, case.state) == ("ed@news.example", State.CLOSED)
        assert answers.decided_reason(session, case) == "It is a matter of taste."


def test_of_two_cases_that_are_merged_into_each_other_at_once_one_stays(desk: Desk) -> None:
    """C10: both reports stay too."""
    _, (first, second) = desk.publish("Merged", 2)
    with desk.editor("ed") as ed, desk.editor("mia") as mia:
        for page, number in ((ed, first), (mia, second)):
            page.goto(f"{desk.service.base_url}/cases/{number}")
        for page, number, into in ((ed, first, second), (mia, second, first)):
            fields = {"into": into, "sure": into, "version": page.locator("main").get_attribute("data-version")}
            page.evaluate(SEND, [f"/cases/{number}/merge", fields])
        answers = [page.evaluate("window.sent") for page in (ed, mia)]
    assert sorted(answers)[0] == 200
    assert sorted(answers)[1] in (404, 409, 422)
    with desk.db.read() as session:
        one, other = sorted(
            (session.get_one(Case, number) for number in (first, second)), key=lambda case: case.readers
        )
        assert (one.state, one.merged_into_id, one.readers) == (State.MERGED, other.id, 0)
        assert (other.state, other.readers) == (State.NEW, 2)


def test_a_list_keeps_ticks_focus_and_place_while_a_hundred_changes_come_in(desk: Desk) -> None:
    """C6: rows change where they stand."""
    address, numbers = desk.publish("Changes", 50)
    with desk.editor() as page:
        page.goto(address)
        page.wait_for_load_state()
        for at in (3, 30):
            page.locator(".pick input").nth(at).check()
        page.locator("[data-rows] .row").nth(32).focus()
        before = page.evaluate(PLACE)
        assert (before[0], len(before[1])) == (f"{numbers[32]}", 2)
        with desk.db.write() as session:
            mia = editors.by_email(session, "mia@news.example")
            assert mia is not None
            for number in numbers:
                for change in (cases.claim, cases.release):
                    change(session, history.get(session, number, mia), actor=mia)
            cases.claim(session, history.get(session, numbers[0], mia), actor=mia)
        row = page.locator(f"[data-case='{numbers[0]}']")
        expect(row).to_contain_text("mia@news.example", timeout=PATIENCE * 1000)
        expect(page.locator(f"[data-case='{numbers[32]}']")).to_contain_text("open")
        assert page.evaluate(PLACE) == before


def people_at(desk: Desk, numbers: list[int]) -> set[int]:
    """Who the desk knows to be at these cases."""
    with desk.db.read() as session:
        return set(session.scalars(sa.select(Presence.editor_id).where(Presence.case_id.in_(numbers))))


def sit_side_by_side(desk: Desk, ed: Page, mia: Page, address: str, numbers: list[int]) -> None:
    """Ed opens the first case of a list, Mia the next, and the desk knows it."""
    open_first(ed, address)
    mia.goto(address.replace("/queue", f"/cases/{numbers[1]}"))
    wait_for(lambda: len(people_at(desk, numbers[:2])) == 2, "the desk knows who is where")


def test_the_next_case_is_never_handed_to_both(desk: Desk) -> None:
    """C6: two who decide at the same moment get each another one, time after time."""
    address, numbers = desk.publish("Next", 14)
    with desk.editor("ed") as ed, desk.editor("mia") as mia:
        sit_side_by_side(desk, ed, mia, address, numbers)
        for _ in range(4):
            before = [shown(page) for page in (ed, mia)]
            for page in (ed, mia):
                page.keyboard.press("1")
            for page, number in zip((ed, mia), before, strict=True):
                is_done(page, number)
            assert shown(ed) != shown(mia)
    assert shown_states(desk, numbers) == {"fixing": 8, "new": 6}


def test_a_case_that_takes_anothers_place_is_not_decided_by_a_key_pressed_for_that_one(desk: Desk) -> None:
    """C6: the one that was fetched ahead is a colleague's by now."""
    address, numbers = desk.publish("Hurry", 4)
    with desk.editor("ed") as ed, desk.editor("mia") as mia:
        sit_side_by_side(desk, ed, mia, address, numbers)
        ed.evaluate(IN_A_HURRY)
        ed.keyboard.press("1")
        is_done(ed, numbers[0])
        assert ed.evaluate("hurried") == [f"{numbers[1]} decides", f"{numbers[2]} inert"]
        ed.keyboard.press("1")
        is_done(ed, numbers[2])
    assert shown_states(desk, numbers) == {"fixing": 2, "new": 2}


def test_what_a_row_says_is_read_from_its_beginning(desk: Desk) -> None:
    """Kind: in a list that is too narrow a colleague's name, or why a case came back, lost its first letters."""
    address, numbers = desk.publish("Narrow", 2)
    with desk.db.write() as session:
        mia = session.scalars(sa.select(Editor).where(Editor.email == "mia@news.example")).one()
        until, doing = datetime.now(UTC) + timedelta(hours=1), {"editor_id": mia.id, "doing": "writing"}
        session.add(Presence(case_id=numbers[0], until=until, **doing))
        case = session.get_one(Case, numbers[0])
        case.state, case.turn, case.assignee_id = State.OPEN, Turn.APPEALED, mia.id
    with desk.editor() as page:
        page.goto(address)
        expect(page.locator(".facts .here")).to_be_visible()
        for name in (".here", ".turn"):
            begins = page.locator(f".facts {name}").evaluate(
                """one => one.getBoundingClientRect().left - one.closest(".facts").getBoundingClientRect().left"""
            )
            assert begins >= -1, name
