"""Every pattern of the rules is read over 64 KiB of one letter in no time; none backtracks into the ground; each can be read."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

from corrections_service import rules
from corrections_service.rules.changes import describe_change
from corrections_service.rules.grouping import Sighting, same_error
from corrections_service.rules.pages import article_facts, visible_text
from corrections_service.rules.quotes import Quote, check_fix, sentence_around, text_fragment
from corrections_service.rules.sentences import around
from corrections_service.rules.text import clean, cut, fold, is_visible, one_line, tokens
from tests.measures import passes_at_most

LONG = "a" * 65_536 + "!"


def patterns():
    for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for at, pattern in enumerate(_patterns_in(value)):
                yield pytest.param(pattern, id=f"{module.name.removeprefix(rules.__name__ + '.')}.{name}.{at}")


def _patterns_in(value) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in _patterns_in(one))
    elif isinstance(value, list | tuple):
        yield from (found for one in value for found in _patterns_in(one))


@pytest.mark.parametrize("pattern", list(patterns()))
def test_no_pattern_reads_64_kib_of_one_letter_again_for_each_letter(pattern):
    text = LONG if isinstance(pattern.pattern, str) else LONG.encode()
    passes_at_most(40, lambda: pattern.search(text), text)


@pytest.mark.parametrize("path", sorted(Path(rules.__file__).parent.rglob("*.py")), ids=lambda path: path.stem)
def test_a_pattern_of_more_than_60_characters_is_written_a_line_a_thought(path):
    asked = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    compiled = [call for call in asked if ast.unparse(call.func) in ("re.compile", "regex.compile")]
    dense = [call.lineno for call in compiled if _length(call.args[0]) > 60 and "VERBOSE" not in ast.unparse(call)]
    assert dense == []


def _length(pattern: ast.expr) -> int:
    """How long a pattern is as it is written; parts that have a name of their own are read there."""
    said = [node.value for node in ast.walk(pattern) if isinstance(node, ast.Constant)]
    return sum(len(part) for part in said if isinstance(part, str | bytes))


def compare(text):
    """All that is said of a change, its kind and its guard, is more work a letter than reading is."""
    return describe_change(text, text[:-1])


@pytest.mark.parametrize(
    "read",
    [
        clean,
        lambda text: cut(text, 2000),
        one_line,
        is_visible,
        tokens,
        fold,
        compare,
        lambda text: check_fix(Quote(text[:2000], text[:300], text[:300]), text, "b"),
        lambda text: same_error(Sighting(Quote(text, text, text), "b"), Sighting(Quote(text, text, text), "c")),
        lambda text: text_fragment(Quote(text, text, text)),
        lambda text: sentence_around(Quote(text, text, text)),
        lambda text: around(Quote(text[:1], text[:300], text[:300]), text),
        lambda text: around(Quote("b", text, text)),
        lambda text: visible_text(text.encode()),
        lambda text: article_facts(text.encode(), "https://news.example/a"),
    ],
)
@pytest.mark.parametrize(
    ("unit", "length"),
    [("a", 1_000_000), *((unit, 65_536) for unit in (" ", "<", "1,", ".", '"', "\u0301", "<meta ", "а'", "\n"))],
)
def test_no_rule_takes_long_over_one_letter_or_mark_repeated(read, unit, length):
    text = (unit * length)[:length] + "!"
    passes_at_most(1_000 if read is compare else 150, lambda: read(text), text)


def test_json_ld_of_white_space_is_read_at_once():
    page = (
        b'<script type="application/ld+json">{"@type": "Article"' + b" " * 500_000 + b"}x" + b"/ " * 1000 + b"</script>"
    )
    passes_at_most(40, lambda: article_facts(page, "https://news.example/a"), page)
