"""What one re-check costs: a page of 200 kB with 50 open cases, in ms of CPU."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import count

from corrections_service.demo.seed import WORDS
from corrections_service.rules.pages import article_facts, visible_text
from corrections_service.rules.quotes import Quote, Sighting, check_fixes, quote_at
from corrections_service.rules.text import fold

SIZE = 200_000  # characters of article text; the page round them is a little larger
CASES = 50
URL = "https://news.example/article"

_texts = count()


def run(rounds: int = 15) -> dict[str, object]:
    """Medians, all of it and its parts: nothing changed, every case fixed, every 100th or every tenth word edited."""
    words = _article()
    text = visible_text(_page(words))
    asked = [Sighting(_quote(text, at), "corrected") for at in range(CASES)]
    fixed = [word.replace("mistaek", "corrected") for word in words]
    figures: dict[str, object] = {"page_kb": len(_page(words)) / 1000, "cases": CASES}
    for name, now in (
        ("unchanged", words),
        ("fixed", fixed),
        ("edited", _edited(words, 0.01)),
        ("rewritten", _edited(words, 0.1)),
    ):
        page = _page(now)
        figures[f"{name}_ms"] = _median_ms(partial(_recheck, page, asked), rounds)
        figures[f"{name}_checks_ms"] = _median_ms(partial(_check, visible_text(page), asked), rounds)
    figures |= {
        "visible_text_ms": _median_ms(lambda: visible_text(_page(words)), rounds),
        "article_facts_ms": _median_ms(lambda: article_facts(_page(words), URL), rounds),
        "fold_ms": _median_ms(lambda: fold(text), rounds),
    }
    return figures


def _edited(words: list[str], share: float) -> list[str]:
    chosen = random.Random(2)
    return [word if chosen.random() > share else chosen.choice(WORDS) for word in words]


def _check(text: str, asked: list[Sighting]) -> None:
    check_fixes(asked, fold(f"{text} {next(_texts)}"))  # a text of its own, of which nothing is remembered


def _recheck(page: bytes, asked: list[Sighting]) -> None:
    article_facts(page, URL)
    _check(visible_text(page), asked)


def _article() -> list[str]:
    chosen = random.Random(1)
    words: list[str] = []
    size = 0
    while size < SIZE:
        words.append(chosen.choice(WORDS))
        size += len(words[-1]) + 1
    for number in range(CASES):
        words[(number * len(words) + len(words) // 2) // CASES] = f"mistaek{number}"
    return words


def _page(words: list[str]) -> bytes:
    paragraphs = (" ".join(words[at : at + 60]) for at in range(0, len(words), 60))
    body = "".join(
        f"<p>{paragraph[:200]}<a href=/x>{paragraph[200:240]}</a>{paragraph[240:]}</p>\n" for paragraph in paragraphs
    )
    return f"<html lang=en><title>Article</title><body><nav>Home</nav><article>{body}</article></body></html>".encode()


def _quote(text: str, number: int) -> Quote:
    start = text.index(f"mistaek{number}")
    return quote_at(text, start, start + len(f"mistaek{number}"))


def _median_ms(do: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        do()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1000
