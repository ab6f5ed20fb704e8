"""Each sentence of the public policy page is there where it holds, and nowhere else, in each language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import NOTICES, Resolution
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom

CONDITIONAL = ("intro", "invite", "in_sight", "by_two", "not_author", "late", "by_itself")
SILENT_ONLY = {"unused": [resolution.value for resolution in NOTICES]}
ALL = {"intro", "invite", "in_sight", "by_two", "not_author", "late"}


def page_of(app: Flask, path: str = "/log/news/policy") -> LexborHTMLParser:
    return LexborHTMLParser(app.test_client(use_cookies=False).get(path).text)


def words_of(app: Flask) -> str:
    """What the page says, in one line."""
    return " ".join("".join(part.text() for part in page_of(app).css("main")).split())


def said(app: Flask, language: str) -> set[str]:
    """Which of the sentences that hold by a site's choices alone the page says."""
    text = words_of(app)
    words = catalogue_in(language)
    beginnings = {key: words(f"public.{key}", classes="\0").partition("\0")[0] for key in CONDITIONAL}
    return {key for key, sentence in beginnings.items() if " ".join(sentence.split()) in text}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("policy", "sentences"),
    [
        ({}, ALL),
        ({"unused": ["corrected"]}, ALL - {"intro", "late"}),
        (SILENT_ONLY, {"invite"}),
        ({**SILENT_ONLY, "auto_close": True}, {"invite", "by_itself"}),
        ({"auto_close": True, "unused": ["fixed"]}, ALL),
        ({"ways_in": ["button", "link"]}, ALL - {"invite"}),
        ({"second_person": {"withdrawn": False}}, ALL - {"by_two"}),
        ({"unused": ["withdrawn"]}, ALL - {"by_two"}),
        ({"author_alone": dict.fromkeys(NOTICES, True)}, ALL - {"not_author"}),
    ],
    ids=["usual", "no-correction", "silent", "by-itself", "not-fixed", "no-key", "alone", "not-withdrawn", "author"],
)
def test_a_sentence_is_there_where_it_holds(
    app: Flask, newsroom: Newsroom, language: str, policy: dict[str, Any], sentences: set[str]
) -> None:
    """Kind: the page said “we say so” where no correction is published, and of keys that open nothing."""
    newsroom.change(Site, language=language, policy=policy)
    assert said(app, language) == sentences


def test_nobody_is_asked_for_reports_that_are_not_taken(app: Flask, newsroom: Newsroom) -> None:
    """Kind: pages of a publication that was switched off led to a form that says so, and told of keys that do nothing."""
    paths = ("/log/news/policy", "/log/news")
    assert [len(page_of(app, path).css('a[href^="/report/"]')) for path in paths] == [1, 1]
    newsroom.change(Site, active=False)
    assert [len(page_of(app, path).css('a[href^="/report/"]')) for path in paths] == [0, 0]
    assert said(app, "en") == ALL - {"invite"}


def test_what_may_be_fixed_in_silence_is_told_with_its_exception(app: Flask, newsroom: Newsroom) -> None:
    """Kind: the page said that no number changes, and a decision with a reason changed one."""
    case = newsroom.case_of(newsroom.send(exact="in 1987", prefix="was opened ", suggestion="in 1978"))
    newsroom.decide(case, newsroom.hire(), Resolution.FIXED, why_silent="A typing slip; the chart has it right.")
    assert "unless an editor writes down why" in words_of(app)
