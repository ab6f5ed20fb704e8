"""How things are written on pages: ages, links, sentences of the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import Flask

from corrections_service.rules import personal, priority, showing, urls
from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.changes import Piece
from corrections_service.rules.workflow import NoticeState, Turn
from corrections_service.services import clocks, corrections, looks, notices, sites
from corrections_service.services.wishes import Wish
from corrections_service.store.models import NEVER, Case, Correction, Event, EventKind, now

JINJA = {"trim_blocks": True, "lstrip_blocks": True}
"""A block's line leaves no line behind, so that templates are written one element a line."""

SENTENCES = {
    EventKind.REPORTED: "A reader reported it.",
    EventKind.IMPORTED: "It was dealt with before it was imported.",
    EventKind.SUGGESTED: "Looks like case {case}:",
    EventKind.CLAIMED: "took the case.",
    EventKind.ASSIGNED: "gave the case to {to}.",
    EventKind.TAKEN_FROM: "took the case over from {whom}.",
    EventKind.RELEASED: "gave the case back.",
    EventKind.NOTED: "noted:",
    EventKind.BLOCKED: "blocked {what} until {until}:",
    EventKind.UNBLOCKED: "ended that block early.",
    EventKind.SHOWN: "had the reader’s personal details shown.",
    EventKind.TRACKED: "linked it to the newsroom’s own tracker: {address}.",
    EventKind.UNTRACKED: "took the link to the newsroom’s tracker away.",
    EventKind.ASKED: "asked the readers:",
    EventKind.ANSWERED: "A reader answered:",
    EventKind.REPLIED: "wrote to the reader by mail:",
    EventKind.SNOOZED: "put the case aside.",
    EventKind.WOKEN: "The time it was put aside for is over.",
    EventKind.DECIDED: "decided: {resolution}.",
    EventKind.PROPOSED: "asked for approval: {resolution}.",
    EventKind.SENT_BACK: "sent the notice back:",
    EventKind.FROZEN: "froze the case; {role} or more lifts that:",
    EventKind.THAWED: "lifted that:",
    EventKind.REMINDED: "Its editor was reminded: the article was not seen corrected yet.",
    EventKind.PUBLISHED: "The notice is public.",
    EventKind.RETRACTED: "took the public notice back:",
    EventKind.FIX_SEEN: "The article reads otherwise now; the case is closed.",
    EventKind.AUTO_CLOSED: "The article reads as was wished; the case was closed by itself, as this site chose.",
    EventKind.CAME_BACK: "The wrong words are back on the page; the case is open again.",
    EventKind.CLOSED: "closed the case by hand.",
    EventKind.LOCATED: "The words that the reader named stand once in the article; they are taken for the quote.",
    EventKind.RECHECKED: "The article was looked at. The passage: {fix_state}.",
    EventKind.REOPENED: "opened the case again.",
    EventKind.SPAM: "moved it to spam.",
    EventKind.NOT_SPAM: "brought it back from spam.",
    EventKind.MERGED: "merged it into case {into}.",
    EventKind.JOINED: "merged case {case} into this one.",
    EventKind.PARTED: "took the merging of case {case} back.",
    EventKind.SPLIT: "gave a report a case of its own: {into}.",
    EventKind.KEPT_APART: "keeps it apart from case {case}.",
    EventKind.SPLIT_OFF: "split it off case {case}.",
    EventKind.MOVED: "moved a report to case {into}.",
    EventKind.TAKEN_OVER: "moved a report here from case {case}.",
    EventKind.GIVEN_BACK: "put a report back into case {case}.",
    EventKind.ELSEWHERE: "The same words were looked for in other articles; found: {count}.",
    EventKind.SIBLING: "opened case {into} for the same words elsewhere.",
    EventKind.OPENED_ELSEWHERE: "opened it for the same words as in case {case}.",
    EventKind.UNDONE: "took back: {what}.",
    EventKind.READER_WITHDREW: "A reader withdrew the report.",
    EventKind.NAME_OFFERED: "A reader offered a name to be thanked by.",
    EventKind.THANKED: "agreed to thank a reader by name.",
    EventKind.UNTHANKED: "thanks the reader by name no more.",
    EventKind.APPEALED: "A reader disagrees with the decision:",
    EventKind.ERASED: "A reader's words were erased.",
}
SENTENCES_OF_SERVICE = {
    EventKind.ASSIGNED: "It is the matter of {to}, by this site’s rules.",
    EventKind.MERGED: "Its article is that of case {into}, which is about the same words: merged into it.",
    EventKind.JOINED: "Case {case} is about the same words, and its article is this one: merged into this case.",
    EventKind.FROZEN: "What holds case {case} holds this one too; {role} or more lifts that:",
}
"""What is said where it was the service that did it, not an editor."""

