"""The bracket rule: what stands now between the remembered prefix and suffix, and what does that tell?

The words themselves count only where enough of their context is still around them; a bare best match never counts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from corrections_service.rules.doubts import (
    breaks_off,
    is_cut_off,
    is_misread,
    is_nothing_alike,
    line_ends,
    lines_came_between,
    only_noted,
    only_time_passed,
    stands_elsewhere,
)
from corrections_service.rules.passages import ENOUGH, NEAR, SHORTEST_RUN, Candidate, Passage, weight
from corrections_service.rules.sightings import CONTEXT, FixCheck, Quote, Sighting, Standing
from corrections_service.rules.text import Folded, fold

NOWHERE = "the words stand nowhere"
REMOVED = "words removed"
_OFTEN = 20  # occurrences between two brackets that are looked at

WHITE_SPACE = regex.compile(r"\s+")
_INVISIBLE = regex.compile(r"(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}")
_JOINED_SCRIPTS = regex.compile(
    r"""
    [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]    # 橋, は, ส: they write no spaces
    """,
    regex.VERBOSE,
)

_LIKELIEST = list(Standing)


@dataclass(frozen=True, slots=True)
class Check:
    """What one check is about: the quote and the wish as they are and folded, and the page."""

    sighting: Sighting
    passage: Passage
    wish: str
    page: Folded

    @property
    def quote(self) -> Quote:
        """The words with their context, as they were reported."""
        return self.sighting.quote

    @property
    def is_open(self) -> bool:
        """A wish was told, which is open as long as the words stand."""
        return bool(self.wish) or self.sighting.remove


def conclude(check: Check, candidates: list[Candidate]) -> FixCheck:
    """Judge the likeliest candidate; of those that are equally likely, the one where the words stand counts."""
    likeliest = [candidate for candidate in candidates if check.quote.exact and candidate.rank == candidates[0].rank]
    bounded = [_bounded(check, candidate) for candidate in likeliest]
    outcomes = [_doubted(check, candidate, _judge(check, candidate)) for candidate in bounded]
    outcomes = outcomes or [FixCheck(Standing.UNCLEAR, None, "passage not found")]
    outcome = min(outcomes, key=lambda outcome: _LIKELIEST.index(outcome.state))
    if outcome.state is Standing.UNCLEAR and check.page.text and check.passage.words not in check.page.text:
        return replace(outcome, reason=NOWHERE)
    return outcome


def _bounded(check: Check, candidate: Candidate) -> Candidate:
    """Close a side without context: with the words, the suggestion, or the end of the line."""
    page, passage = check.page, check.passage
    if passage.left and passage.right:
        return candidate
    for part in sorted(filter(None, (passage.words, check.wish)), key=len, reverse=True):
        if not passage.right and page.text.startswith(part, candidate.start):
            return replace(candidate, end=candidate.start + len(part))
        if not passage.left and page.text.endswith(part, 0, candidate.end):
            return replace(candidate, start=candidate.end - len(part))
    start, end = page.span(candidate.start, candidate.end)
    if not passage.right and (line_end := page.original.find("\n", start, end)) >= 0:
        return replace(candidate, end=page.offset(line_end))
    if not passage.left and (line_start := page.original.rfind("\n", start, end)) >= 0:
        return replace(candidate, start=page.offset(line_start))
    return candidate


def _judge(check: Check, candidate: Candidate) -> FixCheck:
    """Say what a candidate tells, if enough of the context is left to tell anything."""
    words, near, between = check.passage.words, sum(candidate.near), candidate.end - candidate.start
    if _is_neighbour(check, candidate):
        return FixCheck(Standing.UNCLEAR, None, "only its neighbours stand")
    if not candidate.closed:
        lost = len(words) + candidate.left_gap + candidate.right_gap
        if candidate.vouched and near >= 1.5 * ENOUGH and between <= lost + ENOUGH:
            return _between(check, candidate)
        if candidate.vouched and (span := _span_beside_bracket(check, candidate)):
            return _compare_finely(check, *span)
        if min(candidate.far) >= NEAR and not candidate.vouched and _has_edges(check, candidate):
            return FixCheck(Standing.GONE, None, "passage gone")
        return FixCheck(Standing.UNCLEAR, None, "passage not found")
    now = check.page.text[candidate.start : candidate.end]
    stands = weight(now) if now in (words, check.wish) else 0
    if near + stands < ENOUGH:
        return FixCheck(Standing.UNCLEAR, None, "too little context")
    if not (check.passage.left and check.passage.right) and between > 2 * len(words) + ENOUGH:
        return FixCheck(Standing.UNCLEAR, None, "only one bracket is known")
    return _between(check, candidate)


def _doubted(check: Check, candidate: Candidate, outcome: FixCheck) -> FixCheck:
    """Leave open what looks like an edit and may be none."""
    if outcome.state not in (Standing.CHANGED, Standing.GONE) and outcome.reason != REMOVED:
        return outcome
    exact, now = check.quote.exact, check.page.original[slice(*outcome.span)] if outcome.span else ""
    if is_misread(exact):
        return FixCheck(Standing.UNCLEAR, None, "letters are misread")
    if _is_cut(check, candidate):
        return FixCheck(Standing.UNCLEAR, None, "the text is cut off")
    if "\n" in now.strip() and len(now) > 2 * len(exact) + NEAR:
        return FixCheck(Standing.UNCLEAR, None, "several lines stand")
    if now and only_time_passed(exact, now):
        return FixCheck(Standing.UNCLEAR, None, "only time has passed")
    if now and (only_noted(exact, now) or lines_came_between(check.passage.words, now)):
        return FixCheck(Standing.UNCLEAR, None, "the words stand among others")
    if not now and stands_elsewhere(check.passage.words, check.page.text):
        return FixCheck(Standing.UNCLEAR, None, "the words stand elsewhere")
    if _is_set_in_place(check, candidate):
        return FixCheck(Standing.UNCLEAR, None, "something else stands in its place")
    return outcome


def _is_set_in_place(check: Check, candidate: Candidate) -> bool:
    """Whether lines stand where the passage was that have nothing of it."""
    quote, original = check.quote, check.page.original
    first, last = check.page.span(candidate.start, candidate.end)
    # What begins or ends alike by chance was taken for what is left of the passage.
    line_start = original.rfind("\n", 0, first) + 1
    line_end = original.find("\n", last) if "\n" in original[last:] else len(original)
    stands = original[line_start:line_end].strip()
    if not stands or first - line_start > SHORTEST_RUN or line_end - last > SHORTEST_RUN:
        return False
    lost = quote.prefix[len(quote.prefix) - candidate.left_gap :] + quote.exact + quote.suffix[: candidate.right_gap]
    return is_nothing_alike(lost, stands)


def _has_edges(check: Check, candidate: Candidate) -> bool:
    """Whether the context that is left stands in one piece on both sides of where the passage was."""
    passage, text = check.passage, check.page.text
    before = passage.left[: len(passage.left) - candidate.left_gap][-ENOUGH:]
    behind = passage.right[candidate.right_gap :][:ENOUGH]
    return text.endswith(before, 0, candidate.start) and text.startswith(behind, candidate.end)


def _is_cut(check: Check, candidate: Candidate) -> bool:
    """Whether the page breaks off where the words or what was before them should follow."""
    page, passage = check.page, check.passage
    if breaks_off(passage.left, passage.words, passage.right, page.text, line_ends(page.original)):
        return True
    if not passage.left or not candidate.start:
        return False
    lost = passage.left[len(passage.left) - candidate.left_gap :] + passage.words + passage.right[: candidate.right_gap]
    edge = candidate.start
    while (
        edge < len(page.text) and edge - candidate.start < len(lost) and page.text[edge] == lost[edge - candidate.start]
    ):
        edge += 1
    stands_to = page.span(edge - 1, edge)[1]
    line_end = page.original.find("\n", stands_to)
    line_end = line_end if line_end >= 0 else len(page.original)
    standing = page.original[page.original.rfind("\n", 0, stands_to) + 1 : stands_to]
    added = page.original[line_end : max(line_end, page.span(candidate.end, candidate.end)[0])].strip()
    tail = page.original[stands_to:line_end]
    return is_cut_off(standing, tail, lost[edge - candidate.start :], added)


def _is_neighbour(check: Check, candidate: Candidate) -> bool:
    """Whether only the neighbours stand: a bracket on another line says nothing without the other one."""
    page, passage = check.page, check.passage
    if not passage.left or not passage.right:
        return False
    now = page.text[candidate.start : candidate.end]
    stands = weight(now) if now in (passage.words, check.wish) else 0
    left = not candidate.left_gap and candidate.near[0] + stands >= min(ENOUGH, weight(passage.left[-NEAR:]))
    right = not candidate.right_gap and candidate.near[1] + stands >= min(ENOUGH, weight(passage.right[:NEAR]))
    return (not right and _is_border(page, candidate.start)) or (not left and _is_border(page, candidate.end))


def _is_border(page: Folded, at: int) -> bool:
    """Whether a line ends here."""
    return "\n" in page.original[page.span(at - 1, at)[1] if at else 0 : page.span(at, at)[0]]


def _between(check: Check, candidate: Candidate) -> FixCheck:
    """Compare what stands between the brackets with the words and with the suggestion."""
    page, words, wish = check.page, check.passage.words, check.wish
    now = page.text[candidate.start : candidate.end]
    if not now:
        return _emptied(check, candidate)
    if now in (words, wish):
        return _compare_finely(check, candidate.start, candidate.end)
    at = _alone(check, candidate)
    # More than the words between closed brackets is a change, unless a wish can still be open, or lines
    # of their own (an advertisement, a link to another article) came between.
    if at and (check.is_open or not candidate.closed or _is_set_apart(page, candidate, *at)):
        return _compare_finely(check, *at)
    return FixCheck(Standing.CHANGED, page.span(candidate.start, candidate.end), "other words stand")


def _span_beside_bracket(check: Check, candidate: Candidate) -> tuple[int, int] | None:
    """Where the words or the suggestion stand beside the one bracket that was not rewritten."""
    spans = [(start, end) for start, end, side in _beside(check, candidate) if candidate.near[side] >= ENOUGH]
    return max(spans, key=lambda span: span[1] - span[0], default=None)


def _alone(check: Check, candidate: Candidate) -> tuple[int, int] | None:
    """Where the words or the suggestion stand as whole words between the brackets, among other words.

    Beside the bracket with more context is the likeliest; within, short words are chance.
    """
    beside = [(candidate.far[side], end - start, (start, end)) for start, end, side in _beside(check, candidate)]
    if beside:
        return max(beside)[2]
    page = check.page
    for part in sorted((check.passage.words, check.wish), key=len, reverse=True):
        at = page.text.find(part, candidate.start, candidate.end)
        for _ in range(_OFTEN if weight(part) >= SHORTEST_RUN else 0):
            if at >= 0 and _is_whole(page, at, at + len(part)):
                return at, at + len(part)
            at = page.text.find(part, at + 1, candidate.end) if at >= 0 else at
    return None


def _beside(check: Check, candidate: Candidate) -> Iterator[tuple[int, int, int]]:
    """Where the words or the suggestion stand as whole words next to a bracket, and on which side."""
    page = check.page
    for part in filter(None, (check.passage.words, check.wish)):
        if candidate.closed and len(part) > candidate.end - candidate.start:
            continue
        start, end = candidate.start + len(part), candidate.end - len(part)
        if (
            not candidate.left_gap
            and page.text.startswith(part, candidate.start)
            and _is_whole(page, candidate.start, start)
        ):
            yield candidate.start, start, 0
        if (
            not candidate.right_gap
            and page.text.endswith(part, 0, candidate.end)
            and _is_whole(page, end, candidate.end)
        ):
            yield end, candidate.end, 1


def _is_whole(page: Folded, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do; scripts that write no spaces do not say."""
    first, last = page.span(start, end)
    borders = page.original[max(0, first - 1) : first + 1], page.original[last - 1 : last + 1]
    return not any(len(pair) == 2 and pair.isalnum() and not _JOINED_SCRIPTS.search(pair) for pair in borders)


