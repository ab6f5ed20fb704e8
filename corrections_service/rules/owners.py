"""Whose matter a case is, by a site's rules; and who is named in a note."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from corrections_service.rules.text import fold


class Owner(TypedDict):
    """Who owns the cases of a section, an author, a kind ("" is any), and who stands in for them; people by number."""

    section: str
    author: str
    kind: str
    owner: int
    deputy: int | None


def first_match(owners: Sequence[Owner], *, section: str, author: str, kind: str) -> Owner | None:
    """The first rule that fits. An author is found among several; case, accents and spaces at the ends make no difference."""
    return next((rule for rule in owners if _fits(rule, section, author, kind)), None)


def _fits(rule: Owner, section: str, author: str, kind: str) -> bool:
    if rule["kind"] not in ("", kind):
        return False
    if rule["section"] and _plain(rule["section"]) != _plain(section):
        return False
    name = _plain(rule["author"])
    return not name or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", _plain(author)) is not None


def names_person(author: str, name: str) -> bool:
    """Whether a byline names this person, who has a name of two words at least, in whatever order and case."""
    parts, words = _plain(name).split(), re.findall(r"\w[\w'’-]*", _plain(author))
    return len(parts) > 1 and all(part in words for part in parts)


def _plain(words: str) -> str:
    return " ".join(fold(word).text for word in words.split())


def mentioned(note: str, people: Mapping[int, Iterable[str]]) -> list[int]:
    """Whom a note names by `@` and one of their names, in the order in which it names them, each once.

    The longest name that stands there counts, in whatever case; one that several people have names nobody.
    """
    unique = _unique(people)
    matches = _pattern(unique).finditer(note.casefold())
    return list(dict.fromkeys(unique[match[1]] for match in matches))


def unknown(note: str, people: Mapping[int, Iterable[str]]) -> list[str]:
    """The words after an `@` that name nobody, or several, in small letters, each once."""
    rest = _pattern(_unique(people)).sub(" ", note.casefold())
    return list(dict.fromkeys(re.findall(r"(?<![\w@.])@\w+(?:[.-]\w+)*", rest)))


def handles(people: Mapping[int, Iterable[str]]) -> dict[int, str]:
    """The first name of each of these people that names nobody else in a note; who has none is left out."""
    unique = _unique(people)
    names_of = {number: [name.strip() for name in names] for number, names in people.items()}
    return {
        number: next(name for name in names if unique.get(name.casefold()) == number)
        for number, names in names_of.items()
        if number in unique.values()
    }


def _unique(people: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """Who goes by each name that one person alone has."""
    by_name = defaultdict[str, set[int]](set)
    for number, names in people.items():
        for name in names:
            by_name[name.strip().casefold()].add(number)
    return {name: min(numbers) for name, numbers in by_name.items() if name and len(numbers) == 1}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """What finds each of these names after an `@`, the longest that stands there."""
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first)) or "(?!)"  # which is found nowhere
    return re.compile(rf"(?<![\w@.])@({either})(?![\w@]|[.-]\w)")