WOKEN_BY_READERS = "As many readers report it now as it was put aside for."

SAYINGS = ("text", "question", "reason", "why", "why_silent", "early", "stands")
"""What of an event is shown below its sentence."""

STATE_NAMES = {
    "new": "New",
    "open": "Open",
    "waiting": "Waiting",
    "fixing": "Being fixed",
    "closed": "Closed",
    "spam": "Spam",
    "merged": "Merged",
}
TURN_WORDS = {
    Turn.CAME_BACK: ("↺", "Came back", "The wrong words stand in the article again."),
    Turn.APPEALED: ("⚑", "Appealed", "A reader disagrees with the decision; another person looks once more."),
    Turn.ANSWERED: ("✉", "Answered", "A reader answered; the history says what."),
    Turn.CHANGED: ("✎", "Article changed", "It reads otherwise now where the error was reported."),
}
"""Why a case is its editor's turn: a sign, a word, a sentence."""

WHY_CLASS = {
    "number": "Changes a number: a correction",
    "name": "Changes a name: a correction",
    "date": "Changes a date: a correction",
    "unit": "Changes a unit: a correction",
    "negation": "Turns a statement round: a correction",
    "quotation": "Changes words inside quotation marks: a correction",
    "fact": "A wrong fact: a correction",
    "context": "The facts are right but mislead: a clarification",
    "spelling": "A typo that changes no fact: fixed silently",
}
"""Why a case is likely to be accepted as what."""

KIND_NAMES = {
    "spelling": "Spelling",
    "fact": "Wrong fact",
    "context": "Missing context",
    "name": "Name or quote",
    "media": "Photo or chart",
    "other": "Something else",
}
MAIL_NAMES = {
    "case_new": "New case",
    "receipt": "Receipt",
    "case_resolved": "Answer",
    "case_asked": "Question",
    "case_replied": "Reply",
    "invitation": "Invitation",
    "case_due": "Reminder",
    "case_turn": "News of the case",
}
FIX_WORDS = {
    "present": "Still there",
    "applied": "Fixed as suggested",
    "changed": "Changed otherwise",
    "gone": "Gone",
    "unclear": "Cannot tell",
    "unreachable": "Could not be read",
}
UNCLEAR_WORDS = {
    looks.UNSEEN: "We cannot see this passage as readers do",
    looks.NOWHERE: "These words are not on the page as the service reads it",
    looks.SEVERAL: "These words stand in several places of the page",
    looks.ONE_LEFT: "These words stood in several places of the page, and stand in one now",
}

LOOK_YOURSELF = " Look at the page yourself; once it is decided, the case can be closed by hand."
UNCLEAR_ADVICE = {
    looks.UNSEEN: "Other words stand there than were reported, and nothing shows that anybody changed them since. "
    "Pages made by script, formulas, pictures in place of signs, and headlines in several variants look so.",
    looks.NOWHERE: "They may be made by script, stand in a picture, or have been taken out before the first look.",
    looks.SEVERAL: "The reader named them, and nobody can tell which place is meant.",
    looks.ONE_LEFT: "The reader named them, and nobody can tell which place is meant.",
}
UNSEEN_ADVICE = {
    "applied": "What the reader suggests stands there, but the words that were reported were never seen there: "
    "the page may show them to some readers only, or they were gone before the first look.",
    "gone": "The words that were reported do not stand there, and never did when the service looked.",
}
DESCRIBED_ADVICE = (
    "The reader may have described the part in other words than the article’s, "
    "or they may be made by script or stand in a picture."
)


def init_display(app: Flask) -> None:
    """Make the filters known to the templates."""
    filters = (
        age,
        clock,
        until,
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
        span,
    )
    for function in filters:
        app.add_template_filter(function)


def age(at: datetime) -> str:
    """How long ago, in the shortest form that says enough."""
    passed = span(now() - at)
    return f"{passed} ago" if passed else "just now"


