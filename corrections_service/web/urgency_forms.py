"""What administrators type of what comes first: how much each factor weighs, when the desk works, how long a case may wait."""

from __future__ import annotations

from datetime import time
from typing import Any

import wtforms

from corrections_service import errors
from corrections_service.rules import clocks as hours
from corrections_service.rules.changes import Kind
from corrections_service.rules.priority import HEAVIEST, WEIGHTS, Factor
from corrections_service.services import clocks
from corrections_service.store.models import Clock, Site
from corrections_service.web import access
from corrections_service.web.controls import Line, Several, Typed
from corrections_service.web.language import capitalized, say, words

FACTORS = {
    Factor.READERS: "desk.urgency.factor_readers",
    Factor.KIND: "desk.urgency.factor_kind",
    Factor.GUARD: "desk.urgency.factor_guard",
    Factor.ARTICLE: "desk.urgency.factor_article",
    Factor.WAITING: "desk.urgency.factor_waiting",
    Factor.OVERDUE: "desk.urgency.factor_overdue",
    Factor.RECORD: "desk.urgency.factor_record",
}
KINDS = {
    Kind.FACT: "desk.urgency.kind_fact",
    Kind.NAME: "desk.urgency.kind_name",
    Kind.CONTEXT: "desk.urgency.kind_context",
    Kind.MEDIA: "desk.urgency.kind_media",
    Kind.OTHER: "desk.kinds.other",
    Kind.SPELLING: "desk.kinds.spelling",
}


class Amount(Line):
    """A whole number from 0 on."""

    def __init__(self, label: str, highest: int, **options: Any) -> None:
        more = {"type": "number", "min": "0", "max": str(highest), "required": ""}
        super().__init__(label, 9, more=more, **options)
        self.highest = highest

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no such number."""
        number = access.number((self.data or "").strip())
        if number is None or number > self.highest:
            raise wtforms.ValidationError(say("desk.urgency.whole_number", highest=self.highest))

    @property
    def amount(self) -> int:
        """The number, of a form that was checked."""
        return int(self.data)


class Clocked(Line):
    """A time of the day, as a clock shows it."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, 5, more={"type": "time", "required": ""}, **options)

    def pre_validate(self, form: Any) -> None:
        """Refuse what no clock shows, such as a time of another zone; keep it as a clock shows it."""
        try:
            at = time.fromisoformat(self.data)
            if at.tzinfo is not None:
                raise ValueError
            self.data = at.isoformat("minutes")
        except ValueError:
            raise wtforms.ValidationError(say("desk.urgency.give_time")) from None


class Weekdays(Several):
    """Days of the week, 0 for Monday."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, {str(day): capitalized(words().weekday(day)) for day in range(7)}, **options)


_amounts = {f"weight_{factor}": Amount(FACTORS[factor], HEAVIEST) for factor in FACTORS}
_targets = {f"target_{kind}": Amount(KINDS[kind], clocks.LONGEST_TARGET) for kind in KINDS}


class _Urgency(Typed):
    zone = Line("desk.urgency.zone", 64, hint="desk.urgency.zone_hint", more={"list": "zones", "required": ""})
    days = Weekdays("desk.urgency.days")
    opens = Clocked("desk.urgency.opens")
    closes = Clocked("desk.urgency.closes")

    def validate_zone(self, field: Line) -> None:
        """One that there is."""
        field.data = field.data.strip()
        if not hours.is_zone(field.data):
            raise wtforms.ValidationError(say("desk.urgency.no_zone"))

    def validate_days(self, field: Several) -> None:
        """Days of the week alone."""
        if not set(field.data) <= set(field.choices):
            raise wtforms.ValidationError(say("desk.urgency.choose_days"))

    @property
    def weights(self) -> dict[str, int]:
        """How much each factor weighs."""
        return {factor.value: self[f"weight_{factor}"].amount for factor in FACTORS}

    @property
    def clock(self) -> Clock:
        """When the desk works, and how long a case may wait."""
        targets = {kind.value: self[f"target_{kind}"].amount for kind in KINDS}
        days = sorted(map(int, self.days.data))
        return Clock(zone=self.zone.data, days=days, opens=self.opens.data, closes=self.closes.data, targets=targets)


UrgencyForm: type[_Urgency] = type("UrgencyForm", (_Urgency,), {**_amounts, **_targets})
"""What comes first at a publication's desk, and until when it is due."""


def stored(site: Site) -> _Urgency:
    """The form with what the site has."""
    clock, weights = clocks.of_site(site), site.policy.get("weights", {})
    values: dict[str, Any] = {f"weight_{factor}": str(weights.get(factor, usual)) for factor, usual in WEIGHTS.items()}
    values |= {f"target_{kind}": str(clock["targets"][kind]) for kind in KINDS}
    days = [str(day) for day in clock["days"]]
    return UrgencyForm(None, zone=clock["zone"], days=days, opens=clock["opens"], closes=clock["closes"], **values)


def check(form: _Urgency) -> None:
    """Promise that the form can be kept. Raises InvalidFields."""
    form.check()
    if form.opens.data == form.closes.data:
        raise errors.InvalidFields({"closes": say("desk.urgency.other_time")})
