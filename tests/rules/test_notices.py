"""What a notice must say and may not, in every language, and drafts that need no more than a look."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corrections_service.rules.catalogue import LANGUAGES, best, catalogue_in
from corrections_service.rules.notices import About, check, draft, names_in
from corrections_service.rules.quotes import Quote
from corrections_service.rules.soft_words import SOFT_WORDS
from corrections_service.rules.workflow import NOTICES, Decision, Resolution

DATA = Path(__file__).resolve().parents[2] / "../shared/data/corrections.jsonl"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
GOOD = Decision(Resolution.CORRECTED, wrong="in 1987", right="in 1978", notice="The bridge opened in 1978, not 1987.")
USUAL = About(
    published=NOW - timedelta(days=2), now=NOW, author="By Ann Lee and Omar Haddad", people=("Mara Lindqvist",)
)


def wrong_with(notice: str, about: About = USUAL, **said: Any) -> dict[str, str]:
    """What is wrong with a notice of these words."""
    return check(replace(GOOD, notice=notice, **said), about)


@pytest.mark.parametrize("resolution", NOTICES)
def test_a_notice_that_says_something_passes(resolution: Resolution) -> None:
    assert check(replace(GOOD, resolution=resolution), USUAL) == {}


@pytest.mark.parametrize("resolution", NOTICES)
@pytest.mark.parametrize("notice", ["", " ", "hello", "x", "Sorry!"])
def test_a_notice_that_says_nothing_is_refused_with_what_to_write(resolution: Resolution, notice: str) -> None:
    about = replace(USUAL, draft="It said 1987. It should say 1978.")
    refusal = check(replace(GOOD, resolution=resolution, notice=notice), about)["notice"]
    assert refusal.startswith("Say ")
    assert "It said 1987. It should say 1978." in refusal


def test_a_correction_that_is_about_something_else_is_refused() -> None:
    assert (
        "neither the wrong words nor the right ones"
        in wrong_with("We thank our readers for their attention.")["notice"]
    )
    assert "right" in wrong_with("It said 1987.", right=" ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_soft_words_hide_no_error_in_any_language(language: str) -> None:
    assert len(SOFT_WORDS[language]) >= 6
    for soft in SOFT_WORDS[language]:
        said = f"1987 → 1978: {soft}."
        assert "hides it" in wrong_with(said, About(languages=(language,)))["notice"], soft
        assert check(replace(GOOD, resolution=Resolution.UPDATED, notice=said), About(languages=(language,))) == {}


def test_a_sites_own_soft_words_count_too() -> None:
    own = About(soft_words=("smoothed",))
    assert "smoothed" in wrong_with("We smoothed the year 1978, not 1987.", own)["notice"]
    assert wrong_with("We smoothed the year 1978, not 1987.") == {}


def test_a_soft_word_that_the_article_used_is_no_hiding() -> None:
    assert wrong_with("We said the law was “updated” in 1987. It was 1978.") == {}
    assert (
        wrong_with("The law was updated in 1978, not in 1987.", wrong="updated in 1987", right="updated in 1978") == {}
    )


@pytest.mark.parametrize(
    "notice",
    [
        "Our reporter Ann Lee got the year wrong: it was 1978, not 1987.",
        "The year was 1978, not 1987; Omar Haddad regrets the error.",
        "The year was 1978, not 1987, which Haddad had written.",
        "It was 1978, not 1987. Edited by MARA LINDQVIST.",
    ],
)
def test_no_person_of_the_newsroom_is_named_in_blame(notice: str) -> None:
    assert "not whose fault" in wrong_with(notice)["notice"]


def test_a_person_of_the_newsroom_is_named_in_any_form_of_the_name() -> None:
    about = About(languages=("uk",), author="Автор: Олена Коваленко")
    assert "Олена Коваленко" in wrong_with("1978, а не 1987, як написала Олени Коваленка.", about)["notice"]


def test_a_name_that_was_itself_the_error_may_stand_there() -> None:
    said: dict[str, Any] = {"wrong": "Anne Lee", "right": "Ann Lee"}
    assert wrong_with("The author of the book is Ann Lee, not Anne Lee.", **said) == {}
    assert wrong_with("The Lee crossed the bridge in 1978, not in 1987.", replace(USUAL, author="Reuters")) == {}


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee and Omar Haddad", ["Ann Lee", "Omar Haddad"]),
        ("Von Jürgen Groß, dpa", ["Jürgen Groß"]),
        ("Reuters", []),
        ("", []),
        ("Олена Коваленко, Іван Франко", ["Олена Коваленко", "Іван Франко"]),
    ],
)
def test_a_byline_is_read_as_people(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names


def test_an_article_of_more_than_30_days_ago_says_why_only_now() -> None:
    old = replace(USUAL, published=NOW - timedelta(days=31))
    assert set(wrong_with(GOOD.notice, old)) == {"late"}
    assert wrong_with(GOOD.notice, old, late="A reader wrote to us this week.") == {}
    assert wrong_with(GOOD.notice, replace(USUAL, published=NOW - timedelta(days=29))) == {}
    assert check(replace(GOOD, resolution=Resolution.CLARIFIED), old) == {}


def test_wrong_words_are_not_repeated_where_a_site_says_so() -> None:
    site = replace(USUAL, wrong_unsaid=True)
    assert "does not repeat" in wrong_with(GOOD.notice, site)["notice"]
    assert wrong_with("The bridge opened in 1978.", site) == {}


def test_a_text_that_calls_itself_something_else_is_refused() -> None:
    assert "Clarification" in wrong_with("Clarification: it was 1978, not 1987.")["notice"]
    assert "Klarstellung" in wrong_with("Klarstellung: 1978, nicht 1987.")["notice"]
    assert wrong_with("Correction: it was 1978, not 1987.") == {}


def test_a_notice_has_a_length() -> None:
    assert "At most 5,000 characters; these are 5,04" in wrong_with(GOOD.notice + " no" * 1_670)["notice"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("published", [None, NOW])
def test_a_draft_says_what_changed_with_the_words_around_it_in_the_articles_language(
    language: str, published: datetime | None
) -> None:
    quote = Quote("1987", "The bridge across the harbour was opened by the king in ", ", who stayed for lunch.")
    words = draft(catalogue_in(language), quote, "1978", published=published)
    assert "by the king in 1987" not in words.replace("the king in 1987", "", 1)
    assert "the king in 1987" in words
    assert "the king in 1978" in words
    assert (catalogue_in(language).date(NOW) in re.sub("[\u2068\u2069]", "", words)) is (published is not None)
    assert check(replace(GOOD, wrong="1987", right="1978", notice=words), About(languages=(language,))) == {}
    gone = draft(catalogue_in(language), quote, "", published=published)
    assert "1987" in gone
    unsaid = draft(catalogue_in(language), quote, "1978", wrong_unsaid=True)
    assert "1978" in unsaid
    assert "1987" not in unsaid


def test_a_draft_quotes_no_more_than_it_needs() -> None:
    exact = "The bridge across the harbour, which the king opened in 1987 after a long war, is closed."
    words = draft(catalogue_in("en"), Quote(exact, "", ""), exact.replace("1987", "1978"))
    assert words == (
        "An earlier version of this article said “king opened in 1987 after a long”. "
        "It should say “king opened in 1978 after a long”."
    )


def test_drafts_of_real_corrections_pass_the_checks() -> None:
    if not DATA.is_file():
        pytest.skip("../shared/data is not here")
    for row in map(json.loads, DATA.read_text("utf-8").splitlines()):
        language = best(row["lang"])
        words = draft(catalogue_in(language), Quote(row["wrong"], row["prefix"], row["suffix"]), row["right"])
        decision = Decision(Resolution.CORRECTED, wrong=row["wrong"], right=row["right"] or "–", notice=words)
        assert check(decision, About(languages=(language,))) == {}, words