def _is_set_apart(page: Folded, candidate: Candidate, start: int, end: int) -> bool:
    """Whether what else stands between the brackets stands on other lines."""
    first, last = page.span(start, end)
    above = page.original[page.span(candidate.start, start)[1] : first] if candidate.start < start else "\n"
    below = page.original[last : page.span(end, candidate.end)[0]] if end < candidate.end else "\n"
    return "\n" in above and "\n" in below


def _emptied(check: Check, candidate: Candidate) -> FixCheck:
    """Say what nothing between the brackets means: removed, as wished or not, or the suggestion stands beside them."""
    page, passage, wish = check.page, check.passage, check.wish
    gap = (
        page.span(candidate.start - 1, candidate.start)[1] if candidate.start else 0,
        page.span(candidate.end, candidate.end)[0],
    )
    if not passage.words and page.original[slice(*gap)]:
        return FixCheck(Standing.PRESENT, gap, "words stand")
    for start, end, in_context in (
        (candidate.end, candidate.end + len(wish), passage.right.startswith(wish)),
        (candidate.start - len(wish), candidate.start, passage.left.endswith(wish)),
    ):
        if wish and in_context and start >= 0 and page.text[start:end] == wish and _is_whole(page, start, end):
            return FixCheck(Standing.APPLIED, page.span(start, end), "suggestion stands")
    lost = passage.left[len(passage.left) - candidate.left_gap :] + passage.right[: candidate.right_gap]
    as_wished = check.sighting.remove and not any(map(str.isalnum, lost))  # a comma may have gone with the words
    return FixCheck(Standing.APPLIED if as_wished else Standing.GONE, (gap[1], gap[1]), REMOVED)


