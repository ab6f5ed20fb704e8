"""Personal details in a reader's free text: addresses, telephone, account and card numbers, and the text without them.

What an article may well say is none of these: years, dates, prices, scores, large numbers, ISBNs. Where only the words
around it could tell, a number counts as a telephone's when a word before it says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Detail(StrEnum):
    """What sort of personal detail it is, with what stands in its place."""

    MAIL = "•••@•••"
    PHONE = "☎ •••••••"
    ACCOUNT = "•••• •••• ••••"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text a personal detail stands."""

    detail: Detail
    start: int
    end: int


_READ = 10_000
"""Characters of a text that are read; no field of a report has as many."""

_MAIL = re.compile(
    r"""
    (?<![\w.+'%-])[\w.+'%-]{1,64}                                               # ann.lee+news
    (?: @ | \s?[(\[{]\s?(?:at|@|ät|arroba|chiocciola|собака)\s?[)\]}]\s? )      # @, (at)
    [\w-]{1,63}                                                                 # example
    (?:
      (?: \. | \s?[(\[{]\s?(?:dot|punkt|point|punto|ponto|крапка)\s?[)\]}]\s? ) # ., [dot]
      [\w-]{1,63}                                                               # org
    ){1,6}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']{1,2000}", re.IGNORECASE)
_CALLING = re.compile(
    r"""
    (?: tel: | callto: | wa\.me/ | phone= )     # what a telephone opens
    [+%\d][\d%().-]{6,24}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IBAN = re.compile(
    r"""
    (?<![^\W_])[a-z]{2}\d\d                 # DE89
    (?:[ \u00a0-]?[a-z\d]{4}){2,7}          # 3704 0044 0532 0130
    (?:[ \u00a0-]?[a-z\d]{1,3})?(?![^\W_])  # 00
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATE = re.compile(
    r"""
    (?<![\d./]) (?: (?<!\d-) | (?<=\d{4}-) )
    (?:
        (?:0?[1-9]|[12]\d|3[01]) ([./-]) (?:0?[1-9]|1[0-2]) \1 (?:(?:19|20)\d\d|\d\d) (?!\1?\d)   # 29.11.2024
      | (?:0?[1-9]|1[0-2]) / (?:0?[1-9]|[12]\d|3[01]) / (?:19|20)\d\d (?!/?\d)                    # 11/29/2024
      | (?:19|20)\d\d ([./-]) (?:0?[1-9]|1[0-2]) \2 (?:0?[1-9]|[12]\d|3[01]) (?!\2?\d)            # 2024-11-29
    )
    """,
    re.VERBOSE,
)
_BOOK = re.compile(
    r"""
    \b (?:ISBN|ISSN|ISMN|EAN|DOI|PMID|OCLC|GTIN|arXiv|VAT|ЄДРПОУ|ИНН) (?:-?1[03])?
    [\s:\#№]{0,4} \d[\dx\ ./-]{5,24}        # ISBN-13: 978-3-16-148410-0
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = r"[ \t\u00a0\u2009\u202f\u2007()./\u2010-\u2014\u2212\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069-]"
_NUMBERS = re.compile(rf"(?<!\d)(?:\+[ ()]{{0,2}})?\(?\d(?:{_BETWEEN}{{0,3}}\d){{5,39}}")
_GROUP = re.compile(r"\d+")
_MONEY = "$€£¥₴₽₺₪₹"
_COINS = "USD EUR GBP UAH PLN CHF TRY ILS"
_COUNTED = rf"""
{_COINS} TL zł zl złot\w+ грн гривень гривен руб dollars? euros? pounds? hryvn\w+ km kg m[²³23] tonn?e?s
people persons inhabitants votes residents copies views viewers million\w* billion\w* mln mld млн млрд
Einwohner\w* Menschen Stimmen habitants personnes habitantes personas pessoas abitanti persone kişi
осіб людей мешканц\w+ голос\w+ osób mieszkańc\w+ نسمة شخص תושבים איש
"""
"""What makes a number the amount of something, behind it."""
_CALLED = r"""
tel telef\w* phone\w* mobile cell call ring text fax whatsapp signal viber telegram number
handy mobil\w* anruf\w* rufnummer rufen téléphone portable appel\w* joindre llam\w+ móvil celular
ligue ligar telemóvel telemovel chiam\w+ cellulare cel zadzwo\w+ dzwoni\w* komórk\w* numer ara\w{0,5} cep
тел\w* моб\w* дзвон\w* подзвон\w* зателефон\w* звон\w* позвон\w* номер\w* هاتف جوال موبايل اتصل\w* טלפון נייד התקשר\w*
"""
"""What makes a number a telephone's, before it."""
_LINKING = "is me on at ist unter est au es al é è to nr no number мене мені за по"
_MONEY_BEFORE = re.compile(rf"(?:[{_MONEY}]|\b(?:{'|'.join(_COINS.split())}))\s?\Z")
_AMOUNT_AFTER = re.compile(
    rf"""
    (?<![^\W\d_]) \s{{0,2}} (?: [{_MONEY}%‰°] | (?:{"|".join(_COUNTED.split())}) (?![^\W_]) )     # 12 345 678 people
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CALL = re.compile(
    rf"""
    (?<![^\W_]) (?:{"|".join(_CALLED.split())}) [\s.:;=,№\#-]{{0,4}}           # Tel.:
    (?: (?:{"|".join(_LINKING.split())}) [\s.:№-]{{1,3}} ){{0,3}} \Z           # call me on
    """,
    re.IGNORECASE | re.VERBOSE,
)

_NATIONAL = {
    *((3, 3, 4), (3, 3, 2, 2), (3, 2, 2, 2), (2, 3, 2, 2), (2, 3, 4), (3, 7), (2, 5, 4), (2, 4, 4), (5, 5), (10,)),
    *((1, 3, 3, 4), (1, 3, 3, 2, 2), (1, 3, 7), (1, 10)),
}
"""How numbers without a code of their country are written in groups, that no other number is."""

_MOST_GROUPS = 7
"""Groups of figures in a telephone number."""

_HYPHENATED = {(3, 3, 3), (3, 2, 4)}
"""The same, where hyphens stand between them: with spaces the first is a large number."""


_POSSIBLE = re.compile(
    r"""
      [@＠] | [(\[{]\s?\w{2,10}\s?[)\]}]       # @, (at)
    | [a-z]{2}\d\d | (?:\d\D{0,3}){6}          # DE89, six figures
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What there is in every text that holds one; most texts hold none, and are soon read."""


_WIDE = {"＋": "+", "（": "(", "）": ")", "＠": "@", "．": ".", "－": "-"}
_NOT_PLAIN = re.compile(rf"[{''.join(_WIDE)}]|[^\D0-9]")


def find(text: str) -> list[Span]:
    """Where a text holds personal details, in order."""
    plain = _plain(text[:_READ])
    if not _POSSIBLE.search(plain):
        return []
    spans = [Span(Detail.MAIL, *match.span()) for match in _MAIL.finditer(plain)]
    spans += [Span(Detail.PHONE, *match.span()) for match in _CALLING.finditer(plain)]
    rest = _LINK.sub(_blank, _without(plain, spans))
    accounts = [Span(Detail.ACCOUNT, *match.span()) for match in _IBAN.finditer(rest) if _is_iban(match[0])]
    rest = _BOOK.sub(_blank, _DATE.sub(_blank, _without(rest, accounts)))
    numbers = [span for match in _NUMBERS.finditer(rest) for span in _of_run(rest, match.start(), match.end())]
    return sorted([*spans, *accounts, *numbers], key=lambda span: span.start)


def mask(text: str, article: str = "") -> str:
    """The text without personal details, a sign in the place of each.

    What the words of the article itself say stays, and so does what is said in the place of such a detail there: a
    telephone number of an office that the article has wrong.
    """
    spans = find(text)
    if not spans:
        return text
    said_there = {span.detail for span in find(article)} if article else set[Detail]()
    parts, at = [], 0
    for span in spans:
        if span.start < at or span.detail in said_there or (article and text[span.start : span.end] in article):
            continue
        parts += [text[at : span.start], span.detail.value]
        at = span.end
    return "".join([*parts, text[at:]])


def _plain(text: str) -> str:
    """The text with plain digits, plus and brackets, each character in its place."""
    if text.isascii():
        return text
    return _NOT_PLAIN.sub(lambda match: _WIDE.get(match[0]) or str(unicodedata.decimal(match[0])), text)


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _without(text: str, spans: list[Span]) -> str:
    """The text with nothing where these stand, as long as it was."""
    for span in spans:
        text = text[: span.start] + "\0" * (span.end - span.start) + text[span.end :]
    return text


def _of_run(text: str, start: int, end: int) -> Iterator[Span]:
    """What a run of figures is, or a part of it that begins as telephone numbers do."""
    run, before = text[start:end], text[max(start - 40, 0) : start]
    if start and (text[start - 1].isalpha() or text[start - 1] in "_=/\\"):
        return
    if _is_card(run):
        yield Span(Detail.ACCOUNT, start, end)
        return
    is_amount = bool(_MONEY_BEFORE.search(before) or _AMOUNT_AFTER.match(text, end))
    if _is_phone(run, is_said=bool(_CALL.search(before)), is_amount=is_amount):
        yield Span(Detail.PHONE, start, end)
        return
    groups = list(_GROUP.finditer(run))
    for first in range(1, len(groups)):
        begins = groups[first].start() - (run[groups[first].start() - 1] in "+(")
        if run[begins] not in "+(0":
            continue
        for last in range(min(len(groups), first + _MOST_GROUPS) - 1, first, -1):
            part = run[begins : groups[last].end()]
            if _is_phone(part, is_amount=is_amount and last == len(groups) - 1):
                yield Span(Detail.PHONE, start + begins, start + groups[last].end())
                return


def _is_phone(run: str, *, is_said: bool = False, is_amount: bool = False) -> bool:
    groups = _GROUP.findall(run)
    sizes, figures = tuple(map(len, groups)), "".join(groups)
    if is_said and 6 <= len(figures) <= 15 and not _are_years(groups):
        return not is_amount
    if len(figures) > 15 or (is_amount and not run.startswith("+")) or _is_book(figures):
        return False
    if run.startswith("+"):
        return len(figures) >= 8 and not (is_amount or figures.endswith("000000"))
    if figures.startswith("00"):
        return figures[2:3] not in ("", "0") and len(figures) >= 10 and not _is_large_number(run, sizes)
    if run.startswith("(") and ")" in run[:7]:
        return 8 <= len(figures) <= 12
    if figures.startswith("0"):
        is_free = groups[0] == "0" and sizes[1:2] == (3,) and groups[1].startswith("80")
        return 9 <= len(figures) <= 12 and (sizes[0] > 1 or is_free) and max(len(sizes), 6) == 6
    if sizes in _HYPHENATED:
        return not re.search(r"[ .\u00a0]", run)
    if len(figures) == 11 and len(sizes) == 1:
        return figures[0] in "78" or (figures[0] == "1" and figures[1] in "3456789")
    if sizes not in _NATIONAL or _are_years([group for group in groups if len(group) == 4], several=True):
        return False
    return sizes[0] != 1 or figures[0] in "178"


def _is_large_number(run: str, sizes: tuple[int, ...]) -> bool:
    return len(sizes) > 2 and sizes[0] <= 3 and set(sizes[1:]) == {3} and "-" not in run


def _are_years(groups: list[str], *, several: bool = False) -> bool:
    """Whether these are years, all of them; where `several` are asked for, one is none yet."""
    return len(groups) > several and all(re.fullmatch(r"1[5-9]\d\d|20\d\d", group) for group in groups)


def _is_book(figures: str) -> bool:
    """Whether it is the number of a book: of thirteen figures that begin so, whose last one is right."""
    weighed = sum(int(figure) * (3 if at % 2 else 1) for at, figure in enumerate(figures))
    return len(figures) == 13 and figures.startswith(("978", "979")) and weighed % 10 == 0


def _is_card(run: str) -> bool:
    """Whether it is written as a card's number is: in fours, or in one with its check (ISO/IEC 7812-1, Luhn)."""
    groups = _GROUP.findall(run)
    sizes, figures = tuple(map(len, groups)), "".join(groups)
    if run.startswith("+") or not 13 <= len(figures) <= 19 or _is_book(figures) or _are_years(groups):
        return False
    is_checked = (
        sum(sum(divmod(int(figure) * (1 + at % 2), 10)) for at, figure in enumerate(reversed(figures))) % 10 == 0
    )
    if len(sizes) == 1:
        return is_checked and figures[0] in "23456"
    in_fours = sizes[:3] == (4, 4, 4) or sizes in ((4, 6, 5), (4, 6, 4))
    return in_fours and len(sizes) <= 5 and (is_checked or sizes == (4, 4, 4, 4))


def _is_iban(value: str) -> bool:
    """Whether it is an account's number (ISO 13616), or would be with a figure mistyped."""
    plain = re.sub(r"[^A-Za-z\d]", "", value)
    if not 15 <= len(plain) <= 34:
        return False
    figures = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    is_checked = int(figures) % 97 == 1
    return is_checked or (plain[:2].isupper() and sum(letter.isdigit() for letter in plain) >= 12)
