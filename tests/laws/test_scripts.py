"""What browsers get of the reader's script is script, and happens in the order in which it is written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corrections_service.rules import fields
from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.web import embed
from tests.databases import settings_for

ROOT = Path(__file__).resolve().parents[2]
NODE = shutil.which("node") or str(Path(sys.executable).with_name("node"))
READ = """
const wrong = process.argv.slice(1).filter(path => {
  try { new (require("vm").SourceTextModule)(require("fs").readFileSync(path, "utf-8")); } catch { return true; }
});
console.log(JSON.stringify(wrong));
"""
TSC = [NODE, str(ROOT / "node_modules/typescript/bin/tsc"), "--ignoreConfig", "--noEmit", "--allowJs", "--checkJs"]
TOO_EARLY = re.compile(r"^.*error TS(?:2448|2449|2450|2454): .*$", re.MULTILINE)
"""A name is used before it is declared."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every module, and all of it in one file, in each language."""
    folder = tmp_path_factory.mktemp("served")
    script = embed.build(settings_for(folder))
    found = []
    for language in LANGUAGES:
        parts = {name: script.module(name, language, {}) for name in script.names}
        parts["whole"] = script.whole(language, {})
        for name, part in parts.items():
            found.append(folder / f"{name}-{language}.mjs")
            found[-1].write_bytes(part.body)
    loader = folder / "embed.mjs"
    loader.write_text(script.loader({}), "utf-8")
    return [*found, loader]


def no_modules(paths: list[Path]) -> list[str]:
    """Those that a browser would not take for a module; one process reads them all."""
    command = [NODE, "--no-warnings", "--experimental-vm-modules", "--eval", READ, *map(str, paths)]
    return list(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def too_early(paths: list[Path]) -> list[str]:
    """Where a name is used before it is declared."""
    done = subprocess.run([*TSC, *map(str, paths)], capture_output=True, text=True, check=False)
    assert "Cannot find module" not in done.stderr, done.stderr
    return TOO_EARLY.findall(done.stdout)


def test_every_part_that_is_served_is_script(served: list[Path]) -> None:
    wrong = [served[0].with_name("no-script.mjs"), served[0].with_name("no-module.mjs")]
    wrong[0].write_text("const SITE={};]]", "utf-8")
    wrong[1].write_text("with (a) b = await c;", "utf-8")
    assert no_modules([*served, *wrong]) == [str(path) for path in wrong]


def test_no_name_is_used_before_it_is_declared(served: list[Path], tmp_path: Path) -> None:
    """The minifier joins declarations; what is read from another must stay behind it."""
    wrong = tmp_path / "wrong.mjs"
    wrong.write_text("export const f = () => { const { b } = a, a = {}; return [a, b]; };")
    assert too_early([wrong])
    assert too_early(served) == []


@pytest.mark.parametrize("path", sorted((ROOT / "static/reader").glob("*.js")), ids=lambda path: path.name)
def test_no_source_declares_with_var(path: Path) -> None:
    """The minifier puts `{ b } = a` before `a = f()` where both are of `var`, and of `var` alone."""
    assert re.findall(r"^\s*(?:for \()?var\b.*", path.read_text("utf-8"), re.MULTILINE) == []


def test_a_quote_has_as_much_around_it_as_the_service_takes() -> None:
    """The other limits of a report are handed to the script; this module also runs by itself."""
    (context,) = re.findall(
        r"^const CONTEXT = (\d+);", (ROOT / "static/reader/quote.js").read_text("utf-8"), re.MULTILINE
    )
    assert int(context) == fields.LONGEST_AROUND


@pytest.mark.parametrize("kind", ["const", "let"])
@pytest.mark.parametrize("between", [", ", "; KIND "])
def test_the_minifier_leaves_other_declarations_in_their_order(kind: str, between: str) -> None:
    source = f"export const g = f => {{ {kind} a = f(){between.replace('KIND', kind)}{{ b }} = a; return [a, b]; }}"
    small = embed.minified(source)
    assert small.index("}=") > small.index("=e()"), small
