"""What an editor types to find cases: words, and filters such as `kind:name readers>2 -is:spam`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import State

KEYS = {
    "is": "the state, or a view",
    "site": "a publication",
    "section": "a section of it",
    "author": "who wrote the article",
    "article": "the article’s address, or words of its headline",
    "by": "who has the case, or me, or nobody",
    "kind": "the kind of error",
    "lang": "the article’s language",
    "readers": "how many readers, as in readers>2",
    "age": "how long ago it came in, as in age<3d",
}
"""What can be asked for, and what that is."""

ONE_VALUED = ("site", "section", "article", "by", "kind", "lang")
COMPARED = ("readers", "age")
SHELVES = ("inbox", "mine", "snoozed", "back", "waiting", "fixing", "approval", "corrected", "declined", "spam")
UNSPREAD = "unspread"
STATES = tuple(dict.fromkeys((*SHELVES, *(state.value for state in State if state is not State.MERGED), UNSPREAD)))
"""What `is:` knows: the views, the states that are none, and what is public and not told everywhere yet."""

MORE, FEWER, YOUNGER, OLDER = "readers>2", "readers<5", "age<3d", "age>2w"
"""How many readers and ages are asked for, as examples."""

AGES = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(30),
    "y": timedelta(365),
}
MOST = 2**31 - 1
"""The largest number of readers that anything is compared with."""

_TERM = re.compile(
    r"""
    (?P<not>-?)
    (?:
      (?P<key>[^\W\d_]+)(?P<sign>:?[<>]=?|:|=)(?!//)(?P<value>"[^"]*"?|\S*)
    | "(?P<quote>[^"]*)"?
    | (?P<word>\S+)
    )
    """,
    re.VERBOSE,
)
_AGE = re.compile(r"(\d{1,6})([hdwmy])")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """One filter: its key, how it compares, its value as typed, and whether cases without it are asked for."""

    key: str
    value: str
    sign: str = ":"
    is_not: bool = False

    def __str__(self) -> str:
        """As it is typed."""
        value = self.value.replace('"', " ")
        value = value if re.fullmatch(r"/?\w\S*", value) else f'"{value}"'
        return f"{'-' * self.is_not}{self.key}{self.sign}{value}"


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for: filters, words that cases hold and that they do not, and what is wrong with it in sentences."""

    terms: tuple[Term, ...] = ()
    words: str = ""
    without: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def values(self, key: str) -> list[Term]:
        """The filters by this key."""
        return [term for term in self.terms if term.key == key]


def parse(typed: str) -> Query:
    """The query that was typed; whatever was, some query it is, and what of it is no filter is said in `errors`."""
    terms, words, without, errors = [], [], [], []
    for match in _TERM.finditer(typed):
        term = _term(match)
        is_not = bool(match["not"])
        plain = match["quote"] if match["quote"] is not None else match[0][is_not:]
        if term is not None:
            error = _wrong(term)
            terms += [] if error else [term]
            errors += [error] if error else []
        elif match["key"] and match["sign"] == ":" and match["value"]:
            errors.append(f"There is no filter “{match['key']}:”. Put it in quotation marks to look for the words.")
        elif is_not:
            without.append(plain)
        else:
            words.append(plain)
    keys = Counter(term.key for term in terms if term.key in ONE_VALUED and not term.is_not)
    errors += [f"Ask for one {key} at a time: a case has no more." for key, number in keys.items() if number > 1]
    return Query(tuple(terms), " ".join(words).strip(), tuple(without), tuple(errors))


def with_term(typed: str, term: Term) -> str:
    """The query as typed and one filter more, in place of another by its key."""
    return " ".join([*_kept(typed, lambda other: not _are_rivals(other, term)), str(term)])


def without_term(typed: str, term: Term) -> str:
    """The query as typed without one of its filters."""
    return " ".join(_kept(typed, lambda other: other != term))


def _kept(typed: str, keep: Callable[[Term], bool]) -> Iterator[str]:
    """The parts of a query as typed, but for some filters; quotation marks that are open are closed."""
    for match in _TERM.finditer(typed):
        term = _term(match)
        if term is None or keep(term):
            is_open = (match["quote"] is not None or (match["value"] or "").startswith('"')) and match[0].count(
                '"'
            ) == 1
            yield match[0] + '"' * is_open


def last_part(typed: str) -> tuple[str, str]:
    """What was typed before the filter or word that is being typed, and that one; "" where none is."""
    matches = list(_TERM.finditer(typed))
    start = matches[-1].start() if matches and matches[-1].end() == len(typed) else len(typed)
    return typed[:start], typed[start:]


def range_of(term: Term) -> tuple[int, int]:
    """The fewest and the most readers that a filter names."""
    number = int(term.value)
    ranges = {">": (number + 1, MOST), ">=": (number, MOST), "<": (0, number - 1), "<=": (0, number)}
    return ranges.get(term.sign, (number, number))


def age_of(term: Term) -> timedelta:
    """The age that a filter names, such as 3d; months have 30 days."""
    match = _AGE.fullmatch(term.value.lower())
    assert match is not None, "parse() lets no other through"
    return int(match[1]) * AGES[match[2]]


def _term(match: re.Match[str]) -> Term | None:
    """The filter that was typed; None for words."""
    key = (match["key"] or "").lower()
    if key in KEYS:
        sign = match["sign"]
        return Term(
            key, match["value"].strip('"').strip(), sign[1:] or ":" if sign[0] == ":" else sign, bool(match["not"])
        )
    address = match[0].removeprefix("-")
    is_address = match["word"] is not None and re.match(r"https?://\S", address)
    return Term("article", address, is_not=bool(match["not"])) if is_address else None


def _are_rivals(term: Term, other: Term) -> bool:
    """Whether no case has both, as one of an article has one section."""
    return (term.key, term.sign[0], term.is_not) == (other.key, other.sign[0], False)


def _wrong(term: Term) -> str:
    """What is wrong with a filter, in a sentence; "" where nothing is."""
    key, value = term.key, term.value
    if key not in COMPARED and term.sign != ":":
        return f"Write “{key}:” with a colon."
    if not value:
        return f"Say after “{key + term.sign}” what you look for: {KEYS[key]}."
    if key == "is" and value.lower() not in STATES:
        return f"Nothing is “{value}”. There are {_listed(STATES)}."
    if key == "kind" and value.lower() not in list(Kind):
        return f"There is no kind “{value}”. There are {_listed(list(Kind))}."
    if key == "lang" and not _LANGUAGE.fullmatch(value.lower()):
        return f"“{value}” is no language’s code, such as uk or en."
    if key == "readers" and not (value.isascii() and value.isdigit() and int(value[:11]) <= MOST):
        return f"“{value}” is no number of readers: write {MORE}, or {FEWER}."
    if key == "age" and not _AGE.fullmatch(value.lower()):
        return f"“{value}” is no age: write {YOUNGER}, or {OLDER}, with h, d, w, m or y."
    if key == "age" and term.sign in (":", "="):
        return f"Say whether it is older or younger: {OLDER}, or {YOUNGER}."
    return ""


def _listed(values: Iterable[str]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} and {last}"
