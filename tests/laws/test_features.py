"""Each feature of the reader's side is shown in a real browser: some test there says that it proves it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

BROWSER = Path(__file__).resolve().parents[1] / "browser"
FEATURES = {
    "A1": "Ctrl+Enter on a selection",
    "A2": "Cmd+Enter on a Mac, and the caption shows the reader's own key",
    "A3": "silent inside inputs, editors and open dialogs",
    "A4": "on a phone, a small button after a finished selection",
    "A5": "a visible link with no selection",
    "A6": "works without script",
    "A7": "the reader and the site switch ways in off",
    "A8": "nothing pops over a selection unless asked for",
    "A9": "the quote inside its sentence",
    "A10": "what it should say, with the difference",
    "A11": "the kind, guessed and optional",
    "A12": "a source, only for facts",
    "A13": "an optional address with its purpose",
    "A14": "what was typed survives closing, reloading and failure",
    "A15": "an honest end",
    "A16": "any selection, and a long one is said to be cut",
    "A17": "keyboard and screen reader",
    "A18": "a strict policy, no other style's harm, one file whose hash is published",
    "A19": "languages, right to left, the site's own words",
    "A20": "the selection is given back",
    "A21": "single-page navigation, the canonical address, articles in one page",
    "A22": "errors in what cannot be selected",
    "A23": "corrections of this page, shown before sending",
    "A24": "several errors in one go",
    "A25": "from newsletter, app and print by a short link",
}


@cache
def proven() -> set[str]:
    """The features that the tests name in their docstrings."""
    said = ""
    for path in sorted(BROWSER.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said += f" {ast.get_docstring(node) or ''}"
    return set(re.findall(r"\bA\d+\b", said))


@pytest.mark.parametrize("feature", FEATURES)
def test_a_test_in_the_browser_proves_the_feature(feature: str) -> None:
    assert feature in proven(), FEATURES[feature]
