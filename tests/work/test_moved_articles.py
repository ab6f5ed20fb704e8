"""An article that moved takes its cases along; a detour is no move."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Decision, NoticeState, Resolution, State
from corrections_service.services import articles, corrections, log
from corrections_service.store.models import (
    Article,
    Case,
    FixState,
    Site,
    now,
)
from corrections_service.work import rechecks
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import (
    RIGHT,
    WRONG,
    Newspaper,
    look,
    seen,
)


@pytest.mark.parametrize("status", [301, 308])
def test_an_article_that_moved_takes_its_cases_and_its_notices_along(
    work: Work, newspaper: Newspaper, send: Send, status: int
) -> None:
    case_id = send(WRONG)
    look(work)
    with work.database.write() as session:
        said = Decision(Resolution.CORRECTED, WRONG, RIGHT, "It was opened, not “opend”.")
        notice = corrections.write(session, session.get_one(Case, case_id), said, NoticeState.PUBLIC)
        notice.published_at = now() - timedelta(days=1)
    newspaper.moved["/bridge"] = (status, "/city/bridge")
    look(work)
    assert seen(work, case_id) == (FixState.PRESENT, State.NEW)
    assert send(WRONG) == case_id == send(WRONG, path="/city/bridge")
    with work.database.write() as session:
        case, site = session.get_one(Case, case_id), session.scalars(select(Site)).one()
        assert case.article.url == f"{newspaper.origin}/city/bridge"
        assert articles.at(session, site, f"{newspaper.origin}/bridge") == case.article_id
        (notice,) = log.of_article(session, articles.at(session, site, f"{newspaper.origin}/bridge"))
        assert notice.article_id == case.article_id
    newspaper.words = RIGHT
    look(work)
    assert newspaper.asked[-1] == "/city/bridge"
    assert seen(work, case_id)[0] is FixState.APPLIED


def test_an_article_that_moved_to_one_with_cases_of_its_own_joins_it(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    old, new = send(WRONG), send(WRONG, path="/city/bridge")
    assert old != new
    newspaper.moved["/bridge"] = (301, "/city/bridge")
    with work.database.read() as session:
        first = session.get_one(Case, old).article_id
    rechecks.recheck(work, first)
    with work.database.read() as session:
        assert session.get_one(Case, old).article_id == session.get_one(Case, new).article_id
    assert send(WRONG) in (old, new)


@pytest.mark.parametrize(("status", "place"), [(302, "/city/bridge"), (307, "/city/bridge"), (301, "/front")])
def test_a_detour_or_a_redirect_to_another_page_is_no_move(
    work: Work, newspaper: Newspaper, send: Send, status: int, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(WRONG)
    newspaper.moved["/bridge"] = (status, place)
    if place == "/front":
        front = "".join(
            f"<p>Headline {number}: the ferry sails on, the council meets again.</p>" for number in range(99)
        )
        monkeypatch.setattr(newspaper, "page", lambda: f"<html><body>{front}</body></html>")
    look(work)
    with work.database.read() as session:
        assert session.scalars(select(Article.url)).all() == [f"{newspaper.origin}/bridge"]
