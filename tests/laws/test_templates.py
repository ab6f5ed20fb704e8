"""What readers type never becomes markup: the templates leave no way for it (THREATS C04, I11, I13)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MAILS = [path for path in TEMPLATES if path.is_relative_to(ROOT / "templates/mail")]
PAGES = [path for path in TEMPLATES if path not in MAILS]
TAG = re.compile(r"<[a-zA-Z](?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|[^<>{\"]|\{(?![{%]))*>", re.DOTALL)
IMPORT = re.compile(r"\{% from \"[\w/.]+\" import ([\w, ]+?)(?: with context)? %\}")
STYLES = sorted(path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts)
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


def _said(*folders: str, kinds: tuple[str, ...]) -> str:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    return "\n".join(path.read_text("utf-8") for path in found)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_uses_what_it_imports(path: Path) -> None:
    source = path.read_text("utf-8")
    names = [name for names in IMPORT.findall(source) for name in names.split(", ")]
    assert [name for name in names if not re.search(rf"\b{name}\(", IMPORT.sub("", source))] == []


@pytest.mark.parametrize("path", [path for path in PAGES if {"dashboard", "account"} & set(path.parts)], ids=_name)
def test_a_template_imports_the_shared_parts_that_it_calls(path: Path) -> None:
    """Else it lives on the imports of whoever includes it."""
    source, shared = path.read_text("utf-8"), (ROOT / "templates/parts.html").read_text("utf-8")
    known = {name for names in IMPORT.findall(source) for name in names.split(", ")}
    known |= set(re.findall(r"\{% macro (\w+)\(", source))
    called = set(re.findall(r"(?<![\w.\"-])(\w+)\(", re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)))
    assert called & set(re.findall(r"\{% macro (\w+)\(", shared)) - known == set()


def test_every_macro_is_called() -> None:
    said = _said("templates", "corrections_service", kinds=(".html", ".txt", ".py"))
    names = re.findall(r"\{% macro (\w+)\(", said)
    assert [name for name in names if not re.search(rf"(?<!macro )\b{name}\(|\.module\.{name}\b", said)] == []


def test_every_custom_property_is_set_and_used() -> None:
    said = "\n".join(path.read_text("utf-8") for path in STYLES)
    assert set(re.findall(r"(--[\w-]+):", said)) == set(re.findall(r"var\((--[\w-]+)", said))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_class_that_a_style_knows_is_given_somewhere(path: Path) -> None:
    """In a template or by a script; the beginning of one may be followed by what a value is called."""
    said = _said("templates", "static", "corrections_service", kinds=(".html", ".js", ".py"))
    words, begun = set(re.findall(r"[\w-]+", said)), tuple(re.findall(r"([a-z]+-)\{\{", said))
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    names = set(re.findall(r"[.#]([a-zA-Z][\w-]*)", selectors))
    assert {name for name in names - words if not name.startswith(begun)} == set()