def until(at: datetime) -> str:
    """How long until a time, in the shortest form that says enough; "" where it is past, or never."""
    rest = at - now()
    return "" if rest < timedelta(0) or at == NEVER else span(rest) or "a minute"


def overdue(case: Case) -> bool:
    """Whether somebody should have decided the case by now."""
    return case.due_at <= now() and case.state in clocks.RUNNING


def turn_words(case: Case) -> tuple[str, str, str]:
    """Why it is its editor's turn."""
    return TURN_WORDS[case.turn] if case.turn is not None else ("", "", "")


def reasons(case: Case) -> str:
    """Why the case comes where it does, in words."""
    return priority.in_words(case.priority_reasons or ())


def span(time: timedelta) -> str:
    """A time in its largest unit; "" below a minute."""
    seconds = time.total_seconds()
    for size, unit in ((86400 * 365, "y"), (86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return ""


def clock(at: datetime) -> str:
    """A day and a time, as a person names a version of an article."""
    return f"{at.astimezone(UTC):%d %b %Y, %H:%M} UTC"


def aside(case: Case) -> str:
    """Until when the case is put aside, by its site's clock, and for how many readers; "" where it is not."""
    if case.snoozed_until is None:
        return ""
    at = case.snoozed_until.astimezone(sites.zone_of(case.site))
    readers = f", or until {case.wake_readers} readers report it" if case.wake_readers else ""
    return f"Put aside until {at:%d %b %Y, %H:%M} ({at.tzinfo}){readers}"


def notice_sentence(notice: Correction, case: Case) -> str:
    """How far a notice has come, and what it waits for."""
    if notice.retracted_at is not None:
        phrase = "Taken back" if notice.published_at else "Never public: taken back"
        return f"{phrase} {age(notice.retracted_at)}."
    if notice.published_at is not None:
        return f"Public since {clock(notice.published_at)}."
    waits = ["Not public yet."]
    if notice.state in notices.UNAPPROVED:
        waits.append("It waits to be approved.")
    if not notice.early and notice.state is not NoticeState.READY:
        waits.append("It waits until the fix is seen on the page.")
    if notices.is_frozen(case):
        waits.append("It waits until the case is frozen no more.")
    if notice.publish_at > now() + corrections.UNDO:
        waits.append(f"It waits for its time, {local_clock(notice.publish_at, case)}.")
    return " ".join(waits if len(waits) > 1 else [*waits, "It will be in a moment."])


def local_clock(at: datetime, case: Case) -> str:
    """A day and a time by the clock of the case's site."""
    local = at.astimezone(sites.zone_of(case.site))
    return f"{local:%d %b %Y, %H:%M} ({local.tzinfo})"


def frozen_clock(case: Case) -> str:
    """When the case's embargo ends."""
    return local_clock(case.frozen_until, case) if case.frozen_until is not None else ""


def shown_when(event: Event) -> str:
    """When readers see what was decided, as they are told; "" where nothing is."""
    return showing.showing(str(event.data.get("shows", ""))).sentence(catalogue_in("en"))


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
    return (UNCLEAR_WORDS.get(reason) if state == "unclear" else None) or FIX_WORDS.get(state, "?")


def unclear_advice(reason: str, state: str, exact: str) -> str:
    """What may be behind a look that could say nothing, and what an editor can do."""
    if reason == looks.UNSEEN and state in UNSEEN_ADVICE:
        return UNSEEN_ADVICE[state] + LOOK_YOURSELF
    if reason == looks.NOWHERE and not exact:
        return DESCRIBED_ADVICE + LOOK_YOURSELF
    return UNCLEAR_ADVICE[reason] + LOOK_YOURSELF if reason in UNCLEAR_ADVICE else ""


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
    of_service = SENTENCES_OF_SERVICE.get(event.kind) if event.actor_id is None else None
    sentence = of_service or SENTENCES.get(event.kind, event.kind)
    if event.kind == EventKind.WOKEN and _is_early(event):
        sentence = WOKEN_BY_READERS
    names = ("case", "into", "what", "count", "to", "whom", "address", "until", "role")
    values = {name: str(event.data.get(name, "?")) for name in names}
    values["fix_state"] = fix_words(event.data.get("fix_state", ""), event.data.get("reason", "")).casefold()
    values["resolution"] = str(event.data.get("resolution", "?")).replace("_", " ")
    return sentence.format_map(values)
