"""What is typed to decide a case, and to say when its notice may be public."""

from __future__ import annotations

from corrections_service import errors
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.web.controls import OneOf, Passage
from corrections_service.web.forms import CaseForm

TEXTS = ("wrong", "right", "notice", "why_silent", "early", "retraction")
EARLY = "Why may it be public before the fix is seen?"
WHERE_UNSEEN = "Only where it cannot be seen: in print, in a video, on a page that the service cannot read."


class DecisionForm(CaseForm):
    """What became of the error, what the public is told, and what the readers who asked."""

    resolution = OneOf("Decision", list(Resolution), needed="Choose a decision.")
    wrong = Passage("What was wrong", 2000)
    right = Passage("What is right", 2000)
    notice = Passage("Public notice", 5000)
    why_silent = Passage("Why may this be fixed without a notice?", 1000)
    early = Passage(EARLY, 500, hint="It is published once the fix is seen on the page. " + WHERE_UNSEEN)
    retraction = Passage(
        "Why is the notice that is public taken back?", 500, hint="Readers see this in the log, with the notice."
    )
    reason = Passage("To the readers who asked", 2000)

    def decision(self) -> Decision:
        """The decision in plain values."""
        values = {name: self[name].data for name in TEXTS}
        return Decision(Resolution(self.resolution.data), **values)

    def suggest(self, **drafts: str) -> None:
        """Fill in what was not typed yet."""
        for name, draft in drafts.items():
            if not self[name].raw_data:
                self[name].data = draft

    def answer(self, resolution: Resolution, reason: str) -> None:
        """Decide so, with this answer behind what was typed."""
        self.resolution.data, typed = resolution.value, self.reason.data.rstrip()
        self.reason.data = typed if reason in typed else f"{typed}\n\n{reason}".lstrip()

    def blame(self, error: errors.CorrectionsError) -> None:
        """Ask at its own field why a fact may be changed in silence."""
        is_guard = isinstance(error, errors.GuardedChange)
        super().blame(errors.InvalidFields({"why_silent": error.detail}) if is_guard else error)


class CloseForm(CaseForm):
    """Why a notice may be public although the service has not seen the fix."""

    why = Passage(EARLY, 500, hint="The notice waits for the fix. " + WHERE_UNSEEN)
