"""When a mail to somebody who works at a desk goes: by its sort, by the pace that they chose, outside their quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from corrections_service.rules.clocks import zone_of

DAILY_AT = time(8)
"""When the mail of a day goes, or once the quiet hours are over where these go on for longer."""


class Sort(StrEnum):
    """What a mail to an editor tells."""

    NEW = "new"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    CAME_BACK = "came_back"
    APPEALED = "appealed"
    ANSWERED = "answered"
    APPROVAL = "approval"
    CHANGED = "changed"
    FIX_SEEN = "fix_seen"
    OVERDUE = "overdue"
    WAVE = "wave"


class Pace(StrEnum):
    """How often mails of a sort go."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    NEVER = "never"


TURNS = {
    **dict.fromkeys(("proposed", "approved", "sent_back"), Sort.APPROVAL),
    "unmended": Sort.OVERDUE,
    **dict.fromkeys(("offered", "mailed"), Sort.ANSWERED),
}
"""The turns of a case that are of one sort, and are not called as it is."""

UNASKED = (Sort.FIX_SEEN, Sort.WAVE)
"""What nobody is mailed who did not ask for it."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How one person, or a desk, wants its mails: the pace by sort, and from when to when of a day none at all."""

    paces: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    quiet_from: str = ""
    quiet_until: str = ""

    def pace(self, sort: Sort) -> Pace:
        """How often mails of this sort go; at once where nothing else was chosen."""
        chosen = self.paces.get(sort, "")
        return Pace(chosen) if chosen in list(Pace) else Pace.NEVER if sort in UNASKED else Pace.AT_ONCE


USUAL = Habits()


def sort_of_turn(turn: str) -> Sort:
    """Of which sort a mail about this turn of a case is; one of a later version goes as usual."""
    return TURNS.get(turn) or (Sort(turn) if turn in list(Sort) else Sort.ASSIGNED)


def due(owed_at: datetime, sort: Sort, habits: Habits) -> datetime | None:
    """When a mail goes that is owed since a moment, in UTC: that moment itself or later; None where it never does."""
    pace = habits.pace(sort)
    if pace is Pace.NEVER:
        return None
    return rouse(_next(owed_at, pace, habits), habits)


def rouse(moment: datetime, habits: Habits) -> datetime:
    """This moment, or the end of the quiet hours that it is in; where the clocks skip that end, the moment they do."""
    if not habits.quiet_from or not habits.quiet_until or habits.quiet_from == habits.quiet_until:
        return moment
    begin, end = time.fromisoformat(habits.quiet_from), time.fromisoformat(habits.quiet_until)
    local = moment.astimezone(zone_of(habits.zone))
    at = local.time()
    is_quiet = begin <= at < end if begin < end else at >= begin or at < end
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1 if at >= end else 0)
    return max(moment, datetime.combine(day, end, zone_of(habits.zone)).astimezone(UTC))


def _next(owed_at: datetime, pace: Pace, habits: Habits) -> datetime:
    """The hour, or the day's moment, at which what was owed by then is told together."""
    local = owed_at.astimezone(zone_of(habits.zone))
    if pace is Pace.HOURLY:
        since_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return owed_at if not since_hour else owed_at - since_hour + timedelta(hours=1)
    if pace is Pace.DAILY:
        day = local.date() + timedelta(days=1 if local.time() > DAILY_AT else 0)
        return max(owed_at, datetime.combine(day, DAILY_AT, zone_of(habits.zone)).astimezone(UTC))
    return owed_at
