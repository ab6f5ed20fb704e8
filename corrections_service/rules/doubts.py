"""Doubts: what looks like an edit of a passage and may be none, as the page was cut off, misread, or only went on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from corrections_service.rules.text import fold

_LONG_LINE = 32  # characters; an ideograph counts twice
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_STUB = 8  # folded characters at a line's end by which it is known
_PIECE = 12  # folded characters of text that is looked for
_FEW, _MANY = 1, 3  # pieces that are missing after a break: with a mark of one, without

_CUT = regex.compile(r"[\s,;:–—-]*[\[(]?(?:\.\s?\.(?:\s?\.)*|…+)+[\])]?")
_REST_OF_A_CUT = 60  # characters: a link to the whole article, not a sentence that goes on
_SENTENCE_END = regex.compile(r"[.!?…。！？؟।:;][\"'”’»)\]]*$")
_ENDS_INSIDE = regex.compile(r"[.!?。！？؟।]")

# What stands where an article is cut off for those who have not paid, signed in or agreed.
_WALL = regex.compile(
    r"""
    \b(?:
      subscri|sign(?:ed)?[ -]?(?:in|up)\b|log[ -]?in\b|regist(?:er|r)|(?:continue|keep)\ reading         # Sign in
    | read\ (?:on|more|the\ (?:full|whole|rest))|full\ (?:article|story|access)|unlock|paywall|premium   # Read more
    | members?\ only|become\ a\ member|accept\ (?:all\ )?cookies                                         # Members only
    | abonn|anmeld|einlogg|weiterlesen|mehr\ lesen|jetzt\ testen|freischalt                              # Weiterlesen
    | connectez|lire\ la\ suite|article\ réservé|réservé\ aux                                            # Lire la suite
    | suscr[ií]|inici(?:a|ar|e)\ sesi[oó]n|(?:seguir|sigue|continuar|continúa)\ leyendo|leer\ más        # Leer más
    | reg[ií]str                                                                                         # Regístrese
    | assin(?:e|ante|ar)|continu(?:e|ar)\ (?:lendo|a\ ler)|leia\ mais|ler\ mais|inscreva                 # Leia mais
    | abbon|acced[ie]|continua\ a\ leggere|leggi\ (?:tutto|di\ più|anche)                                # Leggi tutto
    | prenumer|logga\ in|läs\ (?:mer|hela)|fortsätt\ läsa                                                # Läs mer
    | lees\ (?:meer|verder|het\ hele)|inlogg|log\ ind|læs\ (?:mere|hele)                                 # Lees meer
    | czytaj\ (?:dalej|więcej|cały)|zaloguj|subskry|prenumerat                                           # Czytaj dalej
    | подпи(?:с|ш)|войдите|войти|чита(?:ть|йте)\ (?:далее|полностью|дальше)                              # Читать далее
    | підпи(?:с|ш)|увійд|увійти|чита(?:ти|йте)\ (?:далі|повністю)                                        # Читати далі
    | devamını\ oku|abone|üye\ ol|giriş\ yap                                                             # Devamını oku
    )
    | 订阅|訂閱|登录|登入|阅读全文|閱讀全文|继续阅读|展开全文                                            # 阅读全文
    | 会員|購読|ログイン|続きを読む|全文を読む                                                           # 続きを読む
    | 구독|로그인|더\ 보기|전문\ 보기|계속\ 읽기                                                         # 더 보기
    | اشترك|اشتراك|تسجيل\ الدخول|اقرأ\ المزيد|متابعة\ القراءة                                            # اقرأ المزيد
    | הירשמו|התחבר|מנוי|המשך\ קריאה|קרא\ עוד                                                             # קרא עוד
    | اشتراک|ادامه\ مطلب                                                                                 # ادامه مطلب
    | वी\ पढ़ें|सदस्यता|और\ पढ़ें                                                                           # और पढ़ें
    """,
    regex.IGNORECASE | regex.VERBOSE,
)

_NOTE_MARK = regex.compile(r"[*†‡§]+|\[\s?[\p{Nd}\p{Ll}*]{1,3}\s?\]")
_TRAIT = regex.compile(r"[\p{L}\p{M}\p{Nd}]{4,}")
_QUOTES = "'\""  # as they are folded
_ENOUGH_TRAITS = 5  # of a passage, before it is compared with what stands in its place
_ALIKE = 0.2  # of the fewer traits; a word or two may be chance

_AGO = regex.compile(
    r"""
      \b(?:\p{Nd}+|an?|one|eine[rmn]?|un|une|una|uma|één|en|ett)\s*                                     # 2, an, una
      (?:s|sec|min|m|h|hr|d|std)?(?:\p{L}+\.?)?\s*                                                      # hours
      (?:ago|geleden|önce|sedan|siden|temu|назад|тому|fa|atrás|prije|pred|sitten|पहले|전|前|पूर्व|trước)\b    # ago
    | \b(?:vor|il\ y\ a|hace|há|hà|fa|acum|før|för|πριν\ από|przed|пре)\s+
      (?:\p{Nd}+|\p{L}{1,5})\s*\p{L}+\.?                                                                # vor 2 Std.
    | \p{Nd}+\s*(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|週間|周)\s*(?:前|之前)                          # 3時間前
    | \p{Nd}+\s*(?:초|분|시간|일|주)\s*전                                                               # 3시간 전
    | (?:منذ|قبل|לפני)\s+(?:\p{Nd}+\s+)?\p{L}+                                                          # לפני שעה
    | \b(?:
        just\ now|moments?\ ago|gerade\ eben|soeben|à\ l['’]instant|justo\ ahora|agora\ mesmo           # just now
      | proprio\ ora|только\ что|щойно|az\ önce|przed\ chwilą|just\ nu|zojuist                          # щойно
      )\b
    | たった今|刚刚|剛剛|방금                                                                            # たった今
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
_YEARS = regex.compile(
    r"""
      year                                              # two years ago
    | jahr
    | \bans\b | \b(?:1|un)\ an\b | année                # il y a un an
    | años? | anos? | \bann[oi]                         # hace dos años
    | jaar | år\b
    | \blat\b | \brok                                   # 10 lat temu
    | \bгод(?:а|ов|у)?\b | \bлет\b | \bрок              # два года назад
    | \byıl
    | 年 | 년 | سنة | سنوات | שנ
    """,
    regex.IGNORECASE | regex.VERBOSE,
)


def prose(text: str) -> int:
    """How much of a text is sentences (in characters): lines that are longer than menus and headlines are."""
    return sum(map(len, prose_lines(text)))


def prose_lines(text: str) -> list[str]:
    """The lines of a text that are sentences."""
    return [line for line in text.split("\n") if len(line) + len(_WIDE.findall(line)) > _LONG_LINE]


def is_cut_off(standing: str, tail: str, lost: str, added: str) -> bool:
    """Whether a text breaks off where words are missing, as a teaser does, rather than having been edited.

    `standing` is the line as far as it is the known one, `tail` what else stands on it, `lost` the remembered text
    that should follow, and `added` what stands on lines of their own before known text stands again.
    """
    mark = _CUT.match(tail)
    if mark and len(tail) - mark.end() <= _REST_OF_A_CUT:
        return True
    if len(tail) <= _REST_OF_A_CUT and _WALL.search(tail):
        return True
    if tail.strip():
        return False
    if _WALL.search(added[:300]) or _CUT.match(added):
        return True
    return bool(_ENDS_INSIDE.search(lost)) and not _SENTENCE_END.search(standing.rstrip())


def breaks_off(before: str, words: str, after: str, text: str, ends: dict[str, bool]) -> bool:
    """Whether a page breaks off within a remembered passage (folded): what follows the break stands nowhere.

    `ends` are the page's line ends, as `line_ends` tells them. Excerpts elsewhere break off too, but not for good.
    """
    whole, border = before + words + after, len(before) + len(words)
    for at in range(_STUB, len(whole)):
        has_mark = ends.get(whole[at - _STUB : at])
        if has_mark is None or whole.startswith("..", at):
            continue
        # The words themselves may have been changed: what is around them tells.
        rest = whole[at : len(before)] if at + _PIECE <= len(before) else whole[max(at, border) :]
        pieces = [rest[start : start + _PIECE] for start in range(0, min(len(rest) - _PIECE + 1, 60), _PIECE)]
        if len(pieces) >= (_FEW if has_mark else _MANY) and not any(piece in text for piece in pieces):
            return True
    return False


@lru_cache(maxsize=2)
def line_ends(original: str) -> dict[str, bool]:
    """How a text's lines end that end within a sentence or before a wall, and whether a mark says so."""
    lines = original.split("\n")
    endings: dict[str, bool] = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        mark = next(
            (cut for cut in _CUT.finditer(line, max(0, len(line) - 2 * _REST_OF_A_CUT)) if cut.end() > cut.start()),
            None,
        )
        if mark and len(line) - mark.end() > _REST_OF_A_CUT:
            mark = None
        is_marked = mark is not None or _WALL.search(following[:300]) is not None
        if is_marked or not _SENTENCE_END.search(line):
            stub = fold(line[: mark.start()] if mark else line[-4 * _STUB :]).text[-_STUB:]
            if len(stub) == _STUB:
                endings[stub] = endings.get(stub, False) or is_marked
    return endings


def only_time_passed(before: str, after: str) -> bool:
    """Whether two texts differ in nothing but how long ago something was ("5 minutes ago"); years are told, not counted."""
    texts = _without_time(before), _without_time(after)
    return texts[0] == texts[1] and texts[0] != " ".join(before.split())


def _without_time(text: str) -> str:
    return " ".join(_AGO.sub(lambda match: match[0] if _YEARS.search(match[0]) else "\0", text).split())


def only_noted(before: str, after: str) -> bool:
    """Whether a text differs in nothing but marks that lead to a note: "in 1989*", "in 1989[2]"."""
    without_marks = [" ".join(_NOTE_MARK.sub("", text).split()) for text in (before, after)]
    counts = [len(_NOTE_MARK.findall(text)) for text in (before, after)]
    return without_marks[0] == without_marks[1] and counts[0] < counts[1]


def lines_came_between(words: str, stands: str) -> bool:
    """Whether all these words (folded) stand, with lines of their own between: an advertisement, a link, a caption."""
    at, skipped = 0, 0
    for line in stands.split("\n"):
        folded = fold(line).text
        if words.startswith(folded, at):
            at += len(folded)
        else:
            skipped += 1
    return at == len(words) and skipped > 0


def stands_elsewhere(words: str, text: str) -> bool:
    """Whether words (folded) that are gone from their place stand in a text, and not as somebody's quotation."""
    if len(words) + len(_WIDE.findall(words)) < _LONG_LINE:
        return False
    return any(
        {text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]}.isdisjoint(_QUOTES)
        for match in regex.finditer(regex.escape(words), text)
    )


