"""Cursors: where a page of the queue begins, as it stands in a link."""

from __future__ import annotations

import base64
import binascii
import struct
from datetime import UTC, datetime
from typing import Any

MOST_POINTS = 2**31 - 1
"""What the column of a priority can hold."""

Key = tuple[bool, Any, int]
"""Whether a case stands before all others, as its editor has yet to look at it; what it is sorted by; its number."""


def cursor_of(key: Key, *, back: bool) -> str:
    """A key as it stands in a link: the moment in microseconds or the points, the number, its place, the direction."""
    is_ahead, value, id = key
    if isinstance(value, datetime):
        value = int(value.timestamp()) * 1_000_000 + value.microsecond
    return base64.urlsafe_b64encode(struct.pack(">qq??", value, id, is_ahead, back)).decode().rstrip("=")


def read_cursor(cursor: str, *, by_time: bool) -> tuple[bool, Key | None]:
    """The direction and the key; what was never a cursor is the top."""
    try:
        value, id, is_ahead, back = struct.unpack(">qq??", base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not by_time:
            return back, (is_ahead, min(max(value, 0), MOST_POINTS), id)
        seconds, rest = divmod(value, 1_000_000)
        return back, (is_ahead, datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), id)
    except (binascii.Error, struct.error, ValueError, OverflowError, OSError):
        return False, None
