"""The dashboard's queue: filters, keyset pages, counts."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import LIVE, State
from corrections_service.store.cursors import Key, cursor_of, read_cursor
from corrections_service.store.models import Case, Event, Mention
from corrections_service.store.search import NOTHING, Demand, also_holding, matching
from corrections_service.store.views import (
    ANY,
    CONDITIONS,
    HAS_TURN,
    IS_PROPOSED,
    SHELVES,
    Age,
    Criteria,
    Order,
    is_named,
    of_kind,
)
from corrections_service.store.views import NEWEST as NEWEST
from corrections_service.store.views import ORDERS as ORDERS
from corrections_service.store.views import VIEWS as VIEWS

MOST_BRANCHES = 16
"""Index ranges that one page merges; with more sites the states' own index is read and the sites are picked out of it."""

MOST_TERMS = 400
"""The same in an order in which the states have no index of their own; SQLite takes up to 500."""

MOST_SORTED = 2000
"""Hits of a search that are read to be sorted; more are sorted as they stand in an index of their order."""

LISTS_KEPT = 256
"""Statements that are kept, one for each list that is counted for somebody: by sites, view and editor."""

PAGES_KEPT = 32
"""The same of the lists that are read; one over many sites has a branch for each of them and each state."""

LATE = 200
"""How many events may get their number and be committed after one with a higher number."""

_unseen = aliased(Case)
UNSEEN = sa.select(_unseen.id).where(_unseen.turn.is_not(None), _unseen.unseen_since.is_not(None))
"""The cases that stand before all others of a view."""

counters = sa.table("case_count", sa.column("site_id"), sa.column("shelf"), sa.column("number"))


@dataclass(frozen=True)
class Page:
    """Some cases in the order that was asked for, and where the pages after and before them begin ("" where there is none)."""

    cases: list[Case]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True)
class Filters:
    """Which cases a page shows."""

    site_ids: tuple[int, ...]
    states: tuple[State, ...]
    assignee_id: int | None
    conditions: tuple[sa.ColumnElement[bool], ...]
    q: str
    demand: Demand = NOTHING
    order: Order = ORDERS[NEWEST]
    with_mentions: bool = False
    """Whether the cases in whose notes the assignee is named are among theirs."""
    ages: tuple[Age, ...] = ()
    is_flat: bool = False
    """Whether what its editor has yet to look at stands in its place among all others, as in a search."""

    @property
    def is_search(self) -> bool:
        """Whether the search index yields these cases."""
        return bool(self.q or self.demand.all_groups)

    @property
    def by_time(self) -> bool:
        """Whether they come by when they came in."""
        return self.order.column is Case.created_at

    def all_conditions(self) -> list[sa.ColumnElement[bool]]:
        """What is asked of each case. Most are older than a while: that makes an index by time one for the order by time alone."""
        old = Case.created_at if self.by_time else _unindexed(Case.created_at)
        ages = (Case.created_at > age.edge if age.is_younger else old < age.edge for age in self.ages)
        return [*self.conditions, *ages]

    def of_assignee(self) -> tuple[sa.ColumnElement[bool], ...]:
        """That a case is the assignee's; nothing where all are asked for."""
        if self.assignee_id is None:
            return ()
        is_own = _plus(Case.assignee_id) == self.assignee_id
        return (sa.or_(is_own, is_named(self.assignee_id)) if self.with_mentions else is_own,)

    def branches(self) -> list[sa.Select[Any]]:
        """These cases as ranges of one index each, so that a page is read in order and never sorted as a whole.

        Those that `unseen` yields are left out, unless they stand among all others.
        """
        keys = self._keys() if self.is_flat else self._keys().where(Case.id.not_in(UNSEEN))
        if self.assignee_id is not None:
            assigned = keys.where(Case.assignee_id == self.assignee_id, _plus(Case.site_id).in_(self.site_ids))
            of_assignee = [assigned.where(Case.state == state) for state in self.states]
            return [*of_assignee, self._mentioned(keys)] if self.with_mentions else of_assignee
        if any(condition is HAS_TURN for condition in self.conditions):
            return [self._turned(keys)]
        if len(self.site_ids) * len(self.states) > (MOST_BRANCHES if self.by_time else MOST_TERMS):
            return [keys.where(Case.state == state, Case.site_id.in_(self.site_ids)) for state in self.states]
        pairs = itertools.product(self.site_ids, self.states)
        return [keys.where(Case.site_id == site_id, Case.state == state) for site_id, state in pairs]

    def unseen(self) -> sa.Select[Any]:
        """Those of these cases that their editor has yet to look at."""
        return self._turned(self._keys().where(Case.unseen_since.is_not(None), *self.of_assignee()))

    def _keys(self) -> sa.Select[Any]:
        return sa.select(Case.id, self.order.column.label("key")).where(*self.all_conditions())

    def _turned(self, keys: sa.Select[Any]) -> sa.Select[Any]:
        """Those of these that are somebody's turn: few among many, so that no other index is to be chosen for them."""
        return keys.where(HAS_TURN, _unindexed(Case.state).in_(self.states), _plus(Case.site_id).in_(self.site_ids))

    def _mentioned(self, keys: sa.Select[Any]) -> sa.Select[Any]:
        """Those in whose notes the assignee is named, that another one has, or nobody."""
        mentions = keys.join(Mention, Mention.case_id == Case.id).where(Mention.editor_id == self.assignee_id)
        others = Case.assignee_id.is_distinct_from(self.assignee_id)
        state = _unindexed(Case.state)
        return mentions.where(others, state.in_(self.states), _plus(Case.site_id).in_(self.site_ids))


