"""One catalogue, the same in every language: keys, places, plural forms, and nothing that nobody says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from corrections_service import errors
from corrections_service.rules.catalogue import LANGUAGES, SECTIONS, desk_sentences, sentences
from corrections_service.rules.workflow import NoticeClass, Resolution, Role
from corrections_service.web.matrix import POLICY

ROOT = Path(__file__).resolve().parents[2]
READERS = {
    language: {f"{section}.{key}": said for section in SECTIONS for key, said in sentences(language, section).items()}
    for language in LANGUAGES
}
DESK = {
    language: {
        f"desk.{page}.{key}": said for page, keys in desk_sentences(language).items() for key, said in keys.items()
    }
    for language in LANGUAGES
}
CATALOGUE = {language: {**READERS[language], **DESK[language]} for language in LANGUAGES}
ENGLISH = CATALOGUE["en"]
OTHERS = [language for language in LANGUAGES if language != "en"]

SAME_AS_ENGLISH = {
    *(("pages.moment", language) for language in ("uk", "pl", "fr", "es", "pt", "it", "tr")),
    ("dialog.email", "fr"),
    ("dialog.options", "fr"),
    *(("dialog.media", language) for language in ("de", "fr", "it", "tr")),
}
"""Words that are written alike: “E-mail”, “Options”, “Photo”, “Passage”, “Video”."""

ALIKE: Mapping[str, set[str]] = {
    "uk": {"Ctrl Enter"},
    "pl": {"Ctrl Enter", "Spam", "media", "spam", "spam {points}: {reasons}", "{number} min", "{number} s"},
    "de": {"Spam", "Webhooks", "Webhooks – {site}", "{cases} in {time}", "{cases}, {readers} in {time}", "{number} s"},
    "fr": {
        *("Note", "Spam", "Webhooks", "Webhooks – {site}", "spam"),
        *("{n} minute", "{n} minutes", "{number} h", "{number} min", "{number} s"),
    },
    "es": {
        *("Spam", "Webhooks", "Webhooks – {site}", "no", "spam", "spam {points}: {reasons}"),
        *("{number} d", "{number} h", "{number} min", "{number} s"),
    },
    "pt": {
        *("Ctrl Enter", "Spam", "Webhooks", "Webhooks – {site}", "spam", "spam {points}: {reasons}"),
        *("{number} d", "{number} h", "{number} min", "{number} s"),
    },
    "it": {
        *("Account", "Me", "Spam", "no", "spam", "spam {points}: {reasons}"),
        *("{cases} in {time}", "{cases}, {readers} in {time}", "{number} h", "{number} min", "{number} s"),
    },
    "tr": {"Ctrl Enter", "Spam", "spam", "spam {points}: {reasons}"},
    "ar": {"Ctrl Enter"},
    "he": {"Ctrl Enter"},
}
"""Words of the desk that a language writes as English does."""

ONE_NUMBER = {"zero", "one", "two"}
"""Plural categories that can stand for a single number, which a sentence may then say in a word."""

WITHOUT_WORDS = ("reader", "public", "mail")
"""What readers are shown, and all mails."""

SAID_AS_IT_IS = {"Atom", "JSON", "Feed", "CSV"}
KEYS = {"j", "Enter"}


def _texts(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    return list(said.values() if isinstance(said, Mapping) else said)


def _bare(text: str) -> str:
    """A sentence without its places."""
    return re.sub(r"\{\w+\}", "", text)


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _desk_templates() -> list[Path]:
    folders = (ROOT / "templates/dashboard", ROOT / "templates/account")
    return [*(path for folder in folders for path in folder.rglob("*.html")), ROOT / "templates/parts.html"]


def _templates() -> list[Path]:
    return [path for folder in WITHOUT_WORDS for path in (ROOT / "templates" / folder).iterdir()]


def _used() -> tuple[set[str], set[str]]:
    """The keys that templates, pages and the reader's script name, and the beginnings of those that they put together."""
    sources = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "corrections_service").rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(re.findall(rf"\"((?:{'|'.join(SECTIONS)})\.\w+)\"(?! ~)", text))
    begun = set(re.findall(rf"\"((?:{'|'.join(SECTIONS)})\.\w+)(?:\" ~|\{{)", text))
    script = "\n".join(path.read_text("utf-8") for path in (ROOT / "static/reader").glob("*.js"))
    named |= set(re.findall(r"\"(desk\.\w+\.\w+)\"(?! ~)", text))
    begun |= set(re.findall(r"\"(desk\.\w+\.\w*)(?:\" ~|\{)", text))
    begun |= set(re.findall(r"\"(desk\.\w+\.)\"", text))
    begun |= {"desk.stored."}
    begun |= {f"desk.{page}." for page in re.findall(r"named\(\"(\w+)\"", text)}
    for path in (ROOT / "static/dashboard").glob("*.js"):
        named |= {f"desk.script.{key}" for key in re.findall(r"\bsay\(\"(\w+)\"", path.read_text("utf-8"))}
    named |= {f"desk.script.{key}" for key in ("counted", "tooLong", "unsendable")}
    named |= {f"dialog.{key}" for key in re.findall(r"\bwords\.(\w+)", script)} - {
        "dialog.language",
        "dialog.direction",
    }
    halves = {key for key in named if key.endswith("_")}
    return named - halves, begun | halves


