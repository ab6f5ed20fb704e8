"""What changed since: what an open desk asks every few seconds, and by which it says that somebody is there."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, history, presence
from corrections_service.store import queue
from corrections_service.store.models import Case, Presence, now
from corrections_service.web import access, desk, forms
from corrections_service.web.access import read, requires, write

bp = Blueprint("live", __name__)

MOST_ROWS = 200
"""Rows of a page that are kept up to date."""

MINUTE = 60
"""So often what shows ages and due times is sent anew, though nothing else changed."""


@bp.get("/queue/changes")
@requires(Role.VIEWER)
def show_changes() -> Response:
    """What changed on an open desk: the counts, how many cases are new, the rows that changed, who is where."""
    asked_ids = _numbers(request.args.get("rows", ""))
    number = access.number(request.args.get("case", ""))
    watched = [*asked_ids, *([number] if number else [])]
    colleagues = presence.colleagues(read(), watched, editor_id=access.editor_id(), site_ids=access.site_ids())
    last, late = queue.latest(read())
    tick = int(now().timestamp()) // MINUTE
    tag = _tag(last, late, tick, colleagues)
    if request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    since = access.number(request.args.get("since", "")) or 0
    is_old = request.args.get("tick") != str(tick)
    changed = asked_ids if is_old else queue.changed(read(), asked_ids, since) | (asked_ids & colleagues.keys())
    answer = jsonify(
        counts=desk.counts(),
        new=_new(),
        since=last,
        tick=tick,
        here=sorted(colleagues),
        rows=_rows(changed),
        case=_meanwhile(number, colleagues.get(number or 0, [])),
    )
    answer.set_etag(tag)
    return answer


@bp.post("/cases/<int:number>/here")
@requires(Role.VIEWER)
def be_here(number: int) -> Response:
    """Show colleagues that somebody looks at the case or writes in it; or, with `doing=gone`, does so no more."""
    doing = request.form.get("doing", "")
    with write() as session:
        actor = editors.get(session, access.editor_id() or 0)
        if doing in presence.DOINGS:
            presence.come(session, number, doing, actor=actor)
        else:
            presence.go(session, history.get(session, number, actor).id, actor=actor)
    return jsonify(doing=doing)


def _numbers(text: str) -> set[int]:
    numbers = (access.number(part) for part in text.split(",")[:MOST_ROWS])
    return {number for number in numbers if number is not None}


def _tag(last: int, late: int, tick: int, colleagues: dict[int, list[Presence]]) -> str:
    """What an unchanged answer is known by, made without looking at a case."""
    present = sorted((row.case_id, row.editor_id, row.doing) for rows in colleagues.values() for row in rows)
    of_list = [request.args.get(name, "") for name in (*desk.TRAIL, "case", "version")]
    state = repr((last, late, tick, present, of_list, access.editor_id(), access.site_ids()))
    return hashlib.sha256(state.encode()).hexdigest()[:20]


def _new() -> int:
    """How many cases of the list are newer than the newest that the page knows."""
    newest = access.number(request.args.get("newest", "")) or 0
    page = desk.page_of(desk.place(read()), forms.SearchForm(request.args), desk.chosen() | {"sort": queue.NEWEST})
    return sum(case.id > newest for case in page.cases)


def _rows(numbers: set[int]) -> dict[int, str]:
    """The rows of these cases as they are now, of one's own sites alone."""
    cases = [case for case in queue.load(read(), sorted(numbers)) if case.site_id in access.site_ids()]
    has_sites = len(desk.my_sites()) > 1
    return {
        entry["case"].id: render_template("dashboard/queue/one.html", entry=entry, has_sites=has_sites)
        for entry in desk.entries(cases, _strangers([case.id for case in cases]))
    }


def _strangers(case_ids: list[int]) -> set[int]:
    """Those of these cases that the list's view shows no more; a query may ask for other states, and shows them as they are."""
    filters = desk.chosen()
    if filters["q"]:
        return set()
    return set(case_ids) - queue.belonging(read(), case_ids, filters["view"], editor_id=access.editor_id())


def _meanwhile(number: int | None, colleagues: list[Presence]) -> str:
    """What colleagues do with the case that is open, and did since it was opened."""
    case = read().get(Case, number) if number else None
    if case is None or case.site_id not in access.site_ids():
        return ""
    values: dict[str, Any] = {"case": case, "colleagues": colleagues}
    version = access.number(request.args.get("version", "")) or case.version
    events = history.since(read(), case, version) if version != case.version else []
    return render_template("dashboard/case/meanwhile.html", events=events, **values)
