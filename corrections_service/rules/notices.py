"""What a notice must say and may not, by class, language and a site's choice; and a draft of it from the difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from corrections_service.rules import sentences
from corrections_service.rules.catalogue import LANGUAGES, Catalogue, catalogue_in
from corrections_service.rules.pieces import WORD, diff
from corrections_service.rules.quotes import Quote
from corrections_service.rules.soft_words import SOFT_WORDS
from corrections_service.rules.text import fold, one_line, without_direction_controls
from corrections_service.rules.workflow import NOTICES, Decision, NoticeClass, unquoted

LATE = timedelta(days=30)
"""How long after its publication an article is corrected without a word on why only now."""

LONGEST = 5000
FEWEST_WORDS = 3
"""What has fewer says nothing: “hello”."""

SHARE = 0.5
"""Of the words that change, so many have to be in the notice at least, so that it is about them."""

AROUND = 3
"""Words of the passage on either side of the change that a draft quotes."""

_STOPS = ".,;:!?…،؛؟"
_BETWEEN = r"[ .]+(?:\w+[ .]+)?"
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""What is written without spaces between words."""

_AND = re.compile(
    r"""
    \s*
    (?: [,;/|&·]                                       # Ann Lee, Bo Dahl
      | \b (?: and | und | et | y | e | ve | i | та | і | й | و ) \b  # Ann Lee and Bo Dahl
    )
    \s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BY = re.compile(
    r"""
    ^ \s*
    (?: by | von | par | por | di | da | przez | автор\w* | від | بقلم | מאת )
    \s* :? \s+                                        # By: Ann Lee
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class About:
    """What is known of the article and its site when a notice is checked."""

    languages: tuple[str, ...] = ("en",)
    published: datetime | None = None
    now: datetime | None = None
    author: str = ""
    people: tuple[str, ...] = ()
    wrong_unsaid: bool = False
    soft_words: tuple[str, ...] = ()
    """The site's own, besides those of its languages."""
    draft: str = ""


def check(decision: Decision, about: About) -> dict[str, str]:
    """What is missing of a notice, or has to go, by field, each with what to write; empty where nothing is."""
    notice_class = NOTICES[decision.resolution]
    wrong: dict[str, str] = {}
    notice, right, old = (_plain(part) for part in (decision.notice, decision.right, decision.wrong))
    if not notice.strip():
        wrong["notice"] = _with_draft(
            "Say what was wrong and what is right, in the words that readers will see.", about
        )
    elif len(decision.notice.strip()) > LONGEST:
        wrong["notice"] = f"At most {LONGEST:,} characters; these are {len(decision.notice.strip()):,}."
    elif (other := _label_of_another(decision.notice, notice_class)) is not None:
        wrong["notice"] = (
            f"This is called “{_label('en', notice_class)}”, and its text calls itself “{other}”: leave that word out."
        )
    elif notice_class is NoticeClass.CORRECTION and (soft := _soft_word(decision, about)):
        why = f"A factual error is called a correction; “{soft}” hides it. Say what was wrong and what is right."
        wrong["notice"] = _with_draft(why, about)
    elif name := _staff_named(decision, about):
        wrong["notice"] = f"Say what was wrong, not whose fault it was: leave “{name}” out."
    elif about.wrong_unsaid and old and _share(old, right, notice) > SHARE:
        wrong["notice"] = _with_draft("This site does not repeat the wrong words: say only what is right.", about)
    elif not _says_enough(notice_class, old, right, notice):
        wrong["notice"] = _with_draft(_MUST_SAY[notice_class], about)
    if notice_class is NoticeClass.CORRECTION and not right.strip():
        wrong["right"] = "A correction says what is right: write the words as they read now."
    if notice_class is NoticeClass.CORRECTION and is_late(about) and not decision.late.strip():
        wrong["late"] = (
            f"The article was published on {about.published:%d %b %Y}, more than {LATE.days} days ago. "
            "Say in a sentence for readers why it is corrected only now."
        )
    return wrong


_MUST_SAY = {
    NoticeClass.CORRECTION: "Say what was wrong and what is right: neither the wrong words nor the right ones are here.",
    NoticeClass.CLARIFICATION: "Say what could be misread, and what is meant.",
    NoticeClass.EDITORS_NOTE: "Say what is in question, and what is being done about it.",
    NoticeClass.UPDATE: "Say what is new, and since when.",
    NoticeClass.WITHDRAWN: "Say why the story is withdrawn.",
}


def is_late(about: About) -> bool:
    """Whether the article was published so long ago that readers are told why it is corrected only now."""
    return about.published is not None and about.now is not None and about.now - about.published > LATE


def _with_draft(sentence: str, about: About) -> str:
    return f"{sentence} Such as: {about.draft}" if about.draft else sentence


def _label(language: str, notice_class: NoticeClass) -> str:
    return catalogue_in(language)(f"public.class_{notice_class.value}")


def _label_of_another(notice: str, notice_class: NoticeClass) -> str | None:
    """The label of another class that the text begins with, in whatever language."""
    head, colon, _ = notice.strip().partition(":")
    if not colon or len(head) > 40:
        return None
    own_labels = {_plain(_label(language, notice_class)) for language in LANGUAGES}
    for other in NoticeClass:
        labels = {_plain(_label(language, other)) for language in LANGUAGES} - own_labels
        if other is not notice_class and _plain(head) in labels:
            return head.strip()
    return None


def _soft_word(decision: Decision, about: About) -> str:
    """A word that hides the error, outside quotation marks and outside what the article said or says."""
    plain = _plain(unquoted(decision))
    soft_words = [*about.soft_words, *(word for language in about.languages for word in SOFT_WORDS.get(language, ()))]
    for word in soft_words:
        match = re.search(rf"(?<!\w){re.escape(_plain(word))}\w*", plain)
        if match:
            return match[0]
    return ""


def names_in(author: str) -> list[str]:
    """The people of a byline, each by at least two words: agencies and desks are none."""
    names = (_BY.sub("", name).strip() for name in _AND.split(author))
    return [name for name in names if len(name.split()) > 1]


def _staff_named(decision: Decision, about: About) -> str:
    """Whom of the newsroom the notice names, unless the error itself is in that name."""
    excepted = _plain(f"{decision.wrong} {decision.right}")
    plain = _plain(decision.notice)
    for name in (*names_in(about.author), *about.people):
        parts = [_plain(part) for part in WORD.findall(name) if len(part) > 1]
        if len(parts) > 1 and _is_named(parts, plain) and not _is_named(parts[-1:], excepted):
            return name
        surname = WORD.findall(name)[-1] if len(parts) > 1 else ""
        alone = re.search(rf"(?<=[\w,;] ){re.escape(surname)}(?!\w)", decision.notice) if len(surname) > 3 else None
        if alone and surname[:1].isupper() and not _is_named(parts[-1:], excepted):
            return surname
    return ""


def _is_named(parts: Sequence[str], plain: str) -> bool:
    """Whether a name stands in a text, in whatever case of its language."""
    forms = [f"{re.escape(part[: max(3, len(part) - 2)])}\\w{{0,4}}" for part in parts]
    return re.search(rf"(?<!\w){_BETWEEN.join(forms)}(?!\w)", plain) is not None


def _share(words: str, others: str, notice: str) -> float:
    """What share of the words that are in one text and not in the other stands in the notice."""
    all_words, unchanged = WORD.findall(words), set(WORD.findall(others))
    changed = [word for word in all_words if word not in unchanged] or all_words
    if not changed:
        return float(words.strip() in notice)
    there = set(WORD.findall(notice))
    return sum(word in there for word in changed) / len(changed)


def _says_enough(notice_class: NoticeClass, old: str, right: str, notice: str) -> bool:
    """Whether the notice is about what was wrong: the change itself is shown beside it."""
    if notice_class is NoticeClass.CORRECTION:
        if _UNSPACED.search(right) and right in notice:
            return True
        return any(
            part.strip() and _share(part, other, notice) >= SHARE for part, other in ((right, old), (old, right))
        )
    return len(WORD.findall(notice)) >= FEWEST_WORDS


def draft(
    catalogue: Catalogue, quote: Quote, right: str, *, published: datetime | None = None, wrong_unsaid: bool = False
) -> str:
    """A first wording of a correction from the difference, in a language; right is "" where the words have gone.

    The day of `published` is told by the clock that it is of.
    """
    wrong, right = (one_line(part, LONGEST) for part in _phrases(quote, right))
    if wrong_unsaid and right:
        return without_direction_controls(catalogue("public.draft_right", right=right))
    key = "public.draft" if right else "public.draft_removed"
    if published is not None:
        key = "public.draft_dated" if right else "public.draft_removed_dated"
    date = catalogue.day(published.date()) if published else ""
    return without_direction_controls(catalogue(key, wrong=wrong, right=right, date=date))


def _phrases(quote: Quote, right: str) -> tuple[str, str]:
    """What changes, with a few words around it, as it stood and as it stands."""
    pieces = diff(quote.exact, right) if right else ()
    while pieces and pieces[0].op == "equal" and not pieces[0].before.strip():
        pieces = pieces[1:]
    if not pieces or all(piece.op == "equal" for piece in pieces):
        return quote.exact, right
    left = pieces[0].before if pieces[0].op == "equal" else ""
    rest = pieces[-1].before if pieces[-1].op == "equal" else ""
    middle = pieces[bool(left) : len(pieces) - bool(rest)]
    before, after = ("".join(getattr(piece, side) for piece in middle) for side in ("before", "after"))
    if len(WORD.findall(left + before + rest)) < AROUND:
        around_left, around_right = sentences.around(quote)
        left, rest = around_left.removeprefix(sentences.CUT) + left, rest + around_right.removesuffix(sentences.CUT)
    left, rest = _last_words(left), _first_words(rest).rstrip().rstrip(_STOPS)
    return (left + before + rest).strip(), (left + after + rest).strip()


def _last_words(words: str) -> str:
    starts = [match.start() for match in re.finditer(r"\S+", words)]
    return words[starts[-AROUND] :] if len(starts) > AROUND else words


def _first_words(words: str) -> str:
    ends = [match.end() for match in re.finditer(r"\S+", words)]
    return words[: ends[AROUND - 1]] if len(ends) > AROUND else words


def _plain(words: str) -> str:
    return " ".join(fold(word).text for word in words.split())
