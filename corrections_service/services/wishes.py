"""Wishes: what readers want to stand where the wrong words stand, or that the words go."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Change, Kind, Piece, describe_edit, diff
from corrections_service.rules.quotes import Quote, Sighting
from corrections_service.rules.text import fold, straight
from corrections_service.store.models import Case, Report

MOST_WORDINGS = 16
"""Of one case that are compared, those of most readers first: in a wave of reports each may be another."""

Key = tuple[tuple[str, str], ...]


class Wished(Protocol):
    """A case, a report, or what becomes one."""

    @property
    def exact(self) -> str: ...
    @property
    def quote(self) -> Quote: ...
    @property
    def suggestion(self) -> str: ...
    @property
    def remove(self) -> bool: ...
    @property
    def place(self) -> str: ...
    @property
    def kind(self) -> Kind | None: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What some readers of a case want: the pieces that change, and how many readers that are."""

    pieces: tuple[Piece, ...]
    readers: int


def sighting(wish: Wished) -> Sighting:
    """The words that are marked, and what is wished for."""
    return Sighting(wish.quote, wish.suggestion, wish.remove)


def words(wish: Wished) -> str:
    """The words that a wish is about: those marked, or those named as "Which part?"; of a picture there are none."""
    return wish.exact or ("" if wish.kind is Kind.MEDIA else wish.place)


def about(wish: Wished) -> Quote:
    """The words that a wish is about, where they stand."""
    return replace(wish.quote, exact=words(wish))


def change(wish: Wished) -> Change | None:
    """What the wish changes; None where no words are marked or named, or nothing is wished for."""
    if not words(wish) or not (wish.suggestion or wish.remove):
        return None
    return describe_edit(about(wish), wish.suggestion)


def others(session: Session, cases: Sequence[Case]) -> dict[int, list[Wish]]:
    """What readers of these cases want otherwise than the cases themselves say, by one query, most readers first.

    Whoever marked more or fewer words wants the same where the same words become the same. What was withdrawn or
    erased is nobody's wish any more.
    """
    by_case: dict[int, list[Row[Any]]] = {case.id: [] for case in cases}
    for row in session.execute(_wordings(), {"case_ids": list(by_case)}):
        by_case[row.case_id].append(row)
    return {case.id: _distinct(case, by_case[case.id]) for case in cases}


@cache
def _wordings() -> Select[Any]:
    """The wishes of cases as they were worded, with how many readers stand behind each."""
    columns = (Report.case_id, Report.exact, Report.place, Report.suggestion, Report.remove)
    standing = (
        Report.case_id.in_(bindparam("case_ids", expanding=True)),
        Report.withdrawn_at.is_(None),
        or_(Report.suggestion != "", Report.remove),
    )
    readers, first = func.count(Report.sender.distinct()).label("readers"), func.min(Report.id).label("first")
    tally = select(*columns, readers, first).where(*standing).group_by(*columns).subquery()
    order = (tally.c.readers.desc(), tally.c.first)
    turn = func.row_number().over(partition_by=tally.c.case_id, order_by=order).label("turn")
    turns = select(tally, turn).subquery()
    return select(turns).where(turns.c.turn <= MOST_WORDINGS).order_by(turns.c.case_id, turns.c.turn)


def _distinct(case: Case, wordings: Sequence[Row[Any]]) -> list[Wish]:
    """The wishes among these that are not the case's own, each once."""
    as_case = (case.exact, case.suggestion, case.remove)
    rest = [row for row in wordings if (row.exact, row.suggestion, row.remove) != as_case]
    if not rest:
        return []
    case_key, by_key = _key(_changed_pieces(case.exact or case.place, case)), dict[Key, Wish]()
    for row in rest:
        place = case.exact or row.place if row.place == case.place else row.place
        pieces = _changed_pieces(row.exact or place, row)
        key = _key(pieces)
        if pieces and key != case_key:
            earlier = by_key.get(key, Wish(pieces, 0))
            by_key[key] = Wish(earlier.pieces, earlier.readers + row.readers)
    return sorted(by_key.values(), key=lambda wish: -wish.readers)


def _changed_pieces(about: str, wish: Any) -> tuple[Piece, ...]:
    """The pieces of the words that a wish changes."""
    if not (wish.suggestion or wish.remove):
        return ()
    before, after = (" ".join(unicodedata.normalize("NFC", side).split()) for side in (about, wish.suggestion))
    return tuple(piece for piece in diff(before, after) if piece.op != "equal")


def _key(pieces: Sequence[Piece]) -> Key:
    """What is equal for two wishes that are the same: which words become which, by whatever keyboard they are typed."""
    return tuple((fold(piece.before).text, _typed(piece)) for piece in pieces)


def _typed(piece: Piece) -> str:
    """The new words with plain quotation marks and dashes, unless these are all that changes."""
    only_marks = straight(piece.before) == straight(piece.after)
    return (piece.after if only_marks else straight(piece.after)).strip()
