"""One article, one row: what is read at several addresses is joined where its page says so and it is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from corrections_service.rules.workflow import Decision, NoticeState, Resolution, State
from corrections_service.services import articles, cases, history, joining, log
from corrections_service.store.models import (
    Article,
    Case,
    Correction,
    Delivery,
    Editor,
    Event,
    FixState,
    Host,
    Report,
    Site,
    now,
)
from corrections_service.work import rechecks
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import AFTER, BEFORE, REST, RIGHT, WRONG, Newspaper, seen

Page = tuple[int, str]
OTHER = (
    "<p>The council met on Tuesday, the bridge was {} in 1987 by the king, who stayed for lunch and left.</p>"
    + "".join(f"<p>Paragraph {number} tells another story, of budgets and of gardens.</p>" for number in range(20))
)


def page(canonical: str = "", words: str = WRONG, title: str = "The ferry", rest: str = REST, more: str = "") -> Page:
    """An article's page that names an address as its own."""
    link = f'<link rel=canonical href="{canonical}">' if canonical else ""
    return 200, (
        f"<html lang=en><head><title>{title}</title>{link}{more}</head>"
        f"<article><h1>{title}</h1><p>{BEFORE}{words}{AFTER}</p>{rest}</article></html>"
    )


class Town:
    """A newspaper on one host, whose pages are told by their address."""

    def __init__(self, paper: Newspaper, pages: dict[str, Page], monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages, self.paper = pages, paper

        def answer(path: str, _: str) -> tuple[int, dict[str, str], bytes]:
            if path in paper.moved:
                status, place = paper.moved[path]
                return status, {"Location": place}, b""
            status, body = self.pages.get(path, (404, ""))
            return status, {"Content-Type": "text/html; charset=utf-8"}, body.encode()

        monkeypatch.setattr(paper, "answer", answer)


Build = Callable[[dict[str, Page]], Town]


@pytest.fixture
def build(newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A newspaper with these pages."""
    return lambda pages: Town(newspaper, pages, monkeypatch)


@pytest.fixture
def second(work: Work, newspaper: Newspaper, send: Send) -> Iterator[Newspaper]:
    """The site's second host."""
    made = Newspaper()
    with work.database.write() as session:
        session.scalars(select(Site)).one().origins = [newspaper.origin, made.origin]
    yield made
    made.close()


def look_at_all(work: Work) -> None:
    """Read every article once, each host being free."""
    with work.database.write() as session:
        articles = session.scalars(select(Article.id).where(Article.moved_to_id.is_(None)).order_by(Article.id)).all()
        session.execute(update(Host).values(next_at=now()))
    for article in articles:
        rechecks.recheck(work, article)


def addresses(work: Work, newspaper: Newspaper) -> list[str]:
    """Where the articles stand that live cases are about."""
    with work.database.read() as session:
        live = select(Article.url).join(Case).where(Case.state != State.MERGED).distinct().order_by(Article.url)
        return [url.removeprefix(newspaper.origin) for url in session.scalars(live)]


def editor_acts(work: Work, case: int, act: Callable[..., object], *values: object) -> None:
    """An editor does something with a case."""
    with work.database.write() as session:
        act(session, session.get_one(Case, case), *values, actor=session.scalars(select(Editor)).one())


def story_of(work: Work, case: int) -> list[tuple[str, bool]]:
    """What happened to a case, and whether an editor did it."""
    with work.database.read() as session:
        told = select(Event.kind, Event.actor_id).where(Event.case_id == case).order_by(Event.id)
        return [(row.kind, row.actor_id is not None) for row in session.execute(told)]


def test_an_article_read_at_four_addresses_is_one_and_its_equal_cases_are_one(
    work: Work, send: Send, newspaper: Newspaper, second: Newspaper, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slash at the end, an AMP page and a second host name `/ferry`; the second host's page by its whole address.

    Who reported it at all four is one reader.
    """
    own = f"{newspaper.origin}/ferry"
    amp = page("/ferry", rest=REST.replace("20", "21") + "<p>Read on in our app.</p>", more="<meta name=x content=amp>")
    build({"/ferry": page("/ferry"), "/ferry/": page("/ferry"), "/amp/ferry": amp})
    Town(second, {"/ferry": page(own)}, monkeypatch)
    found = [send(WRONG, path=path) for path in ("/ferry", "/ferry/", "/amp/ferry")]
    monkeypatch.setattr(newspaper, "origin", second.origin)
    found.append(send(WRONG, path="/ferry"))
    monkeypatch.setattr(newspaper, "origin", own.removesuffix("/ferry"))
    assert len(set(found)) == 4
    look_at_all(work)
    assert addresses(work, newspaper) == ["/ferry"]
    with work.database.read() as session:
        live = session.scalars(select(Case).where(Case.state != State.MERGED)).one()
        assert (len(live.reports), live.readers, live.article.url) == (4, 1, own)
    assert send(WRONG, path="/amp/ferry") == live.id == send(WRONG, path="/ferry/")


def test_a_page_without_a_row_of_its_own_is_joined_too_and_looked_at_from_then_on(
    work: Work, send: Send, newspaper: Newspaper, build: Build
) -> None:
    town = build({"/ferry": page(), "/amp/ferry": page("/ferry")})
    case = send(WRONG, path="/amp/ferry")
    look_at_all(work)
    assert addresses(work, newspaper) == ["/ferry"]
    assert seen(work, case) == (FixState.PRESENT, State.NEW)
    town.pages["/ferry"] = page(words=RIGHT)
    look_at_all(work)
    assert newspaper.asked[-1] == "/ferry"
    assert seen(work, case)[0] is FixState.APPLIED


HOSTILE: dict[str, Page] = {
    "/": page("/", rest=REST + OTHER),
    "/home/page": page("/"),
    "/town": page("/town"),
    "/town/section": page("/town"),
    "/x/council": page(title="The council", rest=OTHER),
    "/x/another-article": page("/x/council"),
    "/x/not-there": page("/x/nothing"),
    "/x/one-of-two": page("/x/two-of-two"),
    "/x/two-of-two": page("/x/one-of-two"),
    "/x/chain": page("/x/link"),
    "/x/link": page("/x/end"),
    "/x/end": page(rest=REST.replace("article", "story")),
    "/x/another-site": page("https://elsewhere.example/x/another-site"),
    "/x/no-address": page("http://["),
}


def test_a_mistaken_or_hostile_canonical_address_joins_nothing(
    work: Work, send: Send, newspaper: Newspaper, build: Build
) -> None:
    """All have the same passage and the same case, so that all that they share speaks for joining them."""
    build(HOSTILE)
    found = [send(WRONG, path=path) for path in HOSTILE]
    look_at_all(work)
    assert addresses(work, newspaper) == sorted(HOSTILE)
    assert [seen(work, case)[1] for case in found] == [State.NEW] * len(HOSTILE)


def test_the_shell_of_an_app_joins_no_articles(work: Work, send: Send, newspaper: Newspaper, build: Build) -> None:
    """A server that sends the first article's page for every address: what was reported does not stand in it."""
    shell = page("/story/one")
    build({"/story/one": shell, "/story/two": shell, "/app?doc=two": page("/app"), "/app": page("/app")})
    send(WRONG, path="/story/one")
    for path in ("/story/two", "/app?doc=two"):
        send("was sunk", path=path, suggestion="was raised")
        send(WRONG, path=path)
    look_at_all(work)
    assert addresses(work, newspaper) == ["/app?doc=two", "/story/one", "/story/two"]


def test_a_page_that_a_detour_leads_to_names_nothing(
    work: Work, send: Send, newspaper: Newspaper, build: Build
) -> None:
    build({"/consent": page("/ferry"), "/ferry": page()})
    newspaper.moved["/old"] = (302, "/consent")
    send(WRONG, path="/old")
    look_at_all(work)
    assert addresses(work, newspaper) == ["/old"]


def test_an_address_that_leads_back_is_no_other_article(
    work: Work, send: Send, newspaper: Newspaper, build: Build
) -> None:
    """`/ferry/` names `/ferry`, which is moved to `/ferry/`."""
    build({"/ferry/": page("/ferry")})
    newspaper.moved["/ferry"] = (301, "/ferry/")
    found = {send(WRONG, path="/ferry/"), send(WRONG, path="/ferry")}
    look_at_all(work)
    assert addresses(work, newspaper) == ["/ferry/"]
    assert len(found) == 2


def move_together(work: Work, newspaper: Newspaper) -> None:
    """What was at /old stands at /bridge now."""
    newspaper.moved["/old"] = (301, "/bridge")
    look_at_all(work)


def test_after_a_move_equal_cases_are_one_until_an_editor_takes_it_back(
    work: Work, send: Send, newspaper: Newspaper
) -> None:
    """The newer under the older; any editor, at any time, as nobody did it; and no later look does it again."""
    new, old = send(WRONG), send(WRONG, path="/old")
    move_together(work, newspaper)
    with work.database.read() as session:
        case = session.get_one(Case, old)
        assert (case.state, case.merged_into_id, len(session.get_one(Case, new).reports)) == (State.MERGED, new, 2)
    assert ("merged", False) in story_of(work, old)
    assert ("joined", False) in story_of(work, new)
    with work.database.write() as session:
        session.execute(update(Event).values(at=now() - timedelta(days=1)))
    editor_acts(work, old, history.undo)
    look_at_all(work)
    assert [seen(work, one)[1] for one in (old, new)] == [State.NEW, State.NEW]
    with work.database.read() as session:
        assert [session.get_one(Case, one).readers for one in (old, new)] == [1, 1]


def test_after_a_move_similar_cases_are_suggested(work: Work, send: Send, newspaper: Newspaper) -> None:
    old = send(f"{WRONG}{AFTER[:40]}", path="/old", suggestion="", suffix=AFTER[40:])
    new = send(WRONG)
    move_together(work, newspaper)
    with work.database.read() as session:
        alike = joining.looks_like(session, session.get_one(Case, old))
        assert alike is not None
        assert alike[0].id == new
    assert [seen(work, one)[1] for one in (old, new)] == [State.NEW, State.NEW]


def test_a_decision_outlasts_the_join_and_each_reader_hears_of_it_once(
    work: Work, send: Send, newspaper: Newspaper
) -> None:
    """The undecided case is counted under the decided one, whichever address it came from; one address is told once."""
    old, new = send(WRONG, path="/old"), send(WRONG)
    newspaper.words = WRONG
    look_at_all(work)
    editor_acts(work, old, cases.decide, Decision(Resolution.FIXED, WRONG, RIGHT))
    move_together(work, newspaper)
    assert [seen(work, one)[1] for one in (old, new)] == [State.FIXING, State.MERGED]
    newspaper.words = RIGHT
    look_at_all(work)
    assert seen(work, old) == (FixState.APPLIED, State.CLOSED)
    with work.database.read() as session:
        told = session.execute(
            select(Delivery.case_id, Delivery.recipient).where(Delivery.template == "case_resolved")
        ).all()
        assert [tuple(row) for row in told] == [(old, "ann@example.org")]
        assert session.scalar(select(func.count()).where(Report.case_id == old)) == 2


def test_two_decisions_are_left_to_an_editor_and_the_log_tells_once_what_both_say(
    work: Work, send: Send, newspaper: Newspaper
) -> None:
    old, new = send(WRONG, path="/old"), send(WRONG)
    look_at_all(work)
    for case in (old, new):
        said = Decision(Resolution.CORRECTED, WRONG, RIGHT, "Correction: it was opened, not “opend”.")
        editor_acts(work, case, cases.decide, said)
    move_together(work, newspaper)
    assert [seen(work, one)[1] for one in (old, new)] == [State.FIXING, State.FIXING]
    with work.database.write() as session:
        assert joining.looks_like(session, session.get_one(Case, old)) is not None
        session.execute(update(Correction).values(state=NoticeState.PUBLIC, published_at=now() - timedelta(minutes=1)))
        session.expire_all()
        site = session.scalars(select(Site)).one()
        for listed in (
            log.page(session, site)[0],
            log.of_article(session, articles.at(session, site, f"{newspaper.origin}/old")),
        ):
            assert [one.text for one in listed] == ["Correction: it was opened, not “opend”."]
    editor_acts(work, new, joining.merge, old)
    with work.database.read() as session:
        standing = [one for one in session.scalars(select(Correction)) if one.retracted_at is None]
        assert [one.case_id for one in standing] == [old]
