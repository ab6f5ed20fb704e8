"""Steps: which of those that a case went through stand, and were not undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from corrections_service.store.models import EventKind


class AnyStep(Protocol):
    """A step of a case: its kind, and of an undoing the kind of what was undone."""

    @property
    def kind(self) -> Any:
        """What was done."""

    @property
    def what(self) -> str:
        """What was undone, "" for what is no undoing."""


Step = TypeVar("Step", bound=AnyStep)


def standing(steps: Iterable[Step]) -> list[Step]:
    """These steps of one case, in the order in which they were taken, without those that were undone and the undoing."""
    stand: list[Step] = []
    for step in steps:
        if step.kind != EventKind.UNDONE:
            stand.append(step)
            continue
        last = max((at for at, earlier in enumerate(stand) if earlier.kind == step.what), default=None)
        if last is not None:
            del stand[last]
    return stand
