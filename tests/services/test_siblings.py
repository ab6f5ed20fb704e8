"""The wrong words of an accepted case are found in other articles of the site, where one click opens a case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.pages import ArticleFacts
from corrections_service.rules.workflow import Role
from corrections_service.services import articles, forgetting, joining, reports, siblings
from corrections_service.store.models import Article, Case, Site
from tests.services.newsroom import FERRY, Newsroom

OPENED = {"exact": "opend", "prefix": "The bridge was ", "suffix": " by the king.", "suggestion": "opened"}
FINLAY = {
    "exact": "Morag Finley",
    "prefix": "said ",
    "suffix": ", the librarian of the island.",
    "suggestion": "Morag Finlay",
}


def write(newsroom: Newsroom, path: str, words: str) -> int:
    """Let an article be known with these words; its number."""
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        article = session.get_one(Article, articles.find_or_add(session, site, f"https://news.example/{path}"))
        articles.record_reading(session, article, ArticleFacts(canonical_url=article.url, headline=path), words)
        return article.id


def look(newsroom: Newsroom, case: int) -> list[dict[str, object]]:
    """Look for the case's words elsewhere; what the case page shows of it."""
    with newsroom.db.write() as session:
        asked = session.get_one(Case, case)
        siblings.keep(session, asked, siblings.search(session, asked))
    with newsroom.db.read() as session:
        return siblings.of_case(session, session.get_one(Case, case))


def test_the_same_misspelling_is_found_in_other_articles(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring. It had been closed for years.")
    write(newsroom, "harbour", "The harbour was opened in 1850. Nobody reopend it.")
    (place,) = look(newsroom, case)
    assert (place["exact"], place["case"]) == ("opend", None)
    assert (place["prefix"], place["suffix"]) == ("The library was ", " in spring. It had been closed for years.")
    number = newsroom.act(siblings.open_case, case, newsroom.hire(), library)
    opened = newsroom.look(number)
    assert (opened.article_id, opened.exact, opened.suggestion, opened.readers) == (library, "opend", "opened", 0)
    assert newsroom.history(number) == ["opened_elsewhere"]
    assert newsroom.history(case)[-2:] == ["elsewhere", "sibling"]
    assert look(newsroom, case)[0]["case"] == number
    newsroom.assert_readers_add_up()


def test_a_reader_who_reports_the_place_joins_the_case_that_was_opened_there(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring. It had been closed for years.")
    look(newsroom, case)
    editor = newsroom.hire()
    number = newsroom.act(siblings.open_case, case, editor, library)
    sent = newsroom.send(
        url="https://news.example/library",
        exact="opend in spring",
        prefix="The library was ",
        suffix=". It had been closed for years.",
        suggestion="opened in spring",
    )
    assert newsroom.case_of(sent) == number
    assert newsroom.act(siblings.open_case, case, editor, library) == number
    newsroom.assert_readers_add_up()


def test_names_are_looked_for_in_all_the_words_that_were_marked(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**FINLAY))
    write(newsroom, "cup", "The cup went to Angus Finley, who is no relation of the librarian.")
    assert look(newsroom, case) == []
    second = write(newsroom, "books", "“We have ten thousand books,” says Morag Finley.")
    (place,) = look(newsroom, case)
    article = place["article"]
    assert isinstance(article, Article)
    assert (article.id, place["exact"]) == (second, "Morag Finley")


def test_a_case_that_is_about_the_place_already_is_named(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    write(newsroom, "library", "The library was opend in spring.")
    known = newsroom.case_of(
        newsroom.send(url="https://news.example/library", **{**OPENED, "prefix": "The library was "})
    )
    (place,) = look(newsroom, case)
    assert place["case"] == known


def test_words_that_stand_everywhere_are_no_error_elsewhere(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**{**OPENED, "exact": "their", "suggestion": "there"}))
    for number in range(siblings.COMMON + 1):
        write(newsroom, f"story-{number}", f"Story {number}: they went their way.")
    assert look(newsroom, case) == []


@pytest.mark.parametrize(
    ("exact", "words", "found"),
    [
        ("知事が発表", "東京の知事が発表した。", True),
        ("كيلومترات", "يبعد سبعة كيلومترات عن الميناء.", True),
        ("it’s", "It’s what it’s.", False),
        ("about 100%_\\", "A literal about 100%_\\ stands here.", True),
        ("about 100%_\\", "It says about 100 percent here.", False),
        ("bridge", "Cambridge abridged its bridges.", False),
    ],
)
def test_only_whole_words_of_some_length_count_and_marks_are_only_marks(
    newsroom: Newsroom, exact: str, words: str, found: bool
) -> None:
    case = newsroom.case_of(newsroom.send(exact=exact, prefix="", suffix="", suggestion="other"))
    write(newsroom, "elsewhere", words)
    assert bool(look(newsroom, case)) is found


def test_other_sites_and_articles_that_moved_are_left_out(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    gone = write(newsroom, "old", "The library was opend in spring.")
    with newsroom.db.write() as session:
        articles.move(session, session.get_one(Article, gone), "https://news.example/new")
        stranger = Site(name="S", slug="s", key="s", origins=["https://s.example"], desk="d@s.example", policy={})
        session.add(stranger)
        session.flush()
        session.add(Article(site_id=stranger.id, url="https://s.example/x", words="It was opend twice."))
    (place,) = look(newsroom, case)
    article = place["article"]
    assert isinstance(article, Article)
    assert article.url == "https://news.example/new"


def test_only_editors_of_the_site_open_cases_and_only_for_places_that_were_found(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring.")
    editor, viewer = newsroom.hire(), newsroom.hire(Role.VIEWER)
    with pytest.raises(errors.NotFound):
        newsroom.act(siblings.open_case, case, editor, library)
    look(newsroom, case)
    for article in (-1, library + 1, newsroom.look(case).article_id):
        with pytest.raises(errors.NotFound):
            newsroom.act(siblings.open_case, case, editor, article)
    with pytest.raises(errors.NotPermitted):
        newsroom.act(siblings.open_case, case, viewer, library)
    with newsroom.db.read() as session:
        assert session.scalars(select(Case.id)).all() == [case]


def test_a_place_whose_article_moved_since_gets_its_case_where_it_stands_now(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring.")
    look(newsroom, case)
    with newsroom.db.write() as session:
        target = articles.move(session, session.get_one(Article, library), "https://news.example/new").id
    number = newsroom.act(siblings.open_case, case, newsroom.hire(), library)
    assert newsroom.look(number).article_id == target


def test_many_articles_that_only_contain_the_letters_do_not_hide_the_one_with_the_word(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring.")
    for number in range(60):
        write(newsroom, f"story-{number}", "It was reopend later.")
    (place,) = look(newsroom, case)
    assert isinstance(place["article"], Article)
    assert place["article"].id == library


def test_a_reader_who_is_forgotten_is_forgotten_in_every_case_that_took_up_their_words(newsroom: Newsroom) -> None:
    sent = newsroom.send(**OPENED, comment="I was there.")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    library = write(newsroom, "library", "The library was opend in spring.")
    look(newsroom, case)
    sibling = newsroom.act(siblings.open_case, case, editor, library)
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    with newsroom.db.write() as session:
        forgetting.erase(session, reports.by_token(session, sent.token))
    assert (newsroom.look(case).comment, newsroom.look(case).suggestion) == ("", "")
    assert newsroom.look(target).suggestion == FERRY["suggestion"]
    with newsroom.db.write() as session:
        for number in (case, sibling):
            assert session.get_one(Case, number).suggestion == ""
