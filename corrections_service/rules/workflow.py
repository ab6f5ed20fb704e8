"""States, resolutions, who may approve what, what a notice must say (PRODUCT: newsroom rules)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from corrections_service import errors


class State(StrEnum):
    """Where a case is on its way."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    FIXING = "fixing"
    CLOSED = "closed"
    SPAM = "spam"
    MERGED = "merged"


class Turn(StrEnum):
    """What happened to an undecided case so that its editor has to look at it again."""

    CAME_BACK = "came_back"
    APPEALED = "appealed"
    ANSWERED = "answered"
    CHANGED = "changed"


LIVE = (State.NEW, State.OPEN, State.WAITING, State.FIXING)
"""The states of a case that somebody still has to work on; new reports of the same error join it."""

UNDECIDED = (State.NEW, State.OPEN, State.WAITING)


class Resolution(StrEnum):
    """How a case ended."""

    FIXED = "fixed"
    CORRECTED = "corrected"
    CLARIFIED = "clarified"
    EDITORS_NOTE = "editors_note"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    ALREADY_FIXED = "already_fixed"
    NOT_AN_ERROR = "not_an_error"
    OPINION = "opinion"
    CANNOT_VERIFY = "cannot_verify"
    WONT_CHANGE = "wont_change"
    OUT_OF_SCOPE = "out_of_scope"
    READER_WITHDREW = "reader_withdrew"


class NoticeClass(StrEnum):
    """What a public notice is called."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    EDITORS_NOTE = "editors_note"
    UPDATE = "update"
    WITHDRAWN = "withdrawn"


class NoticeState(StrEnum):
    """How far a notice has come; one that was taken back says so besides, wherever it was."""

    DRAFT = "draft"
    ASKED = "asked"
    APPROVED = "approved"
    READY = "ready"
    PUBLIC = "public"
    REVISED = "revised"


UNAPPROVED = (NoticeState.DRAFT, NoticeState.ASKED)

SHOWN = (NoticeState.PUBLIC, NoticeState.REVISED)
"""A notice in one of these states was shown to the public, and is, unless it was taken back since."""


class Role(StrEnum):
    """What an editor may do on one site; each includes those before it."""

    VIEWER = "viewer"
    AUTHOR = "author"
    EDITOR = "editor"
    STANDARDS = "standards"
    ADMIN = "admin"

    @cached_property
    def rank(self) -> int:
        """The position among the roles, from 0."""
        return list(Role).index(self)

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what the needed one may."""
        return self.rank >= needed.rank


NOTICES: Mapping[Resolution, NoticeClass] = {
    Resolution.CORRECTED: NoticeClass.CORRECTION,
    Resolution.CLARIFIED: NoticeClass.CLARIFICATION,
    Resolution.EDITORS_NOTE: NoticeClass.EDITORS_NOTE,
    Resolution.UPDATED: NoticeClass.UPDATE,
    Resolution.WITHDRAWN: NoticeClass.WITHDRAWN,
}
"""Which resolutions are published, and as what."""

SAYS_CHANGE = (NoticeClass.CORRECTION, NoticeClass.CLARIFICATION)
"""The classes whose notices say which words of the passage became which; the others are about more, or nothing was wrong."""

CHANGES_PAGE = (Resolution.FIXED, *NOTICES)
"""The resolutions after which the article reads otherwise."""

TAKEN = tuple(resolution for resolution in Resolution if resolution is not Resolution.READER_WITHDREW)
"""The resolutions that editors decide."""

ON_PAGE = (Resolution.FIXED, Resolution.CORRECTED, Resolution.CLARIFIED)
"""The resolutions after which the passage itself must read otherwise, which the service checks."""

HANDED_ON = (Resolution.OUT_OF_SCOPE, Resolution.OPINION)
"""The resolutions of what may be another office's to answer."""

APPROVERS: Mapping[Resolution, Role] = {
    Resolution.CLARIFIED: Role.STANDARDS,
    Resolution.EDITORS_NOTE: Role.STANDARDS,
    Resolution.WITHDRAWN: Role.ADMIN,
}
"""The role that a resolution asks for by default; all others: editor. A site may set others."""

SECOND_PERSON = (Resolution.WITHDRAWN,)
"""What two people decide by default: the one proposes, the other approves."""

LIKELY: Mapping[str, Resolution] = {
    "fact": Resolution.CORRECTED,
    "name": Resolution.CORRECTED,
    "context": Resolution.CLARIFIED,
    "spelling": Resolution.FIXED,
}
"""As what a report of a kind is accepted, the gravest first."""

_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|‚[^‘’]*[‘’]|\"[^\"]*\"")