def _compare_finely(check: Check, start: int, end: int) -> FixCheck:
    """Tell words apart that differ only in what folding hides: case, spaces, quotation marks, dashes."""
    folded, span = check.page.text[start:end], check.page.span(start, end)
    raw = check.page.original[slice(*span)]
    if raw == check.quote.exact:
        return FixCheck(Standing.PRESENT, span, "words stand")
    now, words, wish = plain(raw), plain(check.quote.exact), plain(check.sighting.suggestion)
    same = folded == check.passage.words
    cut = same and fold(raw).text != folded  # the quote begins or ends within a character, which no span does
    if wish and not cut and now != words and (now == wish or not same):
        return FixCheck(Standing.APPLIED, span, "suggestion stands")
    if now == words or cut or _only_rendered_otherwise(check, raw, span):
        return FixCheck(Standing.PRESENT, span, "words stand")
    return FixCheck(Standing.CHANGED, span, "other words stand")


def _only_rendered_otherwise(check: Check, raw: str, span: tuple[int, int]) -> bool:
    """Whether a difference that folding hides comes from how the page is shown, not from an editor."""
    exact, context = check.quote.exact, check.quote.prefix[-NEAR:] + check.quote.suffix[:NEAR]
    if "\n" in raw.strip() + exact.strip() and "".join(raw.split()) == "".join(exact.split()):
        return True  # the border of two elements, which browsers and parsers space differently
    if exact.isupper() and context.isupper():
        return True  # capitals by style sheet
    around = check.page.original[max(0, span[0] - CONTEXT) : span[1] + CONTEXT]
    return any(mark in exact and mark in context and mark not in around for mark in "'\"-")


def plain(text: str) -> str:
    """A text composed, without what is invisible, in single spaces."""
    return unicodedata.normalize("NFC", WHITE_SPACE.sub(" ", _INVISIBLE.sub("", text)).strip())
