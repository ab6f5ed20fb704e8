"""Run the benchmarks, all or one by its name: `python -m benchmarks [--smoke] [NAME]`."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from typing import Any

from benchmarks.load import show

SMOKES: dict[str, dict[str, Any]] = {
    "intake-sqlite": {"rounds": 1, "each": 50, "known": 50},
    "intake-vs-isso": {"rounds": 1, "each": 50, "at_isso": 10},
    "drain": {"reports": 40, "wait": 20.0},
    "slow-clients": {"seconds": 1},
    "snippet-size": {"against_isso": False},
    "snippet-load": {"rounds": 1, "against_isso": False},
    "snippet-open": {"rounds": 1, "sizes": {"100kb": (100_000, (1,))}},
    "queue": {"reports": 2000, "rounds": 1},
    "group": {"requests": 5},
    "group-quality": {},
    "kinds": {},
    "fix-quality": {},
    "fix-speed": {"rounds": 1},
    "start": {"rounds": 1},
    "memory": {"seconds": 1},
}
"""Each benchmark by its name, with what makes it a smoke of a few seconds."""


def run(name: str, *, smoke: bool = False) -> dict[str, Any]:
    """Run one benchmark; its figures. Raises KeyError for a name that there is not."""
    given = SMOKES[name] if smoke else {}
    function: Callable[..., dict[str, Any]] = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").run
    return function(**given)


def main() -> None:
    """Run what is named, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(SMOKES), help="one of them; else all")
    parser.add_argument("--smoke", action="store_true", help="a few seconds each: whether they run at all")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    arguments = parser.parse_args()
    for name in [arguments.name] if arguments.name else SMOKES:
        if arguments.list:
            print(name)
        else:
            show(name, run(name, smoke=arguments.smoke))


if __name__ == "__main__":
    main()
