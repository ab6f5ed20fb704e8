"""Finding at the desk: what is typed into the box, what it may go on as, views that people save, and views as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, stream_with_context

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import exchange, finding, saved_views, sites
from corrections_service.store import queue
from corrections_service.store.models import Case, Editor, SavedView
from corrections_service.web import access, desk, forms
from corrections_service.web.access import read, requires, write
from corrections_service.web.display import masked
from corrections_service.web.language import say

bp = Blueprint("finding", __name__)

AT_ONCE = 500
EXAMPLES = {"readers": "readers>2", "age": "age<3d"}
COLUMNS = ("case", "came in", "state", "resolution", "kind", "readers", "site", "section", "author", "headline", "url")
TEXTS = ("quote", "suggestion", "comment", "who has it")


@bp.get("/queue/complete")
@requires(Role.VIEWER)
def complete() -> Response:
    """What a query may go on as, by the values that there are at the editor's own publications."""
    typed = request.args.get("q", "")[: forms.LONGEST_SEARCH]
    return jsonify([{"q": q, "is": _meaning(key)} for q, key in finding.completions(desk.place(read()), typed)])


@bp.get("/queue.csv")
@requires(Role.VIEWER)
def view_csv() -> Response:
    """All cases of a view as a table for a spreadsheet, where no cell is a formula."""
    search = forms.SearchForm(request.args)
    choices = desk.choices(desk.place(read()), search, desk.chosen())
    if choices is None:
        raise errors.InvalidFields({"q": str(search.q.errors[0])})
    headers = {"Content-Disposition": "attachment; filename=cases.csv"}
    lines = stream_with_context(_csv_lines(choices, access.site_ids()))
    return Response(lines, mimetype="text/csv", headers=headers)


@bp.post("/queue/views")
@requires(Role.VIEWER)
def save_view() -> Any:
    """Keep the query that is shown under a name, for oneself or for a desk."""
    form = forms.SavedViewForm(request.form)
    form.check()
    with write() as session:
        me = session.get_one(Editor, access.editor_id())
        site = sites.by_slug(session, form.desk.data) if form.desk.data else None
        view = form.view.data if form.view.data in desk.VIEWS else "inbox"
        saved = saved_views.save(
            session, form.name.data, actor=me, site=site, view=view, q=form.q.data, sort=form.sort.data
        )
        address = address_of(saved)
    return redirect(address)


@bp.post("/queue/views/<int:number>")
@requires(Role.VIEWER)
def change_view(number: int) -> Any:
    """Give a view that was saved another name, or delete it."""
    form = forms.SavedViewForm(request.form)
    form.check()
    with write() as session:
        me = session.get_one(Editor, access.editor_id())
        if form.action.data == "delete":
            view = saved_views.changeable(session, number, me)
            flash(say("desk.queue.deleted", name=view.name), "done")
            address = address_of(view, with_name=False)  # what it showed is there still, to be saved again
            saved_views.delete(session, number, actor=me)
            return redirect(address)
        saved_views.rename(session, number, form.name.data, actor=me)
        return redirect(address_of(session.get_one(SavedView, number)))


def _meaning(key: str) -> str:
    """What a filter asks for; "" where a value is offered."""
    return say(f"desk.find.{key}", example=EXAMPLES.get(key, "")) if key else ""


def address_of(saved: SavedView, *, with_name: bool = True) -> str:
    """Where a saved view is shown; or what it shows, without its name."""
    number = saved.id if with_name else ""
    return f"/queue{desk.trail(view=saved.view, q=saved.q, sort=saved.sort, saved=number, site='', kind='', cursor='')}"


def _csv_lines(choices: dict[str, Any], site_ids: Sequence[int]) -> Iterator[str]:
    """A line for each case, read a page at a time."""
    yield exchange.BYTE_ORDER_MARK + exchange.csv_line([*COLUMNS, *TEXTS])
    cursor = ""
    while True:
        with access.database().read() as session:
            page = queue.cases_page(session, site_ids, cursor=cursor, limit=AT_ONCE, **choices)
            lines = [exchange.csv_line([exchange.cell(value) for value in _cells(case)]) for case in page.cases]
        yield from lines
        cursor = page.next_cursor
        if not cursor:
            return


def _cells(case: Case) -> list[Any]:
    article, person = case.article, case.assignee
    return [
        *(case.id, case.created_at.isoformat(timespec="seconds"), case.state.value),
        *(case.resolution.value if case.resolution else "", case.kind.value, case.readers, case.site.name),
        *(article.section, article.author, article.headline, article.url),
        *(
            case.exact,
            masked(case.suggestion, article=case.exact),
            masked(case.comment),
            (person.name or person.email) if person else "",
        ),
    ]
