"""Quoted text: what a mail says itself, without what it repeats of others, its signature and what programs add.

Lines are judged by how they look first (a date, an address, a colon at the end; `>`; three lines of headers) and by words
of eleven languages second, so that a program that nobody knew of is read too. What is cut is told, for nothing is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import islice, pairwise, takewhile

from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules import text
from corrections_service.rules.lexicon import mails
from corrections_service.rules.pages import visible_text

_MARKS = re.compile("[\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_TIME = re.compile(r"\d{1,2}[:.hH٫]\s?\d{2}")
_MAILBOX = re.compile(r"(?<![^\s<>()])[^\s<>()]{1,100}@[^\s<>()]{1,200}")
_BRACKETED = re.compile(r"<\s?[^\s<>]{1,100}@[^\s<>]{1,200}>")
_LEAD = re.compile(rf"(?:{'|'.join(map(re.escape, mails.LEADS))})(?![^\W_])", re.IGNORECASE)
_HEADS = frozenset(mails.HEAD_WORDS)
_ANY_HEAD = re.compile(r"[^\W\d_][^:\n]{0,24}[:：]\s")
_DASHED = re.compile(r"-{2,20}\s*([^-\n][^\n]{1,300}?)\s*-{2,20}")
_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
_RULE = re.compile(r"[_\-=]{20,}")
_INITIALS = re.compile(r"\s{0,3}([^\W\d_]{1,3})>(?=\s|$)")
_MARK, _GAP = "\n[… {} …]\n", "…"
_HEAD_MARK, _HEAD_LINE = "\n[… from here on …]\n", "-----Original Message-----"
_AND = re.compile(rf"(?: |^)(?:{'|'.join(map(re.escape, mails.AND))})(?= )|&| [-+] ")
_ENDS = "'\"!.…,،;:-–— "

_MOST_LINES, _LONGEST_LINE = 4000, 2000
"""Lines of a mail that are judged, and characters of one: what comes after them is repeated by somebody."""

_LONGEST_PAGE, _MOST_TAGS = 300_000, 8_000
"""Characters and tags of a mail in HTML that are read: open ones cost the parser their square."""

_LONGEST_DEVICE = 10
"""Words of a line such as "Sent from my telephone": a longer one that begins so is somebody's own."""

_READ_FOR_NAME = 100
"""Lines, and characters of each, in which a name is looked for."""

_WRAPPED, _SHORT, _MOST_SIGNED, _FEW = 4, 70, 9, 8
"""Lines over which a program breaks its own; letters of a line in a signature, lines of one, words of a greeting."""

_REPEATED_IN_HTML = ", ".join(
    """
    blockquote[type=cite]|blockquote.gmail_quote|div.gmail_quote blockquote|div.yahoo_quoted|div.protonmail_quote|blockquote.protonmail_quote
    |div.tutanota_quote|blockquote.tutanota_quote|#isForwardContent|div.zmail_extra|div.moz-forward-container|blockquote
    """.replace("\n", "")
    .replace(" |", "|")
    .strip()
    .split("|")
)
_SIGNED_IN_HTML = ".gmail_signature, .moz-signature, #Signature, #ms-outlook-mobile-signature, .protonmail_signature_block, #signature"
_HEADED_IN_HTML = "#divRplyFwdMsg, #appendonsend, #mail-editor-reference-message-container"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in a mail, and what stands beside it there; whether that is the words of others."""

    own_text: str
    rest: str
    repeats: bool


def own_words(plain: str) -> Words:
    """Part what a mail says itself from all the rest of its plain text."""
    lines = [_MARKS.sub("", line.replace("\xa0", " ").replace("\u202f", " ")).rstrip() for line in plain.split("\n")]
    lines = _without_seal(lines[:_MOST_LINES])
    heads = _with_marks([line[:_LONGEST_LINE] for line in lines])
    repeated = _repeated(heads)
    remaining = [line for line, is_out in zip(lines, repeated, strict=True) if not is_out]
    end = _signature(remaining)
    own_text = _trimmed(remaining[:end])
    rest = [line for line, is_out in zip(lines, repeated, strict=True) if is_out]
    return Words(own_text, _trimmed([*remaining[end:], *rest]), any(line.strip() for line in rest))


def without_greeting(words: Words) -> Words:
    """A mail's words without the greeting that its program put above them by itself: "Hello Ann," in a line of its own."""
    greeting, _, own_text = words.own_text.partition("\n")
    folded = mails.folded(greeting)
    is_greeting = greeting.endswith((",", ".", "!")) and len(folded.split()) <= _FEW and not own_text[:1].strip()
    if not own_text.strip() or not is_greeting or not any(mails.begins(folded, hello) for hello in mails.HELLOS):
        return words
    return replace(words, own_text=own_text.strip(), rest=f"{greeting}\n{words.rest}".strip())


