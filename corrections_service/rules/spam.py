"""How much a report looks like spam: points with reasons, never a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import regex

MOST = 100

_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"']++")
_MARKUP = regex.compile(r"(?i)\[/?url\b|<a\s+href\b|\[link=")
_LETTER_RUN = regex.compile(r"(\p{L})\1{9,}+")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++")
_SCRIPTS = {
    "Latin": regex.compile(r"\p{Latin}"),
    "Cyrillic": regex.compile(r"\p{Cyrillic}"),
    "Greek": regex.compile(r"\p{Greek}"),
    "Arabic": regex.compile(r"\p{Arabic}"),
    "Hebrew": regex.compile(r"\p{Hebrew}"),
    "Han": regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]"),
    "Hangul": regex.compile(r"\p{Hangul}"),
    "Devanagari": regex.compile(r"\p{Devanagari}"),
    "Thai": regex.compile(r"\p{Thai}"),
}
_READ = 4_000  # code points of each text
_ENOUGH_LETTERS = 20  # to say what script a text is in
_ENOUGH_WORDS = 12  # to call it repetitive
_FASTEST = 1_000  # milliseconds in which a person can open the dialog and send


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, and the reasons for them."""

    points: int
    reasons: tuple[str, ...]


def score(
    *,
    comment: str = "",
    suggestion: str = "",
    exact: str = "",
    elapsed_ms: int | None = None,
    website: str = "",
) -> Score:
    """Score a report; what is missing or short never counts against it, nor what the article itself says.

    `elapsed_ms` is the time in the dialog, `website` the field that people do not see. From 70 points on a
    report is better looked at apart from the others; nothing is hidden by a score.
    """
    reader_text = f"{comment[:_READ]}\n{suggestion[:_READ]}"
    signs: list[tuple[int, str]] = []
    if website.strip():
        signs.append((90, "a field that people do not see was filled"))
    if elapsed_ms is not None and 0 <= elapsed_ms < _FASTEST:
        signs.append((40, "sent within a second"))  # people who paste are quick: a sign, not enough alone
    links = len(set(_LINK.findall(reader_text)) - set(_LINK.findall(exact[:_READ])))
    if links > 1:
        signs.append((min(20 + 10 * links, 70), "several links"))
    if _MARKUP.search(reader_text) and not _MARKUP.search(exact[:_READ]):
        signs.append((50, "links written as markup"))
    if _is_repetitive(reader_text) and not _is_repetitive(exact[:_READ]):
        signs.append((40, "the same words again and again"))
    comment_script = _script(comment[:_READ])
    if comment_script and _script(exact[:_READ]) not in (None, comment_script):
        signs.append((20, "the comment is in another script than the article"))
    return Score(min(sum(points for points, _ in signs), MOST), tuple(reason for _, reason in signs))


def _is_repetitive(value: str) -> bool:
    if _LETTER_RUN.search(value):
        return True
    words = _WORD.findall(value.casefold())
    return len(words) >= _ENOUGH_WORDS and Counter(words).most_common(1)[0][1] > len(words) / 2


def _script(value: str) -> str | None:
    """The script that most letters are in, or None where there are few letters."""
    if len(value) < _ENOUGH_LETTERS:
        return None
    letters = {name: len(script.findall(value)) for name, script in _SCRIPTS.items()}
    script = max(letters, key=lambda name: letters[name])
    return script if letters[script] >= _ENOUGH_LETTERS else None
