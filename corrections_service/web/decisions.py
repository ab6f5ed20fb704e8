"""Deciding: what can be chosen, and whether a notice says what it must, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Blueprint, request
from sqlalchemy.orm import Session

from corrections_service.rules import notices as rules
from corrections_service.rules.changes import Change, Kind
from corrections_service.rules.showing import AT_ONCE, CACHE
from corrections_service.rules.workflow import NOTICES, Resolution, Role, State, Turn, likely_class
from corrections_service.services import (
    approvals,
    batches,
    cases,
    corrections,
    freezes,
    history,
    notices,
    offices,
    proposals,
)
from corrections_service.store.models import Case, Editor, Event, EventKind, Site
from corrections_service.web import access
from corrections_service.web.access import read, requires
from corrections_service.web.decision_forms import CloseForm, DecisionForm, FreezeForm, LiftForm, SendBackForm
from corrections_service.web.forms import CaseForm
from corrections_service.web.language import say, translate

bp = Blueprint("decisions", __name__)

ACCEPTED = (
    Resolution.FIXED,
    Resolution.CORRECTED,
    Resolution.CLARIFIED,
    Resolution.UPDATED,
    Resolution.EDITORS_NOTE,
    Resolution.WITHDRAWN,
)
DECLINED = (
    Resolution.NOT_AN_ERROR,
    Resolution.OPINION,
    Resolution.CANNOT_VERIFY,
    Resolution.ALREADY_FIXED,
    Resolution.WONT_CHANGE,
    Resolution.OUT_OF_SCOPE,
)


class Choice(NamedTuple):
    """A decision with its name, what is said of it where it changes something, and its key."""

    resolution: Resolution
    name: str
    hint: str
    digit: int


def choices(site: Site, resolutions: Sequence[Resolution]) -> list[Choice]:
    """The decisions that a site uses, as they are chosen; a key means the same at each site."""
    return [
        Choice(
            resolution,
            name_of(resolution),
            say(f"desk.decisions.hint_{resolution}") if resolution in ACCEPTED else "",
            digit,
        )
        for digit, resolution in enumerate(resolutions, 1)
        if approvals.rule_of(site, resolution).used
    ]


def name_of(resolution: Resolution) -> str:
    """What a decision is called where it is chosen."""
    return say(f"desk.decisions.name_{resolution}")


def _decide(session: Session, case: Case, actor: Editor, form: DecisionForm) -> Event:
    """Decide, or ask for the approval that the site's rules want for this class of notice."""
    decision, at = replace(form.decision(), shows=form.shown(case)), form.time(case)
    is_proposed = decision.resolution in NOTICES and approvals.refusal(case, decision.resolution, actor)
    act = proposals.propose if is_proposed else cases.decide
    return act(session, case, decision, actor=actor, reason=form.reason.data, publish_at=at, version=form.version.data)


ACTIONS: dict[str, Callable[[Session, Case, Editor, Any], Any]] = {
    "decide": _decide,
    "close": lambda session, case, actor, form: cases.close(
        session, case, form.why.data, actor=actor, version=form.version.data
    ),
    "approve": lambda session, case, actor, form: proposals.approve(
        session, case, actor=actor, version=form.version.data
    ),
    "freeze": lambda session, case, actor, form: freezes.freeze(
        session,
        case,
        form.why.data,
        actor=actor,
        until=form.time(case),
        lifts=Role(form.role.data or Role.STANDARDS),
        version=form.version.data,
    ),
    "lift": lambda session, case, actor, form: freezes.lift(
        session, case, form.why.data, actor=actor, version=form.version.data
    ),
    "send_back": lambda session, case, actor, form: proposals.send_back(
        session, case, form.why.data, actor=actor, version=form.version.data
    ),
}
FORMS: dict[str, type[CaseForm]] = {
    "decide": DecisionForm,
    "close": CloseForm,
    "send_back": SendBackForm,
    "freeze": FreezeForm,
    "lift": LiftForm,
}


REPLIES = {
    Turn.APPEALED: (EventKind.APPEALED, EventKind.DECIDED),
    Turn.ANSWERED: (EventKind.ANSWERED, EventKind.ASKED),
}
"""What a reader said so that it is an editor's turn again, and what it was said to."""