SOFT_WORDS = ("updated", "tweaked", "amended for clarity", "adjusted", "refreshed")
"""Words that hide an error when a correction is announced with them."""


@dataclass(frozen=True)
class Decision:
    """What an editor wants to do with a case, in plain values."""

    resolution: Resolution
    wrong: str = ""
    right: str = ""
    notice: str = ""
    why_silent: str = ""
    early: str = ""
    """Why the notice may be public before the fix was seen."""
    late: str = ""
    """Why an article of long ago is corrected only now; readers see it."""
    retraction: str = ""
    """Why a notice that is public already is taken back."""
    gravity: str = ""
    """How grave the error is; "" as its class is."""
    ran: str = ""
    """Where it ran, as `placing.written` writes it."""
    shows: str = ""
    """When readers see the change, as `showing.written` writes it; "" as its site says."""
    office: str = ""
    """To which office of the site what readers wrote is handed on; "" to none."""


def approver(resolution: Resolution, policy: Mapping[str, str] | None = None) -> Role:
    """The least role that may decide this, by the site's policy (`{resolution: role}`) or the default."""
    role_name = (policy or {}).get(resolution.value)
    return Role(role_name) if role_name else APPROVERS.get(resolution, Role.EDITOR)


@dataclass(frozen=True)
class ApprovalRule:
    """Who approves a decision: the least role, whether it takes two, whether the article's author may do it alone.

    Nobody does where the site does not use it.
    """

    role: Role
    second: bool
    author_alone: bool
    used: bool

    def allows(self, role: Role) -> bool:
        """Whether this role may take the decision, or ask for its approval where another person has to agree."""
        return self.used and role.covers(self.role)


def approval_rule(resolution: Resolution, policy: Mapping[str, Any]) -> ApprovalRule:
    """Who approves this at a site, by its policy, where that says nothing by default."""
    second, author_alone = policy.get("second_person", {}), policy.get("author_alone", {})
    return ApprovalRule(
        role=approver(resolution, policy.get("approvers")),
        second=second.get(resolution.value, resolution in SECOND_PERSON),
        author_alone=author_alone.get(resolution.value, resolution not in NOTICES),
        used=resolution.value not in policy.get("unused", ()),
    )


def likely_class(kinds: Collection[str], guard: Collection[str] = ()) -> tuple[Resolution | None, str]:
    """How a change of these kinds is to be decided if it is accepted, with the reason as a code; None where it is open.

    The first reason of the class guard goes before what readers call it.
    """
    for reason in guard:
        return Resolution.CORRECTED, reason
    for kind, resolution in LIKELY.items():
        if kind in kinds:
            return resolution, kind
    return None, ""


def check_decision(
    state: State,
    decision: Decision,
    role: Role,
    *,
    guard: Collection[str] = (),
    policy: Mapping[str, str] | None = None,
) -> None:
    """Promise that this role may close a case in this state so, with a notice that says what it must.

    Raises AlreadyClosed, NotPermitted, NeedsApproval, GuardedChange, InvalidFields.
    """
    if state not in LIVE:
        raise errors.AlreadyClosed()
    if not role.covers(Role.EDITOR):
        raise errors.NotPermitted()
    needed = approver(decision.resolution, policy)
    if not role.covers(needed):
        raise errors.NeedsApproval(f"This has to be decided by the role {needed.value}.")
    if decision.resolution is Resolution.FIXED and guard and not decision.why_silent.strip():
        raise errors.GuardedChange(tuple(guard))
    if decision.resolution in NOTICES:
        check_notice(NOTICES[decision.resolution], decision)


def unquoted(decision: Decision) -> str:
    """The notice without what it quotes of the article, as it was and as it is."""
    words = _QUOTED.sub(" ", decision.notice)
    for quoted_words in filter(str.strip, (decision.wrong, decision.right)):
        words = words.replace(quoted_words, " ")
    return words


def check_notice(notice_class: NoticeClass, decision: Decision) -> None:
    """Promise that a public notice says what its class must. Raises InvalidFields."""
    missing: dict[str, str] = {}
    if not decision.notice.strip():
        missing["notice"] = "Say what was wrong and what is right, in the words that readers will see."
    if notice_class is NoticeClass.CORRECTION:
        plain = unquoted(decision).casefold()
        soft = [word for word in SOFT_WORDS if word in plain]
        if soft:
            missing["notice"] = f"A factual error is called a correction; “{soft[0]}” hides it."
        if not decision.right.strip():
            missing["right"] = "A correction says what is right."
    if missing:
        raise errors.InvalidFields(missing)
