"""Saved answers: by decision and language, filled in with what the service itself knows, offered where they fit."""

from __future__ import annotations

import pytest

from corrections_service import errors
from corrections_service.rules.pages import ArticleFacts
from corrections_service.rules.phrases import PLACES, BadPhrase, check, fill
from corrections_service.rules.workflow import Resolution
from corrections_service.services import articles, saved_answers, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, SavedAnswer
from tests.services.newsroom import Newsroom

BASE = "https://corrections.example"


def keep(newsroom: Newsroom, resolution: Resolution, language: str, text: str, number: int | None = None) -> int:
    """Keep an answer of the newsroom's; its number."""
    with newsroom.db.write() as session:
        site = sites.by_slug(session, newsroom.site.slug)
        return saved_answers.keep(session, site, resolution, language, text, number=number).id


def offered(newsroom: Newsroom, case: int) -> list[tuple[str, str]]:
    """What is offered in a case: for which decision, in which words."""
    with newsroom.db.read() as session:
        offers = saved_answers.offered(session, session.get_one(Case, case), BASE)
        return [(offer.resolution.value, offer.text) for offer in offers]


@pytest.mark.parametrize(
    "phrase", ["{slug}", "{0}", "{}", "{0.__class__}", "{site!r}", "{ site }", "{{site}}", "a { b", "}"]
)
def test_a_place_that_nobody_fills_in_is_refused_with_a_sentence(newsroom: Newsroom, phrase: str) -> None:
    with pytest.raises(BadPhrase, match=r"\{site\}"):
        check(phrase)
    with pytest.raises(errors.InvalidFields, match="text"):
        keep(newsroom, Resolution.OPINION, "en", f"Thank you. {phrase}")
    assert newsroom.count(SavedAnswer) == 0


def test_places_are_filled_in_once_and_nothing_that_fills_them_is_a_place() -> None:
    assert fill("{site}: {headline} {date}", {"site": "{headline}", "headline": "A {log}"}) == "{headline}: A {log} …"
    check(" ".join(f"{{{name}}}" for name in PLACES))


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "a" * 2001])
def test_an_answer_that_says_nothing_or_too_much_is_refused(newsroom: Newsroom, blank: str) -> None:
    with pytest.raises(errors.InvalidFields, match="text"):
        keep(newsroom, Resolution.OPINION, "en", blank)


def test_an_answer_is_offered_in_the_language_of_the_readers_else_of_the_site(newsroom: Newsroom) -> None:
    keep(newsroom, Resolution.OPINION, "en", "An opinion.")
    keep(newsroom, Resolution.OPINION, "uk", "Це думка.")
    keep(newsroom, Resolution.NOT_AN_ERROR, "en", "It is right.")
    german = newsroom.case_of(newsroom.send(language="de-AT", email="a@readers.example"))
    assert offered(newsroom, german) == [("not_an_error", "It is right."), ("opinion", "An opinion.")]
    sent = newsroom.send(exact="other", suggestion="words", language="uk", email="b@readers.example")
    assert offered(newsroom, newsroom.case_of(sent)) == [("not_an_error", "It is right."), ("opinion", "Це думка.")]


def test_only_what_the_service_read_itself_is_filled_in(newsroom: Newsroom) -> None:
    """A reader's own title goes into no mail, by a saved answer neither."""
    keep(newsroom, Resolution.OPINION, "en", "{site} on “{headline}”: {policy}")
    case = newsroom.case_of(newsroom.send(title="Buy pills at pills.example"))
    assert offered(newsroom, case) == [("opinion", f"News on “…”: {BASE}/log/news/policy")]
    with newsroom.db.write() as session:
        article = session.get_one(Article, newsroom.look(case).article_id)
        articles.record_reading(session, article, ArticleFacts(article.url, headline="The bridge"), "text")
    assert offered(newsroom, case) == [("opinion", f"News on “The bridge”: {BASE}/log/news/policy")]


def test_an_answer_is_changed_and_taken_away_and_nobody_elses_is(db: Database, newsroom: Newsroom) -> None:
    number = keep(newsroom, Resolution.OPINION, "en", "An opinion.")
    assert keep(newsroom, Resolution.NOT_AN_ERROR, "de", "Kein Fehler.", number) == number
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
        with pytest.raises(errors.NotFound):
            saved_answers.keep(session, other, Resolution.OPINION, "en", "Ours.", number=number)
        with pytest.raises(errors.NotFound):
            saved_answers.take_away(session, other, number)
        assert not saved_answers.of_site(session, other)
        saved_answers.take_away(session, sites.by_slug(session, newsroom.site.slug), number)
    # Changed by one while another took it away: what was typed is kept.
    assert keep(newsroom, Resolution.OPINION, "en", "Typed meanwhile.", number)
    assert newsroom.count(SavedAnswer) == 1
