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
RIGHT = {  # what is known about a passage now, and the answers that are right
    "fixed": (Standing.APPLIED,),
    "present": (Standing.PRESENT,),
    "likely fixed": (Standing.APPLIED, Standing.CHANGED),
    "likely present": (Standing.PRESENT, Standing.CHANGED, Standing.UNCLEAR),
    "rewritten": (Standing.APPLIED, Standing.CHANGED, Standing.GONE, Standing.UNCLEAR),
    "gone": (Standing.GONE, Standing.UNCLEAR),
}
CLEAR = ("fixed", "present")
CONTEXTS = ("short", "snippet")
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

    name: str
    known: str
    language: str
    kind: str
    quote: Quote
    suggestion: str
    page: bytes


def run() -> dict[str, object]:
    """Right answers by what is known, language and kind; wrong "fixed" and "present"; by the quote's context."""
    if not (DATA / "drift.jsonl.gz").exists():
        return {"skipped": "the documents before and after a fix are not beside this repository"}
    printed: dict[str, object] = {}
    for context in CONTEXTS:
        answers: Counter[tuple[str, Standing]] = Counter()
        clear: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for trial in trials(context):
            said = answer(trial)
            answers[trial.known, said] += 1
            for group in (f"language_{trial.language}", f"kind_{trial.kind}") if trial.known in CLEAR else ():
                clear[group] += 1
                right[group] += said in RIGHT[trial.known]
        told = figures(answers) | {f"clear_{group}": f"{right[group]}/{clear[group]}" for group in sorted(clear)}
        printed |= {f"{context}_{name}": value for name, value in told.items()}
    return printed


def answer(trial: Trial) -> Standing:
    """What the fix check says of a page as it was served."""
    return check_fix(trial.quote, visible_text(trial.page, "text/html; charset=utf-8"), trial.suggestion).state


def figures(answers: Counter[tuple[str, Standing]]) -> dict[str, float | int]:
    """Shares of right answers, and of the wrong ones that would mislead an editor."""

    def every(*known: str) -> int:
        return sum(count for (what, _), count in answers.items() if what in known)

    def right(*known: str) -> float:
        good = sum(count for (what, said), count in answers.items() if what in known and said in RIGHT[what])
        return good / every(*known)

    return {
        "checks": answers.total(),
        "clear": right(*CLEAR),
        "said_fixed_of_present": answers["present", Standing.APPLIED] / every("present"),
        "said_present_of_fixed": answers["fixed", Standing.PRESENT] / every("fixed"),
        "rewritten_and_fixed": right("likely fixed"),
        "rewritten_said_present": answers["likely fixed", Standing.PRESENT],
        "gone": right("gone"),
        "gone_said_present_or_fixed": answers["gone", Standing.PRESENT] + answers["gone", Standing.APPLIED],
    }


def trials(context: str) -> Iterator[Trial]:
    """Yield every version of every document, with quotes of 32 characters' context or of the snippet's."""
    documents = {one["sha"]: one["paragraphs"] for one in _lines("drift_texts.jsonl.gz")}
    for record in _lines("drift.jsonl.gz"):
        quote = Quote(record["wrong"], record["prefix"], record["suffix"])
        if context == "snippet":
            before = documents[record["versions"]["before"]["text"]]
            text = visible_text(page(before, record["lang"], record["id"]))
            start = text.index(quote.prefix + quote.exact + quote.suffix) + len(quote.prefix)
            quote = quote_at(text, start, start + len(quote.exact))
        for name, version in record["versions"].items():
            if version["text"]:
                served = page(documents[version["text"]], record["lang"], f"{record['id']}-{name}")
                label = f"{record['id']} {name}"
                told = (_known(version), record["lang"], record["kind"], quote, record["right"], served)
                yield Trial(label, *told)


def _known(version: dict[str, Any]) -> str:
    """What is known of a version: the label, or what a looser look at a rewritten passage gave."""
    if version["label"] != "unclear":
        return str(version["label"])
    if version["why"] == "passage gone":
        return "gone"
    loose = version.get("loose", "unclear")
    return "rewritten" if loose == "unclear" else str(loose)


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
