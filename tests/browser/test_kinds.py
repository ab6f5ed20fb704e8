"""The dialog's guess in a browser and the service's are one: same cases, same kinds."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser

from corrections_service.rules.changes import describe_change
from corrections_service.web import embed
from tests.browser.pages import Stored, served
from tests.databases import settings_for

CASES = json.loads((Path(__file__).resolve().parents[1] / "kinds.json").read_text("utf-8"))


def test_the_service_guesses_the_kinds_of_the_table() -> None:
    said = [describe_change(case["before"], case["after"], prefix=case.get("prefix", "")).kind for case in CASES]
    assert [{**case, "kind": str(kind)} for case, kind in zip(CASES, said, strict=True)] == CASES


def test_the_dialog_guesses_the_kinds_of_the_table(browser: Browser, tmp_path: Path) -> None:
    script = embed.build(settings_for(tmp_path))
    with served() as server:
        for language in {case["lang"] for case in CASES}:
            server.pages[f"/{language}.js"] = Stored(script.module("guess", language, {}).body, "text/javascript")
        server.pages["/"] = Stored(b"<!doctype html><title>A</title>")
        page = browser.new_page()
        page.goto(f"{server.origin}/")
        guess = "async (one) => (await import(`/${one.lang}.js`)).guess(one.before, one.after, one.prefix)"
        said = [page.evaluate(guess, case) for case in CASES]
        page.close()
    assert [{**case, "kind": kind} for case, kind in zip(CASES, said, strict=True)] == CASES