def plain_of(html: str) -> str:
    """The text of a mail in HTML, a line for each block, with `>` before what it repeats."""
    if not html:
        return ""
    page, pieces = _parted(html)
    for number, piece in enumerate(pieces):
        lines = [line for line in _text_of(piece).split("\n") if line.strip()] or [_GAP]
        marked = "".join(f"<p>&gt; {escape(line)}</p>" for line in lines)
        page = page.replace(_MARK.format(number), f"</p>{marked}<p>", 1)
    return _text_of(page.replace(_HEAD_MARK, f"</p><p>{_HEAD_LINE}</p><p>", 1))


def own_page(html: str) -> str:
    """A mail in HTML without what it repeats of others."""
    return _parted(html)[0].partition(_HEAD_MARK)[0] if html else ""


def _parted(html: str) -> tuple[str, list[str]]:
    """A mail's page with marks in the place of what it repeats, and that."""
    tree = LexborHTMLParser("<".join(html[:_LONGEST_PAGE].split("<", _MOST_TAGS)[:_MOST_TAGS]))
    for node in tree.css(_HEADED_IN_HTML)[:1]:  # what comes after it there is repeated
        node.insert_before(_HEAD_MARK)
    for node in tree.css(_SIGNED_IN_HTML):
        node.decompose()
    inner_nodes: set[int] = set()
    pieces: list[str] = []
    for node in tree.css(_REPEATED_IN_HTML):
        if node.parent is None or node.mem_id in inner_nodes:
            continue
        inner_nodes.update(inner.mem_id for inner in node.css(_REPEATED_IN_HTML))
        pieces.append(node.html or "")
        node.replace_with(_MARK.format(len(pieces) - 1))
    return tree.html or "", pieces


def _text_of(page: str) -> str:
    return visible_text(page.encode("utf-8", "replace"), "charset=utf-8")


def _with_marks(lines: list[str]) -> list[str]:
    """The lines, with a plain mark before those that a program marked with its writer's initials: `AH> so it was`.

    Several lines have them, or the one that stands below a line that says whose words come next.
    """
    initials = Counter(match[1] for line in lines if (match := _INITIALS.match(line)))
    filled = [line for line in lines if line.strip()]
    initials.update(
        match[1] for head, line in pairwise(filled) if head.endswith(":") and (match := _INITIALS.match(line))
    )
    return [_INITIALS.sub("> ", line) if initials[line.partition(">")[0].strip()] > 1 else line for line in lines]


def _without_seal(lines: list[str]) -> list[str]:
    """The lines of a text that is signed by PGP within itself, without what is PGP's (RFC 9580, 7)."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in lines:
        return lines
    start = lines.index("-----BEGIN PGP SIGNED MESSAGE-----")
    body = next((at for at in range(start, len(lines)) if not lines[at]), start)
    last = "-----BEGIN PGP SIGNATURE-----"
    end = lines.index(last, body) if last in lines[body:] else len(lines)
    return [line.removeprefix("- ") for line in [*lines[:start], *lines[body:end]]]


def _repeated(lines: Sequence[str]) -> list[bool]:
    """Which of these lines are repeated of others."""
    outside = [line.lstrip().startswith(">") for line in lines]
    at = 0
    while at < len(lines):
        if outside[at] or not lines[at].strip():
            at += 1
            continue
        if _heads_all(lines, at):
            for number in range(at, len(lines)):
                outside[number] = True
            break
        start = _attribution(lines, at)
        if start is None:
            at += 1
            continue
        following = next((number for number in range(at + 1, len(lines)) if lines[number].strip()), None)
        is_marked = following is None or lines[following].lstrip().startswith(">")
        head = " ".join(lines[start : at + 1])
        is_begun = any(not out and line.strip() for out, line in zip(outside[:start], lines[:start], strict=True))
        is_sure = _heads_marked(head, lines[at + 1 :], is_begun) if is_marked else _heads_unmarked(head, is_begun)
        if not is_sure:  # the mail's own words, which may tell of somebody's too
            at += 1
            continue
        for number in range(start, len(lines) if not is_marked else at + 1):
            outside[number] = True
        if not is_marked:
            break
        at += 1
    return outside


def _heads_marked(head: str, below: Sequence[str], is_begun: bool) -> bool:
    """Whether these words are a program's, for marked lines come below: they say when, or by which address.

    Words as short as "Ann wrote:" are, where what comes below names her, as our mails name who writes them; a mail that says
    nothing else is none.
    """
    if _is_attribution(head) or _names_writer(head) or _ends_in_writer(head):
        return True
    marked = takewhile(lambda line: line.lstrip().startswith(">") or not line.strip(), below)
    words = " ".join(line[:_READ_FOR_NAME].lstrip("> ") for line in islice(marked, _READ_FOR_NAME))
    name = _before_verb(head)
    if len(name) > 2 and f" {name} " in f" {' '.join(mails.folded(words).split())} ":
        return True
    is_alone = not is_begun and all(line.lstrip().startswith(">") or not line.strip() for line in below)
    return is_alone and not any(f"{sign} " in head for sign in ".!?:;")


def _heads_unmarked(head: str, is_begun: bool) -> bool:
    """Whether these words are a program's though nothing below is marked: they say when, and by which address."""
    if _DATE.search(head):
        return is_begun or _names_writer(head) or _ends_in_writer(head)
    return _ends_in_writer(head) or (_TIME.search(_MAILBOX.sub(" ", head)) is not None and _names_last(head))


