"""How well the grouping rules tell the same error from another, on labelled pairs of real corrections."""

from __future__ import annotations

import gzip
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corrections_service.rules.grouping import Sighting, Verdict, fingerprint, same_error
from corrections_service.rules.quotes import Quote

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
CONTEXTS = (16, 32, 300)
RIGHT = {"same": Verdict.SAME, "different": Verdict.DIFFERENT, "ambiguous": Verdict.UNSURE}


def run() -> dict[str, object]:
    """Precision and recall of "same" by the length of the context; an exact key is the yardstick.

    With the full context also how many of each kind of pair are told right, as `told_right_KIND`.
    """
    if not (DATA / "duplicates_pairs.jsonl.gz").exists():
        return {"skipped": "the labelled pairs are not beside this repository"}
    figures: dict[str, object] = {}
    for context in CONTEXTS:
        found: Counter[tuple[str, str]] = Counter()
        right: dict[str, list[bool]] = {}
        exact: Counter[tuple[str, bool]] = Counter()
        taken: list[float] = []
        for label, why, one, other in pairs(context):
            began = time.perf_counter()
            verdict = same_error(one, other).verdict
            taken.append(time.perf_counter() - began)
            found[label, verdict.value] += 1
            right.setdefault(f"{label}_{_name(why)}", []).append(verdict is RIGHT[label])
            exact[label, fingerprint(one.quote) == fingerprint(other.quote)] += 1
        figures |= {f"{name}_{context}": value for name, value in _figures(found, exact).items()}
        figures[f"us_a_pair_{context}"] = statistics.fmean(taken) * 1e6
        if context == CONTEXTS[-1]:
            figures |= {f"told_right_{kind}": statistics.fmean(every) for kind, every in sorted(right.items())}
    return figures


def _name(why: str) -> str:
    return why.replace(",", "").replace(" ", "_")


def _figures(found: Counter[tuple[str, str]], exact: Counter[tuple[str, bool]]) -> dict[str, float | int]:
    def share(label: str, verdict: Verdict) -> float:
        every = sum(count for (named, _), count in found.items() if named == label)
        return found[label, verdict.value] / every

    merged = found["same", Verdict.SAME] + found["different", Verdict.SAME]
    keyed = exact["same", True] + exact["different", True]
    return {
        "precision": found["same", Verdict.SAME] / merged,
        "recall": share("same", Verdict.SAME),
        "different_told": share("different", Verdict.DIFFERENT),
        "ambiguous_unsure": share("ambiguous", Verdict.UNSURE),
        "ambiguous_different": share("ambiguous", Verdict.DIFFERENT),
        "ambiguous_same": share("ambiguous", Verdict.SAME),
        "exact_key_precision": exact["same", True] / keyed,
        "exact_key_recall": exact["same", True] / (exact["same", True] + exact["same", False]),
    }


def pairs(context: int) -> Iterator[tuple[str, str, Sighting, Sighting]]:
    """Yield each pair's label, why it has it, and its two sightings as the snippet sends them, with so much context."""
    articles = {doc["doc"]: "\n\n".join(doc["paragraphs"]) for doc in _lines("duplicates_docs.jsonl")}
    reports = {report["rid"]: report for line in _lines("duplicates_sentences.jsonl") for report in line["reports"]}
    with gzip.open(DATA / "duplicates_pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for pair in map(json.loads, lines):
            one, other = (_sighting(reports[pair[side]], articles, context) for side in "ab")
            yield pair["label"], pair["why"], one, other


def _lines(name: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, (DATA / name).read_text(encoding="utf-8").splitlines())


def _sighting(report: dict[str, Any], articles: dict[str, str], context: int) -> Sighting:
    article, start, end = articles[report["doc"]], report["start"], report["end"]
    if article[start:end] == report["quote"]:
        prefix, suffix = article[max(0, start - context) : start], article[end : end + context]
    else:
        prefix, suffix = report["prefix"][-context:], report["suffix"][:context]
    return Sighting(Quote(report["quote"], prefix, suffix), report["suggestion"])
