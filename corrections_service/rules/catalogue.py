"""What people are told, in their language: one catalogue for the dialog, the pages, the log and the mails, and for the desk."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from corrections_service.rules.text import stopped_once

LANGUAGES = ("en", "uk", "pl", "de", "fr", "es", "pt", "it", "tr", "ar", "he")
SECTIONS = ("dialog", "pages", "public", "mail")
"""What readers are told; the desk's sentences are files of their own, which nothing that readers get holds."""

KNOWN_BY_ENGLISH, LONGEST_RECOGNIZED = ("stored", "errors", "find"), 2000
"""Pages of the desk whose sentences are raised or stored in English, and characters of a text that may be one of them."""

_OTHER_TAGS = {"iw": "he"}
"""A language that browsers and servers also call otherwise (RFC 5646: a deprecated subtag)."""

_DATED_AS = {"en": "en_001"}
"""Whose dates a language takes: day before month, as most of the world reads English."""

_COMMAS = {"ar": "، "}
"""What stands between the parts of a list without an "and", where it is no comma of ours."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OWN_DIRECTION = "\u2068{}\u2069"
"""First-strong isolate: a name from the other direction does not turn the sentence around it (UAX #9)."""

Day = date
"""A day of the calendar, where a catalogue's own `date` stands in the way."""

Sentence = str | Mapping[str, str]
"""A sentence with {placeholders}, or one for each plural category of CLDR that the language has."""


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language: `catalogue("pages.report", reference=…)`, counted ones by `n`."""

    language: str
    direction: str
    sentences: Mapping[str, Any]

    def __call__(self, key: str, /, *values: object, n: int | None = None, **by_name: object) -> str:
        """The sentence with its placeholders filled: {0} by position, the others by name; a plain text, to be escaped."""
        if not (values or by_name or n is not None):
            return self.form(key)
        fillings = {str(at): self.fit(value) for at, value in enumerate(values)}
        fillings |= {name: self.fit(value) for name, value in by_name.items()}
        if n is not None:
            fillings |= {"n": self.fit(n), "0": self.fit(n)}
        sentence = stopped_once(self.form(key, n), fillings)
        return _PLACEHOLDER.sub(lambda placeholder: fillings.get(placeholder[1], placeholder[0]), sentence)

    def form(self, key: str, n: int | None = None) -> str:
        """The sentence with its placeholders as they are, of a counted one the form for `n`."""
        sentence = self.sentences[key]
        if isinstance(sentence, Mapping):
            category = _locale(self.language).plural_form(n or 0)
            return str(sentence.get(category) or sentence["other"])
        return str(sentence)

    def each(self, key: str) -> list[str]:
        """The sentences of a list."""
        return list(self.sentences[key])

    def first(self, *keys: str) -> str:
        """The sentence of the first key that there is."""
        return self(next(key for key in keys if key in self.sentences))

    def date(self, when: datetime) -> str:
        """The day, in words."""
        return _day(when.astimezone(UTC).date(), self.language)

    def day(self, when: Day) -> str:
        """A day of the calendar, in words."""
        return _day(when, self.language)

    def weekday(self, day: int) -> str:
        """A day of the week, 0 for Monday, as it stands by itself."""
        return str(_locale(self.language).days["stand-alone"]["wide"][day])

    def minutes(self, count: int) -> str:
        """So many minutes, in short."""
        return str(format_unit(count, "duration-minute", "short", locale=_locale(self.language)))

    def month(self, when: datetime) -> str:
        """The month and the year, in words."""
        return format_skeleton("yMMMM", when.astimezone(UTC), tzinfo=UTC, locale=_locale(self.language))

    def join(self, parts: Sequence[str]) -> str:
        """Several words as the language lists them."""
        return format_list(list(parts), locale=_locale(self.language)) if parts else ""

    @property
    def comma(self) -> str:
        """What stands between two parts of a list."""
        return _COMMAS.get(self.language, ", ")

    def moment(self, when: datetime) -> str:
        """The day and the minute in UTC, and that it is UTC."""
        minute = format_time(when.astimezone(UTC), "HH:mm", tzinfo=UTC, locale=_locale(self.language))
        return self("pages.moment", date=self.date(when), time=minute)

    def days(self, count: int) -> str:
        """So many days, counted as the language does."""
        return format_timedelta(timedelta(days=count), "day", threshold=sys.maxsize, locale=_locale(self.language))

    def span(self, time: timedelta) -> str:
        """A time in its largest unit, at least a minute."""
        time, locale = max(time, timedelta(minutes=1)), _locale(self.language)
        return str(format_timedelta(time, granularity="minute", threshold=2, locale=locale))

    def percent(self, hundredths: int) -> str:
        """So many of a hundred, as the language writes them."""
        return str(format_percent(hundredths / 100, locale=_locale(self.language)))

    def tenths(self, value: float) -> str:
        """A number with one digit after its decimal sign."""
        return str(format_decimal(value, "0.0", locale=_locale(self.language)))

    def number(self, value: int) -> str:
        """A number as the language writes it."""
        return self.fit(value)

    def fit(self, value: object) -> str:
        """A value as it stands in a sentence of this language."""
        if isinstance(value, int):
            return _number(value, self.language)
        return _OWN_DIRECTION.format(value) if self.direction == "rtl" else str(value)

    def short_date(self, when: datetime) -> str:
        """The day with its month in short, by the clock that `when` is of."""
        return self.short_day(when.date())

    def short_day(self, day: Day) -> str:
        """A day of the calendar with its month in short."""
        return _short_day(day, "yMMMd", self.language)

    def day_of_year(self, day: Day) -> str:
        """A day of the calendar with its month in short, of a year that is known."""
        return _short_day(day, "MMMd", self.language)

    def clock(self, when: datetime) -> str:
        """The day and the minute by the clock that `when` is of, and which clock that is."""
        zone = "UTC" if when.tzinfo is UTC else f"({when.tzinfo})"
        return self("desk.times.clock", date=self.short_date(when), time=f"{when:%H:%M}", zone=zone)


class Phrase(str):
    """A sentence in English that knows its key, so that a page says it in the language of who reads it."""

    key: str
    by_name: Mapping[str, Any]


def phrase(key: str, /, **by_name: Any) -> Phrase:
    """A sentence of the desk, in English until a page says it; what fills it may be such sentences too."""
    english = Phrase(desk_in("en")(key, **by_name))
    english.key, english.by_name = key, by_name
    return english


def known_as(english: str) -> str:
    """The key of a sentence that is raised or stored in English as it stands, or ""."""
    return _stored()[0].get(english, "")


def recognized(english: str) -> tuple[str, dict[str, str]] | None:
    """The key of a sentence that is raised or stored in English, and what fills its places there; None for any other text."""
    key = known_as(english)
    if key or len(english) > LONGEST_RECOGNIZED:
        return (key, {}) if key else None
    matches = ((key, pattern.fullmatch(english)) for key, pattern in _stored()[1])
    return next(((key, match.groupdict()) for key, match in matches if match is not None), None)


def best(*tags: str) -> str:
    """The first of these tags (BCP 47) whose language is known, or else English."""
    for tag in tags:
        language = re.split(r"[-_]", tag.strip().lower())[0]
        language = _OTHER_TAGS.get(language, language)
        if language in LANGUAGES:
            return language
    return "en"


def direction(language: str) -> str:
    """Where lines of this language begin: "rtl" or "ltr", as HTML's `dir`."""
    return str(_locale(language).text_direction)


def sentences(language: str, section: str) -> dict[str, Any]:
    """One section of the catalogue, as it is written down."""
    return dict(_translation(language)[section])


def catalogue_in(language: str, replacements: Mapping[str, Sentence] | None = None) -> Catalogue:
    """The sentences of a language, a site's own where it has any (by "section.key")."""
    catalogue = _catalogue(language)
    return (
        Catalogue(language, catalogue.direction, {**catalogue.sentences, **replacements}) if replacements else catalogue
    )


@cache
def _stored() -> tuple[Mapping[str, str], Sequence[tuple[str, re.Pattern[str]]]]:
    """What is known by its English: keys by their sentences, and those with places as patterns, the most telling first."""
    by_key = {
        f"desk.{page}.{key}": str(sentence)
        for page in KNOWN_BY_ENGLISH
        for key, sentence in desk_sentences("en")[page].items()
    } | {
        f"public.{key}": str(sentence)
        for key, sentence in sentences("en", "public").items()
        if key.startswith("class_")
    }
    with_places = {key: sentence for key, sentence in by_key.items() if _PLACEHOLDER.search(sentence)}
    most_fixed = sorted(with_places, key=lambda key: len(_PLACEHOLDER.sub("", with_places[key])), reverse=True)
    return {sentence: key for key, sentence in by_key.items()}, [
        (key, _pattern(with_places[key])) for key in most_fixed
    ]


def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence looks like when its places are filled."""
    pieces = _PLACEHOLDER.split(sentence)  # what is fixed, and between it the places by name
    return re.compile("".join(f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)))


@cache
def desk_in(language: str) -> Catalogue:
    """The sentences of the desk in a language, each by its page and key, and beside them those that readers are told."""
    by_key = {
        f"desk.{page}.{key}": sentence
        for page, page_sentences in desk_sentences(language).items()
        for key, sentence in page_sentences.items()
    }
    return Catalogue(language, direction(language), {**_catalogue(language).sentences, **by_key})


def desk_sentences(language: str) -> dict[str, dict[str, Any]]:
    """The desk's sentences as they are written down, page by page."""
    file = files("corrections_service") / "translations" / "desk" / f"{language}.json"
    return dict(json.loads(file.read_text("utf-8")))


def names() -> dict[str, str]:
    """Each language by its tag, as those who speak it call it."""
    return {language: str(Locale.parse(language).get_display_name(language)) for language in LANGUAGES}


@cache
def _catalogue(language: str) -> Catalogue:
    by_key = {
        f"{section}.{key}": sentence for section in SECTIONS for key, sentence in sentences(language, section).items()
    }
    return Catalogue(language, direction(language), by_key)


@cache
def _translation(language: str) -> Mapping[str, Mapping[str, Sentence]]:
    file = files("corrections_service") / "translations" / f"{language}.json"
    sections: Mapping[str, Mapping[str, Sentence]] = json.loads(file.read_text("utf-8"))
    return sections


@lru_cache(4096)
def _day(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=_locale(language)))


@lru_cache(4096)
def _short_day(day: date, skeleton: str, language: str) -> str:
    return str(format_skeleton(skeleton, datetime.combine(day, time(), UTC), locale=_locale(language)))


@lru_cache(4096)
def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_DATED_AS.get(language, language))
