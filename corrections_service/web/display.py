"""How things are written on pages: ages, links, sentences of the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from corrections_service.rules import personal, priority, sentences, showing, urls
from corrections_service.rules.changes import Piece
from corrections_service.rules.workflow import UNAPPROVED, NoticeState, Turn
from corrections_service.services import clocks, corrections, looks, sites
from corrections_service.services.blocks import HOST, SENDER
from corrections_service.services.wishes import Wish
from corrections_service.store.models import NEVER, Case, Correction, Event, EventKind, FixState, now
from corrections_service.web.language import midway, say, translate, words

JINJA = {"trim_blocks": True, "lstrip_blocks": True}
"""A block's line leaves no line behind, so that templates are written one element a line."""

OF_SERVICE = (EventKind.ASSIGNED, EventKind.MERGED, EventKind.JOINED, EventKind.FROZEN)
"""What is told in another sentence where it was the service that did it, not an editor."""

SAYINGS = ("text", "question", "reason", "why", "why_silent", "early", "stands")
"""What of an event is shown below its sentence."""

IN_ROW = (priority.Factor.READERS, priority.Factor.KIND, priority.Factor.OVERDUE)
"""What speaks for a case and stands in its row by itself."""

TURN_SIGNS = {Turn.CAME_BACK: "↺", Turn.APPEALED: "⚑", Turn.ANSWERED: "✉", Turn.CHANGED: "✎"}
"""Why a case is its editor's turn, as a sign."""

UNCLEAR = {
    looks.UNSEEN: ("desk.page.is_unseen", "desk.page.advice_unseen"),
    looks.NOWHERE: ("desk.page.is_nowhere", "desk.page.advice_nowhere"),
    looks.SEVERAL: ("desk.page.is_several", "desk.page.advice_several"),
    looks.ONE_LEFT: ("desk.page.is_one_left", "desk.page.advice_several"),
}
"""What a look that cannot tell says of the passage, and what may be behind it."""

CODES = (("resolution", "desk.decisions."), ("role", "public.role_"), ("what", "desk.undone."))
"""What of an event's facts is a code, and how the keys of its words begin."""