def reply(case: Case) -> dict[str, Event | None]:
    """The reader's words that made it an editor's turn, and the decision or the question that they are about."""
    kinds = REPLIES.get(case.turn, ()) if case.turn else ()
    return dict(zip(("reply", "occasion"), [history.last_event(read(), case, kind) for kind in kinds], strict=False))


def words(case: Case, me: Editor) -> dict[str, Any]:
    """What a case page says of its notices, of who has to approve which, and of what this person may."""
    deciders = approvals.appealed_deciders(read(), case)
    about, event = notices.about(read(), case), history.last_event(read(), case, EventKind.PROPOSED)
    proposal = notices.proposal(read(), case) if case.state is State.FIXING else None
    may_approve = False
    if proposal is not None and case.resolution is not None and event is not None:
        may_approve = me.id not in deciders and approvals.may_approve(case, case.resolution, me, event.actor_id)
    return {
        "proposal": proposal,
        "may_approve": may_approve,
        "asks": {resolution: approvals.refusal(case, resolution, me) for resolution in NOTICES},
        "is_own_decision": me.id in deciders,
        "is_anyone_else": me.id in deciders and approvals.is_anyone_but(read(), case, deciders),
        **reply(case),
        "is_frozen": corrections.is_frozen(case),
        "frozen": history.last_event(read(), case, EventKind.FROZEN),
        "may_lift": (me.role_on(case.site_id) or Role.VIEWER).covers(freezes.lifter(read(), case)),
        "is_late": rules.is_late(about),
        "is_unseen": notices.awaits_fix(read(), case),
        "reads_wrong": notices.reads_wrong(case),
        "asked": batches.mails(read(), [case.id]) if case.state is State.FIXING else 0,
        "offices": offices.of_case(read(), case),
        "has_public": bool(corrections.standing(read(), case)),
        "resolution_names": {resolution: name_of(resolution) for resolution in (*ACCEPTED, *DECLINED)},
    }


def begin(case: Case, form: DecisionForm) -> None:
    """Fill in what was written before and sent back, or undone, and when readers usually see a change."""
    form.suggest(shows=CACHE if case.site.policy.get("cache_minutes") else AT_ONCE)
    earlier = notices.sent_back(read(), case)
    if earlier is not None:
        form.suggest(wrong=earlier.wrong, right=earlier.right, notice=earlier.text, early=earlier.early)
    taken_back = notices.undone(read(), case)
    if taken_back is not None and not any(field.raw_data for field in form):
        form.recall(case, *taken_back)


def likely(case: Case, change: Change | None, role: Role) -> dict[str, str]:
    """As what this role accepts the case by one key, with its reason; nothing where they choose, or another role does."""
    kinds = {case.kind, change.kind} if change else {case.kind} - {Kind.SPELLING}
    resolution, why = likely_class(kinds, change.guard if change else ())
    if resolution is None or not approvals.rule_of(case.site, resolution).allows(role):
        return {"resolution": "", "name": "", "why": ""}
    return {"resolution": resolution.value, "name": name_of(resolution), "why": say(f"desk.decisions.why_{why}")}


def allowed(case: Case, role: Role) -> dict[str, Any]:
    """What this role may do with the case, and which decisions without a notice need which other one."""
    needed = {resolution: approvals.rule_of(case.site, resolution).role for resolution in (*ACCEPTED, *DECLINED)}
    return {
        "role": role,
        "may_edit": role.covers(Role.EDITOR),
        "may_note": role.covers(Role.AUTHOR),
        "needs": {
            resolution: least.value
            for resolution, least in needed.items()
            if not role.covers(least) and resolution not in NOTICES
        },
    }


@bp.post("/cases/<int:number>/check")
@requires(Role.EDITOR)
def check(number: int) -> dict[str, str]:
    """What is missing of a notice as it is typed, or has to go, by field; changes nothing."""
    me = access.signed_in()
    case, form = history.get(read(), number, me), DecisionForm(request.form)
    if form.resolution.data not in {resolution.value for resolution in NOTICES}:
        return {}
    decision = form.decision()
    refusals = rules.check(decision, notices.about(read(), case, right=decision.right))
    return {name: translate(refusal) for name, refusal in refusals.items()}
