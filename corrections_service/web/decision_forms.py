"""What is typed to decide a case, and to say when its notice may be public."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import wtforms

from corrections_service import errors
from corrections_service.rules import offices, placing
from corrections_service.rules.placing import PLACES, Gravity
from corrections_service.rules.showing import PRINT, WAYS, written
from corrections_service.rules.workflow import HANDED_ON, Decision, Resolution, Role
from corrections_service.services import sites
from corrections_service.store.models import Case, Correction, Event, now
from corrections_service.web.controls import Line, OneOf, Passage, Several
from corrections_service.web.forms import CaseForm
from corrections_service.web.language import failure, say

TEXTS = ("wrong", "right", "notice", "why_silent", "early", "late", "retraction")
LATEST = timedelta(days=366)
EARLY = "desk.forms.early"


class DecisionForm(CaseForm):
    """What became of the error, what the public is told, and what the readers who asked."""

    resolution = OneOf("desk.forms.decision", list(Resolution), needed="desk.forms.choose_decision")
    wrong = Passage("desk.forms.wrong", 2000)
    right = Passage("desk.forms.right", 2000)
    notice = Passage("desk.forms.notice", 5000)
    why_silent = Passage("desk.forms.why_silent", 1000)
    early = Passage(EARLY, 500, hint="desk.forms.early_hint")
    late = Passage("desk.forms.late", 500, hint="desk.forms.late_hint")
    retraction = Passage("desk.forms.retraction", 500, hint="desk.forms.retraction_hint")
    publish_at = Line("desk.forms.publish_at", 40, hint="desk.forms.publish_at_hint", more={"type": "datetime-local"})
    ran = Several("desk.forms.ran", {place: f"desk.forms.ran_{place}" for place in PLACES})
    print_on = Line("desk.forms.print_on", 10, more={"type": "date"})
    gravity = OneOf("desk.forms.gravity", list(Gravity))
    shows = OneOf("desk.forms.shows", WAYS)
    shows_on = Line("desk.forms.shows_on", 10, more={"type": "date"})
    office = Line("desk.forms.office", offices.LONGEST_NAME, hint="desk.forms.office_hint")
    reason = Passage("desk.forms.reason", 2000)
    undone_resolution = ""
    """The resolution that was undone, whose words are shown again."""

    def validate_publish_at(self, field: Line) -> None:
        """A time of the calendar, or none."""
        _check_time(field)

    def time(self, case: Case) -> datetime | None:
        """Before when the notice is not public, by the clock of the case's site. Raises InvalidFields."""
        at = _time_at(case, self.publish_at)
        if at is not None and at > now() + LATEST:
            raise errors.InvalidFields({"publish_at": say("desk.forms.within_a_year")})
        return at

    def decision(self) -> Decision:
        """The decision in plain values."""
        values = {name: self[name].data for name in TEXTS}
        ran = placing.written(self.ran.data, self.print_on.data)
        resolution = Resolution(self.resolution.data)
        office = self.office.data if resolution in HANDED_ON else ""
        return Decision(resolution, gravity=self.gravity.data, ran=ran, office=office, **values)

    def shown(self, case: Case) -> str:
        """When readers see the change, as it is kept. Raises InvalidFields."""
        is_past = self.shows_on.data and date.fromisoformat(self.shows_on.data) < now().date() - timedelta(days=1)
        if self.shows.data == PRINT and (is_past or not self.shows_on.data):
            raise errors.InvalidFields({"shows_on": say("desk.forms.edition_to_come")})
        minutes = case.site.policy.get("cache_minutes", 0)
        return written(self.shows.data, minutes=minutes, edition=self.shows_on.data) if self.shows.data else ""

    def validate_print_on(self, field: Any) -> None:
        """The edition's day is a day, and print is where it ran."""
        _check_day(field)

    def validate_shows_on(self, field: Any) -> None:
        """The edition's day is a day."""
        _check_day(field)

    def suggest(self, **drafts: str) -> None:
        """Fill in what was not typed yet."""
        for name, draft in drafts.items():
            if not self[name].raw_data:
                self[name].data = draft

    def recall(self, case: Case, decided: Event, notice: Correction | None) -> None:
        """Fill in all that was typed for a decision that was undone."""
        data = decided.data
        self.undone_resolution = str(data["resolution"])
        for name in ("resolution", "reason", "why_silent", "late", "retraction", "office", "early", "wrong", "right"):
            if name in data:
                self[name].data = str(data[name])
        way, _, value = str(data.get("shows", "")).partition(" ")
        if way:
            self.shows.data, self.shows_on.data = way, value if way == PRINT else ""
        if data.get("publish_at"):
            at = datetime.fromisoformat(data["publish_at"]).astimezone(sites.zone_of(case.site))
            self.publish_at.data = f"{at:%Y-%m-%dT%H:%M}"
        if notice is not None:
            self.wrong.data, self.right.data = self.wrong.data if "wrong" in data else notice.wrong, notice.right
            self.notice.data = notice.text.removesuffix(f"\n\n{self.late.data}") if self.late.data else notice.text
            self.early.data, self.gravity.data = notice.early, notice.gravity
            places = placing.ran_in(notice.ran)
            self.ran.data = [place for place, _ in places]
            self.print_on.data = next((day.isoformat() for _, day in places if day), "")

    def answer(self, resolution: Resolution, reason: str) -> None:
        """Decide so, with this answer behind what was typed."""
        self.resolution.data, typed = resolution.value, self.reason.data.rstrip()
        self.reason.data = typed if reason in typed else f"{typed}\n\n{reason}".lstrip()

    def blame(self, error: errors.CorrectionsError) -> None:
        """Ask at its own field why a fact may be changed in silence."""
        is_guard = isinstance(error, errors.GuardedChange)
        super().blame(errors.InvalidFields({"why_silent": failure(error)}) if is_guard else error)


