"""Letters: what a mail says of a case, to a desk and to a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from corrections_service.rules import sentences, text
from corrections_service.rules.catalogue import Catalogue, known_as, recognized
from corrections_service.rules.changes import Piece, diff
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.personal import mask
from corrections_service.rules.quotes import Quote, sentence_around, text_fragment
from corrections_service.rules.references import reference_of
from corrections_service.services import attachments, cms, looks, wishes
from corrections_service.services.wishes import Wish
from corrections_service.store.models import Case, Editor, Event, EventKind, FixState, Report
from corrections_service.store.views import MENDED

DIGEST_CASES, FEW = 15, 3
DIGEST_WORDS = (1500, 750, 300)
"""Characters of each field in all the cases that a digest shows: the fewer where it would be too long otherwise."""

LARGEST = 100_000
"""Bytes of a mail (THREATS C07)."""

MOST_WISHES, DIGEST_WISHES, WISH_WORDS = 5, 1, 40
"""Wishes of other readers that a mail shows, alone and in a digest, and characters of either side; the case shows all."""

LONGEST_TOLD_APART = 1500
"""Characters of old and new words together whose difference is written in plain text, too; longer ones stand side by side."""

MOST_PIECES, DIGEST_PIECES = 60, 10
"""Pieces of a word diff, alone and in a digest; with more, the old words and the new ones are shown whole."""


def unlink(value: str) -> str:
    """Text that mail programs do not turn into links: a word joiner after `:` of `://` and after dots in names."""
    return re.sub(r"(?<=\w)\.(?=[^\W\d_]{2})", ".\u2060", value.replace("://", ":\u2060//"))


def right_to_left(body: str) -> str:
    """A plain text whose sentences read from right to left, those too that begin with a number or a foreign name.

    Mail programs take a line's direction from its first letter; a mark ahead is one (UAX #9). What is indented is quoted,
    and has the direction of its own words.
    """
    return "\n".join(f"\u200f{line}" if _leans_left(line) else line for line in body.split("\n"))


def _leans_left(line: str) -> bool:
    """Whether a line of right-to-left words begins with a letter from left to right, or is told by none."""
    return not line.startswith(" ") and direction_of(line) == "ltr" and "rtl" in map(direction_of, line)


def direction_of(words: str, otherwise: str = "") -> str:
    """In which direction words are read, by their first letter (UAX #9, P2), as `dir="auto"` tells, which no style knows."""
    strong = (direction for direction in map(unicodedata.bidirectional, words) if direction in ("L", "R", "AL"))
    return {"L": "ltr", "R": "rtl", "AL": "rtl"}.get(next(strong, ""), otherwise)


def case_values(case: Case, words: Catalogue, most: int = 0, wished: Sequence[Wish] = ()) -> dict[str, Any]:
    """What a desk's mail says of a case: readers' text, harmless (templates escape it), each field of `most` characters.

    Personal details in it are masked: a mail is kept by whoever gets it. The article's own words stay.

    `wished` is what other readers want there.
    """

    def shown(value: str) -> str:
        return _harmless(value, most)

    before, after = _around(case)
    exact, suggestion = shown(case.exact), shown(mask(case.suggestion, case.exact))
    most_wishes = DIGEST_WISHES if most else MOST_WISHES
    pieces = diff(exact, suggestion) if exact and (suggestion or case.remove) else ()
    most_pieces = DIGEST_PIECES if most else MOST_PIECES
    is_told_apart = len(pieces) <= most_pieces and len(exact) + len(suggestion) <= LONGEST_TOLD_APART
    pieces = pieces if len(pieces) <= most_pieces else (Piece("replace", exact, suggestion),)
    change = wishes.change(case)
    headline = text.one_line(case.article.headline or case.article.url, 120)
    return {
        "number": str(case.id),
        "headline": unlink(headline),
        "words": unlink(text.one_line(case.exact or mask(case.place or case.comment), 60)),
        "address": unlink(case.article.url),
        "several": case.several,
        "page": unlink(next((report.page_url for report in case.reports if report.page_url), "")),
        "before": unlink(_last_words(text.without_direction_controls(before), most)),
        "exact": exact,
        "after": unlink(_first_words(text.without_direction_controls(after), most)),
        "suggestion": suggestion,
        "remove": case.remove,
        "others": [_wish_values(wish, case.exact, words) for wish in wished[:most_wishes]],
        "more_wishes": len(wished) > most_wishes,
        "pieces": pieces,
        "difference": plain_difference(pieces) if is_told_apart else "",
        "guard": words.join([words(f"desk.guard.a_{reason}") for reason in change.guard]) if change else "",
        "comment": shown(mask(case.comment)),
        "place": shown(mask(case.place)),
        "kind": case.kind.value,
        "readers": case.readers,
        "edit_address": cms.edit_address(case.article),
        "place_address": place_address(case),
        "source": shown(mask(next((report.source_url for report in case.reports if report.source_url), ""))),
        "pictures": attachments.count(case),
        "wants_reply": len({report.sender for report in case.reports if report.reader is not None}),
    }


def _around(case: Case) -> tuple[str, str]:
    """What stands before and after the words in their sentence: as the article has it where it was read, else the reader's page."""
    if case.exact and case.article.words:
        return sentences.around(case.quote, STRUCK.shown(case.article.words))
    before, _, after = sentence_around(case.quote)
    is_begun = not before or len(before) < len(case.quote.prefix) or before[0].isupper()
    is_ended = not after or sentences.is_ended(after)
    return ("" if is_begun else sentences.CUT) + before, after + ("" if is_ended else sentences.CUT)


def plain_difference(pieces: Sequence[Piece]) -> str:
    """A difference in plain text, as word diffs write it: [-these words-] go, {+these+} come."""
    parts = []
    for piece in pieces:
        if piece.op == "equal":
            parts.append(piece.before)
            continue
        parts.append(f"[-{piece.before}-]" if piece.before else "")
        parts.append(f"{{+{piece.after}+}}" if piece.after else "")
    return "".join(parts)


def place_address(case: Case) -> str:
    """The very place in the article as the service itself read it; "" where nobody but a reader says where that is."""
    article = case.article
    if article.read_status != "read" or not article.canonical_url or "#" in article.canonical_url:
        return ""
    is_known = case.fix_state is None and sentences.stands_once(case.quote, STRUCK.shown(article.words))
    is_there = is_known or (case.fix_state is FixState.PRESENT and case.exact)
    return article.canonical_url + (text_fragment(case.quote) if is_there else "")


def articles_of(cases: Sequence[Mapping[str, Any]], count: int, words: Catalogue) -> str:
    """Which articles a mail about several cases is about, for its subject: the first, and that there are others."""
    headlines = list(dict.fromkeys(case["headline"] for case in cases))
    if len(headlines) > 1 or (headlines and count > len(cases)):
        return words("desk.letters.and_others", headline=text.one_line(headlines[0], 60))
    return text.one_line(headlines[0], 90) if headlines else ""


TURNS = (
    *("came_back", "appealed", "answered", "mailed", "fix_seen", "changed", "assigned", "proposed"),
    *("approved", "sent_back", "unmended", "offered", "mentioned"),
)
"""What a mail to an editor is about: each has a subject and a first sentence in the catalogue."""

TYPED = ("appealed", "answered", "mailed", "mentioned", "sent_back")
"""What is told with the words that somebody wrote."""

FOR_ANOTHER = ("assigned", "mentioned")
"""What is told of one person by name, to who stands in for them."""


def turn_values(
    turn: str, case: Case, event: Event | None, words: Catalogue, absent: Editor | None = None
) -> dict[str, str]:
    """Why it is an editor's turn, or that of somebody absent for whom they stand in, with the words of then, harmless."""
    actor, data = (event.actor, event.data) if event is not None else (None, {})
    colleague = _name(actor) if actor is not None else words("desk.letters.colleague")
    typed = data.get("text", data.get("why", "")) if turn in TYPED else ""
    typed = typed if actor is not None else mask(typed)
    if turn in ("proposed", "approved"):
        typed = _notice(case, words)
    if data.get("attached"):
        typed = f"{typed}\n\n({words('desk.history.attached', names=', '.join(data['attached']))})".strip()
    since = words.short_date(datetime.fromisoformat(data["since"])) if "since" in data else ""
    title = words(f"desk.letters.title_{turn}", number=str(case.id))
    why = "still_wrong" if data.get("still") else turn
    sentence = words(f"desk.letters.why_{why}", who=colleague, since=since, sender=data.get("sender", "?"))
    if absent is not None:
        name = _name(absent)
        if turn in FOR_ANOTHER:
            title = words(f"desk.letters.title_{turn}_other", number=str(case.id), name=name)
        sentence += " " + words("desk.letters.stand_in", name=name)
    question = _question_before(event) if turn == "answered" and event is not None else ""
    return {"title": title, "sentence": sentence, "words": _harmless(typed, 0), "question": _harmless(question, 0)}


def _question_before(event: Event) -> str:
    """What the readers of a case had been asked when one of them answered; "" for nothing."""
    earlier = (fact for fact in reversed(event.case.events) if fact.id < event.id)
    return next((str(fact.data.get("question", "")) for fact in earlier if fact.kind == EventKind.ASKED), "")


def _notice(case: Case, words: Catalogue) -> str:
    """The notice that a case has now, with its class: what somebody is to approve, or has approved."""
    notice = next(
        (notice for notice in reversed(case.corrections) if notice.retracted_at is None and notice.text), None
    )
    if notice is None or case.resolution is None:
        return ""
    return words("desk.frame.labelled", title=words(f"desk.decisions.name_{case.resolution}"), name=notice.text)


def reply_hint(event: Event | None, words: Catalogue) -> str:
    """What becomes of a colleague's answer to a mail about an event, said before they write it."""
    is_of_reader = event is not None and event.report_id is not None
    return words("desk.letters.reply_reader" if is_of_reader else "desk.letters.reply_colleagues")


def trouble_values(data: Mapping[str, Any], words: Catalogue) -> dict[str, str]:
    """What a mail to administrators says of what does not work: since when, and why as far as we know it."""
    since = data.get("since", "")
    with suppress(ValueError):  # a mail that an earlier version owes has it in words
        since = words.moment(datetime.fromisoformat(since))
    key = known_as(data.get("why", ""))
    why = words(key) if key else data.get("why", "")
    if "last" in data:
        why = words("desk.letters.webhook_failing", since=since)
        why += " " + words("desk.letters.webhook_answer", status=str(data["status"])) if data["status"] else ""
    return {"since": since, "why": why, "last": _stored(data.get("last", ""), words)}


def _stored(english: str, words: Catalogue) -> str:
    """What was stored in English, in a mail's language; any other text as it is."""
    sentence = recognized(english)
    if sentence is None:
        return english
    fillings: dict[str, Any] = dict(sentence[1])
    return words(sentence[0], **fillings)


def _name(editor: Editor) -> str:
    return text.one_line(editor.name or editor.email, 100)


def _harmless(value: str, most: int) -> str:
    """A reader's text of at most so many characters (0: all), no part of which turns others round or is a link."""
    plain = text.without_direction_controls(value)
    return unlink(plain if not most or len(plain) <= most else text.cut(plain, most) + "…")


def _first_words(value: str, most: int) -> str:
    """At most so many characters (0: all) of what stands after some words, those next to them."""
    if not most or len(value) <= most:
        return value
    part = text.cut(value, most)
    return f"{part.rpartition(' ')[0] or part} {sentences.CUT}"


def _last_words(value: str, most: int) -> str:
    """At most so many characters (0: all) of what stands before some words, those next to them."""
    if not most or len(value) <= most:
        return value
    part = value[-most:]
    return f"{sentences.CUT} {part.partition(' ')[2] or part}"


def _wish_values(wish: Wish, article: str, words: Catalogue) -> dict[str, Any]:
    """What other readers want: which words become which, harmless, and how many readers that are."""
    sides = ([piece.before for piece in wish.pieces], [piece.after for piece in wish.pieces])
    parts = (mask(" … ".join(filter(None, map(str.strip, side))), article) for side in sides)
    before, after = (_harmless(part, WISH_WORDS) for part in parts)
    becomes = after or words("desk.letters.words_go" if before else "desk.letters.other_spaces")
    return {"before": before, "after": after, "becomes": becomes, "readers": wish.readers}


def handed_values(report: Report) -> dict[str, Any]:
    """What an office's mail says of a report: its reader's words, harmless and without personal details; templates escape it."""
    article = report.case.article
    words = {
        name: mask(getattr(report, name), report.exact) for name in ("suggestion", "place", "comment", "source_url")
    }
    return {
        "reference": reference_of(report.id),
        "headline": unlink(text.one_line(article.headline or article.url, 120)),
        "url": unlink(article.url),
        "exact": _harmless(report.exact, 0),
        **{name: _harmless(value, 0) for name, value in words.items()},
    }


def _place_read(case: Case) -> str:
    """The very place in the article, by the article's own words there, as the service read them last."""
    address = case.article.canonical_url
    is_wrong_there = case.fix_state is FixState.PRESENT
    words = case.fix_after if case.fix_state in looks.SEEN_FIXED else case.fix_before if is_wrong_there else ""
    words = words.strip(f"{sentences.CUT} ")
    return address + text_fragment(Quote(words)) if address and words and "#" not in address else address


def reader_values(case: Case, report_id: int) -> dict[str, Any]:
    """What a reader's mail says: nothing that any reader typed, only what the service itself read in the article."""
    was_read = case.article.read_status == "read"
    seen_fixed = case.fix_state in looks.SEEN_FIXED and case.resolution in MENDED
    return {
        "reference": reference_of(report_id),
        "resolution": case.resolution.value if case.resolution else "",
        "headline": case.article.headline if was_read else "",
        "address": _place_read(case) if was_read else "",
        "before": case.fix_before if seen_fixed else "",
        "after": case.fix_after if seen_fixed else "",
        "fix_state": case.fix_state.value if case.fix_state else "",
    }
