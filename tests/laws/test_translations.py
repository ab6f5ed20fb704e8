"""The README and the page about the line in the articles say the same in each language they are written in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.laws.documents import DOCS

ROOT = DOCS.parent
LANGUAGES = ("de", "fr", "uk")
TRANSLATED = {ROOT / "README.md": "README.md", DOCS / "embed.md": "embed.md"}
CASES = [
    pytest.param(original, DOCS / language / name, id=f"{language}/{name}")
    for original, name in TRANSLATED.items()
    for language in LANGUAGES
]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[str]:
    """What a page is made of, part by part: each heading by its level, tables by their rows, lists by their items."""
    plain = FENCE.sub("CODE", page.read_text("utf-8"))
    return [_kind(part) for part in re.split(r"\n\n+", plain.strip())]


def _kind(part: str) -> str:
    lines = part.split("\n")
    if lines[0].startswith("#"):
        return lines[0].split()[0]
    if lines[0].startswith("|"):
        return f"table of {len(lines)} rows"
    if re.match(r"- |\d+\. ", lines[0]):
        return f"list of {sum(bool(re.match(r'- |[0-9]+[.] ', line)) for line in lines)}"
    return lines[0] if lines[0] == "CODE" else "picture" if lines[0].startswith("![") else "paragraph"


def code(page: Path) -> list[str]:
    """What is to be typed or pasted, without what it says to people: comments, and the text between tags."""
    fences = [re.sub(r" +#.*", "", fence) for fence in FENCE.findall(page.read_text("utf-8"))]
    return [re.sub(r">[^<]*(?=<|$)", ">", fence) if fence.startswith("```html") else fence for fence in fences]


def names(page: Path) -> list[str]:
    """What is written as code within sentences, which is the same in every language."""
    return sorted(re.findall(r"`([^`\n]+)`", FENCE.sub("", page.read_text("utf-8"))))


def targets(page: Path) -> list[str]:
    """Where its links lead; a page that is translated counts as the original."""
    originals = {DOCS / language / name: page for page, name in TRANSLATED.items() for language in LANGUAGES}
    found = []
    for target in re.findall(r"\]\(([^)#]*)[^)]*\)", page.read_text("utf-8")):
        led = Path(target) if "://" in target else (page.parent / target).resolve()
        found.append(str(originals.get(led, led)))
    return sorted(found)


@pytest.mark.parametrize(("original", "translation"), CASES)
def test_a_translation_has_the_parts_of_the_original_in_its_order(original: Path, translation: Path) -> None:
    assert blocks(translation) == blocks(original)


@pytest.mark.parametrize(("original", "translation"), CASES)
def test_a_translation_gives_the_same_commands_and_names(original: Path, translation: Path) -> None:
    assert code(translation) == code(original)
    assert names(translation) == names(original)


@pytest.mark.parametrize(("original", "translation"), CASES)
def test_a_translation_leads_to_the_same_pages(original: Path, translation: Path) -> None:
    assert targets(translation) == targets(original)


@pytest.mark.parametrize(("original", "translation"), CASES)
def test_a_translation_is_one(original: Path, translation: Path) -> None:
    """No paragraph stands there as it does in the original."""
    parts = [set(re.split(r"\n\n+", FENCE.sub("", page.read_text("utf-8")))) for page in (original, translation)]
    assert [part for part in parts[0] & parts[1] if re.search(r"\w+ \w+ \w+", part)] == []
