"""In which language the desk speaks to who asks, and its sentences in it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError

from corrections_service import errors
from corrections_service.rules.catalogue import LANGUAGES, Catalogue, Phrase, best, desk_in, recognized
from corrections_service.rules.text import stopped_once
from corrections_service.services import editors
from corrections_service.store.models import Editor
from corrections_service.web import access

LISTS = {"what": "desk.guard.a_", "values": "", "act": "desk.work.act_"}
"""Places of sentences that hold one or several words, and where the catalogue has these, if it does."""

FOR_SCRIPTS = "desk.script."
"""What the scripts of a page say; it is in the page's own element, so that they fetch nothing."""


def init_language(app: Flask) -> None:
    """Make the sentences known to the templates."""
    for function in (say, script_words):
        app.add_template_global(function)
    app.add_template_filter(capitalized)
    app.add_template_filter(midway)
    app.add_template_global(words, "catalogue")


def language() -> str:
    """The language of who asks: as they chose, else as their publication speaks; of a stranger, as their browser asks for."""
    if not has_request_context():
        return "en"
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _language()
    return chosen


def words() -> Catalogue:
    """The desk's sentences in the language of who asks."""
    return desk_in(language())


def say(key: str, /, *, n: int | None = None, **by_name: Any) -> str:
    """One sentence of the desk; markup among what fills it stays markup, and all else is escaped then."""
    catalogue = words()
    if not any(hasattr(value, "__html__") for value in by_name.values()):
        return catalogue(key, n=n, **by_name)
    fillings = {name: value if hasattr(value, "__html__") else catalogue.fit(value) for name, value in by_name.items()}
    return escape(stopped_once(catalogue.form(key, n), fillings)).format(
        **fillings, n=catalogue.fit(n) if n is not None else ""
    )


def translate(text: Any) -> Any:
    """What a service raised or stored in English, a sentence a line, in the language of who asks; other text as it is."""
    if isinstance(text, Phrase):
        fillings: dict[str, Any] = {name: translate(value) for name, value in text.by_name.items()}
        return say(text.key, **fillings)
    if not isinstance(text, str):
        return text
    sentence = recognized(text)
    if sentence is None:
        lines = text.split("\n")
        return " ".join(map(translate, lines)) if len(lines) > 1 and any(map(recognized, lines)) else text
    return say(sentence[0], **{name: _filling(name, value) for name, value in sentence[1].items()})


def _filling(name: str, value: str) -> Any:
    """What fills a sentence in English, by the name of its place, as it fills the same one of another language."""
    sentences = words().sentences
    if f"public.{name}_{value}" in sentences:
        return say(f"public.{name}_{value}")
    if name in LISTS:
        parts = re.split(", | and ", value)
        keys = [f"{LISTS[name]}{part.replace(' ', '_')}" for part in parts]
        return words().join([say(key) if key in sentences else part for key, part in zip(keys, parts, strict=True)])
    if name == "day":
        with suppress(ValueError):
            return words().short_date(datetime.strptime(value, "%d %b %Y").replace(tzinfo=UTC))
    if re.fullmatch(r"\d{1,3}(,\d{3})+", value):
        return int(value.replace(",", ""))
    return translate(value)


def midway(text: str) -> str:
    """Words in the midst of a sentence: in English in small letters; other languages write their nouns as they are."""
    return text.lower() if language() == "en" else text


def capitalized(text: str) -> str:
    """Words at the start of a sentence."""
    first = "İ" if language() == "tr" and text[:1] == "i" else text[:1].upper()
    return first + text[1:]


def language_names() -> dict[str, str]:
    """The languages that readers are told things in, as the language of who asks calls them."""
    return {tag: str(Locale(tag).get_display_name(language())) for tag in LANGUAGES}


def title(error: errors.CorrectionsError) -> str:
    """The kind of a failure, in the language of who asks."""
    name = error.code.replace("-", "_")
    keys = (f"desk.errors.{name}", f"pages.error_{name}")  # some are told to readers alone
    return next((say(key) for key in keys if key in words().sentences), error.title)


def failure(error: errors.CorrectionsError) -> str:
    """What failed, in the language of who asks."""
    if isinstance(error, errors.InvalidFields):
        return " ".join(map(translate, error.fields.values()))
    return title(error) if error.detail == error.title else str(translate(error.detail))


def script_words() -> dict[str, Any]:
    """What the scripts of a page say, by name, and in which language."""
    return _script_words(language())


@cache
def _script_words(language: str) -> dict[str, Any]:
    return {
        key.removeprefix(FOR_SCRIPTS): sentence
        for key, sentence in desk_in(language).sentences.items()
        if key.startswith(FOR_SCRIPTS)
    }


def forget() -> None:
    """Find out anew what this request's language is: who asks became somebody else, or chose another."""
    g.pop("language", None)


def speak_to(editor: Editor) -> None:
    """Speak to a person who is not signed in yet, and is known by their link, in their language."""
    g.language = editors.language_of(editor)


def _language() -> str:
    try:
        me = access.current_editor()
        if me is not None:
            return editors.language_of(me)
    except (errors.CorrectionsError, SQLAlchemyError):  # a page that tells of that has a language all the same
        pass
    return best(*(tag for tag, quality in request.accept_languages if quality))
