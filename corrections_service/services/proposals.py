"""Proposals: a notice that one person writes and another one approves, or sends back with a word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import NOTICES, Decision, NoticeState, Resolution, State, check_notice
from corrections_service.services import approvals, cases, corrections, notices, people
from corrections_service.services.history import change, last_event, look_soon, take_up
from corrections_service.store.models import Case, Correction, Editor, Event, EventKind


def propose(
    session: Session,
    case: Case,
    decision: Decision,
    *,
    actor: Editor,
    version: int | None = None,
    publish_at: datetime | None = None,
    reason: str = "",
) -> Event:
    """Keep a decision with its notice, and mail each who may approve it; no reader is told that anything was decided.

    Raises AlreadyClosed, ChangedMeanwhile, NotPermitted, OwnDecision, NeedsApproval where nobody else can, InvalidFields.
    """
    take_up(session, case, actor, version)
    approvals.check_open(session, case, actor)
    approvals.check_used(case, decision.resolution)
    if decision.resolution not in NOTICES:
        raise errors.NeedsApproval(approvals.refusal(case, decision.resolution, actor))
    check_notice(NOTICES[decision.resolution], decision)
    cases.check_text(session, case, decision)
    rule = approvals.rule_of(case.site, decision.resolution)
    colleagues = approvals.approvers(session, case, decision.resolution, actor)
    if not colleagues:
        raise errors.NeedsApproval(
            f"{approvals.refusal(case, decision.resolution, actor)} Nobody else at {case.site.name} is {rule.role.value} "
            "or more: invite somebody, or have an administrator change who approves."
        )
    corrections.drop(session, case)
    values = {
        "state": State.FIXING,
        "resolution": decision.resolution,
        "assignee_id": case.assignee_id or actor.id,
        **cases.AWAKE,
    }
    data: dict[str, Any] = {"resolution": decision.resolution.value, "reason": reason.strip()}
    data |= {"shows": decision.shows, **notices.besides(decision, publish_at)}
    event = change(session, case, EventKind.PROPOSED, values, actor=actor, **data)
    notices.keep(session, case, decision, NoticeState.ASKED, publish_at=publish_at)
    for person in colleagues:
        people.tell(session, case, event, "proposed", person.email)
    look_soon(session, case)
    return event


def approve(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> Event:
    """Decide as was proposed. Raises NotPermitted, OwnDecision, NeedsApproval, InvalidFields."""
    notice, proposal = _taken_up(session, case, actor, version)
    resolution = Resolution(proposal.data["resolution"])
    approvals.check_appeal(session, case, actor)
    if not approvals.may_approve(case, resolution, actor, proposal.actor_id):
        raise errors.NeedsApproval(approvals.refusal(case, resolution, actor))
    words = {"wrong": notice.wrong, "right": notice.right, "notice": notice.text, "early": notice.early}
    decision = Decision(resolution, **words, shows=str(proposal.data.get("shows", "")))
    at = datetime.fromisoformat(proposal.data["publish_at"]) if proposal.data.get("publish_at") else None
    reason = str(proposal.data.get("reason", ""))
    event = cases.carry_out(session, case, decision, actor=actor, reason=reason, publish_at=at, approved=notice)
    if proposal.actor is not None and proposal.actor_id != actor.id:
        people.tell(session, case, event, "approved", proposal.actor.email)
    return event


def send_back(session: Session, case: Case, why: str, *, actor: Editor, version: int | None = None) -> None:
    """Do not approve: the case is open again with its draft, and who wrote it is mailed why. Raises InvalidFields."""
    notice, proposal = _taken_up(session, case, actor, version)
    if not why.strip():
        raise errors.InvalidFields({"why": "Say what has to be changed."})
    notice.state = NoticeState.DRAFT
    values = {"state": State.OPEN, "resolution": None, "assignee_id": proposal.actor_id}
    event = change(session, case, EventKind.SENT_BACK, values, actor=actor, why=why.strip())
    session.expire(case, ["assignee"])
    if proposal.actor is not None and proposal.actor_id != actor.id:
        people.tell(session, case, event, "sent_back", proposal.actor.email)


def _taken_up(session: Session, case: Case, actor: Editor, version: int | None) -> tuple[Correction, Event]:
    """The notice that waits to be approved, and how it was proposed, held for this change."""
    take_up(session, case, actor, version)
    notice, proposal = notices.proposal(session, case), last_event(session, case, EventKind.PROPOSED)
    if case.state is not State.FIXING or notice is None or proposal is None:
        raise errors.ChangedMeanwhile("Nothing of this case waits to be approved any more.")
    return notice, proposal
