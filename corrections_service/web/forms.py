"""What people type at the desk: a form for each thing, with its labels, its limits, its messages and its cleaning.

Nothing is cut. What is too long is refused with its count, and stands in its field as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import wtforms
from wtforms.form import BaseForm

from corrections_service import errors
from corrections_service.rules import addresses, text, urls
from corrections_service.rules.catalogue import LANGUAGES, Sentence, direction, phrase, sentences
from corrections_service.rules.later import later
from corrections_service.rules.workflow import Role
from corrections_service.services import batches, sites
from corrections_service.web import access
from corrections_service.web.controls import Form, Line, Numbered, OneOf, Passage, Password, Tick, Typed
from corrections_service.web.language import language as spoken_language
from corrections_service.web.language import say

SHORTEST_PASSWORD, LONGEST_NAME, LONGEST_SEARCH, LONGEST_VIEW_NAME = 15, 100, 200, 60
LONGEST_PERIOD, FIRST_YEAR, LAST_YEAR = timedelta(days=3660), 1990, 2100

LATER = ("tonight", "tomorrow", "monday", "week", "at", "readers")
"""Until when a case is put aside."""


class CaseForm(Typed):
    """What every change of a case says: which version of it was on the page."""

    version = Numbered("Version")


class UndoForm(CaseForm):
    """What is taken back: the last change, or what an event says."""

    event = Numbered("Event")


class NoteForm(CaseForm):
    """A note for colleagues."""

    text = Passage("desk.forms.note", 5000, more={"data-names": "names"})


class QuestionForm(CaseForm):
    """A question to the readers who can be reached."""

    question = Passage("desk.forms.question", 2000)


class SnoozeForm(CaseForm):
    """Until when, or until how many more readers, the case is put aside; times are the site's own."""

    when = OneOf("desk.forms.until", LATER)
    until = Line("desk.forms.day_time", 40, more={"type": "datetime-local"})
    readers = Line("desk.forms.more_readers", 4, more={"inputmode": "numeric"})

    def validate_until(self, field: Line) -> None:
        """A day of the calendar, or a time of one, where that is what was chosen."""
        if not self._names_a_time:
            return
        try:
            datetime.fromisoformat(field.data)
        except ValueError:
            raise wtforms.ValidationError(say("desk.forms.choose_day")) from None

    def validate_readers(self, field: Line) -> None:
        """A number of people, where that is what was chosen."""
        if self.when.data == "readers" and not (field.data.isascii() and field.data.isdigit() and int(field.data) > 0):
            raise wtforms.ValidationError(say("desk.forms.give_number"))

    @property
    def _names_a_time(self) -> bool:
        return self.when.data in ("", "at")

    @property
    def more_readers(self) -> int | None:
        """How many more readers bring the case back."""
        return int(self.readers.data) if self.when.data == "readers" else None

    def time(self, here: datetime) -> datetime | None:
        """When the case comes back, from the site's own time now."""
        if self.when.data == "readers":
            return None
        if self._names_a_time:
            time = datetime.fromisoformat(self.until.data)
            return time if time.tzinfo else time.replace(tzinfo=here.tzinfo)
        return later(self.when.data, here)


class MergeForm(CaseForm):
    """The case that this one is the same as."""

    into = Numbered("desk.forms.other_case", render_kw={"inputmode": "numeric", "required": ""})
    sure = Numbered("desk.forms.sure")

    def validate_into(self, field: Numbered) -> None:
        """Any number; which case it is, the service knows."""
        if field.data is None:
            raise wtforms.ValidationError(say("desk.forms.give_other_case"))


class ReopenForm(CaseForm):
    """Why a case that was done with is taken up again."""

    why = Line("desk.forms.reopen_why", 1000)


class SplitForm(CaseForm):
    """The report that gets a case of its own."""

    report = Numbered("Report", largest=access.LARGEST_OF_MANY)


class MoveForm(CaseForm):
    """The report that is moved, and the case that it is moved to."""

    report = Numbered("Report", largest=access.LARGEST_OF_MANY)
    into = Numbered("Case")