class FreezeForm(CaseForm):
    """Why nothing of a case may be published or fixed for now, until when, and who may lift that."""

    why = Passage("desk.forms.freeze_why", 500, id="freeze-why")
    until = Line(
        "desk.forms.freeze_until",
        40,
        hint="desk.forms.freeze_until_hint",
        more={"type": "datetime-local"},
        id="freeze-until",
    )
    role = OneOf("desk.forms.lift_role", [Role.EDITOR, Role.STANDARDS, Role.ADMIN])

    def validate_until(self, field: Line) -> None:
        """A time of the calendar, or none."""
        _check_time(field)

    def time(self, case: Case) -> datetime | None:
        """When the embargo ends, by the clock of the case's site."""
        return _time_at(case, self.until)


class LiftForm(CaseForm):
    """Why a case may go on."""

    why = Passage("desk.forms.lift_why", 500, id="lift-why")


class SendBackForm(CaseForm):
    """Why a notice is not approved."""

    why = Passage("desk.forms.send_back_why", 1000, id="send-back-why")


class CloseForm(CaseForm):
    """Why a notice may be public although the service has not seen the fix."""

    why = Passage(EARLY, 500, hint="desk.forms.close_hint", id="close-why")

    def ask_of_case(self) -> None:
        """Ask why the case may be closed, where no notice waits for the fix."""
        self.why.label.text, self.why.description = say("desk.page.why_closed"), say("desk.page.fix_unseen")


def _check_day(field: Line) -> None:
    try:
        date.fromisoformat(field.data or "2000-01-01")
    except ValueError:
        raise wtforms.ValidationError(say("desk.forms.give_day", example="2026-11-03")) from None


def _check_time(field: Line) -> None:
    try:
        datetime.fromisoformat(field.data) if field.data.strip() else None
    except ValueError:
        raise wtforms.ValidationError(say("desk.forms.choose_day_time")) from None


def _time_at(case: Case, field: Line) -> datetime | None:
    """A time as it was typed, by the clock of the case's site."""
    if not field.data.strip():
        return None
    at = datetime.fromisoformat(field.data)
    return at if at.tzinfo else at.replace(tzinfo=sites.zone_of(case.site))