def cases_page(
    session: Session,
    site_ids: Sequence[int],
    *,
    view: str = "inbox",
    site_id: int | None = None,
    q: str = "",
    kind: Kind | None = None,
    editor_id: int | None = None,
    cursor: str = "",
    limit: int = 50,
    criteria: Criteria = ANY,
    sort: str = NEWEST,
) -> Page:
    """One page of a view over these sites in one of ORDERS, with article and assignee loaded.

    `view` is one of VIEWS (another one is the inbox); `mine` needs `editor_id`. A cursor that is none begins at the top.
    """
    filters = _filters(session, site_ids, view, criteria, site_id=site_id, q=q, kind=kind, editor_id=editor_id)
    filters = replace(filters, order=ORDERS.get(sort, ORDERS[NEWEST]))
    if not filters.site_ids or not filters.states:
        return Page([], "", "")
    back, start = read_cursor(cursor, by_time=filters.order.column is not Case.priority)
    keys = _keys(session, filters, start, limit + 1, back=back)
    more, keys = len(keys) > limit, keys[:limit]
    if back:
        keys.reverse()
    after, before = (True, more) if back else (more, start is not None)
    return Page(
        cases=load(session, [id for *_, id in keys]),
        next_cursor=cursor_of(keys[-1], back=False) if keys and after else "",
        previous_cursor=cursor_of(keys[0], back=True) if keys and before else "",
    )


def shortened(page: Page, limit: int, *, cursor: str, sort: str = NEWEST) -> Page:
    """A page that was read from this cursor with so many cases at most; what is left out is on the one after it."""
    if len(page.cases) <= limit:
        return page
    order, (back, _) = ORDERS.get(sort, ORDERS[NEWEST]), read_cursor(cursor, by_time=True)
    cases = page.cases[-limit:] if back else page.cases[:limit]
    edge = cases[0] if back else cases[-1]
    is_ahead = edge.turn is not None and edge.unseen_since is not None
    beyond = cursor_of((is_ahead, getattr(edge, order.column.key), edge.id), back=back)
    return Page(cases, page.next_cursor, beyond) if back else Page(cases, beyond, page.previous_cursor)


def count_up_to(session: Session, most: int, site_ids: Sequence[int], criteria: Criteria, **choices: Any) -> int:
    """How many cases there are, but no more than `most` are counted; the rest as in `cases_page`."""
    filters = _filters(session, site_ids, choices.pop("view", "inbox"), criteria, **choices)
    if not filters.site_ids or not filters.states:
        return 0
    return len(_keys(session, filters, None, most, back=False))


def latest(session: Session) -> tuple[int, int]:
    """The number of the last event, and how many of those just before it are there: one may be committed after a later one.

    As long as both stay the same, nothing happened to any case.
    """
    row = session.execute(_LATEST).one()
    return row.last, row.late


def newest(session: Session) -> int:
    """The number of the newest case there is; all that come later have higher ones."""
    return session.scalar(sa.select(sa.func.max(Case.id))) or 0


def changed(session: Session, case_ids: Collection[int], since: int) -> set[int]:
    """Those of these cases to which something happened after an event, or shortly before it."""
    if not case_ids:
        return set()
    query = sa.select(Event.case_id).where(Event.id > since - LATE, _plus(Event.case_id).in_(case_ids)).distinct()
    return set(session.scalars(query))


def belonging(session: Session, case_ids: Collection[int], view: str, *, editor_id: int | None) -> set[int]:
    """Those of these cases that the view shows: they are looked up by their numbers, whatever view it is."""
    filters = _filters(session, [], view, ANY, editor_id=editor_id)
    state = _unindexed(Case.state)
    query = sa.select(Case.id).where(Case.id.in_(case_ids), state.in_(filters.states), *filters.all_conditions())
    return set(session.scalars(query.where(*filters.of_assignee())))