def is_nothing_alike(lost: str, stands: str) -> bool:
    """Whether what stands in place of a passage has nothing of it: what was not loaded, not agreed to, not for this place."""
    old, new = _traits(lost), _traits(stands)
    return len(old) >= _ENOUGH_TRAITS and len(old & new) < _ALIKE * max(1, min(len(old), len(new)))


def _traits(text: str) -> set[str]:
    """What a text is known by again: its longer words, and pairs of ideographs."""
    folded = text.casefold()
    pairs = (folded[at : at + 2] for at in range(len(folded) - 1))
    return {*_TRAIT.findall(folded), *(pair for pair in pairs if len(_WIDE.findall(pair)) == 2)}


def is_misread(text: str) -> bool:
    """Whether a text is one that was read in the wrong encoding: `organizaciÃ³n`, `РџСЂРёРІРµС‚`, `\ufffd`."""
    return not text.isascii() and ("\ufffd" in text or any(pattern.search(text) for pattern in _misreadings()))


@lru_cache(maxsize=1)
def _misreadings() -> tuple[regex.Pattern[str], ...]:
    """What the bytes of UTF-8 look like when they are read one by one: a letter of those that begin, then of those that follow."""
    return tuple(
        regex.compile(pattern)
        for codec in ("cp1252", "cp1250", "cp1251", "cp1254", "mac_roman")
        for pattern in _patterns(codec)
    )


def _patterns(codec: str) -> Iterator[str]:
    def letters(first: int, last: int) -> str:
        # White space and what is no character does not come through to a quote.
        signs = (bytes([code]).decode(codec, "ignore") for code in range(first, last + 1))
        return "[" + "".join(regex.escape(sign) for sign in signs if sign.strip() and sign.isprintable()) + "]"

    follows = letters(0x80, 0xBF)
    latin = codec != "cp1251"
    if latin:
        yield letters(0xC2, 0xC5) + follows
    yield rf"(?:{letters(0xC2, 0xDF)}{follows}){{2}}"
    yield rf"{letters(0xE2, 0xE2)}{letters(0x80, 0x84)}{follows}" if latin else rf"(?:вЂ{follows})"
    yield rf"(?:{letters(0xE0, 0xEF)}{follows}{{2}}){{2}}"
    yield rf"{letters(0xF0, 0xF0)}{letters(0x90, 0xBF)}{follows}{{2}}"
