"""Offices of a publication that are not the corrections desk's, each by its name and its mail address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from corrections_service.rules import addresses, text

MOST, LONGEST_NAME = 10, 60


class Office(TypedDict):
    """Who answers what is not for the corrections desk: such as subscriptions, delivery, letters."""

    name: str
    address: str


def read(typed: str) -> list[Office]:
    """The offices as they are typed, one a line, its name and then its address. Raises ValueError, which says what is wrong."""
    offices = [_office(line) for line in typed.splitlines() if line.strip()]
    if len(offices) > MOST:
        raise ValueError(f"Give at most {MOST}; these are {len(offices)}.")
    names = [office["name"].casefold() for office in offices]
    if len(set(names)) < len(names):
        raise ValueError("Give each a name of its own.")
    return offices


def written(offices: Sequence[Office]) -> str:
    """These offices as they are typed."""
    return "\n".join(f"{office['name']} {office['address']}" for office in offices)


def _office(line: str) -> Office:
    name, _, address = text.one_line(text.without_direction_controls(text.clean(line))).strip().rpartition(" ")
    name = name.strip(" :,")
    if not text.is_visible(name) or "@" in name:
        raise ValueError("Give a name and then an address in each line.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A name has at most {LONGEST_NAME} characters.")
    return Office(name=name, address=addresses.mailable(address.strip("<>"), public=False))
