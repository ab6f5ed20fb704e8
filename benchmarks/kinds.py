"""How well kinds are guessed and the class guard holds, on real corrections."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

from corrections_service.rules.changes import Kind, describe_change, describe_edit
from corrections_service.rules.quotes import Quote

DATA = Path(__file__).resolve().parents[1] / "../shared/data/corrections.jsonl"
MEANT = {
    "spelling": {Kind.SPELLING},
    "grammar": {Kind.SPELLING},
    "punctuation": {Kind.SPELLING},
    "wording": {Kind.CONTEXT, Kind.OTHER},
    "link": {Kind.OTHER},
    "fact": {Kind.FACT, Kind.NAME},
}


def run() -> dict[str, object]:
    """Agreement by kind and language, facts that the guard missed, misspellings that it held and why, the slowest."""
    if not DATA.exists():
        return {"skipped": "the set of real corrections is not beside this repository"}
    records = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    agreed: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    guarded: Counter[str] = Counter()
    spelled: Counter[str] = Counter()
    held: Counter[str] = Counter()  # facts by what changed
    facts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()  # why misspellings are guarded
    missed: list[str] = []
    slowest = 0.0
    for record in records:
        began = time.perf_counter()
        change = describe_change(record["before"], record["after"])
        slowest = max(slowest, time.perf_counter() - began)
        for group in ("all", f"kind_{record['kind']}", f"language_{record['lang']}"):
            counted[group] += 1
            agreed[group] += change.kind in MEANT[record["kind"]]
        if record["kind"] == "fact":
            facts[record["sub"]] += 1
            held[record["sub"]] += record["sub"] in change.guard
            if record["sub"] not in change.guard:
                missed.append(f"{record['lang']} {record['sub']}")
        if record["kind"] == "spelling":
            reasons.update(change.guard)
            quoted = describe_edit(Quote(record["wrong"], record["prefix"], record["suffix"]), record["right"])
            alone = describe_change(record["wrong"], record["right"])
            guarded["in_context"] += bool(quoted.guard)
            guarded["words_alone"] += bool(alone.guard)
        for group in ("all", f"language_{record['lang']}") if record["kind"] == "spelling" else ():
            spelled[group] += 1
            guarded[group] += bool(change.guard)
    return {
        **{f"agreed_{group}": f"{agreed[group]}/{counted[group]}" for group in sorted(counted)},
        "agreement": agreed["all"] / counted["all"],
        "facts_missed_by_the_guard": len(missed),
        "missed": ", ".join(sorted(missed)) or "none",
        **{f"facts_guarded_{sub}": f"{held[sub]}/{facts[sub]}" for sub in sorted(facts)},
        **{f"spelling_guarded_for_{reason}": count for reason, count in sorted(reasons.items())},
        **{f"spelling_guarded_{group}": f"{guarded[group]}/{spelled[group]}" for group in sorted(spelled)},
        **{f"spelling_guarded_{how}": f"{guarded[how]}/{spelled['all']}" for how in ("in_context", "words_alone")},
        "spelling_guarded": guarded["all"] / spelled["all"],
        "slowest_ms": slowest * 1000,
    }
