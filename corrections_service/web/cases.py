"""One case: what was reported, what stands in the article now, what editors do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules import sentences, urls
from corrections_service.rules.changes import Change, describe_edit
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.quotes import Quote, text_fragment
from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import LIVE, NOTICES, UNDECIDED, Resolution, Role, State
from corrections_service.services import (
    articles,
    cases,
    editors,
    history,
    incoming,
    joining,
    looks,
    notices,
    outbox,
    parting,
    people,
    reports,
    retractions,
    siblings,
    sites,
    wishes,
)
from corrections_service.store.models import Article, Case, Editor, Event, EventKind, Report, now
from corrections_service.web import access, decisions, desk, display, forms, moderation, people_forms
from corrections_service.web.access import read, requires, write
from corrections_service.web.decision_forms import CloseForm, DecisionForm, FreezeForm, LiftForm, SendBackForm
from corrections_service.web.decisions import ACCEPTED, DECLINED
from corrections_service.web.forms import CaseForm
from corrections_service.web.language import say

bp = Blueprint("cases", __name__)

Act = Callable[[Session, Case, Editor, Any], Any]

MOST_OTHERS = 12
"""Cases of the same article that a case page names."""

MOST_REPORTS, MOST_EVENTS, MOST_MAILS = 50, 200, 100
"""What a case page shows at once."""

UNDOABLE = (
    "claim",
    "release",
    "assign",
    "take_over",
    "ask",
    "snooze",
    "decide",
    "approve",
    "send_back",
    "freeze",
    "lift",
    "close",
    "reopen",
    "spam",
    "not_spam",
    "merge",
    "split",
    "move",
)
LEAVES = ("decide", "approve", "send_back", "spam", "merge", "snooze")
"""After these the next case opens."""


@bp.get("/cases/<int:number>")
@requires(Role.VIEWER)
def show_case(number: int) -> str:
    """The whole case on one page."""
    return _page(number)


@bp.post("/cases/<int:number>/<action>")
@requires(Role.AUTHOR)
def act(number: int, action: str) -> Response | tuple[str, int]:
    """Do one thing with the case; what was typed is shown again when it cannot be done."""
    if action not in ACTIONS:
        raise errors.NotFound()
    me, form = access.editor_id() or 0, FORMS.get(action, CaseForm)(request.form)
    if "insert" in request.form and isinstance(form, DecisionForm):
        return _page(number, failed=moderation.answered(number, me, form), action=action), HTTPStatus.OK
    goes_on = action in LEAVES and request.form.get("stay") != "1"
    candidates = desk.next_cases(read(), number, access.site_ids(Role.EDITOR)) if goes_on else {}
    try:
        form.check()
        with write() as session:
            begun, actor = now(), editors.get(session, me)
            case = history.get(session, number, actor)
            outcome = ACTIONS[action](session, case, actor, form)
            version, event = case.version, retractions.latest(session, case, action, actor=actor)
            mailed_at = retractions.mailed_at(session, case, begun)
            way_back = f"{action}:{number}:{version}:{event.id if event else ''}"
            way_back += f":{int(mailed_at.timestamp())}" if mailed_at else ""
            following = desk.hand_out(session, candidates, actor=actor) if goes_on else number
    except errors.NotFound:
        raise
    except errors.CorrectionsError as error:
        form.blame(error)
        return _page(number, failure=error, failed=form, action=action), error.status
    is_asked = isinstance(outcome, Event) and outcome.kind == EventKind.PROPOSED
    message = _noted(*outcome) if action == "note" else _done("propose" if is_asked else action, case)
    flash(message, way_back if event or action in UNDOABLE else "")
    address = (f"/cases/{following}" if following else "/queue") + desk.trail()
    if not desk.is_part():
        return redirect(address)
    # What was done is told in this very answer: an answer to another request of the same page could lose the cookie.
    page = _page(following) if following else render_template("dashboard/queue.html", case=None, **desk.frame())
    answer = make_response(page)
    answer.headers[desk.ADDRESS] = address
    return answer


FORMS: dict[str, type[CaseForm]] = {
    "note": forms.NoteForm,
    "undo": forms.UndoForm,
    "assign": people_forms.AssignForm,
    "ask": forms.QuestionForm,
    "snooze": forms.SnoozeForm,
    "merge": forms.MergeForm,
    "reopen": forms.ReopenForm,
    "split": forms.SplitForm,
    "move": forms.MoveForm,
    "sibling": forms.SiblingForm,
    **moderation.FORMS,
    **decisions.FORMS,
}
"""What is typed for a change of a case; the others are buttons alone."""


def _simple(change: Callable[..., Any], *typed: str) -> Act:
    """A change of a case that takes these fields of its form as they are."""
    return lambda session, case, actor, form: change(
        session, case, *(form[name].data for name in typed), actor=actor, version=form.version.data
    )


def _merge(session: Session, case: Case, actor: Editor, form: forms.MergeForm) -> None:
    into, version = form.into.data or 0, form.version.data
    if form.sure.data != into:
        parting.check_same(session, case, into, actor=actor)
    joining.merge(session, case, into, actor=actor, version=version)


def _move(session: Session, case: Case, actor: Editor, form: forms.MoveForm) -> None:
    report, into = form.report.data or 0, form.into.data or 0
    parting.move(session, case, report, into, actor=actor, version=form.version.data)


def _noted(names: list[str], strangers: list[str]) -> str:
    """What became of a note, and of each `@` in it."""
    message = say("desk.done.note_for", names=", ".join(names)) if names else say("desk.done.note")
    return f"{message} {say('desk.done.note_nobody', names=', '.join(strangers))}" if strangers else message


def _done(action: str, case: Case) -> str:
    """What was done, and of a decision which one."""
    return say(f"desk.done.{action}", name=decisions.name_of(case.resolution) if case.resolution else "")


def _snooze(session: Session, case: Case, actor: Editor, form: forms.SnoozeForm) -> None:
    until = form.time(now().astimezone(sites.zone_of(case.site)))
    cases.snooze(session, case, until, actor=actor, more_readers=form.more_readers, version=form.version.data)


ACTIONS: dict[str, Act] = {
    "claim": _simple(cases.claim),
    "release": _simple(cases.release),
    "assign": lambda session, case, actor, form: people.assign(
        session, case, form.to.data or 0, actor=actor, version=form.version.data
    ),
    "take_over": _simple(people.take_over),
    "spam": _simple(cases.mark_spam),
    "not_spam": _simple(cases.not_spam),
    "apart": _simple(joining.keep_apart),
    "undo": lambda session, case, actor, form: (
        retractions.retract(session, case, form.event.data, actor=actor)
        if form.event.data
        else history.undo(session, case, actor=actor, version=form.version.data)
    ),
    "snooze": _snooze,
    "merge": _merge,
    "ask": _simple(cases.ask, "question"),
    "reopen": _simple(cases.reopen, "why"),
    "note": lambda session, case, actor, form: cases.note(session, case, form.text.data, actor=actor),
    "move": _move,
    "split": lambda session, case, actor, form: parting.split(session, case, form.report.data or 0, actor=actor),
    "sibling": lambda session, case, actor, form: siblings.open_case(
        session, case, form.article.data or 0, actor=actor
    ),
    "look": lambda session, case, actor, form: cases.ask_for_look(session, case, actor=actor),
    **moderation.ACTIONS,
    **decisions.ACTIONS,
}


def _page(
    number: int,
    *,
    failure: errors.CorrectionsError | None = None,
    failed: CaseForm | None = None,
    action: str = "",
) -> str:
    me = access.signed_in()
    case = history.get(read(), number, me)
    first = access.number(request.args.get("from", "")) or 0
    report_page = reports.of_case(read(), case, first, MOST_REPORTS)
    change = wishes.change(case)
    guard = failure.reasons if isinstance(failure, errors.GuardedChange) else change.guard if change else ()
    role, alike = me.role_on(case.site_id) or Role.VIEWER, joining.looks_like(read(), case)
    candidates = parting.candidates(read(), case, MOST_OTHERS) if case.state in LIVE else []
    allowed, events = decisions.allowed(case, role), history.latest_events(read(), case, MOST_EVENTS)
    accepted, declined = decisions.choices(case.site, ACCEPTED), decisions.choices(case.site, DECLINED)
    return render_template(
        "dashboard/case.html",
        case=case,
        guard=guard,
        failure=failure,
        leaves=LEAVES,
        later=desk.named("later", forms.LATER),
        zone=sites.zone_of(case.site).key,
        failed=failed,
        failed_action=action,
        meanwhile=history.since(read(), case, failed.version.data) if failed and failed.version.data else (),
        wanted=_wanted(failed, action),
        forms=_forms(case, role, next((other for other, why in candidates if why), None), action, failed),
        likely=decisions.likely(case, change, role),
        accepted=accepted,
        declined=declined,
        notices=NOTICES,
        is_live=case.state in LIVE,
        **decisions.words(case, me),
        **allowed,
        **moderation.words(case, me, report_page, events, change=change, wished=wishes.others(read(), [case])[case.id]),
        offers=moderation.offers(case, allowed, accepted=accepted, declined=declined),
        me=me,
        colleagues=_colleagues(case, me, role),
        mentionable=people.mentionable(read(), case, actor=me) if role.covers(Role.AUTHOR) else (),
        is_away=people.is_away,
        fix_words=display.fix_words,
        unclear_advice=display.unclear_advice,
        last_look=looks.last_look(read(), case),
        place=_link(case.article, case.quote, case.page_url),
        others=[
            neighbour for neighbour in looks.of_article(read(), case.article, MOST_OTHERS) if neighbour.id != case.id
        ],
        reference_of=reference_of,
        reports=report_page,
        first=first,
        report_count=reports.count(read(), case),
        events=display.folded(events),
        taken_back=retractions.of_case(read(), case),
        deliveries=outbox.of_case(read(), case.id, MOST_MAILS),
        letters=incoming.of_case(read(), case, MOST_MAILS) if role.covers(Role.EDITOR) else (),
        answerable=reports.count(read(), case, to_answer=True),
        following=_next(number),
        elsewhere=_elsewhere(case),
        alike=alike,
        sentence=sentences.around(case.quote, STRUCK.shown(case.article.words) if case.exact else ""),
        candidates=candidates,
        read_when=_read_when(case, report_page),
        fix_change=_fix_change(case),
        can_take_back=history.changed_by_service(read(), case),
        **desk.frame(),
    )


def _wanted(failed: CaseForm | None, action: str) -> str:
    """What was to be done by a form that failed, in the words of its button."""
    chosen = failed.resolution.data if isinstance(failed, DecisionForm) else ""
    if chosen in (*ACCEPTED, *DECLINED):
        return decisions.name_of(Resolution(chosen))
    return say(f"desk.acts.{action}") if action in ACTIONS else ""


def _forms(case: Case, role: Role, alike: Case | None, action: str, failed: CaseForm | None) -> dict[str, CaseForm]:
    """What this role can type for the case as it is now: drafts, and what was typed in vain."""
    drafts: dict[str, CaseForm] = {}
    if role.covers(Role.AUTHOR):
        drafts["note"] = forms.NoteForm()
    if role.covers(Role.EDITOR):
        drafts |= moderation.drafts(case)
    if role.covers(Role.EDITOR) and case.state in (State.CLOSED, State.FIXING, State.MERGED):
        drafts["reopen"] = forms.ReopenForm()
    if role.covers(Role.EDITOR) and case.state in LIVE:
        drafts["freeze"], drafts["lift"] = FreezeForm(role=Role.STANDARDS.value), LiftForm()
        drafts["merge"] = forms.MergeForm(into=alike.id if alike else None)
    if role.covers(Role.EDITOR) and case.state is State.FIXING:
        drafts["send_back"] = SendBackForm()
    if role.covers(Role.EDITOR) and notices.may_vouch(read(), case):
        drafts["close"] = CloseForm()
    if role.covers(Role.EDITOR) and case.state in UNDECIDED:
        drafts["decide"] = DecisionForm()
        drafts["ask"], drafts["snooze"] = forms.QuestionForm(), forms.SnoozeForm()
    if failed is not None and action in drafts:
        drafts[action] = failed
    decision, closing = drafts.get("decide"), drafts.get("close")
    if isinstance(closing, CloseForm) and not notices.awaits_fix(read(), case):
        closing.ask_of_case()
    if isinstance(decision, DecisionForm):
        right, notice = moderation.drafted(case, notices.draft(case))
        decision.suggest(wrong=case.exact, right=right, notice=notice)
        decisions.begin(case, decision)
    return drafts


def _colleagues(case: Case, me: Editor, role: Role) -> list[Editor]:
    """To whom the case may be given: those who may decide it too, but for who has it."""
    if not role.covers(Role.EDITOR) or case.state not in LIVE:
        return []
    editors_here = people.colleagues(read(), case.site_id, Role.EDITOR)
    return [person for person in editors_here if person.id not in (me.id, case.assignee_id)]


def _fix_change(case: Case) -> Change | None:
    return (
        describe_edit(case.quote, case.fix_after, before=case.fix_before)
        if case.fix_before and case.fix_after
        else None
    )


def _link(article: Article, quote: Quote, page_url: str = "") -> str:
    """The link to the very words in the article; nothing when the address is not the site's own."""
    address = page_url or article.url
    if not urls.belongs_to(address, article.site.origins):
        return ""
    # A link into the words would take the place of an app's route.
    return address + (text_fragment(quote) if quote.exact and "#" not in address else "")


def _elsewhere(case: Case) -> list[dict[str, Any]]:
    """Where else the case's wrong words stand, each place with a link to it."""
    return [
        {**sibling, "link": _link(sibling["article"], sibling["quote"])} for sibling in siblings.of_case(read(), case)
    ]


def _read_when(case: Case, report_page: Sequence[Report]) -> dict[int, datetime]:
    """Of when the wording is that each report's reader saw, where the article has another one now."""
    versions = articles.wordings(read(), case.article)
    times = {report.id: articles.wording_of(versions, report.created_at) for report in report_page}
    return {report_id: at for report_id, at in times.items() if at is not None}


def _next(number: int) -> int | None:
    """The next case of the list that this one was opened from."""
    return next(iter(desk.next_cases(read(), number, access.site_ids(Role.EDITOR))), None)