UNSEEN_ADVICE = {"applied": "desk.page.advice_unseen_applied", "gone": "desk.page.advice_unseen_gone"}
SPANS = ((86400 * 365, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"))


def init_display(app: Flask) -> None:
    """Make the filters known to the templates."""
    filters = (
        translate,
        age,
        clock,
        until,
        seconds_left,
        sentences.near,
        overdue,
        reasons,
        only_http,
        event_sentence,
        shown_when,
        notice_sentence,
        frozen_clock,
        masked,
        aside,
        turn_words,
        reasons_besides,
        span,
    )
    for function in filters:
        app.add_template_filter(function)
    app.add_template_global(touched)


def age(at: datetime) -> str:
    """How long ago, in the shortest form that says enough."""
    passed = span(now() - at)
    return say("desk.times.ago", time=passed) if passed else say("desk.times.just_now")


def until(at: datetime) -> str:
    """How long until a time, in the shortest form that says enough; "" where it is past, or never."""
    rest = at - now()
    return "" if rest < timedelta(0) or at == NEVER else span(rest) or say("desk.times.minute")


def seconds_left(timestamp: str) -> int:
    """Whole seconds until a time that is given in seconds since 1970; 0 where it is past."""
    return max(int(int(timestamp) - now().timestamp()), 0)


def overdue(case: Case) -> bool:
    """Whether somebody should have decided the case by now."""
    return case.due_at <= now() and case.state in clocks.RUNNING


def turn_words(case: Case) -> tuple[str, str, str]:
    """Why it is its editor's turn."""
    if case.turn is None:
        return "", "", ""
    return TURN_SIGNS[case.turn], say(f"desk.turns.{case.turn}"), say(f"desk.turns.{case.turn}_why")


def reasons(case: Case) -> str:
    """Why the case comes where it does, in words."""
    return priority.in_words(case.priority_reasons or (), say, words().comma)


def reasons_besides(case: Case) -> list[str]:
    """Why the case comes where it does, each reason by itself, but for what its row says anyway."""
    reasons = [reason for reason in case.priority_reasons or () if reason[0] not in IN_ROW]
    return [priority.in_words([reason], say) for reason in reasons]


def touched(guard: Iterable[str]) -> str:
    """What of the facts a change touches: "a number and a name"."""
    return words().join([say(f"desk.guard.a_{reason}") for reason in guard])


def span(time: timedelta) -> str:
    """A time in its largest unit; "" below a minute."""
    seconds = time.total_seconds()
    for size, unit in SPANS:
        if seconds >= size:
            return say(f"desk.times.{unit}", number=int(seconds // size))
    return ""


def clock(at: datetime) -> str:
    """A day and a time, as a person names a version of an article."""
    return words().clock(at.astimezone(UTC))


def aside(case: Case) -> str:
    """Until when the case is put aside, by its site's clock, and for how many readers; "" where it is not."""
    if case.snoozed_until is None:
        return ""
    time = local_clock(case.snoozed_until, case)
    if case.wake_readers:
        return say("desk.case.aside_readers", time=time, number=case.wake_readers)
    return say("desk.case.aside", time=time)


def notice_sentence(notice: Correction, case: Case) -> str:
    """How far a notice has come, and what it waits for."""
    if notice.retracted_at is not None:
        key = "desk.notices.taken_back" if notice.published_at else "desk.notices.never_public"
        return say(key, time=age(notice.retracted_at))
    if notice.published_at is not None:
        return say("desk.notices.public_since", time=clock(notice.published_at))
    waits = [say("desk.notices.not_public")]
    if notice.state in UNAPPROVED:
        waits.append(say("desk.notices.waits_approval"))
    if not notice.early and notice.state is not NoticeState.READY:
        waits.append(say("desk.notices.waits_fix"))
    if corrections.is_frozen(case):
        waits.append(say("desk.notices.waits_thaw"))
    if notice.publish_at > now() + corrections.UNDO:
        waits.append(say("desk.notices.waits_time", time=local_clock(notice.publish_at, case)))
    return " ".join(waits if len(waits) > 1 else [*waits, say("desk.notices.in_a_moment")])


def local_clock(at: datetime, case: Case) -> str:
    """A day and a time by the clock of the case's site."""
    return words().clock(at.astimezone(sites.zone_of(case.site)))


def frozen_clock(case: Case) -> str:
    """When the case's embargo ends."""
    return local_clock(case.frozen_until, case) if case.frozen_until is not None else ""


def shown_when(event: Event) -> str:
    """When readers see what was decided, as they are told; "" where nothing is."""
    return showing.showing(str(event.data.get("shows", ""))).sentence(words())


def only_http(address: str) -> str:
    """The address if a browser would open it over http or https, else nothing (THREATS C03)."""
    try:
        return urls.parse(address).href
    except ValueError:
        return ""


def masked(value: str, is_shown: bool = False, article: str = "") -> str:
    """What a reader wrote, without personal details unless they are shown; the article's own words stay (I4)."""
    return value if is_shown else personal.mask(value, article)


def masked_pieces(pieces: Iterable[Piece], article: str, *, is_shown: bool = False) -> tuple[Piece, ...]:
    """The pieces of a change with what the reader wrote masked."""
    return tuple(replace(piece, after=masked(piece.after, is_shown, article)) for piece in pieces)


def masked_wishes(wishes: Iterable[Wish], article: str, *, is_shown: bool = False) -> list[Wish]:
    """What other readers want, masked."""
    return [replace(wish, pieces=masked_pieces(wish.pieces, article, is_shown=is_shown)) for wish in wishes]


def fix_words(state: str, reason: str = "") -> str:
    """What a look said of the passage, and why it could say no more."""
    if state == "unclear" and reason in UNCLEAR:
        return say(UNCLEAR[reason][0])
    return say(f"desk.page.{state}") if state in list(FixState) else "?"


def unclear_advice(reason: str, state: str, exact: str) -> str:
    """What may be behind a look that could say nothing, and what an editor can do."""
    if reason not in UNCLEAR:
        return ""
    key = UNCLEAR[reason][1]
    if reason == looks.UNSEEN:
        key = UNSEEN_ADVICE.get(state, key)
    elif reason == looks.NOWHERE and not exact:
        key = "desk.page.advice_described"
    return say("desk.page.look_yourself", advice=say(key))


@dataclass(frozen=True)
class Fold:
    """What happened several times in a row, as one line: the last time, how often, and since when."""

    event: Event
    count: int
    since: datetime


def folded(events: Sequence[Event]) -> list[Fold]:
    """The history with alike lines that follow each other as one; what somebody wrote stays a line of its own."""
    folds: list[Fold] = []
    for event in events:
        last = folds[-1] if folds else None
        if last is not None and _line(last.event) == _line(event) and not _says(event):
            folds[-1] = Fold(event, last.count + 1, last.since)
        else:
            folds.append(Fold(event, 1, event.at))
    return folds


def _line(event: Event) -> tuple[int | None, str, bool]:
    return event.actor_id, event_sentence(event), _says(event)


def _says(event: Event) -> bool:
    """Whether the event carries words that people wrote, or that stood on the page."""
    return any(event.data.get(name) for name in SAYINGS)


def _is_early(event: Event) -> bool:
    """Whether a case came back before its time, which only readers can bring about."""
    until = event.data.get("before", {}).get("snoozed_until")
    return bool(until) and datetime.fromisoformat(until) > event.at


def event_sentence(event: Event) -> str:
    """One fact of the history as a sentence; its editor's name stands before it."""
    if event.kind not in list(EventKind):  # of a version to come
        return event.kind
    key = f"desk.history.{event.kind}"
    if event.actor_id is None and event.kind in OF_SERVICE:
        key = f"desk.history.{event.kind}_by_service"
    elif event.kind == EventKind.WOKEN and _is_early(event):
        key = "desk.history.woken_by_readers"
    elif event.kind == EventKind.CAME_BACK and event.data.get("still"):
        key = "desk.history.still_wrong"
    return say(key, **_fillings(event.data))


def _fillings(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What fills an event's sentence, in words where it is a code."""
    names = ("case", "into", "what", "count", "to", "whom", "address", "until", "office", "sender")
    values: dict[str, Any] = {name: str(facts.get(name, "?")) for name in names}
    values["fix_state"] = midway(fix_words(facts.get("fix_state", ""), facts.get("reason", "")))
    for name, begin in CODES:
        code = str(facts.get(name, "?"))
        values[name] = say(f"{begin}{code}") if f"{begin}{code}" in words().sentences else code
    if values["what"].startswith(HOST):
        values["what"] = say("desk.history.block_host", name=values["what"].removeprefix(HOST))
    elif values["what"] == SENDER:
        values["what"] = say("desk.history.block_sender")
    return values