def test_there_is_a_file_for_every_language_and_no_other() -> None:
    for folder in ("translations", "translations/desk"):
        files = {path.stem for path in (ROOT / "corrections_service" / folder).glob("*.json")}
        assert files == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_exactly_what_english_says(language: str) -> None:
    assert list(CATALOGUE[language]) == list(ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_has_the_places_of_the_english_one(language: str) -> None:
    for key, english in ENGLISH.items():
        said = CATALOGUE[language][key]
        assert isinstance(said, type(english)), key
        if isinstance(english, list):
            assert len(said) == len(english), key
        elif isinstance(english, dict):
            needed = _places(english["other"])
            for category, form in said.items():
                missing = needed - _places(form)
                assert _places(form) <= needed, (key, category)
                assert not missing or (category in ONE_NUMBER and missing <= {"n", "0"}), (key, category)
        else:
            assert _places(said) == _places(english), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_sentence_has_the_forms_that_the_language_has(language: str) -> None:
    forms = set(Locale(language).plural_form.tags) | {"other"}
    for key, said in CATALOGUE[language].items():
        if isinstance(said, dict):
            assert set(said) == forms, key


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language: str) -> None:
    for key, said in CATALOGUE[language].items():
        same = {text for text in set(_texts(said)) & set(_texts(ENGLISH[key])) if re.search(r"[^\W\d_]", _bare(text))}
        assert not same - ALIKE.get(language, set()) or (key, language) in SAME_AS_ENGLISH, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_set_as_a_newspaper_sets_them(language: str) -> None:
    """Real quotation marks, apostrophes and dots; French has its spaces; no markup and nothing invisible."""
    wrong = re.compile(r"['\"<>&`\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\.\.\.|  |^\s|\s$")
    if language == "fr":
        wrong = re.compile(f"{wrong.pattern}|[^\u202f][;!?]|« | »|[^\u00a0]:(?!//)")
    for key, said in CATALOGUE[language].items():
        for text in _texts(said):
            assert not wrong.search(text), (key, text)


def test_the_dialogs_english_stays_small() -> None:
    dialog = json.dumps(sentences("en", "dialog"), ensure_ascii=False)
    assert len("".join(text for said in json.loads(dialog).values() for text in _texts(said)).encode()) < 1750


def test_every_sentence_that_is_asked_for_is_there_and_every_one_there_is_asked_for() -> None:
    named, begun = _used()
    named |= {f"public.{name}" for name, _ in POLICY.values()}
    assert named <= set(ENGLISH)
    unsaid = {key for key in set(ENGLISH) - named if not any(key.startswith(start) for start in begun)}
    assert unsaid == set()


