"""The views of the queue: which cases each shows, and in which orders.

All but `mine`, `back`, `approval` and
`closed` share no case, and add up to all with the cases that readers took back: those are closed, and neither corrected
nor declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import CHANGES_PAGE, LIVE, SHOWN, UNDECIDED, NoticeState, Resolution, State
from corrections_service.store.models import Case, Correction, Mention, Spread
from corrections_service.store.search import NOTHING, Demand

MENDED = (*CHANGES_PAGE, Resolution.ALREADY_FIXED)
"""How cases ended whose article is right now; all others were declined, but for those that readers took back."""

VIEWS: dict[str, tuple[State, ...]] = {
    "inbox": (State.NEW, State.OPEN),
    "mine": LIVE,
    "snoozed": (State.WAITING,),
    "back": UNDECIDED,
    "waiting": (State.WAITING,),
    "fixing": (State.FIXING,),
    "approval": (State.FIXING,),
    "corrected": (State.CLOSED,),
    "declined": (State.CLOSED,),
    "closed": (State.CLOSED,),
    "spam": (State.SPAM,),
    "all": (*LIVE, State.CLOSED),
}
"""The states that each view shows; `mine` also asks for the editor it is assigned to. Merged cases live on in another."""

HAS_TURN = Case.turn.is_not(None)
_is_mended = sa.and_(Case.resolution.is_not(None), Case.resolution.in_(MENDED))
_is_taken_back = sa.and_(Case.resolution.is_not(None), Case.resolution == Resolution.READER_WITHDREW)
IS_PROPOSED = Case.id.in_(
    sa.select(Correction.case_id).where(Correction.state == NoticeState.ASKED, Correction.retracted_at.is_(None))
)
SPREADS = Spread.case_id.in_(
    sa.select(Correction.case_id).where(Correction.state.in_(SHOWN), Correction.retracted_at.is_(None))
)
"""Which lines of spread lists count: those of a case whose notice the public reads now."""

IS_UNSPREAD = Case.id.in_(sa.select(Spread.case_id).where(Spread.done_at.is_(None), SPREADS))
CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "snoozed": Case.snoozed_until.is_not(None),
    "back": HAS_TURN,
    "waiting": Case.snoozed_until.is_(None),
    "approval": IS_PROPOSED,
    "corrected": _is_mended,
    "declined": sa.not_(sa.or_(_is_mended, _is_taken_back)),
}
"""What more a view asks for. `back` are cases whose editor has to look again: they came back, were appealed or answered,
or their article changed."""

SHELVES: dict[str, tuple[str, ...]] = {
    "inbox": ("new", "open", "back"),
    "snoozed": ("snoozed",),
    "waiting": ("waiting",),
    "fixing": ("fixing",),
    "corrected": ("corrected",),
    "declined": ("declined",),
    "closed": ("corrected", "declined", "taken_back"),
    "spam": ("spam",),
    "all": ("new", "open", "back", "snoozed", "waiting", "fixing", "corrected", "declined", "taken_back"),
}
"""What the database counts for each view: it counts every case once, by the same conditions; its own `back` are open
cases that were decided once. `mine` and the views `back` and `approval` are few cases, which are counted when they are asked for."""


@dataclass(frozen=True)
class Order:
    """By which column cases are sorted, and whether the highest comes first; then by their numbers."""

    column: sa.orm.InstrumentedAttribute[Any]
    falling: bool

    def ends(self, key: Any, id: Any, *, back: bool) -> tuple[sa.UnaryExpression[Any], ...]:
        """The order by these columns, or with `back` the other way round."""
        return (key.desc(), id.desc()) if self.falling is not back else (key.asc(), id.asc())


NEWEST = "newest"
ORDERS = {
    NEWEST: Order(Case.created_at, falling=True),
    "oldest": Order(Case.created_at, falling=False),
    "priority": Order(Case.priority, falling=True),
    "due": Order(Case.due_at, falling=False),
}
"""The orders of a view, and of a search."""


@dataclass(frozen=True, slots=True)
class Age:
    """That a case came in after a moment, or before it."""

    edge: datetime
    is_younger: bool


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a query asks for besides its words: None where it leaves that to the view."""

    site_ids: tuple[int, ...] | None = None
    states: tuple[State, ...] | None = None
    assignee_id: int | None = None
    conditions: tuple[sa.ColumnElement[bool], ...] = ()
    ages: tuple[Age, ...] = ()
    with_mentions: bool = False
    """Whether the cases in whose notes the assignee is named are among theirs."""
    demand: Demand = NOTHING
    """What of it the search index answers."""


ANY = Criteria()


def is_named(editor_id: int) -> sa.ColumnElement[bool]:
    """Whether an editor is named in a case's notes."""
    return Case.id.in_(sa.select(Mention.case_id).where(Mention.editor_id == editor_id))


@cache
def of_kind(kind: Kind) -> sa.ColumnElement[bool]:
    """Whether a case is of a kind: one condition, so that a page asks by the statement that was built for another."""
    return Case.kind == kind
