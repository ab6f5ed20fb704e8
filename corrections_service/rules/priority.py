"""Priority: what comes first at a desk, in points, and why. It sorts and hides nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from corrections_service.rules.changes import Kind


class Factor(StrEnum):
    """What makes a case more urgent than another."""

    READERS = "readers"
    KIND = "kind"
    GUARD = "guard"
    WAITING = "waiting"
    ARTICLE = "article"
    RECORD = "record"
    OVERDUE = "overdue"


WEIGHTS: Mapping[Factor, int] = {
    Factor.READERS: 40,
    Factor.KIND: 20,
    Factor.GUARD: 20,
    Factor.WAITING: 15,
    Factor.ARTICLE: 25,
    Factor.RECORD: 10,
    Factor.OVERDUE: 20,
}
"""The most points that each gives; a site may set others."""

HEAVIEST = 100
MANY_READERS = 32
"""From so many readers on, more of them make no difference."""

LONG = timedelta(days=10)
"""After so long, waiting longer makes no difference."""

FRESH = ((timedelta(days=1), 1.0), (timedelta(days=3), 0.6), (timedelta(days=7), 0.3))
"""How much an article counts until it is so old: most of its readers are still to come."""

ENOUGH = 3
"""Decided reports of a reader before their record says something."""

KINDS: Mapping[Kind, float] = {Kind.FACT: 1.0, Kind.NAME: 1.0, Kind.CONTEXT: 0.75, Kind.MEDIA: 0.5}
"""How much each kind counts; spelling does not, nor what is of no kind."""

Reason = tuple[Factor, str]
Say = Callable[..., str]
"""What gives a sentence of the catalogue by its key, in some language."""


@dataclass(frozen=True, slots=True)
class Urgency:
    """What is known of a case: `right` of `decided` earlier reports of its readers led to a change or were right already.

    `article_age` is None where nobody knows when the article was published.
    """

    readers: int
    kind: Kind
    waiting: timedelta
    article_age: timedelta | None = None
    guard: Sequence[str] = ()
    right: int = 0
    decided: int = 0
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Priority:
    """Points from 0 on, and the reasons for them, those that weigh most first."""

    points: int
    reasons: tuple[Reason, ...]


def prioritize(urgency: Urgency, weights: Mapping[str, int] | None = None) -> Priority:
    """Weigh a case by a site's weights (those that it did not choose are as usual)."""
    weighed = [
        (round(strength * (weights or {}).get(factor, WEIGHTS[factor])), (factor, value))
        for factor, strength, value in _strengths(urgency)
    ]
    counted = sorted(((points, reason) for points, reason in weighed if points), key=lambda row: -abs(row[0]))
    return Priority(max(0, sum(points for points, _ in counted)), tuple(reason for _, reason in counted))


def steady(urgency: Urgency) -> bool:
    """Whether the time that passes changes nothing any more."""
    return urgency.waiting >= LONG and (urgency.article_age is None or urgency.article_age >= FRESH[-1][0])


def in_words(reasons: Sequence[Sequence[str]], say: Say, comma: str = ", ") -> str:
    """Reasons as an editor reads them: "4 readers, changes a number, article of today"."""
    return comma.join(_phrase(Factor(factor), value, say) for factor, value in reasons)


def _strengths(urgency: Urgency) -> list[tuple[Factor, float, str]]:
    """How strongly each factor speaks, from -1 to 1, and what there is to say of it."""
    readers = min(math.log2(max(urgency.readers, 1)) / math.log2(MANY_READERS), 1)
    days = max(urgency.waiting, timedelta(0)) // timedelta(days=1)
    return [
        (Factor.READERS, readers, str(urgency.readers)),
        (Factor.KIND, KINDS.get(urgency.kind, 0), urgency.kind.value),
        (Factor.GUARD, 1 if urgency.guard else 0, urgency.guard[0] if urgency.guard else ""),
        (Factor.WAITING, min(days / LONG.days, 1), str(days)),
        (Factor.ARTICLE, *_freshness(urgency.article_age)),
        (Factor.RECORD, *_record(urgency.right, urgency.decided)),
        (Factor.OVERDUE, 1 if urgency.overdue else 0, ""),
    ]


def _freshness(age: timedelta | None) -> tuple[float, str]:
    if age is None:
        return 0, ""
    strength = next((strength for limit, strength in FRESH if age < limit), 0)
    return strength, str(max(age, timedelta(0)) // timedelta(days=1))


def _record(right: int, decided: int) -> tuple[float, str]:
    """From -1, never right, to 1, always right; nothing where too little is known."""
    return (2 * right / decided - 1 if decided >= ENOUGH else 0), f"{right}/{decided}"


def _phrase(factor: Factor, value: str, say: Say) -> str:
    if factor is Factor.READERS:
        return say("desk.queue.readers", n=int(value))
    if factor is Factor.KIND:
        return say(f"desk.reasons.kind_{value}")
    if factor is Factor.GUARD:
        return say("desk.reasons.changes", what=say(f"desk.guard.a_{value}"))
    if factor is Factor.WAITING:
        return say("desk.reasons.waiting", n=int(value))
    if factor is Factor.ARTICLE:
        return say("desk.reasons.article_days", n=int(value)) if int(value) else say("desk.reasons.article_today")
    if factor is Factor.RECORD:
        right, _, decided = value.partition("/")
        return say("desk.reasons.record", right=right, decided=decided)
    return say("desk.reasons.overdue")
