"""How long the slowest reports take while editors page through the dashboard, mail goes out and all is indexed."""

from __future__ import annotations

import asyncio
import itertools
import time

from benchmarks.intake import EVERY_QUOTE, REPORTS
from benchmarks.load import Outcome, exchange, known_bodies, post, posts, stream
from benchmarks.people import leaf, sign_in
from benchmarks.servers import MAIL, mail_server, service


def run(seconds: float = 30, people: int = 4, known: int = EVERY_QUOTE) -> dict[str, object]:
    """16 connections at full load, every fifth reader asks for an answer; four people turn a page a second each."""
    pages = Outcome()
    with mail_server() as mail_port, service(mail_port=str(mail_port), **MAIL) as (port, key, directory):
        post(port, REPORTS, known_bodies(key, known))
        cookie = sign_in(port, directory)

        async def work() -> Outcome:
            until = time.perf_counter() + seconds
            payloads = itertools.takewhile(lambda _: time.perf_counter() < until, stream(key, asking=5))
            leafing = asyncio.gather(*(leaf(port, cookie, until, pages) for _ in range(people)))
            reports = await exchange(port, posts(port, REPORTS, payloads))
            await leafing
            return reports

        reports = asyncio.run(work())
    usual, slowest = reports.percentile(0.5), reports.percentile(0.999)
    return {
        "p50_ms": usual,
        "p99_ms": reports.percentile(0.99),
        "p999_ms": slowest,
        "max_ms": max(reports.taken) * 1000,
        "p999_to_p50": slowest / usual,
        "server_errors": sum(
            number for seen in (reports, pages) for status, number in seen.statuses.items() if status >= 500
        ),
        "reports_a_second": reports.rate,
        "reports": reports.statuses,
        "pages": pages.statuses,
        "page_p50_ms": pages.percentile(0.5),
        "page_p99_ms": pages.percentile(0.99),
    }
