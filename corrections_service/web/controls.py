"""The fields that forms are made of, and what every form can do. Nothing in them cuts what is typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import wtforms

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.web import access
from corrections_service.web.language import failure, say, translate


def named(label: str) -> str:
    """A label, a hint or a message by its key in the catalogue; any other text as it stands."""
    return say(label) if label.startswith("desk.") else translate(label)


class AtMost:
    """So many characters of clean text, not counting the space around it."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        count = len((field.data or "").strip())
        if count > self.most:
            raise wtforms.ValidationError(say("desk.forms.too_long", most=self.most, count=count))


class Line(wtforms.StringField):  # type: ignore[misc]  # WTForms has no types
    """Text on one line; more attributes of its control are given as they stand in HTML."""

    data: str
    is_long = False

    def __init__(self, label: str, most: int, *, hint: str = "", more: Mapping[str, str] | None = None, **options: Any):
        cleaned = {"filters": [text.clean], "default": ""}
        super().__init__(
            named(label), [AtMost(most)], description=named(hint), render_kw=more or {}, **cleaned, **options
        )
        self.most = most


class Passage(Line):
    """Text of several lines."""

    is_long = True


class Password(wtforms.StringField):  # type: ignore[misc]
    """A password, as it was typed: never cleaned, and never sent back."""

    data: str

    def __init__(self, label: str, *, hint: str = "", more: Mapping[str, str] | None = None, **options: Any) -> None:
        attributes = {"type": "password", **(more or {})}
        super().__init__(named(label), default="", description=named(hint), render_kw=attributes, **options)

    def _value(self) -> str:
        return ""


class OneOf(wtforms.StringField):  # type: ignore[misc]
    """One of the words that are known; any other is none of them, which is refused where one is needed."""

    data: str

    def __init__(self, label: str, choices: Collection[str], *, needed: str = "", **options: Any) -> None:
        def pick(value: str) -> str:
            return value if value in choices else ""

        def check(form: Any, field: Any) -> None:
            if needed and not field.data:
                raise wtforms.ValidationError(named(needed))

        super().__init__(named(label), [check], filters=[pick], default="", **options)


class Several(wtforms.Field):  # type: ignore[misc]
    """Some of the words that are known, each with a box to tick."""

    data: list[str]

    def __init__(self, label: str, choices: Mapping[str, str], **options: Any) -> None:
        super().__init__(named(label), default=(), **options)
        self.choices = {value: named(name) for value, name in choices.items()}

    def process_formdata(self, values: Sequence[str]) -> None:
        """Take what is ticked; none may be."""
        self.data = list(values)


class Numbered(wtforms.StringField):  # type: ignore[misc]
    """The number of something that is stored; what no column can hold is None."""

    data: int | None

    def __init__(self, label: str, *, hint: str = "", largest: int = access.LARGEST_NUMBER, **options: Any) -> None:
        super().__init__(named(label), description=named(hint), **options)
        self.largest = largest

    def process_formdata(self, values: Sequence[str]) -> None:
        """Take a number as it is written, `#` before it or not."""
        self.data = access.number(values[0].strip().lstrip("#"), self.largest) if values else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


class Tick(wtforms.BooleanField):  # type: ignore[misc]
    """A box that is ticked or not."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(named(label), false_values=(), **options)


class Form:
    """One thing that people send."""

    def check(self: Any) -> None:
        """Promise that each field holds what it may. Raises InvalidFields."""
        if not self.validate():
            raise errors.InvalidFields({field.name: str(field.errors[0]) for field in self if field.errors})

    def blame(self: Any, error: errors.CorrectionsError) -> None:
        """Show what failed at the fields that it names, the rest above them; the first of them has the focus."""
        messages = {"": failure(error)}
        if isinstance(error, errors.InvalidFields):
            messages = {name: translate(message) for name, message in error.fields.items()}
        for field in self:
            if field.name in messages:
                field.errors = [messages.pop(field.name)]
        self.form_errors = list(messages.values())
        for field in [field for field in self if field.errors][:1]:
            field.is_first_wrong = True

    def texts(self: Any) -> list[tuple[str, str]]:
        """Its texts with their labels, for a page that has no room for the form itself."""
        return [(field.label.text, field.data) for field in self if isinstance(field, Line) and field.data]


class Typed(Form, wtforms.Form):  # type: ignore[misc]
    """A form whose fields are known beforehand."""
