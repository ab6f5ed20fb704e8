"""The queue and the figures."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from corrections_service import errors
from corrections_service.rules.changes import Kind, Piece, diff
from corrections_service.rules.workflow import Role
from corrections_service.services import figures, origins, outbox, sites, wishes
from corrections_service.store import queue
from corrections_service.store.models import Case
from corrections_service.store.search import MOST_WORDS
from corrections_service.store.words import words_of
from corrections_service.web import access, forms
from corrections_service.web.access import read, requires

bp = Blueprint("dashboard", __name__)

NEIGHBOURS = 24
"""Code points on each side of words that should go."""

VIEW_NAMES = {
    "inbox": "Inbox",
    "mine": "Mine",
    "waiting": "Waiting",
    "fixing": "Being fixed",
    "closed": "Closed",
    "spam": "Spam",
    "all": "All",
}


@bp.get("/queue")
@requires(Role.VIEWER)
def show_queue() -> str:
    """One page of a view: what was wrong and what it should say, where, how many readers, who has it."""
    search, chosen = forms.SearchForm(request.args), _chosen()
    page = _page(search, chosen, request.args.get("cursor", ""))
    wished = wishes.others(read(), page.cases)
    return render_template(
        "dashboard/queue.html",
        page=page,
        rows=[(case, row_pieces(case), wished[case.id]) for case in page.cases],
        search=search,
        most_words=MOST_WORDS,
        unsearched=len(words_of(chosen["q"])[MOST_WORDS:]),
        chosen=chosen,
        views=VIEW_NAMES,
        counts=_counts(),
        sites=_sites(),
        kinds=list(Kind),
        newest=max((case.id for case in page.cases), default=0),
        unsent=outbox.unsent(read(), access.site_ids(Role.ADMIN)),
        refused=origins.refused(read(), access.site_ids(Role.ADMIN)),
    )


@bp.get("/queue/changes")
@requires(Role.VIEWER)
def show_changes() -> Response:
    """What the queue page asks every few seconds: the counts, and how many cases are newer than the one it knows."""
    page = _page(forms.SearchForm(request.args), _chosen())
    newest = access.number(request.args.get("newest", "")) or 0
    answer = jsonify(counts=_counts(), new=sum(case.id > newest for case in page.cases))
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:20])
    return answer.make_conditional(request)  # type: ignore[return-value]


@bp.get("/reports")
@requires(Role.VIEWER)
def show_figures() -> str:
    """What came in, and what became of it, over the last 30 days."""
    overview = figures.overview(read(), access.site_ids())
    highest = max((max(came, decided) for _, came, decided in overview.by_day), default=0) or 1
    return render_template("dashboard/figures.html", figures=overview, highest=highest, counts=_counts())


@bp.get("/reports.csv")
@requires(Role.VIEWER)
def figures_csv() -> Response:
    """The same by day, for a spreadsheet."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["day", "reports", "decided"])
    writer.writerows(figures.overview(read(), access.site_ids()).by_day)
    headers = {"Content-Disposition": "attachment; filename=reports.csv"}
    return Response("\ufeff" + table.getvalue(), mimetype="text/csv", headers=headers)


def row_pieces(case: Case) -> list[Any]:
    """The change in few words for one line; words that should go stand among their neighbours."""
    if not case.exact or not (case.suggestion or case.remove):
        return []
    pieces = diff(case.exact[:400], case.suggestion[:400])
    if not case.remove:
        return list(pieces)
    before, after = case.quote.prefix[-NEIGHBOURS:], case.quote.suffix[:NEIGHBOURS]
    return [Piece("equal", before, before), *pieces, Piece("equal", after, after)]


def _page(search: forms.SearchForm, chosen: dict[str, Any], cursor: str = "") -> queue.Page:
    """One page of the cases that were asked for; none for words that are too many to search for."""
    try:
        search.check()
    except errors.InvalidFields as error:
        search.blame(error)
        return queue.Page([], "", "")
    return queue.cases_page(read(), access.site_ids(), cursor=cursor, **chosen)


def _chosen() -> dict[str, Any]:
    view = request.args.get("view", "inbox")
    kind = request.args.get("kind", "")
    return {
        "view": view if view in VIEW_NAMES else "inbox",
        "site_id": access.number(request.args.get("site", "")),
        "q": request.args.get("q", ""),
        "kind": Kind(kind) if kind in list(Kind) else None,
        "editor_id": access.editor_id(),
    }


def _counts() -> dict[str, int]:
    return queue.counts(read(), access.site_ids(), editor_id=access.editor_id())


def _sites() -> list[Any]:
    me = access.current_editor()
    return list(sites.of_editor(read(), me)) if me else []
