"""What is typed about a site and its desk: addresses, who decides what, other tools, saved answers, blocks, webhooks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import wtforms

from corrections_service.rules import addresses, cms, offices, urls
from corrections_service.rules.catalogue import LANGUAGES, phrase
from corrections_service.rules.placing import CHANNELS
from corrections_service.rules.showing import MOST_MINUTES
from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.rules.workflow import NOTICES, Resolution, Role
from corrections_service.services import blocks, saved_answers, sites
from corrections_service.services.tokens import LONGEST_NAME
from corrections_service.store.models import BlockKind, Policy, Scope
from corrections_service.web.controls import Line, Numbered, OneOf, Passage, Several, Tick, Typed
from corrections_service.web.forms import CaseForm
from corrections_service.web.language import say

WEBHOOK_KINDS = {
    "plain": "desk.webhooks.kind_plain",
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "telegram": "Telegram",
    "matrix": "Matrix",
    "mattermost": "Mattermost",
}

NOBODY = "nobody"
"""Who may take a decision that a site does not use."""

_Approvers = type(
    "_Approvers", (Typed,), {resolution.value: OneOf(resolution.value, [*Role, NOBODY]) for resolution in Resolution}
)


_YesOrNo = type(
    "_YesOrNo", (Typed,), {resolution.value: OneOf(resolution.value, ("yes", "no")) for resolution in NOTICES}
)


class NameForm(Typed):
    """A publication's name, which readers see, and its language."""

    name = Line("desk.publication.name", sites.LONGEST_NAME)
    language = OneOf("desk.publication.language", LANGUAGES, needed="desk.publication.choose_language")


class NewSiteForm(NameForm):
    """A further publication."""

    origins = Passage("desk.site.origins", 10_000, more={"spellcheck": "false"})
    desk = Line("desk.site.desk", addresses.LONGEST, more={"type": "email"})


class TokenForm(Typed):
    """A program's name, and what its token lets it do."""

    name = Line("desk.programs.name", LONGEST_NAME, hint="desk.programs.name_hint")
    scopes = Several(
        "desk.programs.scopes",
        {Scope.CASES_READ: "desk.programs.read_cases", Scope.ARTICLES_CHANGED: "desk.programs.tell_changes"},
    )
    action = wtforms.StringField("Action", default="")

    def validate_name(self, field: Line) -> None:
        """Something that can be read."""
        if self.action.data != "revoke" and not field.data.strip():
            raise wtforms.ValidationError(say("desk.programs.wrong_name", most=str(LONGEST_NAME)))

    def validate_scopes(self, field: Several) -> None:
        """At least one that there is."""
        if not field.data or set(field.data) - set(field.choices):
            raise wtforms.ValidationError(say("desk.programs.choose_scope"))


class SiteForm(Typed):
    """A publication's addresses, its desk, what opens the dialog, and who decides what."""

    origins = Passage("desk.site.origins", 10_000, more={"spellcheck": "false"})
    desk = Line("desk.site.desk", addresses.LONGEST, more={"type": "email"})
    desk_mail = Tick("desk.site.desk_mail")
    missing_origin_allowed = Tick("desk.site.missing_origin")
    auto_close = Tick("desk.site.auto_close")
    wrong_unsaid = Tick("desk.site.wrong_unsaid")
    ways_in = Several("desk.site.ways_in", {way: f"desk.site.way_{way}" for way in sites.WAYS_IN})
    doors = Several("desk.site.doors", {door: f"desk.site.door_{door}" for door in sites.DOORS})
    approver = wtforms.FormField(_Approvers, separator="_")
    second_person = wtforms.FormField(_YesOrNo, separator="_")
    author_alone = wtforms.FormField(_YesOrNo, separator="_")
    soft_words = Passage("desk.site.soft_words", 2000, hint="desk.site.soft_words_hint")
    action = wtforms.StringField("Action", default="")

    def approvers(self) -> dict[str, str]:
        """The role for each decision that has one of the site's own."""
        return {resolution: role for resolution, role in self.approver.data.items() if role and role != NOBODY}

    def unused(self) -> list[str]:
        """The decisions that nobody takes."""
        return [resolution for resolution, role in self.approver.data.items() if role == NOBODY]

    def draft(self, policy: Policy) -> Policy:
        """The site's policy as it would be with what was typed of who decides what."""
        return {**policy, "approvers": self.approvers(), "unused": self.unused(), **self.rules(policy)}

    def rules(self, policy: Policy) -> Policy:
        """Which notices take two people, which the article's author may publish alone, and which words hide an error.

        What was not in the form stays as it is in the site's policy.
        """
        words = self.soft_words.data.splitlines() if self.soft_words.raw_data else policy.get("soft_words", [])
        return {
            "second_person": _chosen(self.second_person.data),
            "author_alone": _chosen(self.author_alone.data),
            "soft_words": list(dict.fromkeys(filter(None, (" ".join(word.split()) for word in words)))),
        }

    def validate_soft_words(self, field: Passage) -> None:
        """Words that are any: a sign alone would stand in every notice."""
        wrong = [line for line in field.data.splitlines() if line.strip() and not re.search(r"\w", line)]
        if wrong:
            raise wtforms.ValidationError(say("desk.site.soft_words_wrong"))


def _chosen(answers: Mapping[str, str]) -> dict[str, bool]:
    return {resolution: answer == "yes" for resolution, answer in answers.items() if answer}


def chosen_words(choices: Mapping[str, bool]) -> dict[str, str]:
    """What was chosen, as the form shows it."""
    return {resolution: "yes" if is_so else "no" for resolution, is_so in choices.items()}