def _heads_all(lines: Sequence[str], at: int) -> bool:
    """Whether all from this line on is repeated: headers of a mail, or a line that says so, stand here."""
    line = lines[at].strip()
    dashed = _DASHED.fullmatch(line)
    if dashed:
        title = mails.folded(dashed[1]).strip(" :*")
        is_named = len(title) <= 60 and any(words in title for words in mails.REPEATED)
        return is_named or _is_attribution(dashed[1]) or _is_headed(lines, at + 1)
    if _RULE.fullmatch(line):
        return _is_headed(lines, at + 1)
    folded = mails.folded(line).strip(" :*")
    if folded in mails.REPEATED or folded.startswith("begin forwarded message"):
        return _is_headed(lines, at + 1)
    return _is_headed(lines, at)


def _is_headed(lines: Sequence[str], at: int) -> bool:
    """Whether three lines such as `From:`, `Sent:` and `To:` stand here, of five."""
    near = [line.strip() for line in lines[at : at + 9] if line.strip()][:6]
    if not near or not _is_head(near[0]):
        return False
    count = sum(_is_head(line) for line in near)
    return count >= 3 or (count >= 2 and sum(_ANY_HEAD.match(line) is not None for line in near) >= 4)


def _is_head(line: str) -> bool:
    """Whether a line begins like a header that a program shows: `From:`, `*Von:*`, `De :`."""
    name, colon, _ = line[:60].replace("：", ":").partition(":")
    return bool(colon) and mails.folded(name.strip("*_ \t")) in _HEADS


def _attribution(lines: Sequence[str], at: int) -> int | None:
    """The first line of what ends in this one and says whose words come next, such as "On 3 May, Ann wrote:"."""
    last = lines[at].strip()
    if not last.endswith((":", "：", ":>", ": >")) or len(last) > 400:
        return None
    for count in range(1, _WRAPPED + 1):
        start = at - count + 1
        if start < 0 or not lines[start].strip() or lines[start].lstrip().startswith(">"):
            return None
        whole = " ".join(line.strip() for line in lines[start : at + 1])
        is_told = count == 1 and (_names_writer(whole) or _ends_in_verb(whole)) and _is_marked_after(lines, at)
        if _is_attribution(whole) or _ends_in_writer(whole) or is_told:
            return _whole_start(lines, start, whole)
    return None


def _names_writer(line: str) -> bool:
    """Whether a line says whose words come next, by a mail address and a verb: "Ann <ann@news.example> writes:"."""
    words = mails.folded(_MAILBOX.sub(" ", line))
    return _MAILBOX.search(line) is not None and any(verb in words for verb in mails.WROTE)


def _ends_in_writer(line: str) -> bool:
    """Whether a line ends as a program ends it: "Ann <ann@news.example> wrote:"."""
    end = _after_mailbox(line)
    return 0 < len(end) <= 30 and end.endswith(tuple(mails.WROTE))


def _names_last(line: str) -> bool:
    """Whether a line ends in who wrote: "wrote Ann <ann@news.example>:"."""
    return _BRACKETED.search(line) is not None and not _after_mailbox(line) and _names_writer(line)


def _after_mailbox(line: str) -> str:
    """What stands after the address in brackets that a line ends with."""
    return mails.folded(_BRACKETED.split(line)[-1]).strip(" ,():：>") if _BRACKETED.search(line) else ""


def _ends_in_verb(line: str) -> bool:
    """Whether a line is as short as "Ann wrote:"."""
    return len(line) <= 100 and _before_verb(line) != ""


def _before_verb(line: str) -> str:
    """Who wrote, by a line that ends in the verb."""
    words = mails.folded(line).rstrip(" :：>")
    verb = max((verb for verb in mails.WROTE if words.endswith(verb)), key=len, default="")
    return " ".join(words.removesuffix(verb).split()) if verb else ""


