"""Text: clean it at intake, fold it for comparing, cut it where a reader would."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise

import regex

_ERROR_NUMBER = re.compile(r"\[Errno -?\d+\] ")
_DIRECTION_CONTROLS = regex.compile("[\u202a-\u202e\u2066-\u2069]")
_REMOVED_AT_INTAKE = regex.compile(
    r"""
    [\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Noncharacter_Code_Point}]    # NUL, but no tab or line end
    """,
    regex.VERBOSE,
)
_VISIBLE = regex.compile(
    r"""
    [^\p{Cc}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb]    # a, but no space
    """,
    regex.VERBOSE,
)
_GRAPHEME = regex.compile(r"\X")
_STACK = regex.compile(r"\p{M}{30}")  # as many as Unicode's stream-safe text may have (Annex 15)
_LONGEST_REAL_GRAPHEME = 64  # flags of regions and stacked Tibetan stay far below; Zalgo does not

_ONE_BY_ONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_LETTERS = rf"[[\p{{L}}\p{{M}}\p{{N}}_\u00ad\u200c\u200d]--[{_ONE_BY_ONE}]]"
_WORD = regex.compile(
    rf"""(?V1)
      (?=[{_ONE_BY_ONE}])\X                                        # scripts that write no spaces
    | \p{{Nd}}+(?:[.,:'’/\u202f]\p{{Nd}}+)*                          # 1,000.50 and 12:30
    | {_LETTERS}++(?:['’](?=\p{{L}}){_LETTERS}++)*                 # don't
    | \s+
    | \X
    """,
    regex.VERBOSE,
)

# What may compose with, or depend on, the character before it: text is never split in front of these.
_LEANS_BACK = r"\p{M}\p{Cf}\u1100-\u11ff\u3131-\u318e\uff9e-\uffdc\U00016d63-\U00016d6a"
_PIECE = regex.compile(rf"(?s:.)[{_LEANS_BACK}]*+")
_BORDER = regex.compile(rf"(?s)[^{_LEANS_BACK}]")
_LEANING = regex.compile(rf"[{_LEANS_BACK}]")
_BLOCK = 256
_PLACE_AND_STOP = re.compile(r"\{(\w+)\}\.")
_STOPPED = re.compile(r"[^\W\d_]\.(?:</\w+>|\u2069)*$")  # a word cut short, within markup or what isolates a direction
_SINGLE_QUOTES = "`´‘’‚‛′‵ʹʻʼʽ‹›＇"
_DOUBLE_QUOTES = "“”„‟″‶«»〝〞〟＂"
_ASCII_FOLDED = bytes(range(256)).lower().replace(b"`", b"'")
_ASCII_SPACES = bytes(code for code in range(128) if chr(code).isspace())
_ASCII_LENGTHS = bytes(not chr(code).isspace() for code in range(128)) + bytes(128)
_DASHES = "‐‑‒–—―−﹘﹣－⸺⸻"
_UNIFIED = dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
# Default_Ignorable_Code_Point but for the two joiners, written out for `re`, which is twice as fast here.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ADDRESS = re.compile(
    r"""
    (?<![^\s<>()\[\],;:\"'@])           # <ann@news.example>: not within a word
    [^\s<>()\[\],;:\"'@]++@             # ann@
    [^\s<>()\[\],;:\"']+                # news.example
    """,
    re.VERBOSE,
)
_UNIFY = re.compile(f"[{''.join(_UNIFIED)}{_IGNORABLE}]")
# A joiner means something inside an emoji or after a virama, nothing elsewhere.
_VAIN_JOINER = regex.compile(
    r"""
    (?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{Indic_Syllabic_Category=Virama}])
    [\u200c\u200d]                      # in a word of Latin letters, but not in a family of emoji
    """,
    regex.VERBOSE,
)


def clean(value: str) -> str:
    """The text as it is stored: LF line ends, no controls but tab and LF, no lone surrogates, NFC."""
    if value.isascii() and value.isprintable():  # most words are, and nothing of them is removed
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.isascii():
        # A pair of surrogates is a character that came in two halves; a lone one has none to show.
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _composed(_REMOVED_AT_INTAKE.sub("", value))


def _composed(value: str) -> str:
    """The text in NFC; of a stack of marks that no writing has, 30 at a time, as its time grows with their square."""
    if value.isascii() or _STACK.search(value) is None:
        return unicodedata.normalize("NFC", value)
    borders = [0, *(match.end() for match in _STACK.finditer(value)), len(value)]
    return "".join(unicodedata.normalize("NFC", value[start:end]) for start, end in pairwise(borders))


def is_visible(value: str) -> bool:
    """Whether a reader would see anything: spaces, zero-width characters and controls are nothing."""
    return _VISIBLE.search(value) is not None


def cut(value: str, limit: int) -> str:
    """At most `limit` code points of the text, ending between two graphemes (Unicode Annex 29).

    A grapheme longer than any real one (hundreds of combining marks) is itself cut at the limit.
    """
    if len(value) <= limit:
        return value
    border = 0
    for grapheme in _GRAPHEME.finditer(value, 0, limit + _LONGEST_REAL_GRAPHEME):
        if grapheme.end() > limit:
            longer = grapheme.end() - grapheme.start() >= _LONGEST_REAL_GRAPHEME
            return value[:limit] if longer or border == 0 else value[:border]
        border = grapheme.end()
    return value[:border]


def one_line(value: str, limit: int = 200) -> str:
    """The text as one line that is safe in a mail header, a log or a terminal.

    No control, line or direction character is left, white space is single spaces, and it is cut at `limit`.
    """
    spaced = " ".join(value.split())
    return cut(" ".join(without_direction_controls(clean(spaced)).split()), limit).rstrip()


def reason(error: object, limit: int = 200) -> str:
    """What an error of the system says to people, as one line: without the number that is for programs."""
    return one_line(_ERROR_NUMBER.sub("", str(error)), limit)


def without_direction_controls(value: str) -> str:
    """The text without embeddings, overrides and isolates; the plain direction marks stay."""
    return str(_DIRECTION_CONTROLS.sub("", value))


def tokens(value: str) -> list[str]:
    """The words, spaces and marks of a text, which joined are the text again.

    Scripts that write no spaces (Chinese, Japanese, Thai and the like) have one token a grapheme.
    """
    return list(_WORD.findall(value))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparing, and the way from its offsets back to the original's.

    Offsets and spans are in code points. The way back is worked out one block at a time, when asked.
    """

    original: str
    text: str
    _blocks: list[int] = field(repr=False, compare=False)  # where each block starts in the original
    _folded: list[int] = field(repr=False, compare=False)  # and in the folded text
    _pieces: dict[int, tuple[Sequence[int], list[int]]] = field(default_factory=dict, repr=False, compare=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """What `text[start:end]` is in the original: all characters it was made of, no more."""
        if end <= start:
            at = self._start(start)
            return at, at
        return self._start(start), self._end(end)

    def offset(self, original: int) -> int:
        """Where the character at this offset of the original stands in the folded text."""
        block = bisect_right(self._blocks, original) - 1
        starts, folded = self._map(block)
        return self._folded[block] + folded[bisect_right(starts, original - self._blocks[block]) - 1]

    def _start(self, at: int) -> int:
        if at >= len(self.text):
            return len(self.original)
        block = bisect_right(self._folded, at) - 1
        starts, folded = self._map(block)
        return self._blocks[block] + starts[bisect_right(folded, at - self._folded[block]) - 1]

    def _end(self, at: int) -> int:
        block = bisect_right(self._folded, at - 1) - 1
        starts, folded = self._map(block)
        return self._blocks[block] + starts[bisect_right(folded, at - 1 - self._folded[block])]

    def _map(self, block: int) -> tuple[Sequence[int], list[int]]:
        """Where the pieces of a block start, in the original and in the folded text, and both ends."""
        mapping = self._pieces.get(block)
        if mapping is None:
            last = block + 1 == len(self._blocks)
            characters = self.original[self._blocks[block] : None if last else self._blocks[block + 1]]
            if characters.isascii():
                starts: Sequence[int] = range(len(characters) + 1)
                lengths: Iterable[int] = characters.encode().translate(_ASCII_LENGTHS)
            else:
                pieces = _PIECE.findall(characters) if _LEANING.search(characters) else characters
                starts = list(accumulate(map(len, pieces), initial=0))
                lengths = map(_folded_length, pieces)
            folded = list(accumulate(lengths, initial=0))
            mapping = self._pieces[block] = starts, folded
        return mapping


def fold(value: str) -> Folded:
    """Fold a text so that what looks the same is the same: NFKC, case, quotes, dashes; nothing invisible.

    White space is dropped, because browsers and parsers disagree about it at the borders of elements.
    """
    if len(value) <= _BLOCK:
        return Folded(value, _fold(value), [0], [0])
    borders = list(_borders(value))
    pieces = [_fold(value[start:end]) for start, end in zip(borders, [*borders[1:], len(value)], strict=True)]
    return Folded(value, "".join(pieces), borders, list(accumulate(map(len, pieces[:-1]), initial=0)))


def straight(value: str) -> str:
    """The text with plain quotation marks, apostrophes and dashes, and nothing invisible but the joiners."""
    return _UNIFY.sub(lambda match: _UNIFIED.get(match[0], ""), value)


@lru_cache(maxsize=4096)
def _folded_length(piece: str) -> int:
    return len(_fold(piece))


def _borders(value: str) -> Iterator[int]:
    yield 0
    at = 0
    while at + _BLOCK < len(value):
        border = _BORDER.search(value, at + _BLOCK)
        if border is None:
            return
        at = border.start()
        yield at


def _fold(value: str) -> str:
    if value.isascii():
        return value.encode().translate(_ASCII_FOLDED, _ASCII_SPACES).decode()
    if "\u200c" in value or "\u200d" in value:
        value = _VAIN_JOINER.sub("", value)
    compatible = unicodedata.normalize("NFKC", straight(value)).casefold()
    if not unicodedata.is_normalized("NFKC", compatible):
        compatible = unicodedata.normalize("NFKC", compatible).casefold()
    return "".join(compatible.replace(" ", "").split())


def stopped_once(sentence: str, fillings: Mapping[str, object]) -> str:
    """The sentence without the full stop behind a {place} whose filling brings its own, such as "2026 р."."""

    def place(match: re.Match[str]) -> str:
        return match[0][:-1] if _STOPPED.search(str(fillings.get(match[1], ""))) else match[0]

    return _PLACE_AND_STOP.sub(place, sentence)


def without_addresses(value: str) -> str:
    """The words without mail addresses, which a server's answer repeats: for logs, and for what outlives an erasing."""
    return _ADDRESS.sub("(address)", value)