class OriginForm(Typed):
    """What an administrator says of pages whose reports were refused, and where to go then."""

    origin = Line("Address", urls.LONGEST_ORIGIN)
    next = wtforms.StringField("Next", default="")
    action = wtforms.StringField("Action", default="")


class CmsForm(Typed):
    """The pattern that leads into the CMS, the addresses it is tried with, and the pattern that was tried last."""

    pattern = Line(
        "desk.cms.pattern",
        cms.LONGEST,
        hint="desk.cms.pattern_hint",
        more={
            "spellcheck": "false",
            "autocomplete": "off",
            "dir": "ltr",
            "placeholder": "https://cms.example/edit/{id}",
        },
    )
    addresses = Passage("desk.cms.addresses", 10_000, hint="desk.cms.addresses_hint", more={"dir": "ltr"})
    trial = wtforms.StringField("Trial", default="")
    action = wtforms.StringField("Action", default="")


class PageCheckForm(Typed):
    """The address of an article, by which a page is looked at and the publication’s addresses are known."""

    address = Line(
        "desk.setup.address",
        urls.LONGEST,
        hint="desk.setup.address_hint",
        more={"type": "url", "required": "", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"},
    )


class TellingForm(Typed):
    """What readers and the public are told besides the notices."""

    cache_minutes = Numbered(
        "desk.telling.cache",
        hint="desk.telling.cache_hint",
        default=0,
        render_kw={"type": "number", "min": "0", "max": str(MOST_MINUTES)},
    )

    thanks = Tick("desk.telling.thanks")

    attachments = Tick("desk.telling.attachments")

    figures = Tick("desk.telling.figures")

    spread = Tick("desk.telling.spread")

    offices = Passage("desk.telling.offices", 2000, hint="desk.telling.offices_hint")

    def validate_offices(self, field: Passage) -> None:
        """A few names with their addresses."""
        try:
            offices.read(field.data)
        except ValueError as error:
            raise wtforms.ValidationError(str(error)) from None

    def validate_cache_minutes(self, field: Numbered) -> None:
        """A number of minutes, at most a day; blank is 0."""
        if field._value().strip() and (field.data is None or field.data > MOST_MINUTES):
            raise wtforms.ValidationError(say("desk.telling.minutes", most=MOST_MINUTES))

    def policy(self) -> Policy:
        """What was chosen."""
        return {
            "cache_minutes": self.cache_minutes.data or 0,
            "thanks": self.thanks.data,
            "attachments": self.attachments.data,
            "figures": self.figures.data,
            "spread": self.spread.data,
        }


class AnswerForm(Typed):
    """A saved answer: for which decision, in which language, in which words."""

    number = Numbered("Answer")
    resolution = OneOf("desk.forms.decision", list(Resolution), needed="desk.forms.choose_decision")
    language = OneOf("desk.facets.lang", LANGUAGES, needed="desk.answers.choose_language")
    text = Passage("desk.answers.text", saved_answers.LONGEST)
    action = wtforms.StringField("Action", default="")


class BlockForm(CaseForm):
    """What is blocked, until when, why, and whether its reports are refused or set aside."""

    kind = OneOf("desk.forms.block_what", list(BlockKind), needed="desk.forms.choose_block")
    value = Line(
        "desk.forms.block_value", addresses.LONGEST, more={"spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
    )
    reason = Line("desk.forms.block_why", blocks.LONGEST_REASON, more={"required": ""})
    until = Line("desk.forms.until", 40, hint="desk.forms.block_until_hint", more={"type": "date", "required": ""})
    shadow = Tick("desk.forms.block_shadow")
    report, number = Numbered("Report"), Numbered("Block")
    action = wtforms.StringField("Action", default="")

    def validate_until(self, field: Line) -> None:
        """A day of the calendar."""
        try:
            datetime.fromisoformat(field.data)
        except ValueError:
            raise wtforms.ValidationError(say("desk.forms.choose_day")) from None

    def terms(self) -> dict[str, Any]:
        """Until when, why and how, in plain values."""
        until = datetime.fromisoformat(self.until.data).replace(tzinfo=UTC)
        return {"reason": self.reason.data, "until": until, "is_shadow": self.shadow.data}


class SpreadForm(CaseForm):
    """Of which channel of a case's list is said that it is done, or open again."""

    channel = OneOf("Channel", CHANNELS, needed="Choose a channel.")
    is_done = wtforms.BooleanField("Done", false_values=("",))


class ThanksForm(CaseForm):
    """By which name the reader of which report is thanked."""

    report = Numbered("Report")
    name = wtforms.StringField("Name", default="")


class TrackerForm(CaseForm):
    """Where the newsroom's own tracker has the case; blank for nowhere."""

    address = Line(
        "desk.forms.tracker", urls.LONGEST, more={"type": "url", "spellcheck": "false", "autocomplete": "off"}
    )


class WebhookForm(Typed):
    """Which program is told of what, and where; or which call of a webhook is sent again."""

    kind = OneOf("desk.webhooks.kind", list(WebhookKind), needed="desk.webhooks.choose_kind")
    address = Line(
        "desk.webhooks.address",
        urls.LONGEST,
        hint=phrase("desk.webhooks.address_hint", telegram="?chat_id=…", matrix="?access_token=…"),
        more={"type": "url", "spellcheck": "false", "autocomplete": "off", "dir": "ltr", "required": ""},
    )
    events = Several(
        "desk.webhooks.events", {event: f"desk.webhooks.event_{event.replace('.', '_')}" for event in EVENTS}
    )
    call = Numbered("Call")
    action = wtforms.StringField("Action", default="")
