"""Attachments: a reader's file is judged by its first bytes, scanned, and drawn anew by another process; nothing of it stays."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator

import structlog

from corrections_service import errors
from corrections_service.rules import pictures
from corrections_service.services.attachments import MOST_BYTES, MOST_PAGES, Picture
from corrections_service.settings import PREFIX, Settings
from corrections_service.work.reading import environment

log = structlog.get_logger()

LIBRARIES = ("PIL", "pypdfium2")
"""What only `decoding.py` imports, of the extra `attachments`."""

INSTALL = 'pip install "corrections-service[attachments]"'

AT_ONCE = 2
"""Files that one process of the service has scanned and drawn at a time."""

DRAWING_SECONDS, SCAN_SECONDS = 60, 30

MOST_DRAWN = 12 * 1024 * 1024
"""Bytes that are read of what was drawn; the other process may write no more."""

TYPE = "image/webp"

_places = threading.BoundedSemaphore(AT_ONCE)


def can_draw() -> bool:
    """Whether the libraries are there that pictures are drawn with."""
    return all(importlib.util.find_spec(name) is not None for name in LIBRARIES)


def drawn(content: bytes, settings: Settings) -> list[Picture]:
    """A reader's file as pictures of ours. Raises AttachmentRefused, which says why."""
    if len(content) > MOST_BYTES:
        raise errors.AttachmentTooLarge()
    if not content:
        raise errors.AttachmentMissing()
    kind = pictures.kind_of(content)
    if kind not in (pictures.IMAGE, pictures.PDF):
        raise errors.AttachmentHeic() if kind == pictures.HEIC else errors.AttachmentUnknown()
    with _place():
        if settings.attachment_scan and not _is_clean(content, settings.attachment_scan):
            raise errors.AttachmentUnclean()
        return _read(_draw(content, kind))


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """One of a few places: who finds none comes again, and waits for nobody."""
    if not _places.acquire(blocking=False):
        raise errors.AttachmentBusy()
    try:
        yield
    finally:
        _places.release()


def _is_clean(content: bytes, command: str) -> bool:
    """Whether the newsroom's own scanner lets a file through; where it cannot be asked, no file is."""
    try:
        return _scan(content, command) == 0
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.warning("the scanner of CORRECTIONS_ATTACHMENT_SCAN does not answer", why=type(error).__name__)
        return False


def trouble_of_scanner(command: str) -> str:
    """Why a scanner would let no reader's file through, tried with a harmless one; "" where it lets that through."""
    try:
        status = _scan(b"A harmless file.\n", command)
    except subprocess.TimeoutExpired:
        return f"it does not end within {SCAN_SECONDS} seconds, so every file would be refused."
    except OSError as error:
        return f"it cannot be run, so every file would be refused: {error.strerror}: {error.filename}."
    except ValueError as error:
        return f"it is no command, so every file would be refused: {error}."
    return f"it ends with {status} for a harmless file, so every file would be refused." if status else ""


def _scan(content: bytes, command: str) -> int:
    """What a scanner ends with for a file. Raises OSError, ValueError, SubprocessError where it cannot be asked."""
    public = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    words = shlex.split(command)
    if not words:
        raise ValueError("nothing stands there")
    scan = subprocess.run(  # noqa: S603 - the command of the settings
        words,
        input=content,
        env=public,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=SCAN_SECONDS,
        start_new_session=True,
        check=False,
    )
    return scan.returncode


def _draw(content: bytes, kind: str) -> bytes:
    """What the other process says, which is killed when it takes too long; b"" where it failed."""
    command = [sys.executable, "-P", "-m", "corrections_service.work.decoding", kind]
    try:
        with tempfile.TemporaryFile() as answer:  # no pipe: it could hold more than fits
            subprocess.run(  # noqa: S603 - this interpreter, a module of ours
                command,
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment(),
                start_new_session=True,
                timeout=DRAWING_SECONDS,
                check=True,
            )
            answer.seek(0)
            return answer.read(MOST_DRAWN)
    except subprocess.SubprocessError:
        return b""
    except OSError as error:
        log.warning("the process that draws readers' files cannot be started", why=type(error).__name__)
        raise errors.AttachmentBusy() from None


def _read(output: bytes) -> list[Picture]:
    """The pictures in what the other process said, which is believed no more than the file. Raises AttachmentUnreadable."""
    head, _, rest = output.partition(b"\n")
    try:
        facts = [(int(row["width"]), int(row["height"]), int(row["bytes"])) for row in json.loads(head or b"[]")]
    except (ValueError, KeyError, TypeError):
        facts = []
    drawn_pictures, at = [], 0
    for width, height, size in facts[:MOST_PAGES]:
        drawn_pictures.append(Picture(TYPE, rest[at : at + size], width, height))
        at += size
    is_whole = all(size > 0 and 0 < width < 10_000 and 0 < height < 10_000 for width, height, size in facts)
    if not drawn_pictures or not is_whole or at != len(rest):
        raise errors.AttachmentUnreadable()
    return drawn_pictures
