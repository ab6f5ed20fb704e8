"""The pages of an editor's desk over HTTP beside its background work: lists, searches, facets, counts, figures, cases."""

from __future__ import annotations

import asyncio
import statistics
from urllib.parse import urlencode

from benchmarks.databases import NAMES, seeded
from benchmarks.load import exchange, gets
from benchmarks.people import sign_in
from benchmarks.servers import serving
from corrections_service.demo.seed import CASES_AN_ARTICLE, REPORTS_A_CASE
from corrections_service.rules.queries import SHELVES
from corrections_service.store.queue import ORDERS

SEARCHES = (
    "kingdom",
    "the",
    "council bridge",
    '"harbour city"',
    "bridge -mayor",
    "kingdom site:Load",
    "is:corrected kingdom",
    "by:nobody readers>2",
    "kind:fact age<3d",
    "age>2w is:inbox",
    "article:bridge",
    "author:nobody",
    "lang:en",
)


def paths(reports: int) -> list[str]:
    """The pages that are asked for: each view and order, a search of each sort, the cases, the figures, the public log."""
    asked = [
        *({"view": view} for view in (*SHELVES, "all", "closed")),
        *({"view": "all", "sort": order} for order in ORDERS),
        *({"sort": order, "kind": "fact"} for order in ORDERS),
        *({"view": "all", "q": words} for words in SEARCHES),
        *({"q": words, "sort": "priority"} for words in SEARCHES),
    ]
    middle = max(1, reports // REPORTS_A_CASE // 2)
    return [
        *(f"/queue?{urlencode(query)}" for query in asked),
        "/queue/complete?q=art",
        f"/cases/{middle}",
        f"/cases/{middle + CASES_AN_ARTICLE}?view=inbox",
        "/reports",
        "/reports?site=2",
        "/log/news",
    ]


def run(rounds: int = 40, reports: int = 1_000_000) -> dict[str, object]:
    """Of each page the 95th percentile of so many requests, one after the other, on both databases; the slowest page's."""
    return {f"{name}_{figure}": value for name in NAMES for figure, value in _measure(name, rounds, reports).items()}


def _measure(name: str, rounds: int, reports: int) -> dict[str, object]:
    port, _, directory, environment, _ = seeded(reports, name)
    taken = {}
    with serving(port, environment):
        cookie = sign_in(port, directory, environment.get("CORRECTIONS_DATABASE_URL", ""))
        for path in paths(reports):
            seen = asyncio.run(exchange(port, gets(port, path, cookie, rounds), 1))
            assert set(seen.statuses) == {200}, path
            taken[path] = seen.percentile(0.95)
    slowest = max(taken, key=taken.__getitem__)
    return {"slowest_ms": taken[slowest], "median_ms": statistics.median(taken.values()), "slowest_page": slowest}