def test_what_is_known_by_its_english_is_said_so_somewhere() -> None:
    """A sentence that a service raises or stores as it stands is translated by its English: that must be the same."""
    sources = " ".join(path.read_text("utf-8") for path in (ROOT / "corrections_service").rglob("*.py"))
    whole = re.sub(r"\"\s*\n\s*f?\"", "", sources)
    unsaid = []
    for said in desk_sentences("en")["stored"].values():
        pieces = [re.escape(piece) for piece in re.split(r"\{\w+\}", said)]
        if not re.search('"' + r"\{[^{}\n]*\}".join(pieces) + '"', whole):
            unsaid.append(said)
    assert unsaid == []
    sentences = list(desk_sentences("en")["stored"].values())
    assert len(set(sentences)) == len(sentences), "one sentence by two keys, of which one is never said"


def test_what_is_put_together_from_a_value_is_there_for_every_value() -> None:
    needed = {f"mail.resolution_{one}" for one in [*Resolution, "decided"]}
    needed |= {f"public.class_{one}" for one in NoticeClass} | {f"public.role_{one}" for one in Role}
    for resolution, (name, notice) in POLICY.items():
        needed |= {f"public.{name}", f"public.when_{resolution}", f"public.notice_{notice}"}
    mails = {path.stem for path in (ROOT / "templates/mail").glob("*.html")}
    needed |= {f"desk.mails.{name}" for name in mails - {"_case", "_reader", "layout", "answers", "cases_new"}}
    assert needed <= set(ENGLISH)


def test_every_failure_that_has_a_sentence_can_happen() -> None:
    codes = {one.code.replace("-", "_") for one in vars(errors).values() if hasattr(one, "code")}
    said = {key.removeprefix("pages.error_") for key in ENGLISH if key.startswith("pages.error_")}
    assert said <= codes


@pytest.mark.parametrize("path", _templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_readers_page_and_a_mail_have_no_words_of_their_own(path: Path) -> None:
    assert _own_words(path) <= SAID_AS_IT_IS


@pytest.mark.parametrize("path", _desk_templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_of_the_desk_has_no_words_of_its_own(path: Path) -> None:
    assert _own_words(path) <= SAID_AS_IT_IS | KEYS


@pytest.mark.parametrize("path", sorted((ROOT / "static/dashboard").glob("*.js")), ids=lambda path: path.name)
def test_a_script_of_the_desk_has_no_words_of_its_own(path: Path) -> None:
    code = re.sub(r"^\s*//.*|/\*.*?\*/", "", path.read_text("utf-8"), flags=re.MULTILINE)
    assert not re.findall(r"[\"`][A-Z][a-z]+,? [^\"`]*[\"`]|textContent \+?= [\"`]\w", code)


def _own_words(path: Path) -> set[str]:
    """The words that stand in a template itself, in what it shows and in what its attributes say."""
    bare = re.sub(
        r"<style>.*?</style>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}| autofocus(?=\{)",
        "",
        path.read_text("utf-8"),
        flags=re.DOTALL,
    )
    shown = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", " ", bare)
    for attribute in ("title", "aria-label", "placeholder", "alt", "data-name"):
        shown += " ".join(re.findall(rf"\s{attribute}=\"([^\"]*)\"", bare))
    for expression in re.findall(r"\{%.*?%\}|\{\{.*?\}\}", path.read_text("utf-8"), flags=re.DOTALL):
        literals = re.findall(r"\"([^\"]*)\"", expression)
        shown += " ".join(
            literal
            for literal in literals
            if re.search(r"^[A-Z][a-z]|[a-z] [a-z]", literal) and "noopener" not in literal
        )
    return set(re.findall(r"[^\W\d_]+", shown))


def test_what_a_case_is_called_by_is_no_quantity() -> None:
    """A number that somebody copies, such as 1234, is written digit by digit, and not as 1,234."""
    for template in sorted((ROOT / "templates").rglob("*.html")):
        quantities = re.findall(r"number=[\w.]+[._]id\b(?! \| string)", template.read_text("utf-8"))
        assert not quantities, template
