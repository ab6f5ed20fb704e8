"""The approval matrix in words: what the policy page says of it, and what a change of it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corrections_service.rules.catalogue import Catalogue
from corrections_service.rules.workflow import ApprovalRule, Resolution, approval_rule
from corrections_service.store.models import Policy
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
    """What the policy page says: a row for each class with its approver, and which take two and no author alone."""

    rules: list[tuple[str, str, str, str]]
    by_two: str
    not_author: str

    def sentences(self, words: Catalogue) -> list[str]:
        """All of it, as the page says it."""
        rows = [f"{words(f'public.{name}')}: {words(f'public.role_{role}')}" for _, name, _, role in self.rules]
        lists = {"by_two": self.by_two, "not_author": self.not_author}
        return [*rows, *(words(f"public.{key}", classes=classes) for key, classes in lists.items() if classes)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What would be otherwise for one decision."""

    decision: str
    before: str
    after: str


def in_force(words: Catalogue, policy: Policy) -> InForce:
    """What a policy says in the words of the public pages."""
    rules = {resolution: approval_rule(resolution, policy) for resolution in POLICY}
    matrix = {resolution: rule for resolution, rule in rules.items() if rule.used}
    names = {resolution: words(f"public.{name}") for resolution, (name, _) in POLICY.items()}
    return InForce(
        [(resolution.value, *POLICY[resolution], rule.role.value) for resolution, rule in matrix.items()],
        words.join([names[resolution] for resolution, rule in matrix.items() if rule.second]),
        words.join([names[resolution] for resolution, rule in matrix.items() if not rule.author_alone]),
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
