"""Acting from a mail: links of one purpose, for one person, on one version of a case, that end after a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.changes import Kind
from corrections_service.rules.later import later
from corrections_service.rules.workflow import UNDECIDED, Decision, Resolution, Role, approval_rule
from corrections_service.services import cases, history, sites, wishes
from corrections_service.settings import Settings
from corrections_service.store.models import Case, Editor, now

EXPIRY = 7 * 24 * 3600
"""Seconds for which a link works; whoever has it acts as the person to whom it was mailed."""

ENDED = "This link is none of ours, or it has ended. The case is on the desk."


class Act(StrEnum):
    """What a link does."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LATER = "later"
    MINE = "mine"
    UNDO = "undo"


MAILED = (Act.ACCEPT, Act.DECLINE, Act.LATER, Act.MINE)
DECISIONS = {Act.ACCEPT: Resolution.FIXED, Act.DECLINE: Resolution.NOT_AN_ERROR}
SILENT = (Kind.SPELLING, Kind.OTHER)
"""The kinds of error that are fixed without a notice; the others are decided on the desk, where a notice is written."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is for, whose it is, and the version of the case that its mail told of.

    `seal` is the person's at that time: it is another one once their sessions were ended, as by a new password.
    """

    act: Act
    editor_id: int
    case_id: int
    version: int
    seal: str = ""


def token(link: Link, settings: Settings) -> str:
    """The signed token of a link."""
    return _signer(settings).dumps([link.act.value, link.editor_id, link.case_id, link.version, link.seal])


def read_token(value: str, settings: Settings) -> Link:
    """The link with this token. Raises NotFound where it is none of ours or has ended."""
    try:
        act, *numbers, seal = _signer(settings).loads(value, max_age=EXPIRY)
        editor_id, case_id, version = map(int, numbers)
        return Link(Act(act), editor_id, case_id, version, str(seal))
    except (BadSignature, ValueError, TypeError):
        raise errors.NotFound(ENDED) from None


def offered(session: Session, case: Case, editor: Editor) -> list[Act]:
    """What may be done with the case from a mail to this person; what needs words of theirs is for the desk."""
    role = editor.role_on(case.site_id)
    if role is None or not role.covers(Role.EDITOR) or case.state not in UNDECIDED:
        return []
    policy = case.site.policy
    acts = [act for act, resolution in DECISIONS.items() if approval_rule(resolution, policy).allows(role)]
    change = wishes.change(case)
    if change is None or change.guard or case.kind not in SILENT:
        acts = [act for act in acts if act is not Act.ACCEPT]
    return [*acts, Act.LATER, *([Act.MINE] if case.assignee_id is None else [])]


def addresses(session: Session, case: Case, editor: Editor | None, settings: Settings) -> list[tuple[str, str]]:
    """What a mail to this person offers to do with the case, each with its address."""
    if editor is None:
        return []
    links = [Link(act, editor.id, case.id, case.version, seal_of(editor)) for act in offered(session, case, editor)]
    return [(link.act.value, f"{settings.base_url}/act/{token(link, settings)}") for link in links]


def seal_of(editor: Editor) -> str:
    """What the links of a person hold until all their sessions are ended."""
    return hashlib.sha256(f"act:{editor.fs_uniquifier}".encode()).hexdigest()[:16]


def find(session: Session, link: Link) -> tuple[Case, Editor]:
    """The case of a link, and whose it is. Raises NotFound also for who works there no more, and after a new password."""
    editor = session.get(Editor, link.editor_id)
    if editor is None or not editor.active or link.seal != seal_of(editor):
        raise errors.NotFound(ENDED)
    return history.get(session, link.case_id, editor), editor


def do(session: Session, link: Link) -> int:
    """Do what a link is for; the case's version afterwards. Raises ChangedMeanwhile where it is another one by now."""
    case, editor = find(session, link)
    match link.act:
        case Act.ACCEPT | Act.DECLINE:
            cases.decide(session, case, Decision(DECISIONS[link.act]), actor=editor, version=link.version)
        case Act.LATER:
            tomorrow = later("tomorrow", now().astimezone(sites.zone_of(case.site)))
            cases.snooze(session, case, tomorrow, actor=editor, version=link.version)
        case Act.MINE:
            history.take_up(session, case, editor, link.version)
            cases.claim(session, case, actor=editor, version=link.version)
        case Act.UNDO:
            history.undo(session, case, actor=editor, version=link.version)
    return case.version


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_keys[::-1], salt="act")
