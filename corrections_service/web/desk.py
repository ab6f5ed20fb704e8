"""The desk's frame: which list an editor is in, what a page of it shows, and which case comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import queries
from corrections_service.rules.changes import Kind, Piece, diff
from corrections_service.rules.workflow import Role, State
from corrections_service.services import (
    batches,
    finding,
    origins,
    outbox,
    presence,
    saved_views,
    sites,
    starts,
    waves,
    wishes,
)
from corrections_service.store import queue
from corrections_service.store.models import Batch, Case, Editor
from corrections_service.store.search import MOST_WORDS
from corrections_service.store.words import words_of
from corrections_service.web import access, forms
from corrections_service.web.access import read
from corrections_service.web.display import masked_pieces, masked_wishes
from corrections_service.web.language import say

NEIGHBOURS = 24
"""Code points on each side of words that should go."""

VIEWS = (
    "inbox",
    "mine",
    "back",
    "snoozed",
    "waiting",
    "approval",
    "fixing",
    "corrected",
    "declined",
    "closed",
    "spam",
    "all",
)
SORTS = ("newest", "oldest", "priority", "due")
FACETS = ("site", "section", "author", "kind", "lang")
"""What a click filters by, each by its key in a query."""

MOST_PAGES = 10
"""Pages of a list that are looked through for the next case."""

MOST_COUNTED = 100
"""Cases of a saved view that are counted; more are said to be more."""

TRAIL = ("view", "q", "site", "kind", "sort", "saved", "cursor")
"""What an address says of the list that an editor is in; each case's address says it too, so that the next one is of it."""

PART = "X-Part"
"""The header by which the desk's script asks for the case alone, as the list is there already."""


ADDRESS = "X-Address"
"""The header that says where the case is that is shown after something was done with another."""


def init_desk(app: Flask) -> None:
    """Make the frame's functions known to the templates."""
    for function in (trail, is_part, is_ahead):
        app.add_template_global(function)


def is_part() -> bool:
    """Whether only the case is asked for, by a page that shows the list already."""
    return PART in request.headers


def is_ahead() -> bool:
    """Whether the case is fetched before it is opened: what was done is not told by it."""
    return request.headers.get(PART) == "ahead"


def trail(**changes: Any) -> str:
    """The list that the editor is in, as the query of an address: "" is the inbox."""
    if "trail" not in g:
        g.trail = {name: request.args.get(name, "") for name in TRAIL}
    values = {name: value for name, value in (g.trail | changes).items() if value not in ("", None)}
    if values.get("view") == "inbox":
        del values["view"]
    return f"?{urlencode(values)}" if values else ""


def chosen() -> dict[str, Any]:
    """The list that is asked for, as `queue.cases_page` takes it."""
    view = request.args.get("view", "inbox")
    kind, sort = request.args.get("kind", ""), request.args.get("sort", queue.NEWEST)
    return {
        "view": view if view in VIEWS else "inbox",
        "site_id": access.number(request.args.get("site", "")),
        "q": request.args.get("q", ""),
        "kind": Kind(kind) if kind in list(Kind) else None,
        "sort": sort if sort in SORTS else queue.NEWEST,
        "editor_id": access.editor_id(),
    }


def place(session: Session) -> finding.Place:
    """Whose queries these are, and at which publications."""
    me = session.get_one(Editor, access.editor_id())
    return finding.Place(session, me, sites.of_editor(session, me))


def choices(asker: finding.Place, search: forms.SearchForm, filters: dict[str, Any]) -> dict[str, Any] | None:
    """The list that is asked for, with what was typed taken for words and filters.

    None where something in it cannot be asked for, which the form then says.
    """
    query = queries.parse(filters["q"])
    try:
        search.check()
        return filters | {"q": query.words, "criteria": finding.criteria(asker, query)}
    except errors.InvalidFields as error:
        search.blame(error)
        return None


def page_of(
    asker: finding.Place,
    search: forms.SearchForm,
    filters: dict[str, Any],
    cursor: str = "",
    limit: int = 50,
    cases_page: Callable[..., queue.Page] = queue.cases_page,
) -> queue.Page:
    """One page of the cases that were asked for; none for what cannot be searched for."""
    asked_for = choices(asker, search, filters)
    if asked_for is None:
        return queue.Page([], "", "")
    return cases_page(asker.session, asker.site_ids, cursor=cursor, limit=limit, **asked_for)


def frame() -> dict[str, Any]:
    """What the views and the list show; nothing where the page has them already."""
    filters = chosen()
    values = {"chosen": filters, "views": named("views", VIEWS), "sorts": named("sorts", SORTS), "counts": counts()}
    if is_part():
        return values
    asker, search = place(read()), forms.SearchForm(request.args)
    page = page_of(asker, search, filters, request.args.get("cursor", ""), cases_page=waves.cases_page)
    return values | {
        "page": page,
        "rows": entries(page.cases),
        "search": search,
        "most_words": MOST_WORDS,
        "unsearched": len(words_of(queries.parse(filters["q"]).words)[MOST_WORDS:]),
        "sites": asker.sites,
        "terms": terms(filters["q"]),
        "facets": facets(page.cases, filters["q"]),
        "saved_views": views_to_choose(asker),
        "desks": [site for site in asker.sites if site.id in access.site_ids(Role.EDITOR)],
        "since": queue.latest(read())[0],
        "newest": queue.newest(read()),
        "unsent": outbox.unsent(read(), access.site_ids(Role.ADMIN)),
        "under_way": _under_way(),
        "newcomers": () if page.cases else starts.without_cases(read(), access.site_ids(Role.ADMIN)),
        "refused": origins.refused(read(), access.site_ids(Role.ADMIN)),
    }


