"""What the script costs while a page loads, in Chromium as fast as it runs here and four times slower; and Isso's.

The page has no other script: all that is compiled, evaluated and called back in its main thread is the embed's, of ours
the loader, of Isso's its embed with the form that it puts into the page. The figures are from the browser's own trace of
a load with an empty cache, to when nothing was fetched for half a second. A long task is one of 50 ms or more with any
script in it. Isso answers from a server of its own, and is embedded as its documentation says.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.intake_vs_isso import isso
from benchmarks.load import ORIGIN, in_turn
from benchmarks.servers import service
from benchmarks.snippet_size import FLAGS, WORDS

RATES = (1, 4)  # times slower
LONG = 50_000  # microseconds
PAGE = f"<!doctype html><html lang=en><title>A</title><article>{f'<p>{WORDS}</p>' * 40}</article>"
TRACED = ["devtools.timeline", "v8", "toplevel"]
SCRIPT = {
    "EvaluateScript",
    "FunctionCall",
    "BlinkScheduler_PerformMicrotaskCheckpoint",  # also where there are none, which adds about 0.2 ms to each load
    "v8.compile",
    "v8.compileModule",
    "v8.evaluateModule",
    "v8.produceCache",
    "v8.produceModuleCache",
}


@dataclass(frozen=True)
class Load:
    """One load: milliseconds of script in the main thread, requests beside the page itself, long tasks."""

    script: float
    requests: int
    long_tasks: int


def run(rounds: int = 7, *, against_isso: bool = True, rates: tuple[int, ...] = RATES) -> dict[str, object]:
    """Load the page with ours and with Isso's (else with nothing) in turn; milliseconds, requests, long tasks."""
    with contextlib.ExitStack() as stack:
        port, key, _ = stack.enter_context(service())
        ours = f'<script type="module" async src="http://127.0.0.1:{port}/embed/{key}.js"></script>'
        theirs = ""
        if against_isso:
            script = f"http://127.0.0.1:{stack.enter_context(isso())}/js/embed.min.js"
            theirs = f'<script src="{script}"></script><section id="isso-thread"></section>'
        browser = stack.enter_context(chromium())
        load(browser, PAGE)  # the browser's own first one
        figures = [compare(browser, ours, theirs, rate, rounds) for rate in rates]
    return {
        f"x{rate}_{name}": value for rate, found in zip(rates, figures, strict=True) for name, value in found.items()
    }


def compare(browser: Browser, ours: str, theirs: str, rate: int, rounds: int) -> dict[str, object]:
    """Load the page with one and with the other, so many times slower than the machine."""
    loads: dict[str, list[Load]] = {ours: [], theirs: []}

    def measure(tag: str) -> float:
        loads[tag].append(load(browser, PAGE + tag, rate))
        return loads[tag][-1].script

    figures: dict[str, object] = dict(in_turn(lambda: measure(ours), lambda: measure(theirs), rounds))
    for whose, tag in (("", ours), ("yardstick_", theirs)):
        figures[f"{whose}requests"] = max(one.requests for one in loads[tag])
        figures[f"{whose}long_tasks"] = statistics.median(one.long_tasks for one in loads[tag])
    return figures


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, until the end of the block."""
    with sync_playwright() as playwright:
        where = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=where, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def empty(browser: Browser, html: str) -> Iterator[Page]:
    """A page with nothing in its cache, whose site answers with this."""
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.route(f"{ORIGIN}/**", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        yield page


def slow_down(page: Page, rate: int) -> None:
    """Let the page's main thread run so many times slower."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def load(browser: Browser, html: str, rate: int = 1) -> Load:
    """Load it once, with an empty cache."""
    asked: list[str] = []
    with empty(browser, html) as page:
        page.on("request", lambda request: asked.append(request.url))
        slow_down(page, rate)
        browser.start_tracing(page=page, categories=TRACED)
        page.goto(f"{ORIGIN}/a", wait_until="networkidle")
        events = main_thread(json.loads(browser.stop_tracing())["traceEvents"])
    scripts = spans(event for event in events if event["name"] in SCRIPT)
    tasks = spans(event for event in events if event["name"] == "RunTask" and event["dur"] >= LONG)
    long = [(start, end) for start, end in tasks if any(start <= one < end for one, _ in scripts)]
    return Load(sum(end - start for start, end in scripts) / 1000, len(asked) - 1, len(long))


def main_thread(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lasted some time in the thread that showed the page; the browser has pages of its own elsewhere."""
    begun = next(e for e in events if e["name"] == "CommitLoad" and e["args"]["data"]["url"] == f"{ORIGIN}/a")
    return [e for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) == (begun["pid"], begun["tid"])]


def spans(events: Iterable[dict[str, Any]]) -> list[tuple[float, float]]:
    """From when to when they lasted, in microseconds, those within another left out."""
    found: list[tuple[float, float]] = []
    for start, end in sorted((event["ts"], event["ts"] + event.get("dur", 0)) for event in events):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found
