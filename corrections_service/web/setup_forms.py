"""What is typed in the first hour: the code, who sets the service up, and their publication."""

from __future__ import annotations

import wtforms

from corrections_service import errors
from corrections_service.rules import addresses, clocks
from corrections_service.rules.catalogue import LANGUAGES, phrase
from corrections_service.services import sites
from corrections_service.web import forms
from corrections_service.web.controls import Line, OneOf, Password
from corrections_service.web.language import say


class SetupForm(forms.Newcomer):
    """The code that the terminal shows, the first administrator, and their publication."""

    code = Line(
        "desk.setup.code",
        100,
        hint="desk.setup.code_hint",
        more={
            "required": "",
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "characters",
            "dir": "ltr",
        },
    )
    name = forms.own_name(required="")
    email = Line(
        "desk.forms.email",
        addresses.LONGEST,
        hint="desk.setup.email_hint",
        more={"type": "email", "required": "", "autocomplete": "username"},
    )
    password = Password(
        "desk.forms.password",
        hint=phrase("desk.forms.password_hint", least=forms.SHORTEST_PASSWORD),
        more={"autocomplete": "new-password", "required": "", "minlength": str(forms.SHORTEST_PASSWORD)},
    )
    paper = Line("desk.setup.paper", 200, hint="desk.setup.paper_hint", more={"required": "", "autocomplete": "off"})
    language = OneOf("desk.setup.language", LANGUAGES, needed="desk.setup.language")
    zone = Line(
        "desk.setup.zone",
        64,
        hint="desk.forms.zone_hint",
        more={"list": "zones", "required": "", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"},
    )

    def validate_email(self, field: Line) -> None:
        """One that mail can be sent to."""
        try:
            field.data = addresses.mailable(field.data.strip(), public=False)
        except ValueError:
            raise wtforms.ValidationError(say("desk.setup.wrong_email")) from None

    def validate_paper(self, field: Line) -> None:
        """A name that can be seen."""
        try:
            field.data = sites.checked_name(field.data)
        except errors.InvalidFields:
            raise wtforms.ValidationError(say("desk.setup.wrong_paper")) from None

    def validate_zone(self, field: Line) -> None:
        """One that there is."""
        field.data = field.data.strip()
        if not clocks.is_zone(field.data):
            raise wtforms.ValidationError(say("desk.stored.zone"))