def _under_way() -> Sequence[Batch]:
    """What the editor began to do with many cases and is not finished."""
    me = access.current_editor()
    return batches.under_way(read(), me) if me else ()


def terms(typed: str) -> list[tuple[str, str]]:
    """The filters of a query, each with the address of the list without it."""
    return [
        (str(term), f"/queue{trail(q=queries.without_term(typed, term), cursor='', saved='')}")
        for term in queries.parse(typed).terms
    ]


def facets(cases: Sequence[Case], typed: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What these cases can be filtered by, each value with the address of the list that it leads to."""
    values = finding.facets(cases)
    groups = []
    for key in FACETS:
        addresses = [
            (
                _value_name(key, value),
                f"/queue{trail(q=queries.with_term(typed, queries.Term(key, value)), cursor='', saved='')}",
            )
            for value in values.get(key, ())
        ]
        if len(addresses) > 1:
            groups.append((say(f"desk.facets.{key}"), addresses))
    return groups


def _value_name(key: str, value: str) -> str:
    """How a value that cases are filtered by is shown; a query has it as it is."""
    return say(f"desk.kinds.short_{value}") if key == "kind" else value


def named(page: str, codes: Sequence[str]) -> dict[str, str]:
    """What stands for each of these codes on a page."""
    return {code: say(f"desk.{page}.{code}") for code in codes}


def views_to_choose(asker: finding.Place) -> list[dict[str, Any]]:
    """The views that were saved, each with its count and whether it is the one that is shown."""
    current = access.number(request.args.get("saved", ""))
    views = []
    for view in saved_views.of_editor(read(), asker.editor):
        query = queries.parse(view.q)
        try:
            criteria = finding.criteria(asker, query)
        except errors.InvalidFields:
            count = 0
        else:
            filters = {"view": view.view, "q": query.words, "editor_id": asker.editor.id}
            count = queue.count_up_to(read(), MOST_COUNTED, asker.site_ids, criteria, **filters)
        role = Role.ADMIN if view.site is None else asker.editor.role_on(view.site.id)
        address = f"/queue{trail(view=view.view, q=view.q, sort=view.sort, saved=view.id, site='', kind='', cursor='')}"
        views.append(
            {
                "view": view,
                "address": address,
                "count": f"{count - 1}+" if count == MOST_COUNTED else str(count or ""),
                "is_current": view.id == current,
                "is_changeable": role is not None and role.covers(Role.EDITOR),
            }
        )
    return views


def entries(cases: Sequence[Case], strangers: Collection[int] = ()) -> list[dict[str, Any]]:
    """What the rows of these cases show, of which these are in their view no more."""
    wished = wishes.others(read(), cases)
    case_ids, filters = [case.id for case in cases], chosen()
    me = access.editor_id()
    present = presence.colleagues(read(), case_ids, editor_id=me, site_ids=access.site_ids())
    samples = waves.samples(read(), cases, waves.editor_of(filters)) if waves.shows_waves(filters) else {}
    return [
        {
            "case": case,
            "wave": samples.get(case.id),
            "pieces": row_pieces(case),
            "wished": masked_wishes(wished[case.id], case.exact),
            "present": present.get(case.id, ()),
            "is_gone": case.id in strangers,
        }
        for case in cases
    ]


def row_pieces(case: Case) -> list[Any]:
    """The change in few words for one line; words that should go stand among their neighbours."""
    if not case.exact or not (case.suggestion or case.remove):
        return []
    pieces = masked_pieces(diff(case.exact[:400], case.suggestion[:400]), case.exact)
    if not case.remove:
        return list(pieces)
    before, after = case.quote.prefix[-NEIGHBOURS:], case.quote.suffix[:NEIGHBOURS]
    return [Piece("equal", before, before), *pieces, Piece("equal", after, after)]


def counts() -> dict[str, int]:
    """How many cases each view holds."""
    return queue.counts(read(), access.site_ids(), editor_id=access.editor_id())


def my_sites() -> list[Any]:
    """The sites of who is signed in."""
    me = access.current_editor()
    return list(sites.of_editor(read(), me)) if me else []


def hand_out(session: Session, states: Mapping[int, State], *, actor: Editor) -> int | None:
    """The first of these cases that no colleague is at; the one that the page has ready comes first, if it is among them."""
    ready = access.number(request.form.get("ready", ""))
    ordered = sorted(states.items(), key=lambda entry: entry[0] != ready)
    return presence.hand_out(session, dict(ordered), actor=actor)


def next_cases(session: Session, number: int, site_ids: Sequence[int]) -> dict[int, State]:
    """What may be worked on after this case, nearest first: the rest of the list it was opened from, then its beginning.

    Each with its state in the list. What a colleague has taken is skipped.
    """
    filters, me = choices(place(session), forms.SearchForm(request.args), chosen()), access.editor_id()
    if filters is None:
        return {}
    if filters["site_id"] is not None:
        site_ids = [site_id for site_id in site_ids if site_id == filters["site_id"]]
    cursor = request.args.get("cursor", "")
    before: dict[int, State] = {}
    after: dict[int, State] = {}
    for _ in range(MOST_PAGES):
        page = waves.cases_page(session, site_ids, cursor=cursor, **filters)
        numbers = [case.id for case in page.cases]
        here = numbers.index(number) if number in numbers else -1
        free = {case.id: case.state for case in page.cases if case.assignee_id in (None, me)}
        before |= {case_id: free[case_id] for case_id in numbers[: max(here, 0)] if case_id in free}
        after = {case_id: free[case_id] for case_id in numbers[here + 1 :] if case_id in free}
        cursor = page.next_cursor
        if after or not cursor:
            break
    return after | before