def _is_marked_after(lines: Sequence[str], at: int) -> bool:
    """Whether what comes next is marked as repeated."""
    return next((line.lstrip() for line in lines[at + 1 :] if line.strip()), "").startswith(">")


def _is_attribution(line: str) -> bool:
    has_mailbox = _MAILBOX.search(line) is not None
    bare = _MAILBOX.sub(" ", line)
    if len(line) > 500 or _TIME.search(bare) is None:
        return False
    words = mails.folded(bare)
    return has_mailbox or any(verb in words for verb in mails.WROTE)


def _whole_start(lines: Sequence[str], start: int, whole: str) -> int:
    """Where a line that a program broke began."""
    while start and lines[start - 1].rstrip().endswith("<"):
        start -= 1
        whole = f"{lines[start].strip()} {whole}"
    above = lines[start - 1].strip() if start else ""
    if _MAILBOX.search(whole) is None and _MAILBOX.search(above) and not above.endswith((".", "!", "?")):
        return start - 1
    if _LEAD.match(whole):
        return start
    for number in (start - 1, start - 2):
        if number < 0 or not lines[number].strip() or lines[number].rstrip().endswith((".", "!", "?")):
            break
        if _LEAD.match(lines[number].strip()) and any(sign.isdigit() for sign in lines[number]):
            return number
    return start


def _signature(lines: Sequence[str]) -> int:
    """From which line on there is a signature, or what a program or a company adds; the number of lines where nothing is."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for order, number in enumerate(filled):
        line = lines[number].strip()
        remaining = [lines[later].strip() for later in filled[order + 1 :]]
        if (line == "--" or (order and line in ("—", "–", "___", "__", "--=20"))) and _signs(lines, number):
            return number
        if _is_device(line) and len(remaining) <= 3 and (order or not remaining):
            return number
        if order and _is_sign_off(line) and _is_signed(remaining):
            return number
        if order and len(line) > 60 and _is_notice(line):
            return number
        if order and _RULE.fullmatch(line) and any(_is_notice(later) for later in remaining[:4]):
            return number
    return len(lines)


def _signs(lines: Sequence[str], at: int) -> bool:
    """Whether a rule of hyphens stands above a signature, not between two parts of what is said."""
    below = [line.strip() for line in lines[at + 1 :]]
    return not below or bool(below[0]) or _is_signed([line for line in below if line])


def _is_device(line: str) -> bool:
    folded = mails.folded(line).replace("[", "").strip("*_<>( ")
    is_short = len(folded.split()) <= _LONGEST_DEVICE
    return len(line) <= 160 and any(
        folded.startswith(beginning) and later in folded and (is_short or not beginning.endswith(" "))
        for beginning, _, later in (words.partition("…") for words in mails.DEVICES if words)
    )


def _is_sign_off(line: str) -> bool:
    folded = mails.folded(line).strip(_ENDS)
    if all(part.strip(_ENDS) in mails.SIGN_OFFS for part in folded.split("/")):  # in two languages, sometimes
        return True
    if folded.startswith(tuple(mails.FAREWELLS)):
        return True
    first, _, second = _AND.sub("\n", folded, count=1).partition("\n")
    if first.strip(_ENDS) in mails.SIGN_OFFS and second.strip(_ENDS) in mails.SIGN_OFFS:
        return True
    greeting = max((words for words in mails.GREETINGS if folded.startswith(f"{words} ")), key=len, default="")
    if greeting and len(folded.split()) <= _FEW and folded.removeprefix(greeting).split()[0] in mails.PLACES:
        return True
    first = folded.split(",")[0].strip()
    return "," in folded and len(folded) <= 60 and first in mails.SIGN_OFFS and len(folded.split()) <= 8


def _is_signed(remaining: Sequence[str]) -> bool:
    """Whether only a name and addresses come after a greeting, and nothing that is said."""
    lines = [line for line in remaining if not _is_sign_off(line)]
    for number, line in enumerate(lines):
        if line in ("--", "—") or _is_device(line) or _is_notice(line) or _RULE.fullmatch(line):
            lines = lines[:number]
            break
    if len(lines) > _MOST_SIGNED or any(mails.folded(line).startswith(tuple(mails.POSTSCRIPTS)) for line in lines):
        return False
    return not any(len(line) > _SHORT or (line.endswith((".", "?", "!")) and len(line.split()) > 4) for line in lines)


def _is_notice(line: str) -> bool:
    folded = mails.folded(line)
    if all(any(word in folded for word in words) for words in (mails.PRINTED, mails.ENVIRONMENT)):
        return True
    return all(any(word in folded for word in words) for words in (mails.CONFIDENTIAL, mails.MESSAGE, mails.ADDRESSED))


def _trimmed(lines: Sequence[str]) -> str:
    return text.clean(re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip()
