"""The plug-in for WordPress, without a WordPress: it speaks of what the service has (tests/wordpress runs it on a real one)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from corrections_service import __version__
from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.services import sites
from corrections_service.store.models import Scope

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "integrations/wordpress/corrections-service"
FILES = {path.relative_to(PLUGIN).as_posix(): path.read_text("utf-8") for path in PLUGIN.rglob("*.*")}
PHP = "".join(text for name, text in FILES.items() if name.endswith(".php"))
SENTENCE = re.compile(
    r"'(\w\w)' => array\(\s+'sentence' => '(.+)',\s+'link'     => '(.+)',\s+'key'      => '(.+)',\s+\)"
)


def test_readers_are_told_in_each_language_of_the_service() -> None:
    sentences = {language: (sentence, link, key) for language, sentence, link, key in SENTENCE.findall(PHP)}
    assert sorted(sentences) == sorted(LANGUAGES)
    assert len(re.findall(r"'sentence' => ", FILES["sentences.php"])) == len(LANGUAGES)
    for sentence, link, key in sentences.values():
        assert sorted(re.findall(r"\{(\w+)\}", sentence)) == ["key", "link"]
        assert link
        assert "+" in key
    assert len({sentence for sentence, _, _ in sentences.values()}) == len(LANGUAGES)


def test_its_version_is_the_service_s() -> None:
    (header,) = re.findall(r"\* Version: +(\S+)", FILES["corrections-service.php"])
    (stable,) = re.findall(r"Stable tag: (\S+)", FILES["readme.txt"])
    (script,) = re.findall(r"'version' +=> '(.+)'", FILES["block/editor.asset.php"])
    assert {header, stable, script} == {__version__}
    needed = re.findall(r"Requires (?:at least|PHP): +\S+", FILES["readme.txt"])
    header = re.sub(r"  +", " ", FILES["corrections-service.php"])
    assert [line for line in needed if line not in header] == []


def test_it_asks_only_for_addresses_that_the_service_has(app: Flask) -> None:
    """Each by the method that it is asked with."""
    asked = set(re.findall(r"corrections_service_address\( '(/[^']*[\w}])' \)", PHP))
    assert asked == {"/embed/{key}.js", "/report/{key}", "/log/{key}/article.json", "/api/v1/articles/changed"}
    addresses = app.url_map.bind("corrections.example")
    for path in asked:
        addresses.match(path.replace("{key}", "SITEKEY"), method="POST" if "/api/" in path else "GET")
    assert f"--scope {Scope.ARTICLES_CHANGED}" in PHP


def test_its_marks_are_those_that_the_reader_s_script_looks_for() -> None:
    marks = set(re.findall(r"data-corrections-\w+", PHP))
    script = "".join(path.read_text("utf-8") for path in (ROOT / "static/reader").glob("*.js"))
    assert marks == {"data-corrections-report", "data-corrections-log", "data-corrections-key"}
    assert [mark for mark in marks if mark not in script + sites.ALL_DOORS] == []


def test_it_shows_notices_by_fields_and_elements_of_the_service() -> None:
    fields = set(re.findall(r"\$notice\['(\w+)'\]", FILES["notices.php"]))
    data = (ROOT / "corrections_service/web/notices.py").read_text("utf-8")
    assert fields >= {"url", "label", "text", "date", "gravity", "fate", "retracted"}
    assert [name for name in fields if f'"{name}": ' not in data] == []
    fragment = (ROOT / "templates/public/fragment.html").read_text("utf-8")
    for element in ('<a class="corrected" ', "<aside", "<strong>"):
        assert element in fragment
        assert element in FILES["notices.php"]


@pytest.mark.parametrize(
    "name", sorted(name for name in FILES if name.endswith(".php") and not name.endswith(".asset.php"))
)
def test_no_file_of_it_runs_outside_wordpress(name: str) -> None:
    guard = "WP_UNINSTALL_PLUGIN" if name == "uninstall.php" else "ABSPATH"
    assert re.search(rf"\A<\?php\n/\*\*.*?\*/\n\ndefined\( '{guard}' \) \|\| exit;", FILES[name], re.DOTALL)


def test_its_names_are_its_own_and_uninstalling_takes_all_that_it_keeps() -> None:
    assert (
        re.findall(r"^function (?!corrections_service_)\w+|^\$(?!corrections_service_)\w+ =", PHP, re.MULTILINE) == []
    )
    kept = set(re.findall(r"(?:update_option|add_option|register_setting)\( '(\w+)'", PHP))
    assert kept == {"corrections_service", "corrections_service_trouble", "corrections_service_changed_"}
    prefixes = re.findall(r"'(\w+_)'", FILES["uninstall.php"])
    taken = {name for name in kept if f"delete_option( '{name}' )" in FILES["uninstall.php"]}
    assert kept - taken - set(prefixes) == set()
    tasks = set(re.findall(r"wp_schedule_single_event\( [^']+'(\w+)'", PHP))
    assert [name for name in tasks if f"wp_unschedule_hook( '{name}' )" not in FILES["uninstall.php"]] == []
    assert json.loads(FILES["block/block.json"])["name"].startswith("corrections-service/")
