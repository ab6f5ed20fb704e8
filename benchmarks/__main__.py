"""Run the benchmarks, all or one by its name: `python -m benchmarks [--smoke] [NAME]`; the figures are kept for the report."""

from __future__ import annotations

import argparse
import importlib
import traceback
from collections.abc import Callable
from typing import Any

from benchmarks import report
from benchmarks.load import show

SMOKES: dict[str, dict[str, Any]] = {
    "intake-sqlite": {"rounds": 1, "each": 50, "known": 50},
    "intake-slowdisk": {"rounds": 1, "each": 50, "known": 50},
    "intake-hello": {"rounds": 1, "each": 50, "known": 50},
    "intake-postgresql": {"rounds": 1, "each": 50, "known": 50},
    "intake-vs-isso": {"rounds": 1, "each": 50, "at_isso": 10},
    "intake-tail": {"seconds": 0.5, "known": 60},
    "intake-grow": {"rounds": 1, "each": 50, "reports": 200},
    "drain": {"reports": 40, "wait": 20.0},
    "slow-clients": {"seconds": 0.2, "slow": 10, "many": 40},
    "snippet-size": {"against_isso": False},
    "snippet-load": {"rounds": 1, "against_isso": False, "rates": (1,)},
    "snippet-open": {"rounds": 1, "sizes": {"100kb": (100_000, (1,))}},
    "queue": {"reports": 2000, "rounds": 1},
    "queue-http": {"rounds": 1, "each": 8, "reports": 200},
    "desk-pages": {"rounds": 1, "reports": 200},
    "desk-poll": {"polls": 30, "reports": 200, "settled": 0},
    "counts": {"operations": 400, "rounds": 1},
    "search": {"reports": 2000, "rounds": 1},
    "group": {"requests": 3, "sizes": (10,)},
    "group-quality": {},
    "kinds": {},
    "fix-quality": {},
    "fix-speed": {"rounds": 1},
    "mail": {"mails": 5, "rounds": 1},
    "inbound": {"mails": 5},
    "start": {"rounds": 1},
    "memory": {"seconds": 0.5},
    "install": {"rounds": 1},
    "soak": {"seconds": 1, "settled": 0, "sample": 0.2},
}
"""Each benchmark by its name, with what makes it a smoke of a few seconds."""


def run(name: str, *, smoke: bool = False) -> dict[str, Any]:
    """Run one benchmark; its figures. Raises KeyError for a name that there is not."""
    given = SMOKES[name] if smoke else {}
    function: Callable[..., dict[str, Any]] = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").run
    return function(**given)


def main() -> None:
    """Run what is named, print the figures, and keep those of whole runs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(SMOKES), help="one of them; else all")
    parser.add_argument("--smoke", action="store_true", help="a few seconds each: whether they run at all")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    arguments = parser.parse_args()
    failed: list[str] = []
    for name in [arguments.name] if arguments.name else SMOKES:
        if arguments.list:
            print(name)
            continue
        try:
            figures = run(name, smoke=arguments.smoke)
        except Exception:  # the others are measured all the same: they take hours
            traceback.print_exc()
            failed.append(name)
            continue
        show(name, figures)
        if not arguments.smoke:
            report.keep(name, figures)
    if failed:
        raise SystemExit(f"could not be measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
