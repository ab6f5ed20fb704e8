"""What finding a report's case costs of the whole request, with 10, 100 and 200 open cases."""

from __future__ import annotations

import random
import statistics
import time
import urllib.parse
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from benchmarks.load import ORIGIN, post
from benchmarks.servers import service
from corrections_service.demo.seed import WORDS
from corrections_service.rules import grouping
from corrections_service.rules.grouping import Sighting
from corrections_service.rules.quotes import Quote
from corrections_service.rules.sightings import CONTEXT

CASES = (10, 100, 200)
BETWEEN = 60  # words from one error to the next

Sought = TypeVar("Sought")


def run(requests: int = 200, sizes: Sequence[int] = CASES) -> dict[str, object]:
    """Medians in ms of a request and its grouping: exact repeats, and known errors selected otherwise.

    `first_CASES_grouping_ms` is the grouping in an article whose cases this process has not yet seen.
    """
    figures: dict[str, object] = {}
    with service() as (port, key, _):
        for cases in sizes:
            words = _article(cases)
            known = [_sighting(words, at, spread=0) for at in _errors(cases)]
            again = [known[number % cases] for number in range(requests)]
            wider = [
                _sighting(words, _errors(cases)[number % cases], spread=1 + number % 3) for number in range(requests)
            ]
            post(port, "/api/v1/reports", _bodies(key, cases, known), connections=1)
            for name, sightings, find in (
                ("exact", again, lambda one: grouping.fingerprint(one.quote)),
                ("fuzzy", wider, lambda one, others=known: grouping.rank(one, others)),
            ):
                outcome = post(port, "/api/v1/reports", _bodies(key, cases, sightings), connections=1)
                whole, part = outcome.percentile(0.5), _median_ms(find, sightings)
                figures |= {
                    f"{name}_{cases}_request_ms": whole,
                    f"{name}_{cases}_grouping_ms": part,
                    f"{name}_{cases}_share": part / whole,
                    f"{name}_{cases}_stored": outcome.statuses.get(201, 0),
                }
            unseen = [_article(cases, edition) for edition in range(1, 10)]
            figures[f"first_{cases}_grouping_ms"] = _median_ms(
                lambda known: grouping.rank(known[0], known[1:]),
                [[_sighting(text, at, spread=0) for at in (_errors(cases)[0], *_errors(cases))] for text in unseen],
            )
    return figures


def _article(cases: int, edition: int = 0) -> list[str]:
    chosen = random.Random(f"{cases} {edition}")
    words = [chosen.choice(WORDS) for _ in range((cases + 1) * BETWEEN)]
    for number, at in enumerate(_errors(cases)):
        words[at] = f"mistaek{number}"
    return words


def _errors(cases: int) -> range:
    return range(BETWEEN // 2, cases * BETWEEN, BETWEEN)


def _sighting(words: Sequence[str], at: int, *, spread: int) -> Sighting:
    first, last = at - spread, at + spread + 1
    exact = " ".join(words[first:last])
    prefix, suffix = " ".join(words[:first])[-CONTEXT:] + " ", " " + " ".join(words[last:])[:CONTEXT]
    return Sighting(Quote(exact, prefix[-CONTEXT:], suffix[:CONTEXT]), exact.replace("mistaek", "mistake"))


def _bodies(key: str, cases: int, sightings: Sequence[Sighting]) -> list[bytes]:
    return [
        urllib.parse.urlencode(
            {
                "site": key,
                "url": f"{ORIGIN}/articles/with-{cases}-cases",
                "id": str(uuid.uuid4()),
                "exact": one.quote.exact,
                "prefix": one.quote.prefix,
                "suffix": one.quote.suffix,
                "suggestion": one.suggestion,
            }
        ).encode()
        for one in sightings
    ]


def _median_ms(find: Callable[[Sought], object], sought: Sequence[Sought]) -> float:
    taken = []
    for one in sought:
        began = time.perf_counter()
        find(one)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000