class SiblingForm(CaseForm):
    """The article where a case is opened for the same words."""

    article = Numbered("Article")


class SearchForm(Typed):
    """The words and filters that cases are searched by."""

    q = Line("desk.forms.search", LONGEST_SEARCH)


class SavedViewForm(Typed):
    """A query that is kept under a name, for oneself or for a publication's desk."""

    name = Line("Name", LONGEST_VIEW_NAME, more={"autocomplete": "off"})
    desk = Line("For", 100)
    view, sort = Line("View", 32), Line("Sort", 32)
    q = Line("Search", LONGEST_SEARCH)
    action = Line("Action", 32)


class BatchForm(Typed):
    """What is done with many cases, each named with the version that was on the page."""

    cases = wtforms.StringField("Cases", default="")
    action = OneOf("desk.forms.what_to_do", list(batches.ACTIONS), needed="desk.forms.choose_what")
    resolution = OneOf("desk.forms.decision", list(batches.RESOLUTIONS))
    why_silent = Passage("desk.forms.why_silent_many", 1000)
    reason = Passage("desk.forms.reason", 2000)
    until = Line("desk.forms.until", 40, more={"type": "date"})
    into = Numbered("desk.forms.into_many")
    sure = Tick("desk.forms.sure_many")

    def validate_resolution(self, field: OneOf) -> None:
        """A decision needs one."""
        if self.action.data == "decide" and not field.data:
            raise wtforms.ValidationError(say("desk.forms.choose_decision"))

    def validate_until(self, field: Line) -> None:
        """A day that is to come somewhere, where cases are put aside; whether it is at a case's site, the service knows."""
        if self.action.data == "snooze":
            try:
                is_over = datetime.fromisoformat(field.data).date() < (datetime.now(UTC) - timedelta(days=1)).date()
            except ValueError:
                is_over = True
            if is_over:
                raise wtforms.ValidationError(say("desk.forms.future_day"))

    def validate_into(self, field: Numbered) -> None:
        """Some number, where cases are merged; which case it is, the service knows."""
        if self.action.data == "merge" and field.data is None:
            raise wtforms.ValidationError(say("desk.forms.give_other_case"))

    def values(self) -> dict[str, Any]:
        """What was typed for the action, in plain values."""
        if self.action.data == "decide":
            return {name: self[name].data for name in ("resolution", "why_silent", "reason")}
        if self.action.data == "snooze":
            return {"until": self.until.data}
        return {"into": self.into.data, "sure": self.sure.data} if self.action.data == "merge" else {}


def versions_of(marks: Sequence[str]) -> dict[int, int]:
    """Cases with their versions, written as 12:3. Raises InvalidFields."""
    versions: dict[int, int] = {}
    for mark in marks:
        number, version = map(access.number, mark.split(":", 1) if ":" in mark else (mark, "x"))
        if number is None or version is None:
            raise errors.InvalidFields({"case": say("desk.forms.no_cases")})
        versions[number] = version
    return versions


class PeriodForm(
    type("_PeriodFields", (Typed,), {"from": Line("desk.figures.from", 40), "to": Line("desk.figures.to", 40)})  # type: ignore[misc]
):
    """The days that figures are asked for, and of which site."""

    site = Numbered("desk.figures.site")

    def period(self, today: date, usual: int) -> tuple[date, date]:
        """The first day and the last; what is not said is the `usual` number of days until today.

        Raises InvalidFields.
        """
        last = self._day("to") or today
        first = self._day("from") or last - timedelta(days=usual - 1)
        if first > last:
            raise errors.InvalidFields({"from": "The period ends before it begins."})
        if last - first > LONGEST_PERIOD:
            raise errors.InvalidFields({"from": "A period has at most ten years."})
        return first, last

    def _day(self, name: str) -> date | None:
        try:
            day = date.fromisoformat(self[name].data.strip()) if self[name].data.strip() else None
        except ValueError:
            day = date.min
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise errors.InvalidFields({name: "This is no day of the calendar, as 2026-11-29."})
        return day


