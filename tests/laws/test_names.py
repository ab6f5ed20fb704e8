"""A name says what it is, by no bare pronoun or participle, and docstrings have one voice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "corrections_service"
FILES = sorted(PACKAGE.rglob("*.py"))

KEYS = {"store/erasures.py": {"what"}}
"""Names that are keys of a file beside the database, and stay as earlier versions wrote them there."""

BARE = frozenset(
    "one another both each it its this that these those what which whose mine ours theirs own"
    " said told asked answered found sought known seen shown named called given taken wanted kept gone done made sent"
    " written stored held stood due owed noted".split()
)
OTHER_VOICES = ("Return ", "Returns ", "Yield ", "Yields ", "Tell whether ")


def bindings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the name of every parameter, and of all that is assigned, looped over or caught."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
            yield node.lineno, node.name


def bare(source: str) -> list[str]:
    """The names that say nothing, each after its line; `left` says something only beside a right side."""
    tree = ast.parse(source)
    names = {(line, name) for line, name in bindings(tree) if name.strip("_") in BARE}
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bound = set(bindings(function))
            if not any(name.startswith("right") for _, name in bound):
                names |= {(line, name) for line, name in bound if name == "left"}
    return [f"{line}: {name}" for line, name in sorted(names)]


def voices(source: str) -> list[str]:
    """The docstrings of functions that do not say what is given ("The words …", "Whether …") or what is done."""
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    docstrings = ((node.lineno, ast.get_docstring(node) or "") for node in functions)
    return [f"{line}: {text.splitlines()[0]}" for line, text in docstrings if text.startswith(OTHER_VOICES)]


def name_of(path: Path) -> str:
    """The path of a file within the package."""
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_called_by_a_pronoun_or_a_participle(path: Path) -> None:
    keys = KEYS.get(name_of(path), set())
    names = [name for name in bare(path.read_text("utf-8")) if name.partition(": ")[2] not in keys]
    assert names == [], "say what it is: a quote, a span, a match, a number"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_docstrings_say_what_is_given_or_what_is_done(path: Path) -> None:
    assert voices(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "found = 1",
        "found: list[str] = []",
        "def read(one): ...",
        "def read(*, known=None): ...",
        "def read(*asked): ...",
        "def read(**named): ...",
        "[one for one in quotes]",
        "for _, said in pairs: ...",
        "first, *own = pairs",
        "if (told := said_in(page)): ...",
        "with lock() as held: ...",
        "except_ = [lambda seen: seen]",
        "try: ...\nexcept ValueError as known: ...",
        "match value:\n    case [given, _]: ...",
        "def rest():\n    left = 3",
        "_known = {}",
    ],
)
def test_a_bare_name_is_seen_wherever_it_is_bound(source: str) -> None:
    assert len(bare(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def reach(left, right): ...",
        "class Edit:\n    left: str\n    right: str",
        "quote.found(known=words)",
        "def found(): ...",
        "matches = [match for match in PATTERN.finditer(text)]",
        "from package import known",
    ],
)
def test_a_name_that_says_something_is_let_be(source: str) -> None:
    assert bare(source) == []


@pytest.mark.parametrize("docstring", ["Return the words.", "Yield each word.", "Tell whether words stand."])
def test_another_voice_is_heard(docstring: str) -> None:
    assert voices(f'def read():\n    """{docstring}"""') == [f"1: {docstring}"]
    assert voices('def read():\n    """The words, in order."""\n\n\ndef tell():\n    """Tell readers."""') == []
