"""Wishes: what a reader wants to stand where the wrong words stand, or that the words go."""

from __future__ import annotations

from typing import Protocol

from corrections_service.rules.changes import Change, describe_edit
from corrections_service.rules.quotes import Quote, Sighting


class Wished(Protocol):
    """A case, a report, or what becomes one."""

    @property
    def exact(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def suggestion(self) -> str: ...
    @property
    def remove(self) -> bool: ...


def sighting(one: Wished) -> Sighting:
    """The words that are marked, and what is wished for."""
    return Sighting(Quote(one.exact, one.prefix, one.suffix), one.suggestion, one.remove)


def change(one: Wished) -> Change | None:
    """What the wish changes; None where no words are marked or nothing is wished for."""
    if not one.exact or not (one.suggestion or one.remove):
        return None
    return describe_edit(Quote(one.exact, one.prefix, one.suffix), one.suggestion)
