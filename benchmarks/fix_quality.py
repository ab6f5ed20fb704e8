"""How often the fix check is right, on real documents before and after a correction, as pages of a newspaper."""

from __future__ import annotations

import gzip
import html
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import show
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix, quote_at

NAME = "fix-quality"
DATA = Path(__file__).resolve().parents[1] / "../shared/data"
RIGHT = {
    "right with context found": (Standing.APPLIED,),
    "wrong with context found": (Standing.PRESENT,),
    "passage rewritten": (Standing.CHANGED, Standing.APPLIED),
    "passage gone": (Standing.GONE, Standing.UNCLEAR),
}
CLEAR = ("right with context found", "wrong with context found")
_SPOTS = ("<b>{}</b>", "<a href=/topic>{}</a>", "<em>{}</em>", "{}<!-- ad -->", "{}<wbr>", "<span class=w>{}</span>")
_FURNITURE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{headline}</title>
<style>body {{ font: 1em serif }}</style><script>window.words = {script}</script></head><body>
<header><a href="/">The Harbour Post</a><nav><ul><li>World<li>Politics<li>Science<li>Weather</ul></nav></header>
<main><article><h1>{headline}</h1><p class="byline">By <a href="/ann">Ann Writer</a> · <time>2 March</time></p>
{body}
</article><aside><h2>Most read</h2><ol><li>{teaser}…<li>Ferry timetable changes<li>Seven bridges in one day</ol></aside>
<section><h2>Comments</h2><div><p>First!</p><p>“{teaser}”: I do not agree.</p></div></section></main>
<footer>© The Harbour Post · <a href="/report">To suggest a correction, write to us here.</a></footer></body></html>"""


@dataclass(frozen=True, slots=True)
class Trial:
    """One check: the quote, what the reader suggested, the page now, and what is known about it."""

    why: str
    language: str
    quote: Quote
    suggestion: str
    page: bytes
    name: str


def run() -> dict[str, object]:
    """Right answers by what is known, and wrong "fixed" and "present", by the quote's context and language."""
    if not (DATA / "drift.jsonl.gz").exists():
        return {"skipped": "the documents before and after a fix are not beside this repository"}
    figures: dict[str, object] = {}
    for context in ("short", "snippet"):
        answers: Counter[tuple[str, str, Standing]] = Counter()
        for trial in trials(context):
            answers[trial.why, trial.language, answer(trial)] += 1
        figures |= {f"{context}_{name}": value for name, value in _figures(answers).items()}
    return figures


def answer(trial: Trial) -> Standing:
    """What the fix check says of a page as it was served."""
    return check_fix(trial.quote, visible_text(trial.page, "text/html; charset=utf-8"), trial.suggestion).state


def _figures(answers: Counter[tuple[str, str, Standing]]) -> dict[str, object]:
    figures: dict[str, object] = {}
    for why, right in RIGHT.items():
        figures[why.replace(" ", "_")] = _share(answers, (why,), right)
    for language in sorted({language for _, language, _ in answers}):
        figures[f"clear_{language}"] = f"{_right(answers, language)}/{_every(answers, CLEAR, language)}"
    clear = _right(answers) / _every(answers, CLEAR)
    wrong = {
        state: sum(n for (why, _, said), n in answers.items() if said is state and state not in RIGHT[why])
        for state in (Standing.APPLIED, Standing.PRESENT)
    }
    every = sum(answers.values())
    return {
        **figures,
        "clear": clear,
        "checks": every,
        "wrong_fixed": wrong[Standing.APPLIED] / every,
        "wrong_present": wrong[Standing.PRESENT] / every,
    }


def _share(answers: Counter[tuple[str, str, Standing]], whys: tuple[str, ...], right: tuple[Standing, ...]) -> float:
    return sum(n for (why, _, said), n in answers.items() if why in whys and said in right) / _every(answers, whys)


def _right(answers: Counter[tuple[str, str, Standing]], language: str = "") -> int:
    return sum(
        n
        for (why, spoken, said), n in answers.items()
        if why in CLEAR and said in RIGHT[why] and language in ("", spoken)
    )


def _every(answers: Counter[tuple[str, str, Standing]], whys: tuple[str, ...], language: str = "") -> int:
    return sum(n for (why, spoken, _), n in answers.items() if why in whys and language in ("", spoken))


def trials(context: str) -> Iterator[Trial]:
    """Yield every version of every document, with quotes of 32 characters' context or of the snippet's."""
    documents = {one["sha"]: one["paragraphs"] for one in _lines("drift_texts.jsonl.gz")}
    for record in _lines("drift.jsonl.gz"):
        before = documents[record["versions"]["before"]["text"]]
        quote = Quote(record["wrong"], record["prefix"], record["suffix"])
        if context == "snippet":
            text = visible_text(page(before, record["lang"], record["id"]))
            start = text.index(quote.prefix + quote.exact + quote.suffix) + len(quote.prefix)
            quote = quote_at(text, start, start + len(quote.exact))
        for name, version in record["versions"].items():
            if version["text"]:
                served = page(documents[version["text"]], record["lang"], f"{record['id']}-{name}")
                yield Trial(version["why"], record["lang"], quote, record["right"], served, f"{record['id']} {name}")


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def page(paragraphs: list[str], language: str, seed: str) -> bytes:
    """Return a document as a newspaper serves it: furniture round it, inline elements within it."""
    chosen = random.Random(seed)
    headline, *body = paragraphs or [""]
    longest = max(paragraphs, key=len, default="")[:60]
    return _FURNITURE.format(
        language=language,
        headline=html.escape(headline),
        body="\n".join(f"<p>{_marked_up(paragraph, chosen)}</p>" for paragraph in body),
        teaser=html.escape(longest),
        script=json.dumps(paragraphs[:3]).replace("<", "\\u003c"),
    ).encode()


def _marked_up(paragraph: str, chosen: random.Random) -> str:
    """Put inline elements round some stretches, also within words, and write some spaces as line breaks."""
    pieces = []
    at = 0
    while at < len(paragraph):
        end = at + chosen.randint(3, 60)
        piece = html.escape(paragraph[at:end], quote=False).replace(" ", "\n" if chosen.random() < 0.1 else " ")
        pieces.append(chosen.choice(_SPOTS).format(piece) if chosen.random() < 0.4 else piece)
        at = end
    return "".join(pieces)


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
