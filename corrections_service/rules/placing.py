"""Where a wrong passage ran, how grave the error is, and where in the article its notice stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from corrections_service.rules.workflow import NoticeClass

PLACES = ("web", "print", "newsletter", "push", "social")
"""Where an error may have run; `print` with the day of the edition."""


CHANNELS = ("headline", "teaser", "newsletter", "push", "social", "syndication", "print", "translations")
"""Where a correction may have to be told besides the log."""


class Gravity(StrEnum):
    """How grave an error is: minor ones are told below the article, material ones above, serious ones in the headline too."""

    MINOR = "minor"
    MATERIAL = "material"
    SERIOUS = "serious"


_BY_CLASS: Mapping[NoticeClass, Gravity] = {
    NoticeClass.CORRECTION: Gravity.MATERIAL,
    NoticeClass.CLARIFICATION: Gravity.MINOR,
    NoticeClass.EDITORS_NOTE: Gravity.MATERIAL,
    NoticeClass.UPDATE: Gravity.MINOR,
    NoticeClass.WITHDRAWN: Gravity.SERIOUS,
}


def gravity_of(notice_class: NoticeClass, chosen: str = "") -> Gravity:
    """How grave it is, as an editor said, or else as its class is."""
    return Gravity(chosen) if chosen in list(Gravity) else _BY_CLASS[notice_class]


def stands_in(gravity: Gravity, place: str) -> bool:
    """Whether a notice stands at this place of the article: "top", "bottom" or "headline"; it stands anywhere at ""."""
    if place == "headline":
        return gravity is Gravity.SERIOUS
    return place == "" or (place == "bottom") == (gravity is Gravity.MINOR)


def written(places: Collection[str], day: str = "") -> str:
    """Where it ran, as it is kept: "web, print 2026-11-03, push"; a day is that of a printed edition."""
    return ", ".join(
        f"{place} {day}" if place == "print" and day else place
        for place in PLACES
        if place in places or (place == "print" and day)
    )


def ran_in(kept_places: str) -> list[tuple[str, date | None]]:
    """The places where it ran, each with the day of the edition where that is known."""
    parts = [part.partition(" ") for part in kept_places.split(", ")]
    return [(place, date.fromisoformat(day) if day else None) for place, _, day in parts if place in PLACES]
