"""Dates as pages write them, read as moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = "january february march april may june july august september october november december".split()
_DATE = r"""(?:
    (?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})                                         # 2026-03-01
  | (?P<slash_first>\d{1,2})/(?P<slash_second>\d{1,2})/(?P<slash_year>\d{4})                            # 3/1/2026
  | (?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\ )?                         # Sunday,
    (?:
      (?P<month_then>[a-z]{3,9})\.?\ (?P<day_last>\d{1,2})(?:st|nd|rd|th)?                              # March 1st
    | (?P<day_then>\d{1,2})(?:st|nd|rd|th)?\ (?P<month_last>[a-z]{3,9})\.?                              # 1 March
    ),?\ (?P<word_year>\d{4})                                                                           # 2026
)"""
_TIME = r"""
    (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?::(?P<second>\d\d))?(?:[.,]\d+)?                           # 10:30:00.000
    (?:\s?(?P<half>[ap])\.?m\b\.?)?                                                                     # p.m.
    \s*(?P<zone>[+-]\d\d(?::?\d\d)?|[a-z]{1,5}\b(?:[+-]\d{1,2}(?::?\d\d)?)?)?                           # +01:00, GMT+1
    (?:\s*\[?(?P<location>[a-z]+(?:/[a-z_+-]+){1,2})\]?|\s*\([\w ]+\))?                                 # [Europe/Berlin]
"""
_WRITTEN = re.compile(
    rf"""
    {_DATE}
    (?:
      (?:\s*(?:T|,|\bat\b|-|–|\|)\s*|\s+)       # 2026-03-01T10:30, March 1, 2026 at 10:30
      {_TIME}
    )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?$")
_OLDEST = datetime(1700, 1, 1, tzinfo=UTC)

# Hours from UTC. What two countries call by one name (IST) is none.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "trt": 3, "sast": 2, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "awst": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_LOCATIONS = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


def read_moment(line: str, language: str = "", zone: tzinfo | None = UTC) -> datetime | None:
    """A date and time in UTC; where templates write nothing as a date of long ago, that is none.

    Read are ISO 8601 or nearly, dates of mails and in English words, seconds since 1970, and `3/1/2026`, in which the
    month is first only in American English, and which is nothing where the language is not known. A zone may be told by its
    name; without one it is of `zone`, and where that is None it stays as it is written, by the clock of whoever wrote it.
    """
    for read in (_read_date, lambda line, _: datetime.fromisoformat(line)):
        try:
            when = read(line, language)
            when = when if when.tzinfo else when.replace(tzinfo=zone)
            moment = in_utc(when, UTC)
        except (ValueError, OverflowError, TypeError, IndexError, LookupError, OSError):
            continue
        return (moment if when.tzinfo else when) if moment > _OLDEST and moment.timestamp() else None
    return None


def in_utc(when: datetime, zone: tzinfo) -> datetime:
    """A time in UTC; one that names no zone is by the clock of this one."""
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def _read_date(line: str, language: str) -> datetime:
    """Read a date; raises ValueError or LookupError where it is none."""
    if epoch := _EPOCH.fullmatch(line):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    match = _WRITTEN.fullmatch(line)
    if match is None:
        raise ValueError(line)
    year, month, day = _day(match, language)
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(line)
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    elif match["hour"] and not match["minute"]:
        raise ValueError(line)
    zone = _zone(match["zone"] or "", match["location"] or "")
    return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=zone)


def _day(match: re.Match[str], language: str) -> tuple[int, int, int]:
    if match["year"]:
        return int(match["year"]), int(match["month"]), int(match["day"])
    if match["word_year"]:
        name = (match["month_then"] or match["month_last"]).lower()
        months = [at for at, full in enumerate(_MONTHS, 1) if name in (full, full[:3], full[:4])]
        return int(match["word_year"]), months[0], int(match["day_last"] or match["day_then"])
    first, second = int(match["slash_first"]), int(match["slash_second"])
    if not language and max(first, second) <= 12 and first != second:
        raise ValueError("nobody knows whether the month is first")
    is_american = language.lower() in ("en", "en-us")
    month, day = (first, second) if (is_american and first <= 12) or second > 12 else (second, first)
    return int(match["slash_year"]), month, day


def _zone(name: str, location: str) -> tzinfo | None:
    """A zone by its name or location, or by its hours from UTC; of what nobody knows, none.

    Raises LookupError for a location that there is not.
    """
    if offset := _OFFSET.search(name):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(ahead if offset[1] == "+" else -ahead)
    hours = _ZONES.get(name.lower())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    location = location or (_LOCATIONS[name.lower()] if name else "")
    return ZoneInfo(location) if location else None