def counts(session: Session, site_ids: Sequence[int], *, editor_id: int | None = None) -> dict[str, int]:
    """How many cases each view holds over these sites, exactly: the database itself keeps count."""
    numbers = {shelf: int(number) for shelf, number in session.execute(_ON_SHELVES, {"site_ids": site_ids})}
    by_view = {view: sum(numbers.get(shelf, 0) for shelf in shelves) for view, shelves in SHELVES.items()}
    by_view["back"] = _count(session, Filters(tuple(site_ids), VIEWS["back"], None, (HAS_TURN,), ""))
    by_view["approval"] = session.scalar(_PROPOSALS, {"site_ids": site_ids}) or 0
    by_view["mine"] = 0
    if editor_id is not None:
        by_view["mine"] = _count(session, Filters(tuple(site_ids), LIVE, editor_id, (), "", with_mentions=True))
    return by_view


def _count(session: Session, filters: Filters) -> int:
    """How many cases these are, one by one."""
    return session.scalar(_counting(filters)) or 0


@lru_cache(LISTS_KEPT)
def _counting(filters: Filters) -> sa.Select[Any]:
    """The statement is built once for each list: to build it takes longer than the database takes to run it."""
    rows = sa.union_all(filters.unseen(), *filters.branches()).subquery()
    return sa.select(sa.func.count()).select_from(rows)


def fold_counts(session: Session) -> None:
    """Add up the changes that PostgreSQL keeps as rows of their own; on SQLite there are none."""
    if session.get_bind().dialect.name == "sqlite":
        return
    rows = sa.delete(counters).returning(counters.c.site_id, counters.c.shelf, counters.c.number).cte("changes")
    sums = sa.select(rows.c.site_id, rows.c.shelf, sa.func.sum(rows.c.number)).group_by(rows.c.site_id, rows.c.shelf)
    session.execute(sa.insert(counters).from_select(["site_id", "shelf", "number"], sums))


def _filters(
    session: Session,
    site_ids: Sequence[int],
    view: str,
    criteria: Criteria,
    *,
    site_id: int | None = None,
    q: str = "",
    kind: Kind | None = None,
    editor_id: int | None = None,
) -> Filters:
    sites = set(site_ids) if site_id is None else {site_id} & set(site_ids)
    sites &= set(criteria.site_ids) if criteria.site_ids is not None else sites
    conditions = [*criteria.conditions, *([of_kind(kind)] if kind is not None else [])]
    states, assignee_id = criteria.states, criteria.assignee_id
    if states is None:
        states = VIEWS.get(view, VIEWS["inbox"])
        conditions += [CONDITIONS[view]] if view in CONDITIONS else []
        if view == "mine" and assignee_id not in (None, editor_id):
            conditions.append(sa.false())
        assignee_id = (editor_id or 0) if view == "mine" else assignee_id
    filters = Filters(
        tuple(sorted(sites)),
        states,
        assignee_id,
        tuple(conditions),
        q.strip(),
        criteria.demand,
        with_mentions=criteria.with_mentions if criteria.states is not None else view == "mine",
        ages=criteria.ages,
    )
    return filters if filters.is_search else _without_index(session, filters)


def _without_index(session: Session, filters: Filters) -> Filters:
    """The same cases, where the search index need not yield them."""
    unwanted = also_holding(session, Demand(unwanted=filters.demand.unwanted))
    return replace(filters, conditions=(*filters.conditions, *unwanted), demand=NOTHING)


def _keys(session: Session, filters: Filters, start: Key | None, limit: int, *, back: bool) -> list[Key]:
    """The first keys after (or before) one key, nearest first: a view begins with what its editor has yet to look at."""
    if filters.is_search:
        return _searched_keys(session, filters, start, limit, back=back)
    query = _page(filters, limit, back=back, ahead=None if start is None else start[0])
    edge = {} if start is None else {"edge_key": start[1], "edge_id": start[2]}
    return [(bool(row.ahead), row.key, row.id) for row in session.execute(query, edge)]


