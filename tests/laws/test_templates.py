"""What readers type never becomes markup, the templates leave no way for it (THREATS C04, I11, I13); and how they are written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
MAILS = [path for path in TEMPLATES if "mail" in path.parts]
TAG = re.compile(r"<[a-zA-Z](?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|[^<>{\"]|\{(?![{%]))*>", re.DOTALL)
LONGEST_LINE, LONGEST_FILE, LONGEST_RULE = 120, 400, 100
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
WRITTEN = [one for one in (*(ROOT / "templates").rglob("*.*"), *STYLES, *SCRIPTS) if "vendor" not in one.parts]
LATER = [one for one in WRITTEN if one.parent == ROOT / "static/reader"]
"""The reader's script and its style: they are taken apart by themselves, as every byte of them is counted."""

MADE_BY_US = {"corrections_service/demo/mailbox.py", "corrections_service/demo/newspaper.py"}
"""The demo's own pages: an escaped text with our own markup in it."""


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_nothing_is_called_safe(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_no_script_or_style_stands_in_a_page(path: Path) -> None:
    source = path.read_text("utf-8")
    for script in re.findall(r"<script\b([^>]*)>", source):
        assert "src=" in script or 'type="application/ld+json"' in script
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", source)
    for data in re.findall(r"<script type=\"application/ld\+json\">(.*?)</script>", source, re.DOTALL):
        assert re.fullmatch(r"\{\{ \w+ \| tojson \}\}", data.strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_attribute_is_quoted(path: Path) -> None:
    for tag in TAG.findall(path.read_text("utf-8")):
        bare = re.sub(r"\"[^\"]*\"", '""', re.sub(r"\{%.*?%\}", " ", tag, flags=re.DOTALL))
        assert not re.search(r"=\s*[^\"\s]", bare), tag


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_link_that_opens_elsewhere_tells_nobody_from_where(path: Path) -> None:
    for tag in re.findall(r"<a\b[^>]*target=[^>]*>", path.read_text("utf-8")):
        assert "noopener" in tag
        assert "noreferrer" in tag


@pytest.mark.parametrize("path", MAILS, ids=_name)
def test_a_mail_loads_nothing(path: Path) -> None:
    assert not re.search(r"<(?:img|link|script|iframe|form|object|video)\b|url\(|@import", path.read_text("utf-8"))


def test_markup_is_made_in_the_named_places_only() -> None:
    users = [path for path in (ROOT / "corrections_service").rglob("*.py") if "Markup(" in path.read_text("utf-8")]
    assert {str(path.relative_to(ROOT)) for path in users} <= MADE_BY_US


@pytest.mark.parametrize("path", sorted({*WRITTEN} - {*LATER}), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_written_one_thing_a_line(path: Path) -> None:
    """No line of a template, a script or a style is over 120 characters, and no file of them over 400 lines."""
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == []
    assert len(lines) <= LONGEST_FILE


@pytest.mark.parametrize("path", sorted({*STYLES} - {*LATER}), ids=lambda path: path.name)
def test_a_rule_of_many_declarations_has_a_line_for_each(path: Path) -> None:
    rules = [line for line in path.read_text("utf-8").splitlines() if "{" in line]
    assert [line for line in rules if len(line) > LONGEST_RULE] == []
