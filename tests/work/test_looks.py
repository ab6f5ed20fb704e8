"""When articles are looked at, at whose pace, and what an earlier look leaves to a later one (THREATS G11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import event, select, update

from corrections_service.rules.workflow import Decision, Resolution, State
from corrections_service.services import articles, cases, looks
from corrections_service.store.models import (
    Article,
    Case,
    Editor,
    Event,
    EventKind,
    FixState,
    Host,
    Wording,
    now,
)
from corrections_service.work import rechecks
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.looking import events, status
from tests.work.newspaper import (
    AFTER,
    BEFORE,
    RIGHT,
    WRONG,
    Newspaper,
    decide,
    enqueued,
    look,
    seen,
)

FIRST = timedelta(minutes=15)


def let_time_pass(work: Work) -> None:
    """Let hosts be asked again: nobody waits in a test."""
    with work.database.write() as session:
        session.execute(update(Host).values(next_at=now()))


def test_a_host_is_asked_for_one_article_at_a_time_however_many_are_due(work: Work, send: Send) -> None:
    """G11."""
    for number in range(30):
        send(WRONG, path=f"/articles/{number}")
    for _ in range(5):
        rechecks.recheck_due(work)
    assert len(enqueued(work, "recheck")) == 1
    let_time_pass(work)
    for _ in range(5):
        rechecks.recheck_due(work)
    assert len(enqueued(work, "recheck")) == 2
    with work.database.read() as session:
        assert session.scalars(select(Host.next_at)).one() > now() + timedelta(seconds=30)  # till the look has ended


def test_however_many_articles_are_due_their_host_is_looked_up_once(work: Work, send: Send) -> None:
    """While the articles are chosen nobody else writes."""
    for number in range(30):
        send(WRONG, path=f"/articles/{number}")
    rechecks.recheck_due(work)
    questions: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        questions.append(statement)

    event.listen(work.database.engine, "before_cursor_execute", note)
    rechecks.recheck_due(work)
    assert len([question for question in questions if question.startswith("SELECT host.next_at")]) == 1


def test_who_asks_for_a_look_does_not_wait_behind_a_backlog(work: Work, send: Send) -> None:
    for number in range(30):
        send(WRONG, path=f"/articles/{number}")
    asked_for = send(WRONG, path="/articles/3")
    with work.database.write() as session:
        case = session.get_one(Case, asked_for)
        article = case.article_id
        cases.ask_for_look(session, case, actor=session.scalars(select(Editor)).one())
    rechecks.recheck_due(work)
    assert [key.split(":")[1] for key in enqueued(work, "recheck")] == [str(article)]


def test_a_host_that_asks_for_patience_is_left_alone(work: Work, newspaper: Newspaper, send: Send) -> None:
    """G11: Retry-After."""
    send(WRONG)
    newspaper.status, newspaper.headers = 503, {"Retry-After": "3600"}
    look(work)
    with work.database.read() as session:
        assert session.scalars(select(Host.next_at)).one() > now() + timedelta(minutes=59)
    send(WRONG, path="/another")
    rechecks.recheck_due(work)
    assert enqueued(work, "recheck") == []


def test_a_robots_txt_keeps_the_reader_out_and_is_read_once_a_day(work: Work, newspaper: Newspaper, send: Send) -> None:
    """G11."""
    case = send(WRONG)
    newspaper.robots = "User-agent: corrections-service\nDisallow: /bridge\n"
    look(work)
    look(work)
    assert newspaper.asked == ["/robots.txt"]
    assert seen(work, case) == (FixState.UNREACHABLE, State.NEW)
    assert "robots.txt" in status(work)
    newspaper.robots = "User-agent: *\nDisallow: /search\n"
    with work.database.write() as session:
        session.execute(update(Host).values(robots_read_at=now() - timedelta(days=2)))
    look(work)
    assert newspaper.asked == ["/robots.txt", "/robots.txt", "/bridge"]
    assert seen(work, case) == (FixState.PRESENT, State.NEW)


def test_a_redirect_does_not_lead_past_robots_txt(work: Work, newspaper: Newspaper, send: Send) -> None:
    """G11."""
    case = send(WRONG)
    newspaper.robots = "User-agent: *\nDisallow: /private\n"
    newspaper.moved["/bridge"] = (302, "/private/bridge")
    look(work)
    assert seen(work, case) == (FixState.UNREACHABLE, State.NEW)
    assert "robots.txt" in status(work)
    assert [path for path in newspaper.asked if path != "/robots.txt"] == ["/bridge"]


def test_a_robots_txt_that_asks_for_a_slower_pace_gets_it(work: Work, newspaper: Newspaper, send: Send) -> None:
    """G11."""
    send(WRONG)
    newspaper.robots = "User-agent: *\nCrawl-delay: 60\n"
    look(work)
    with work.database.read() as session:
        assert session.scalars(select(Host.next_at)).one() > now() + timedelta(seconds=50)


def test_an_article_that_has_not_changed_is_not_sent_again_and_still_tells_of_new_cases(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    """G11: ETag."""
    first = send(WRONG)
    look(work)
    second = send(f"{WRONG}{AFTER[:8]}", suggestion=f"{WRONG} in 1978", suffix=AFTER[8:])
    assert second != first
    look(work)
    assert newspaper.answered[-2:] == [200, 304]
    assert seen(work, second) == (FixState.PRESENT, State.NEW)
    newspaper.words = RIGHT
    look(work)
    assert newspaper.answered[-1] == 200
    assert seen(work, first)[0] is FixState.APPLIED


def test_looks_are_further_and_further_apart_while_nothing_changes(work: Work, send: Send) -> None:
    case_id = send(WRONG)
    decide(work, case_id)
    waits = []
    with work.database.read() as session:
        case = session.get_one(Case, case_id)
        for passed in (0, 1, 4, 24, 24 * 20, 24 * 89, 24 * 91):
            case.decided_at = now() - timedelta(hours=passed)
            at = looks.next_look(case, FIRST)
            waits.append(round((at - now()) / timedelta(minutes=1)) if at else None)
    assert waits == [15, 30, 120, 720, 1440, 1440, None]


def test_undecided_cases_are_looked_at_too_and_closed_ones_while_their_words_may_come_back(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    case_id = send(WRONG)
    look(work)
    with work.database.read() as session:
        case = session.get_one(Case, case_id)
        assert case.recheck_at is not None
        case.created_at = now() - timedelta(days=60)
        at = looks.next_look(case, FIRST)
        assert at is not None
        assert abs(at - now() - timedelta(days=7)) < timedelta(minutes=1)
        case.state, case.resolution = State.CLOSED, Resolution.OPINION
        assert looks.next_look(case, FIRST) is None
    decide(work, case_id)
    newspaper.words = RIGHT
    look(work)
    with work.database.read() as session:
        case = session.get_one(Case, case_id)
        assert case.state is State.CLOSED
        assert case.recheck_at is not None


def test_a_fixed_case_stays_watched_through_an_outage(work: Work, newspaper: Newspaper, send: Send) -> None:
    case = send(WRONG)
    look(work)
    decide(work, case)
    newspaper.words = RIGHT
    look(work)
    newspaper.status = 500
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    newspaper.status, newspaper.words = 200, WRONG
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.OPEN)


def test_what_needs_no_look_any_more_is_due_no_more(work: Work, send: Send) -> None:
    case_id = send(WRONG)
    with work.database.write() as session:
        editor = session.scalars(select(Editor)).one()
        cases.decide(session, session.get_one(Case, case_id), Decision(Resolution.OPINION), actor=editor)
        session.execute(update(Case).values(recheck_at=now()))
    rechecks.recheck_due(work)
    assert enqueued(work, "recheck") == []
    with work.database.read() as session:
        assert session.get_one(Case, case_id).recheck_at is None


def test_a_look_that_is_wished_for_while_another_is_under_way_takes_place(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    case_id = send(WRONG)
    look(work)

    def wish() -> None:
        with work.database.write() as session:
            assert looks.article_changed(session, session.get_one(Case, case_id).article_id)

    newspaper.meanwhile = wish
    look(work)
    with work.database.read() as session:
        wished = session.get_one(Case, case_id).recheck_at
    assert wished is not None
    assert wished <= now()


def test_a_look_that_was_overtaken_by_a_later_one_says_nothing(work: Work, newspaper: Newspaper, send: Send) -> None:
    case = send(WRONG)
    look(work)
    decide(work, case)

    def overtake() -> None:
        newspaper.meanwhile, newspaper.words = (lambda: None), RIGHT
        look(work)
        assert seen(work, case) == (FixState.APPLIED, State.CLOSED)

    newspaper.meanwhile = overtake
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    assert "came_back" not in events(work, case)


def test_another_page_that_is_unchanged_is_not_the_article(work: Work, newspaper: Newspaper, send: Send) -> None:
    case = send(WRONG)
    look(work)
    with work.database.write() as session:
        etag = newspaper.answer("/bridge", "")[1]["ETag"]
        session.execute(update(Article).values(etag=etag))
    newspaper.moved["/bridge"] = (301, "/gone")
    newspaper.words = RIGHT
    newspaper.headers = {"ETag": etag}
    look(work)
    assert 304 not in newspaper.answered
    assert seen(work, case)[0] is FixState.APPLIED


def test_the_passage_is_kept_in_every_wording_that_was_seen(work: Work, newspaper: Newspaper, send: Send) -> None:
    case = send(WRONG)
    for words in (WRONG, "opened up", "opened up", RIGHT):
        newspaper.words = words
        look(work)
    with work.database.read() as session:
        told = select(Event.data).where(Event.case_id == case, Event.kind == EventKind.RECHECKED).order_by(Event.id)
        stands = [data["stands"] for data in session.scalars(told)]
        assert stands == [f"{BEFORE}{words}{AFTER}" for words in (WRONG, "opened up", RIGHT)]
        assert len(session.scalars(select(Wording.text_sha256)).all()) == 3


def test_it_is_known_which_version_a_reader_read(work: Work, newspaper: Newspaper, send: Send) -> None:
    newspaper.modified = "2026-03-02T09:14:00Z"
    send(WRONG)
    look(work)
    newspaper.modified, newspaper.words = now().isoformat(), RIGHT
    look(work)
    with work.database.read() as session:
        known = articles.wordings(session, session.scalars(select(Article)).one())
    morning = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
    assert articles.wording_of(known, now() - timedelta(hours=1)) == morning
    assert articles.wording_of(known, now() + timedelta(hours=1)) is None
    assert articles.wording_of(known, morning - timedelta(hours=1)) is None
