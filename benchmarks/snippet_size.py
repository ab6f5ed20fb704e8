"""What a browser really loads of the reader's script for one reader in one language, brotli 11; against Isso's embed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import brotli
from playwright.sync_api import Response, Route, sync_playwright

from benchmarks.intake_vs_isso import install
from benchmarks.load import ORIGIN
from benchmarks.servers import service

# The page stands for one of the internet, the service for one there too, and not on the reader's own machine.
FLAGS = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"]
WORDS = "The bridge was opend in 1987 by the king."
PAGE = f"<!doctype html><html lang=en><title>A</title><p id=a>{WORDS}</p>"


def run(*, against_isso: bool = True) -> dict[str, object]:
    """Load a page, highlight, open the dialog and send; the size of every script that came, in bytes."""
    with service(shadow_root="open") as (port, key, _):
        sizes = loaded(f"http://127.0.0.1:{port}/embed/{key}.js")
    loader = next(size for name, size in sizes.items() if name == f"{key}.js")
    everything = sum(sizes.values())
    figures: dict[str, object] = {"loader_kb": loader / 1000, "everything_kb": everything / 1000}
    figures |= {f"bytes {'loader' if name == f'{key}.js' else name}": size for name, size in sizes.items()}
    if against_isso:
        theirs = isso_size()
        figures |= {"isso_kb": theirs / 1000, "ratio": everything / theirs}
    return figures


def loaded(address: str) -> dict[str, int]:
    """Every script that the browser loaded from report to reference, by its name, packed."""
    came: list[Response] = []

    def answer(route: Route) -> None:
        body = f'{PAGE}<script type="module" async src="{address}"></script>'
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(locale="en-GB")
        page.route(f"{ORIGIN}/**", answer)
        page.on("response", lambda response: came.append(response))
        page.goto(f"{ORIGIN}/a")
        page.wait_for_function("window[Symbol.for('corrections')]")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('#a'))")
        page.keyboard.press("Control+Enter")
        page.locator("corrections-dialog button[value=send]").click()
        page.locator("corrections-dialog button[value=another]").wait_for()
        scripts = [one for one in came if one.request.resource_type == "script"]
        sizes = {one.url.rpartition("/")[2]: packed(one.body()) for one in scripts}
        browser.close()
    return sizes


def isso_size() -> int:
    """What a page loads to show Isso's comments: its embed alone, without its style sheet."""
    with tempfile.TemporaryDirectory() as name:
        python = install(Path(name) / "venv")
        (script,) = (python.parents[1] / "lib").rglob("isso/js/embed.min.js")
        return packed(script.read_bytes())


def packed(body: bytes) -> int:
    """The size as it goes over the wire at best."""
    return len(brotli.compress(body, mode=brotli.MODE_TEXT, quality=11))