@lru_cache(PAGES_KEPT)
def _page(filters: Filters, limit: int, *, back: bool, ahead: bool | None) -> sa.Select[Any]:
    """The statement for so many keys from the edge on, which is `ahead` or not; None for a page that begins at the top."""
    order, is_falling = filters.order, filters.order.falling is not back
    key = sa.tuple_(order.column, Case.id)
    edge = sa.tuple_(sa.bindparam("edge_key", type_=order.column.type), sa.bindparam("edge_id", type_=sa.BigInteger))
    ahead_of_all = [] if filters.is_flat else [(True, filters.unseen())]
    halves = [*ahead_of_all, *((False, branch) for branch in filters.branches())]
    branches = []
    for is_ahead, branch in halves:
        if ahead is not None and is_ahead is ahead:
            branch = branch.where(key < edge if is_falling else key > edge)
        elif ahead is not None and is_ahead is not back:
            continue  # the other half lies behind
        ordered = branch.order_by(*order.ends(order.column, Case.id, back=back)).limit(limit).subquery()
        branches.append(sa.select(ordered.c.key, ordered.c.id, sa.literal(int(is_ahead)).label("ahead")))
    merged = sa.union_all(*branches).subquery()
    first = merged.c.ahead.asc() if back else merged.c.ahead.desc()
    return sa.select(merged).order_by(first, *order.ends(merged.c.key, merged.c.id, back=back)).limit(limit)


def _searched_keys(
    session: Session, filters: Filters, start: Key | None, limit: int, *, back: bool, unfinished: bool = False
) -> list[Key]:
    """The same for a search. The index yields its hits by number, which is by time; for another order they are sorted.

    Of very many hits no row is read to be sorted: the order's own index is looked through for them, without them where
    conditions ask for the same. Where nothing holds the last word, it is taken for the beginning of one.
    """
    order, is_falling = filters.order, filters.order.falling is not back
    matches = matching(session, filters.q, unfinished=unfinished, demand=filters.demand)
    hits = matches.subquery()
    are_many = (
        not filters.by_time and len(session.execute(sa.select(hits.c.id).limit(MOST_SORTED)).all()) == MOST_SORTED
    )
    if are_many and not (filters.q or filters.demand.groups):
        return _keys(session, replace(_without_index(session, filters), is_flat=True), start, limit, back=back)
    query = sa.select(order.column.label("key"), Case.id).where(*filters.all_conditions())
    query = query.where(Case.state.in_(filters.states), *filters.of_assignee())
    if are_many:
        query = query.where(_plus(Case.id).in_(matches), Case.site_id.in_(filters.site_ids))
    else:
        site = _plus(Case.site_id) if session.get_bind().dialect.name == "sqlite" else Case.site_id
        query = query.join(hits, hits.c.id == Case.id).where(site.in_(filters.site_ids))
    if filters.by_time:
        if start is not None:
            query = query.where(hits.c.id < start[2] if is_falling else hits.c.id > start[2])
        query = query.order_by(hits.c.id.desc() if is_falling else hits.c.id.asc())
    else:
        if start is not None:
            key = sa.tuple_(order.column, Case.id)
            edge = sa.tuple_(sa.literal(start[1], order.column.type), sa.literal(start[2]))
            query = query.where(key < edge if is_falling else key > edge)
        query = query.order_by(*order.ends(order.column, Case.id, back=back))
    keys = [(False, row.key, row.id) for row in session.execute(query.limit(limit))]
    if keys or unfinished or not filters.q:
        return keys
    return _searched_keys(session, filters, start, limit, back=back, unfinished=True)


def _plus(column: Any) -> sa.ColumnElement[Any]:
    """The column where no index shall be chosen for it, for another one is better (SQLite's unary plus)."""
    plain: sa.ColumnElement[Any] = column.op("+")(0)
    return plain


def _unindexed(column: Any) -> sa.ColumnElement[Any]:
    """The same for a column that is no number."""
    return sa.case((Case.id.is_not(None), column))


def load(session: Session, ids: Sequence[int]) -> list[Case]:
    """These cases in this order, with article and assignee."""
    if not ids:
        return []
    cases = {case.id: case for case in session.scalars(_BY_NUMBER, {"ids": ids})}
    return [cases[id] for id in ids if id in cases]


_SITE_IDS: sa.BindParameter[Any] = sa.bindparam("site_ids", expanding=True)
_OF_SITES = counters.c.site_id.in_(_SITE_IDS)
_ON_SHELVES = sa.select(counters.c.shelf, sa.func.sum(counters.c.number)).where(_OF_SITES).group_by(counters.c.shelf)
_IS_OF_SITES = _plus(Case.site_id).in_(_SITE_IDS)
_PROPOSALS = sa.select(sa.func.count()).where(IS_PROPOSED, Case.state == State.FIXING, _IS_OF_SITES)
_WITH_THEIRS = (joinedload(Case.article), joinedload(Case.assignee))
_BY_NUMBER = sa.select(Case).options(*_WITH_THEIRS).where(Case.id.in_(sa.bindparam("ids", expanding=True)))
_LAST = sa.select(sa.func.coalesce(sa.func.max(Event.id), 0)).scalar_subquery()
_LATE = sa.select(sa.func.count(Event.id)).where(Event.id > _LAST - LATE).scalar_subquery()
_LATEST = sa.select(_LAST.label("last"), _LATE.label("late"))
