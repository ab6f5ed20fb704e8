"""Reads a page in a process of its own, whose limits the system enforces: no page can take more (THREATS G07, G08)."""

from __future__ import annotations

import errno
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from selectolax.lexbor import SelectolaxError

from corrections_service.errors import Unreachable
from corrections_service.rules import pages
from corrections_service.rules.embedding import Embedding, Tag
from corrections_service.rules.pages import ArticleFacts

SECONDS = 10.0
"""How long a page may be read, from when the process has started and begins with it."""

STARTING = 25.0
"""Within how many seconds more the process must have started, which on a busy machine takes its time."""

COMPUTING = 2
"""Seconds of computing that a page may take; those that the start took are not counted."""

MEBIBYTES = 256
LONGEST_ANSWER = 16 * 1024 * 1024

_STARTS_WITH = 17  # MiB of data that Python and the rules take before they see the page (measured)
_LIMITS = {
    "RLIMIT_DATA": ((_STARTS_WITH + MEBIBYTES) * 1024 * 1024,) * 2,
    "RLIMIT_CORE": (0, 0),
    "RLIMIT_FSIZE": (LONGEST_ANSWER, LONGEST_ANSWER),
    "RLIMIT_NPROC": (0, 0),
}
_NEEDED = ("PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

_NO_MEMORY, _NO_ROOM, _TOO_LONG = 81, 82, 83
"""What the process ends with where it knows why."""

_TANGLED = "it is larger or more tangled than an article; check it by hand."
_BUSY = "The page could not be read in time, as this machine is too busy; it is read again later."
_WHY = {
    -signal.SIGXCPU: f"The page could not be read within {COMPUTING} seconds of computing: {_TANGLED}",
    _NO_MEMORY: f"The page could not be read within {MEBIBYTES} MB of memory: {_TANGLED}",
    _TOO_LONG: f"The page has more than {LONGEST_ANSWER // 1024**2} MB of text, more than an article; check it by hand.",
    _NO_ROOM: "The page could not be read, as this machine has no room for files left; it is read again later.",
    -signal.SIGALRM: _BUSY,
    -signal.SIGKILL: "Something on this machine ended the reading of the page, perhaps for want of memory; it is read again later.",
}


def read(body: bytes, url: str, content_type: str, origins: Sequence[str] = ()) -> tuple[str, ArticleFacts]:
    """The visible text of a page and what it says about its article; `url` is where it was read, `origins` are its site's.

    Raises Unreachable, which says what happened: the page takes more than 2 seconds of computing, 256 MiB, or holds too
    much text; or this machine could not do it in time, or at all.
    """
    return _understood(_answer(body, [url, content_type, list(origins), False]))


def read_embedded(
    body: bytes, url: str, content_type: str, origins: Sequence[str] = ()
) -> tuple[str, ArticleFacts, Embedding]:
    """What `read` returns, and what the page has of the script. Raises Unreachable, as it does."""
    answer, facts = _understood(_answer(body, [url, content_type, list(origins), True]))
    line, _, text = answer.partition("\n")
    try:
        return text, facts, _understood_embedding(json.loads(line))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreachable(_why(0)) from None


def _answer(body: bytes, question: list[Any]) -> bytes:
    """What the process says of a page. Raises Unreachable."""
    request = json.dumps(question).encode() + b"\n" + body
    # A file, not a pipe: whoever might hold a pipe's other end could keep us waiting, or say more than fits.
    try:
        with tempfile.TemporaryFile() as answer:
            subprocess.run(
                [sys.executable, "-P", "-m", "corrections_service.work.reading"],
                input=request,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment(),
                start_new_session=True,
                timeout=STARTING + SECONDS,
                check=True,
            )
            answer.seek(0)
            return answer.read(LONGEST_ANSWER)
    except subprocess.TimeoutExpired:
        raise Unreachable(_BUSY) from None
    except subprocess.CalledProcessError as ended:
        raise Unreachable(_why(ended.returncode)) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unreachable(
            f"The page could not be read, as this machine cannot start the reader: {why}; it is read again later."
        ) from None


def _why(code: int) -> str:
    """Why the process ended without an answer: by its own account, or by the signal that ended it."""
    return _WHY.get(
        code, f"The page reader broke off at this page ({code}), which is a fault of its own; check it by hand."
    )


def _understood(answer: bytes) -> tuple[str, ArticleFacts]:
    """The text and the facts of an answer. Raises Unreachable."""
    try:
        return _text_and_facts(answer)
    except (ValueError, TypeError, RecursionError):
        raise Unreachable(_why(0)) from None


def _text_and_facts(answer: bytes) -> tuple[str, ArticleFacts]:
    """Raises ValueError or TypeError where a line of facts and the text were not said."""
    line, line_end, text = answer.partition(b"\n")
    facts: dict[str, Any] = json.loads(line)
    if not line_end or set(facts) != {field.name for field in fields(ArticleFacts)}:
        raise ValueError
    for name, value in facts.items():
        if not isinstance(value, str) and (value is not None or name == "canonical_url"):
            raise TypeError
    for name in ("published", "modified"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    return text.decode("utf-8"), ArticleFacts(**facts)


def _understood_embedding(parts: dict[str, Any]) -> Embedding:
    """Raises ValueError, TypeError or KeyError where it is none."""
    embedding = Embedding([Tag(**tag) for tag in parts["tags"]], parts["policies"], parts["canonicals"], parts["links"])
    words = [
        *embedding.policies,
        *embedding.canonicals,
        *embedding.links,
        *(value for tag in parts["tags"] for value in tag.values()),
    ]
    if not all(isinstance(value, str) for value in words):
        raise TypeError
    return embedding


def environment() -> dict[str, str]:
    """What Python needs to find the same modules, and nothing that is secret."""
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        **{name: os.environ[name] for name in _NEEDED if name in os.environ},
    }


def _limit() -> None:
    """Give up what a page needs not, and count its time from now on; a system that knows a limit not leaves it to the time."""
    used = math.ceil(time.process_time() + COMPUTING)
    for name, limit in {**_LIMITS, "RLIMIT_CPU": (used, used + 1)}.items():
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), limit)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)


def _serve() -> None:
    """Read one page from the input: a line of JSON `[url, content_type, origins, with_script]`, then the page.

    Say a line of facts, one of what the page has of the script if that is asked for, then the text.
    """
    _limit()
    with _ending_as_it_happened():
        url, content_type, origins, with_script = json.loads(sys.stdin.buffer.readline())
        read_page: Callable[..., Any] = pages.read_embedded if with_script else pages.read_article
        text, *findings = read_page(sys.stdin.buffer.read(), url, content_type, origins)
        lines = [json.dumps(asdict(finding), default=datetime.isoformat) for finding in findings]
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


@contextmanager
def _ending_as_it_happened() -> Iterator[None]:
    """End the process with what says why."""
    try:
        yield
    except (MemoryError, SelectolaxError):  # the parser fails at nothing but memory
        os._exit(_NO_MEMORY)
    except OSError as error:
        os._exit(_TOO_LONG if error.errno == errno.EFBIG else _NO_ROOM)


if __name__ == "__main__":
    _serve()
