"""What people type of one another: to whom a case is given, whose matter what is, who is away and who stands in."""

from __future__ import annotations

from datetime import date

import wtforms

from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.rules.changes import Kind
from corrections_service.web import forms
from corrections_service.web.controls import Line, Numbered, OneOf, Tick, Typed
from corrections_service.web.language import say


class AssignForm(forms.CaseForm):
    """The colleague who is given the case."""

    to = Numbered("Colleague")


class OwnerForm(Typed):
    """A rule that says whose matter which cases are, and which of those that are there is moved."""

    section = Line("desk.owners.section", 200, hint="desk.owners.any_hint", more={"list": "sections"})
    author = Line("desk.facets.author", 200, hint="desk.owners.any_hint", more={"list": "authors"})
    kind = OneOf("desk.owners.kind", list(Kind))
    owner, deputy = Numbered("desk.owners.owner"), Numbered("desk.owners.deputy")
    rule = wtforms.StringField("Rule", default="")
    action = wtforms.StringField("Action", default="")


class AccountForm(forms.AccountForm):
    """One's own name, language and password, and when one is away."""

    away_from = Line("desk.forms.away_from", 10, more={"type": "date"})
    away_until = Line("desk.forms.away_until", 10, more={"type": "date"})
    deputy = Numbered("desk.forms.deputy_for_you")
    language = OneOf("desk.account.language", LANGUAGES)
    keep_passkeys = Tick("desk.account.keep_passkeys")

    def validate_away_from(self, field: Line) -> None:
        """A day, or none."""
        _day(field.data)

    def validate_away_until(self, field: Line) -> None:
        """A day that is not before the first, or none."""
        last, first = _day(field.data), self.away_from.data
        if last and first and not self.away_from.errors and last < (_day(first) or last):
            raise wtforms.ValidationError(say("desk.forms.not_before_first"))

    @property
    def absence(self) -> tuple[date | None, date | None]:
        """From which day to which its owner is away, of a form that was checked."""
        return _day(self.away_from.data), _day(self.away_until.data)


def _day(typed: str) -> date | None:
    """A day of the calendar, or none. Raises ValidationError."""
    try:
        return date.fromisoformat(typed) if typed.strip() else None
    except ValueError:
        raise wtforms.ValidationError(say("desk.forms.day_or_nothing", example="2026-12-24")) from None