def _email(**more: str) -> Line:
    return Line("desk.forms.email", addresses.LONGEST, more={"type": "email", "required": "", **more})


def own_name(**more: str) -> Line:
    """How a person is called."""
    return Line("desk.forms.your_name", LONGEST_NAME, more={"autocomplete": "name", **more})


class Newcomer(Typed):
    """What somebody says who is new here: never without a name."""

    def validate_name(self, field: Line) -> None:
        """One that colleagues can see."""
        field.data = field.data.strip()
        if not text.is_visible(field.data):
            raise wtforms.ValidationError(say("desk.forms.no_name"))


class SignInForm(Typed):
    """Who signs in, and where to go then; a link by mail needs the address alone."""

    next = wtforms.StringField("Next", default="")
    email = _email(autocomplete="username")
    password = Password("desk.forms.password", more={"autocomplete": "current-password", "required": ""})


class InvitationForm(Newcomer):
    """How a person who is new is called, and their first password."""

    name = own_name(required="")
    password = Password(
        "desk.forms.password",
        hint=phrase("desk.forms.password_hint", least=SHORTEST_PASSWORD),
        more={"autocomplete": "new-password", "required": "", "minlength": str(SHORTEST_PASSWORD)},
    )


class AccountForm(Typed):
    """One's own name and password."""

    action = wtforms.StringField("Action", default="")
    name = own_name()
    password = Password(
        "desk.forms.new_password",
        hint=phrase("desk.forms.new_password_hint", least=SHORTEST_PASSWORD),
        more={"autocomplete": "new-password"},
    )
    old_password = Password(
        "desk.forms.present_password", hint="desk.forms.only_for_new", more={"autocomplete": "current-password"}
    )

    def validate_name(self, field: Line) -> None:
        """One that colleagues can see; who never gave any may change the rest without."""
        if field.object_data and not text.is_visible(field.data):
            raise wtforms.ValidationError(say("desk.forms.no_name"))


class InviteForm(Typed):
    """Who is invited, and as what."""

    email = Line(
        "desk.forms.email",
        addresses.LONGEST,
        hint="desk.people.invite_hint",
        more={"type": "email", "required": ""},
    )
    role = OneOf("desk.people.role", list(Role))
    language = OneOf("desk.forms.invite_language", LANGUAGES)


class MemberForm(Typed):
    """What is changed of a person who works here, or is invited to."""

    action = wtforms.StringField("Action", default="")
    editor, invitation = Numbered("Person"), Numbered("Invitation")
    role = OneOf("Role", list(Role))


class RetryForm(Typed):
    """What of the work in the background is tried again."""

    job = wtforms.StringField("Job")
    action = wtforms.StringField("Action", default="retry")
    delivery = Numbered("Message", largest=access.LARGEST_OF_MANY)


class ShortLinkForm(Typed):
    """The article that gets a short link."""

    url = Line(
        "desk.links.url",
        urls.LONGEST,
        more={"type": "url", "required": "", "spellcheck": "false", "autocomplete": "off"},
    )


class WordsForm(Form, BaseForm):  # type: ignore[misc]
    """What readers are told in one section, sentence by sentence; blank is as ever."""

    def __init__(self, language: str, section: str, own_sentences: Mapping[str, Sentence], typed: Any = None) -> None:
        fields, drafts = {}, {}
        for key, usual in sentences(language, section).items():
            spoken = sites.parts(key, sentences(spoken_language(), section)[key])
            own_texts = sites.parts(key, own_sentences.get(key, usual))
            for name, usual_text in sites.parts(key, usual).items():
                label = spoken.get(name) or spoken[f"{key}.other"]
                label += f" ({name.partition('.')[2]})" if isinstance(usual, Mapping) else ""
                more = {"placeholder": usual_text, "lang": language, "dir": direction(language), "autocomplete": "off"}
                fields[name] = Line(label, sites.LONGEST_SENTENCE, more=more)
                drafts[name] = own_texts[name] if own_texts[name] != usual_text else ""
        super().__init__(fields)
        self.process(typed, data=drafts)
