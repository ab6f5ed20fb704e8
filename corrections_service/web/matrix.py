"""The approval matrix in words: what the policy page says of it, and what a change of it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corrections_service.rules.catalogue import Catalogue
from corrections_service.rules.workflow import NOTICES, ApprovalRule, Resolution, approval_rule
from corrections_service.services import sites
from corrections_service.store.models import Policy, Site
from corrections_service.web.language import say

POLICY = {
    Resolution.FIXED: ("typo", "no"),
    Resolution.CORRECTED: ("class_correction", "yes"),
    Resolution.CLARIFIED: ("class_clarification", "yes"),
    Resolution.EDITORS_NOTE: ("class_editors_note", "yes"),
    Resolution.UPDATED: ("class_update", "useful"),
    Resolution.WITHDRAWN: ("class_withdrawn", "stays"),
}
"""What changes an article: what that is called, and whether a public notice says so."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What the policy page says: first, in a row for each class that is used (with its approver), and then."""

    first: list[str]
    rules: list[tuple[str, str, str, str]]
    then: list[str]

    def sentences(self, words: Catalogue) -> list[str]:
        """All of it, as the page says it."""
        rows = [f"{words(f'public.{name}')}: {words(f'public.role_{role}')}" for _, name, _, role in self.rules]
        return [*self.first, *rows, *self.then]


@dataclass(frozen=True, slots=True)
class Difference:
    """What would be otherwise for one decision."""

    decision: str
    before: str
    after: str


def in_force(words: Catalogue, site: Site, policy: Policy) -> InForce:
    """What a policy of the site says in the words of the public pages: each sentence only where it holds."""
    rules = {resolution: approval_rule(resolution, policy) for resolution in POLICY}
    matrix = {resolution: rule for resolution, rule in rules.items() if rule.used}
    names = {resolution: words(f"public.{name}") for resolution, (name, _) in POLICY.items()}
    by_two = words.join([names[resolution] for resolution, rule in matrix.items() if rule.second])
    not_author = words.join([names[resolution] for resolution, rule in matrix.items() if not rule.author_alone])
    first = {
        "public.intro": Resolution.CORRECTED in matrix,
        "public.invite": site.active and "key" in sites.ways_in(site),
    }
    then = {
        "public.in_sight": any(resolution in NOTICES for resolution in matrix),
        "public.by_two": bool(by_two),
        "public.not_author": bool(not_author),
        "public.late": Resolution.CORRECTED in matrix,
        "public.by_itself": Resolution.FIXED in matrix and policy.get("auto_close", False),
    }
    classes = {"public.by_two": by_two, "public.not_author": not_author}
    return InForce(
        [words(key) for key, holds in first.items() if holds],
        [(resolution.value, *POLICY[resolution], rule.role.value) for resolution, rule in matrix.items()],
        [words(key, classes=classes.get(key, "")) for key, holds in then.items() if holds],
    )


def differences(names: Mapping[Resolution, str], before: Policy, after: Policy) -> list[Difference]:
    """For which of these decisions another policy asks for something else, and what."""
    rules = {resolution: (approval_rule(resolution, before), approval_rule(resolution, after)) for resolution in names}
    return [
        Difference(names[resolution], _conditions(old), _conditions(new))
        for resolution, (old, new) in rules.items()
        if old != new
    ]


def _conditions(rule: ApprovalRule) -> str:
    """What a rule asks for, in the language of who asks."""
    if not rule.used:
        return say("desk.deciders.nobody")
    whole = say("desk.deciders.or_above", role=say(f"public.role_{rule.role}"))
    more = [say("desk.deciders.by_two")] if rule.second else []
    more.append(say("desk.deciders.author_may" if rule.author_alone else "desk.deciders.not_author"))
    for condition in more:
        whole = say("desk.deciders.conditions", first=whole, rest=condition)
    return whole
