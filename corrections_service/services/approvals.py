"""Approvals: who may decide what alone, by a site's matrix, and who may not decide an appeal."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.owners import names_person
from corrections_service.rules.workflow import CHANGES_PAGE, TAKEN, ApprovalRule, Resolution, Role, approval_rule
from corrections_service.services import editors, people, sites
from corrections_service.services.history import check_live
from corrections_service.services.steps import standing
from corrections_service.store.models import Case, Editor, Event, EventKind, Site

DECIDING = (EventKind.PROPOSED, EventKind.DECIDED)
"""Who does this to a case has decided it, or helped to."""


def rule_of(site: Site, resolution: Resolution) -> ApprovalRule:
    """Who may approve this at the site."""
    return approval_rule(resolution, site.policy)


def refusal(case: Case, resolution: Resolution, actor: Editor) -> str:
    """Why this person may not decide so alone, as a sentence; "" where they may."""
    rule, role = rule_of(case.site, resolution), actor.role_on(case.site_id) or Role.VIEWER
    if not role.covers(rule.role):
        return phrase("desk.errors.approve_role", role=phrase(f"public.role_{rule.role.value}"))
    if rule.second:
        return phrase("desk.errors.two_people")
    if not rule.author_alone and is_author(case, actor):
        return phrase("desk.errors.named_author")
    return ""


def check_used(case: Case, resolution: Resolution) -> None:
    """Promise that the case's site uses this decision. Raises InvalidFields."""
    if not rule_of(case.site, resolution).used:
        raise errors.InvalidFields({"resolution": phrase("desk.errors.not_used", site=case.site.name)})


def leave_out(site: Site, unused: Collection[str]) -> None:
    """Let nobody decide a case as one of these any more; those that are decided so stay. Raises InvalidFields."""
    used = [resolution for resolution in TAKEN if resolution not in unused]
    if len({resolution in CHANGES_PAGE for resolution in used}) < 2:
        raise errors.InvalidFields({"decisions": phrase("desk.errors.leave_decisions")})
    sites.choose(site, unused=[resolution.value for resolution in TAKEN if resolution not in used])


def is_author(case: Case, actor: Editor) -> bool:
    """Whether the article's byline names this person, also as they were called before."""
    return any(names_person(case.article.author, name) for name in editors.names_of(actor))


def may_approve(case: Case, resolution: Resolution, actor: Editor, proposer: int | None) -> bool:
    """Whether this person may approve what another one proposed, or may decide it alone."""
    role = actor.role_on(case.site_id) or Role.VIEWER
    if not role.covers(rule_of(case.site, resolution).role):
        return False
    return actor.id != proposer or not refusal(case, resolution, actor)


def approvers(session: Session, case: Case, resolution: Resolution, proposer: Editor) -> list[Editor]:
    """Who can approve what this person proposes, by name."""
    role, deciders = rule_of(case.site, resolution).role, appealed_deciders(session, case)
    return [
        person
        for person in people.colleagues(session, case.site_id, role)
        if person.id != proposer.id and person.id not in deciders
    ]


def is_anyone_but(session: Session, case: Case, deciders: Collection[int]) -> bool:
    """Whether there is somebody to decide the case who did not take the decision that a reader disagrees with."""
    return any(person.id not in deciders for person in people.colleagues(session, case.site_id, Role.EDITOR))


def check_appeal(session: Session, case: Case, actor: Editor) -> None:
    """Promise that this person did not decide what a reader disagrees with. Raises OwnDecision."""
    if actor.id in appealed_deciders(session, case):
        raise errors.OwnDecision()


def check_open(session: Session, case: Case, actor: Editor) -> None:
    """Promise that somebody still has to work on the case, and this person may. Raises AlreadyClosed, OwnDecision."""
    check_live(case)
    check_appeal(session, case, actor)


def appealed_deciders(session: Session, case: Case) -> set[int]:
    """Who took the decision that a reader disagrees with, as long as nobody else has decided since."""
    kinds = (*DECIDING, EventKind.APPEALED, EventKind.CLOSED, EventKind.UNDONE)
    query = select(Event).where(Event.case_id == case.id, Event.kind.in_(kinds))
    steps = standing(session.scalars(query.order_by(Event.id)))
    rows = [(step.kind, step.actor_id) for step in steps]
    appeals = [index for index, (kind, _) in enumerate(rows) if kind == EventKind.APPEALED]
    if not appeals or any(kind == EventKind.DECIDED for kind, _ in rows[appeals[-1] :]):
        return set()
    deciders: set[int] = set()
    for kind, actor_id in reversed(rows[: appeals[-1]]):
        if kind == EventKind.APPEALED or (kind == EventKind.DECIDED and deciders):
            break
        deciders |= {actor_id} if actor_id is not None else set()
    return deciders
