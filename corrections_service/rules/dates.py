"""Dates as pages write them, read as moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d+)?)?\s*"
    r"(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE,
)
_MAIL_DATE = re.compile(
    r"(?:\w{3}, )?\d{1,2} \w{3,9} \d{4} \d\d?:\d\d(?::\d\d)?(?: (?:[A-Z]{1,4}|[+-]\d{4}))?(?: \(\w+\))?"
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_OLDEST = datetime(1700, 1, 1, tzinfo=UTC)


def read_moment(line: str) -> datetime | None:
    """Return a date and time in UTC; where templates write nothing as a date of long ago, that is none."""
    for read in (_read_date, datetime.fromisoformat) if line else ():
        try:
            when = read(line)
            when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return when if when > _OLDEST and when.timestamp() else None
    return None


def _read_date(line: str) -> datetime:
    """Read a date as ISO 8601 writes it, or nearly, or as a mail does, or in seconds since 1970; raises ValueError."""
    if _MAIL_DATE.fullmatch(line):
        return parsedate_to_datetime(line)
    if epoch := _EPOCH.fullmatch(line):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    found = _MOMENT.fullmatch(line)
    if found is None:
        raise ValueError(line)
    year, month, day, hour, minute, second, utc, hours, minutes = found.groups()
    zone = "+00:00" if utc else f"{hours}:{minutes or '00'}" if hours else ""
    return datetime.fromisoformat(
        f"{year}-{month:0>2}-{day:0>2}T{hour or '0':0>2}:{minute or '00'}:{second or '00'}{zone}"
    )
