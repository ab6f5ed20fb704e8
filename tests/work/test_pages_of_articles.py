"""The words are looked for where they were read: further pages of an article, routes of an app, lists."""

from __future__ import annotations

from sqlalchemy import select, update

from corrections_service.rules.workflow import State
from corrections_service.services import looks
from corrections_service.store.models import Article, Case, FixState, Host, now
from corrections_service.work import rechecks
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import RIGHT, WRONG, Newspaper, enqueued, seen


def due(work: Work) -> list[tuple[int, str]]:
    """What is to be read now, every host being free."""
    with work.database.write() as session:
        session.execute(update(Host).values(next_at=now()))
        session.execute(update(Case).values(recheck_at=now()))
        return sorted(looks.take_due(session, lambda url: None))


def test_words_of_page_two_are_looked_for_on_page_two(work: Work, send: Send, newspaper: Newspaper) -> None:
    """Page 1, whose address is the article's, never had them."""
    second = f"{newspaper.origin}/bridge?page=2"
    case = send(WRONG, page_url=second)
    first = send("doubts", page_url="", suffix="")
    (article, _), (_, page) = due(work)
    assert page == second
    rechecks.recheck(work, article, second)
    assert newspaper.asked[-1] == "/bridge?page=2"
    assert seen(work, case) == (FixState.PRESENT, State.NEW)
    assert seen(work, first)[0] is None
    newspaper.words = RIGHT
    rechecks.recheck(work, article, second)
    assert seen(work, case)[0] is FixState.APPLIED
    with work.database.read() as session:
        assert session.get_one(Article, article).read_at is None


def test_a_change_of_an_article_has_all_its_pages_read(work: Work, send: Send, newspaper: Newspaper) -> None:
    """One look serves all the cases of one page, and no more."""
    send(WRONG)
    send("doubts", page_url=f"{newspaper.origin}/bridge?page=2", suffix="")
    [(article, _), _] = due(work)
    with work.database.write() as session:
        session.execute(update(Case).values(recheck_at=None))
        assert looks.article_changed(session, article)
        assert [case.recheck_at is not None for case in session.scalars(select(Case))] == [True, True]
    rechecks.recheck_due(work)
    assert len(enqueued(work, "recheck")) == 1  # one host, one at a time


def test_a_page_of_an_article_that_is_gone_tells_nothing_of_the_others(
    work: Work, send: Send, newspaper: Newspaper
) -> None:
    second = f"{newspaper.origin}/bridge?page=2"
    case, first = send(WRONG, page_url=second), send("doubts", suffix="")
    article = due(work)[0][0]
    newspaper.status = 404
    rechecks.recheck(work, article, second)
    assert (seen(work, case)[0], seen(work, first)[0]) == (FixState.UNREACHABLE, None)
    with work.database.read() as session:
        assert session.get_one(Article, article).read_status == ""


def test_an_apps_route_is_not_asked_for_and_its_shell_names_no_article(
    work: Work, send: Send, newspaper: Newspaper
) -> None:
    """A server sees no fragment: what it says is canonical is the app's, and would make one of all articles."""
    send(WRONG, path="/app#/a/2")
    [(article, _)] = due(work)
    rechecks.recheck(work, article)
    assert newspaper.asked[-1] == "/app"
    with work.database.read() as session:
        read = session.get_one(Article, article)
        assert (read.url, read.canonical_url) == (f"{newspaper.origin}/app#/a/2",) * 2
        assert read.moved_to_id is None


def test_what_is_gone_from_a_list_is_not_called_fixed(work: Work, send: Send, newspaper: Newspaper) -> None:
    """A front page is another one tomorrow; the article may stand as it did."""
    case = send(WRONG, path="/", several=True)
    [(article, _)] = due(work)
    rechecks.recheck(work, article)
    assert seen(work, case)[0] is FixState.PRESENT
    newspaper.words = ""
    rechecks.recheck(work, article)
    assert seen(work, case)[0] is FixState.UNCLEAR
