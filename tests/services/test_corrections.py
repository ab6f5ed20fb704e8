"""Public notices: seen after the time for undoing, in pages that hold each once, gone when taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.pages import ArticleFacts
from corrections_service.rules.workflow import Decision, NoticeState, Resolution
from corrections_service.services import articles, corrections, log, notices
from corrections_service.store.models import Article, Case, Correction, now
from tests.services.newsroom import Newsroom

LARGE = "20260101T000000.000000_99999999999999999999"
SAID = Decision(Resolution.CORRECTED, wrong="nine", right="ten", notice=" It leaves at ten. ")


def publish(newsroom: Newsroom, case: int, *, ago: float = 60) -> int:
    with newsroom.db.write() as session:
        at = now() - timedelta(seconds=ago)
        made = corrections.write(session, session.get_one(Case, case), SAID, NoticeState.PUBLIC)
        made.published_at = at
        session.flush()
        return made.id


def test_a_notice_is_public_only_when_it_can_no_more_be_undone(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    with newsroom.db.write() as session:
        made = corrections.write(session, session.get_one(Case, case), SAID, NoticeState.READY)
        session.flush()
        number = made.id
        assert notices.publish_due(session) == 0
    with newsroom.db.read() as session:
        assert log.page(session, newsroom.site) == ([], "")
        with pytest.raises(errors.NotFound):
            corrections.get(session, newsroom.site, number)
    with newsroom.db.write() as session:
        session.get_one(Correction, number).publish_at = now() - timedelta(seconds=1)
        session.flush()
        assert notices.publish_due(session) == 1
    with newsroom.db.read() as session:
        assert corrections.get(session, newsroom.site, number).text == "It leaves at ten."
        assert [
            one.id
            for one in log.of_article(session, articles.at(session, newsroom.site, "https://news.example/bridge"))
        ] == [number]
        assert list(log.of_article(session, articles.at(session, newsroom.site, "https://news.example/other"))) == []


def test_the_pages_of_the_log_hold_each_notice_once_newest_first(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    made = [publish(newsroom, case, ago=60 + number // 2) for number in range(11)]
    with newsroom.db.read() as session:
        seen: list[int] = []
        before = ""
        while True:
            page, before = log.page(session, newsroom.site, before=before, limit=3)
            seen += [one.id for one in page]
            if not before:
                break
        assert sorted(seen) == made
        times = [session.get_one(Correction, number).published_at for number in seen]
        assert times == sorted(times, reverse=True)  # type: ignore[type-var]
        for odd in ("x", "20260101T000000.000000_", "_", "20260101T000000.000000_x", "99999999T000000.000000_1", LARGE):
            with pytest.raises(errors.NotFound):
                log.page(session, newsroom.site, before=odd)


def test_a_notice_that_was_seen_and_taken_back_says_so(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    number = publish(newsroom, case)
    with newsroom.db.write() as session:
        corrections.take_back(session, session.get_one(Case, case))
    with newsroom.db.read() as session:
        assert corrections.get(session, newsroom.site, number).retracted_at is not None
        (listed,), _ = log.page(session, newsroom.site)
        assert listed.retracted_at is not None
        with pytest.raises(errors.NotFound):
            corrections.get(session, newsroom.site, number + 1)


def test_an_article_is_one_whatever_its_address_carries(newsroom: Newsroom) -> None:
    newsroom.send(url="https://news.example/bridge?utm_source=mail#top", title="The bridge")
    newsroom.send(url="https://news.example/bridge")
    with newsroom.db.write() as session:
        article = session.scalars(select(Article)).one()
        facts = ArticleFacts(
            canonical_url="https://news.example/bridge",
            headline="The bridge " * 100,
            author="Ann " * 100,
            section="",
            language="",
            published=now(),
            modified=None,
        )
        articles.record_reading(session, article, facts, "The words.", etag="x" * 600)
        assert (article.read_status, article.text_length, len(article.etag)) == ("read", 10, 500)
        assert len(article.headline) <= 300
        articles.record_failure(session, article, "it did\nnot answer")
        assert article.read_status == "it did not answer"
