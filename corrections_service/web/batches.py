"""Many cases at once: what is chosen, what is to be done, how far it is, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import approvals, batches, editors, history, waves
from corrections_service.store.models import Batch, Case, Outcome
from corrections_service.web import access, desk, forms
from corrections_service.web.access import read, requires, write
from corrections_service.web.decisions import Choice, name_of
from corrections_service.web.forms import BatchForm
from corrections_service.web.language import say

bp = Blueprint("batches", __name__)

OTHERS = ("claim", "release", "spam", "not_spam")
SHOWN = 20


@bp.post("/bulk")
@requires(Role.EDITOR)
def choose() -> str:
    """The cases that were ticked, all of the view, or of a wave, and what can be done with them; nothing is changed yet."""
    like = access.number(request.form.get("like", ""))
    if like is not None:
        case = history.get(read(), like, _me())
        wave = waves.of_case(read(), case)
        return _choice(BatchForm(), waves.alike(read(), case, wave) if wave else {case.id: case.version})
    everything = request.form.get("all") == "1"
    versions = _all_of_view() if everything else forms.versions_of(request.form.getlist("case"))
    return _choice(BatchForm(), versions)


@bp.post("/bulk/start")
@requires(Role.EDITOR)
def start() -> Redirect | tuple[str, int]:
    """Begin to do it, in the background."""
    form = BatchForm(request.form)
    versions = forms.versions_of(form.cases.data.split())
    try:
        form.check()
        with write() as session:
            actor = editors.get(session, access.editor_id() or 0)
            number = batches.start(session, versions, form.action.data, form.values(), actor=actor).id
    except errors.InvalidFields as error:
        form.blame(error)
        return _choice(form, versions), error.status
    return redirect(f"/bulk/{number}{desk.trail()}")


@bp.get("/bulk/<int:number>")
@requires(Role.EDITOR)
def show(number: int) -> str:
    """How far it is, and at the end what became of each case."""
    batch = batches.get(read(), number, _me())
    is_over = batch.finished_at is not None and (batch.undo_at is None or batch.undone_at is not None)
    return render_template(
        "dashboard/batch.html",
        batch=batch,
        doing=say(f"desk.batch.doing_{batch.action}"),
        what=_what(batch),
        mails=batches.owed(read(), batch) if is_over else 0,
        changed=batches.of_outcome(read(), batch, Outcome.DONE, Outcome.UNDONE) if is_over else (),
        is_over=is_over,
        progress=batches.progress(read(), batch),
        left_alone=batches.of_outcome(read(), batch, Outcome.CHANGED, Outcome.REFUSED, Outcome.KEPT),
    )


@bp.post("/bulk/<int:number>/undo")
@requires(Role.EDITOR)
def undo(number: int) -> Redirect:
    """Take all of it back, in the background too."""
    with write() as session:
        actor = editors.get(session, access.editor_id() or 0)
        batches.undo(session, batches.get(session, number, actor))
    return redirect(f"/bulk/{number}{desk.trail()}")


@bp.get("/bulk/mails")
@requires(Role.EDITOR)
def count_mails() -> Response:
    """To how many readers a decision on these cases goes, for the bar that says so."""
    numbers = list(forms.versions_of(request.args.getlist("case")))
    batches.chosen(read(), numbers, _me())
    return jsonify(mails=batches.mails(read(), numbers))


def _choice(form: BatchForm, versions: dict[int, int]) -> str:
    """The page where is said what to do with these cases."""
    cases = batches.chosen(read(), list(versions), _me())
    if not form.cases.data:
        form.cases.data = " ".join(f"{number}:{version}" for number, version in versions.items())
    return render_template(
        "dashboard/batch_choice.html",
        form=form,
        cases=cases,
        shown=desk.entries(cases[:SHOWN]),
        mails=batches.mails(read(), list(versions)),
        touches_fact=bool(form.why_silent.data or form.why_silent.errors) or batches.touches_fact(cases),
        decisions=_decisions(cases),
        others=[(action, say(f"desk.batch.{action}")) for action in OTHERS],
        most=batches.MOST,
    )


def _what(batch: Batch) -> str:
    """What is done with each case."""
    if batch.action == "decide":
        return name_of(Resolution(batch.data["resolution"]))
    if batch.action == "merge":
        return say("desk.same.merge_into", number=str(batch.data["into"]))
    return say(f"desk.acts.{batch.action}")


def _decisions(cases: Sequence[Case]) -> list[Choice]:
    """What many cases can be decided as; of those that are fixed silently is said what becomes of the others."""
    hints = {Resolution.FIXED: say("desk.decisions.hint_many_fixed")}
    sites = {case.site for case in cases}
    return [
        Choice(resolution, name_of(resolution), hints.get(resolution, ""), digit)
        for digit, resolution in enumerate(batches.RESOLUTIONS, 1)
        if any(approvals.rule_of(site, resolution).used for site in sites)
    ]


def _all_of_view() -> dict[int, int]:
    """The first cases of the view that is asked for, with their versions."""
    page = desk.page_of(desk.place(read()), forms.SearchForm(request.args), desk.chosen(), limit=batches.MOST)
    editable = access.site_ids(Role.EDITOR)
    return {case.id: case.version for case in page.cases if case.site_id in editable}


def _me() -> Any:
    me = access.signed_in()
    return me
