"""Reads a page in a process of its own, whose limits the system enforces: no page can take more (THREATS G07, G08)."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from corrections_service.errors import Unreachable
from corrections_service.rules import pages
from corrections_service.rules.pages import ArticleFacts

SECONDS = 5.0
MEBIBYTES = 256
LONGEST_ANSWER = 16 * 1024 * 1024

_STARTS_WITH = 17  # MiB of data that Python and the rules take before they see the page (measured)
_LIMITS = {
    "RLIMIT_DATA": ((_STARTS_WITH + MEBIBYTES) * 1024 * 1024,) * 2,
    "RLIMIT_CPU": (2, 3),
    "RLIMIT_CORE": (0, 0),
    "RLIMIT_FSIZE": (LONGEST_ANSWER, LONGEST_ANSWER),
    "RLIMIT_NPROC": (0, 0),
}
_NEEDED = ("PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def read(body: bytes, url: str, content_type: str) -> tuple[str, ArticleFacts]:
    """The visible text of a page and what it says about its article; `url` is where it was read.

    Raises Unreachable when the page takes more than 5 seconds, 2 of computing, or 256 MiB.
    """
    asked = json.dumps([url, content_type]).encode() + b"\n" + body
    # A file, not a pipe: whoever might hold a pipe's other end could keep us waiting, or say more than fits.
    with tempfile.TemporaryFile() as said:
        try:
            subprocess.run(
                [sys.executable, "-P", "-m", "corrections_service.work.reading"],
                input=asked,
                stdout=said,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
                timeout=SECONDS,
                check=True,
            )
            said.seek(0)
            return _understood(said.read(LONGEST_ANSWER))
        except (subprocess.SubprocessError, ValueError, TypeError, RecursionError):
            raise Unreachable(
                f"The page could not be read within {SECONDS:.0f} seconds and {MEBIBYTES} MB: "
                "it is larger or more tangled than an article; check it by hand."
            ) from None


def _understood(said: bytes) -> tuple[str, ArticleFacts]:
    """Raises ValueError or TypeError where a line of facts and the text were not said."""
    told, line_end, words = said.partition(b"\n")
    facts: dict[str, Any] = json.loads(told)
    if not line_end or set(facts) != {one.name for one in fields(ArticleFacts)}:
        raise ValueError
    for name, value in facts.items():
        if not isinstance(value, str) and (value is not None or name == "canonical_url"):
            raise TypeError
    for name in ("published", "modified"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    return words.decode("utf-8"), ArticleFacts(**facts)


def _environment() -> dict[str, str]:
    """What Python needs to find the same modules, and nothing that is secret."""
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        **{name: os.environ[name] for name in _NEEDED if name in os.environ},
    }


def _limit() -> None:
    """Give up what a page needs not; a system that knows a limit not (macOS, memory) leaves it to the time."""
    for name, limit in _LIMITS.items():
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), limit)


def _serve() -> None:
    """Read one page from the input: a line of JSON `[url, content_type]`, then the page; say the facts, then the text."""
    _limit()
    url, content_type = json.loads(sys.stdin.buffer.readline())
    words, facts = pages.read_article(sys.stdin.buffer.read(), url, content_type)
    told = json.dumps(asdict(facts), default=datetime.isoformat)
    sys.stdout.buffer.write(told.encode() + b"\n")
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))


if __name__ == "__main__":
    _serve()
