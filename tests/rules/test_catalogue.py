"""Sentences for readers: which language, how many, whose direction, which day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from corrections_service.rules.catalogue import (
    KNOWN_BY_ENGLISH,
    LANGUAGES,
    best,
    catalogue_in,
    desk_in,
    desk_sentences,
    direction,
    recognized,
    sentences,
)

NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("uk",), "uk"),
        (("pt-BR",), "pt"),
        (("pt_PT", "de"), "pt"),
        (("ZH-Hans-CN", "", "De-AT"), "de"),
        (("iw",), "he"),
        (("ja", "ko"), "en"),
        (("english", "*", "-", "  "), "en"),
        (("ukr", " fr "), "fr"),
        ((), "en"),
    ],
)
def test_the_first_language_that_is_known_is_taken(tags: tuple[str, ...], language: str) -> None:
    assert best(*tags) == language


def test_arabic_and_hebrew_are_written_from_the_right() -> None:
    assert {language for language in LANGUAGES if direction(language) == "rtl"} == {"ar", "he"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", {1: "1 reader has", 2: "2 readers have", 1000: "1,000 readers have"}),
        ("uk", {1: "повідомила 1 людина", 3: "3 людини", 11: "11 людей", 21: "повідомила 21 людина"}),
        ("pl", {1: "1 osoba", 2: "2 osoby", 5: "5 osób", 22: "22 osoby"}),
        ("ar", {0: "أحد", 1: "قارئ واحد", 2: "قارئان", 3: "3 قراء", 11: "11 قارئًا", 100: "100 قارئ"}),
        ("he", {1: "קורא אחד", 2: "שני קוראים", 3: "3 קוראים"}),
        ("fr", {1: "1 personne a", 2: "2 personnes ont"}),
    ],
)
def test_a_number_takes_the_form_that_the_language_gives_it(language: str, said: dict[int, str]) -> None:
    for n, form in said.items():
        assert form in catalogue_in(language)("pages.readers", n=n)


def test_places_are_filled_by_name_and_by_position_and_by_nothing_else() -> None:
    said = catalogue_in("en", {"dialog.title": "Say {what}, {0}, {format.__class__}"})
    assert said("dialog.title", "{what}", what="a {0}") == "Say a {0}, {what}, {format.__class__}"
    assert catalogue_in("de")("dialog.stored", "4F2K-7Q") == "Gespeichert, Nr. 4F2K-7Q"


def test_a_name_from_the_other_direction_stays_whole_in_a_sentence() -> None:
    assert "\u2068News (daily)!\u2069" in catalogue_in("ar")("mail.receipt_subject", site="News (daily)!")
    assert catalogue_in("uk")("mail.receipt_subject", site="News!") == "Ваше повідомлення для News!"


def test_the_sites_own_sentences_win_key_by_key_and_change_nobody_elses() -> None:
    own = catalogue_in("uk", {"dialog.title": "Знайшли помилку?"})
    assert own("dialog.title") == "Знайшли помилку?"
    assert own("dialog.send") == catalogue_in("uk")("dialog.send") == "Надіслати"
    assert catalogue_in("uk")("dialog.title") == "Повідомити про помилку"


def test_who_changes_a_section_that_was_given_changes_only_that_copy() -> None:
    sentences("en", "dialog").clear()
    assert sentences("en", "dialog")["title"] == "Report an error"


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "24 November 2026", "24 November 2026, 23:30 UTC"),
        ("uk", "24 листопада 2026\u202fр.", "24 листопада 2026\u202fр., 23:30 UTC"),
        ("de", "24. November 2026", "24. November 2026, 23:30 Uhr UTC"),
        ("pt", "24 de novembro de 2026", "24 de novembro de 2026, 23:30 UTC"),
    ],
)
def test_days_are_written_out_in_utc_wherever_the_clock_was(language: str, day: str, moment: str) -> None:
    elsewhere = NIGHT.astimezone(timezone(timedelta(hours=9)))
    assert catalogue_in(language).date(elsewhere) == day
    assert catalogue_in(language).moment(elsewhere) == moment


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_moment_names_utc(language: str) -> None:
    assert "UTC" in catalogue_in(language).moment(NIGHT)


def test_a_sentence_is_known_by_its_english_whatever_fills_it() -> None:
    for page in KNOWN_BY_ENGLISH:
        for key, sentence in desk_sentences("en")[page].items():
            places: dict[str, Any] = dict.fromkeys(re.findall(r"\{(\w+)\}", sentence), "a “word” (or 2).")
            found = recognized(desk_in("en")(f"desk.{page}.{key}", **places))
            assert found is not None, key
            assert found[1] == places
            assert desk_in("en").sentences[found[0]] == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_that_ends_with_a_full_stop_ends_its_sentence_with_one(language: str) -> None:
    words = desk_in(language)
    for key, sentence in words.sentences.items():
        for form in sentence.values() if isinstance(sentence, dict) else [sentence]:
            places = re.findall(r"\{(\w+)\}", form) if isinstance(form, str) else []
            for date in (words.date(NIGHT), words.short_date(NIGHT)):
                assert ".." not in words(key, n=2, **{place: date for place in places if place != "n"}), key


def test_what_is_no_sentence_of_ours_is_not_taken_for_one() -> None:
    for text in ("", "Case 3", "There is no", "x" * 5000, "Case  is done with; open it again first."):
        assert recognized(text) is None
