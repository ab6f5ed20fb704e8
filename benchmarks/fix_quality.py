"""How often the fix check is right, on real documents before and after a correction, as pages of a newspaper."""

from __future__ import annotations

import gzip
import html
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import fix_kinds
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix, quote_at

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
RIGHT = {  # what is known about a passage now, and the answers that are right
    "fixed": (Standing.APPLIED,),
    "present": (Standing.PRESENT,),
    "likely fixed": (Standing.APPLIED, Standing.CHANGED),
    "likely present": (Standing.PRESENT, Standing.CHANGED, Standing.UNCLEAR),
    "rewritten": (Standing.APPLIED, Standing.CHANGED, Standing.GONE, Standing.UNCLEAR),
    "rewritten before": (Standing.PRESENT, Standing.CHANGED, Standing.GONE, Standing.UNCLEAR),
    "gone": (Standing.GONE, Standing.UNCLEAR),
}
CLEAR = ("fixed", "present")
LABELS = {"fixed": "clear", "present": "clear", "gone": "gone"}  # all others are kinds of rewritten passages
CONTEXTS = ("short", "snippet", "echoed")
_SPOTS = ("<b>{}</b>", "<a href=/topic>{}</a>", "<em>{}</em>", "{}<!-- ad -->", "{}<wbr>", "<span class=w>{}</span>")
_FURNITURE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{headline}{quoted}</title>
<meta property="og:title" content="{headline}{quoted}">
<style>body {{ font: 1em serif }}</style><script>window.words = {script}</script></head><body>
<header><a href="/">The Harbour Post</a><nav><ul><li>World<li>Politics<li>Science<li>Weather</ul></nav>{linked}</header>
<main><article><h1>{headline}</h1><p class="byline">By <a href="/ann">Ann Writer</a> · <time>2 March</time></p>
{body}
</article><aside><h2>Most read</h2><ol><li>{teaser}…<li>Ferry timetable changes<li>Seven bridges in one day</ol>{linked}</aside>
<section><h2>Comments</h2><div><p>First!</p><p>“{teaser}”: I do not agree.</p>{commented}</div></section></main>
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
    """Right answers by what is known, language and kind, and the wrong ones; for each way of quoting and serving."""
    if not (DATA / "drift.jsonl.gz").exists():
        return {"skipped": "the documents before and after a fix are not beside this repository"}
    printed: dict[str, object] = {}
    for context in CONTEXTS:
        answers: Counter[tuple[str, Standing]] = Counter()
        groups: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
        for trial in trials(context):
            said = answer(trial)
            answers[trial.known, said] += 1
            for group in (f"language_{trial.language}", f"kind_{trial.kind}"):
                groups[group][LABELS.get(trial.known, "rewritten"), said in RIGHT[trial.known]] += 1
        told = figures(answers) | {group: _shares(groups[group]) for group in sorted(groups)}
        printed |= {f"{context}_{name}": value for name, value in told.items()}
    return printed | fix_kinds.figures()


def _shares(right: Counter[tuple[str, bool]]) -> str:
    """Write right answers of all answers, by label: clear 12/12, rewritten 3/3, gone 4/5."""
    labels = [label for label in ("clear", "rewritten", "gone") if right[label, True] + right[label, False]]
    return ", ".join(f"{label} {right[label, True]}/{right[label, True] + right[label, False]}" for label in labels)


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

    told: dict[str, float | int] = {
        "checks": answers.total(),
        "clear": right(*CLEAR),
        "said_fixed_of_present": answers["present", Standing.APPLIED] / every("present"),
        "said_present_of_fixed": answers["fixed", Standing.PRESENT] / every("fixed"),
    }
    if every("gone"):
        told |= {
            "rewritten_and_fixed": right("likely fixed"),
            "rewritten_said_present": answers["likely fixed", Standing.PRESENT],
            "rewritten": right("likely fixed", "likely present", "rewritten", "rewritten before"),
            "gone": right("gone"),
            "gone_said_present": answers["gone", Standing.PRESENT],
            "gone_said_fixed": answers["gone", Standing.APPLIED],
        }
    return told


def trials(context: str) -> Iterator[Trial]:
    """Yield every version of every document, with quotes of 32 characters' context or of the snippet's.

    Echoed pages say it otherwise elsewhere: links to the article and a comment quote the passage with the error
    where the article was corrected, and with the suggestion where it was not.
    """
    documents = {one["sha"]: one["paragraphs"] for one in _lines("drift_texts.jsonl.gz")}
    for record in _lines("drift.jsonl.gz"):
        quote = Quote(record["wrong"], record["prefix"], record["suffix"])
        if context != "short":
            before = documents[record["versions"]["before"]["text"]]
            text = visible_text(page(before, record["lang"], record["id"]))
            start = text.index(quote.prefix + quote.exact + quote.suffix) + len(quote.prefix)
            quote = quote_at(text, start, start + len(quote.exact))
        for name, version in record["versions"].items():
            known = _known(name, version)
            # Nobody quotes what is only written later.
            if not version["text"] or (context == "echoed" and (known not in CLEAR or name.startswith("minus"))):
                continue
            echo = replace(quote, exact=record["wrong" if known == "fixed" else "right"])
            seed = f"{record['id']}-{name}"
            served = page(documents[version["text"]], record["lang"], seed, echo if context == "echoed" else None)
            told = (known, record["lang"], record["kind"], quote, record["right"], served)
            yield Trial(f"{record['id']} {name}", *told)


def _known(name: str, version: dict[str, Any]) -> str:
    """What is known of a version: the label, or what a looser look at a rewritten passage gave."""
    if version["label"] != "unclear":
        return str(version["label"])
    if version["why"] == "passage gone":
        return "gone"
    loose = version.get("loose", "unclear")
    if loose != "unclear":
        return str(loose)
    return "rewritten before" if name.startswith("minus") else "rewritten"


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def page(paragraphs: list[str], language: str, seed: str, echo: Quote | None = None) -> bytes:
    """Return a document as a newspaper serves it: furniture round it, inline elements within it, echoes of it."""
    chosen = random.Random(seed)
    headline, *body = paragraphs or [""]
    longest = max(paragraphs, key=len, default="")[:60]
    teased, quoted = (html.escape(_echoed(echo, length)) if echo else "" for length in (40, 120))
    return _FURNITURE.format(
        language=language,
        headline=html.escape(headline),
        body="\n".join(f"<p>{_marked_up(paragraph, chosen)}</p>" for paragraph in body),
        teaser=html.escape(longest),
        script=json.dumps(paragraphs[:3]).replace("<", "\\u003c"),
        quoted=teased and f": {teased}",
        linked=teased and f"<ul><li><a href=/a>{teased}…</a><li><a href=/b>Rain until Friday</a></ul>",
        commented=quoted and f"<blockquote>{quoted}</blockquote><p>That is not so!</p>",
    ).encode()


def _echoed(echo: Quote, length: int) -> str:
    """Return the words with so much of their context, cut between words as a person does."""
    before, after = echo.prefix[-length:], echo.suffix[:length]
    if len(before) < len(echo.prefix):
        before = before[before.find(" ") + 1 :]
    if len(after) < len(echo.suffix):
        after = after[: after.rfind(" ") + 1]
    return before + echo.exact + after.rstrip()


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
