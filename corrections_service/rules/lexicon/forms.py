"""What words say by their form and by what is beside them, whatever the language."""

from __future__ import annotations

import regex

_TITLES = regex.compile(
    r"""
    (?:
      (?:^|\s)(?:
        [وب]?(?:الرئيس|رئيس\ الوزراء|الوزيرة?|السيدة?|الدكتورة?|الملك|الأمير|النائب|الجنرال|الشيخ    # والرئيس
          |مدينة|بلدة|قرية)                                                                          # مدينة
      | ה?נשיא|ראש\ הממשלה|ה?שרה?|מר|גברת|גב'|ד\"ר|פרופ'                                             # ד"ר
      | ה?עיר|ה?יישוב|ח\"כ                                                                           # העיר
      )\s+(?:\p{L}+\s+)?
    | (?:总理|總理|总统|總統|主席|总书记)\p{Han}{0,2}                                                # 总统
    )$
    """,
    regex.VERBOSE,
)
_HONOURS = regex.compile(
    r"""
      [\p{Han}\p{Katakana}ー・]{0,3}(?:                                         # the rest of the name
        氏|さん|容疑者|被告|大統領|首相|総理|議員|知事|选手|選手                # 田中さん
      | 先生|女士|小姐|总统|總統|总理|總理|主席|部长|部長                       # 王小姐
      | 省|県|縣                                                                # 長野県
      )
    | 市[はがのでに长長]                                                        # 市は
    | \p{Hangul}{0,2}\s?(?:씨|대통령|총리|장관|의원|시장|대표|교수|감독|선수)   # 김 대통령
    """,
    regex.VERBOSE,
)
NAMELESS_ENDING = regex.compile(
    r"""
    (?:
      ing|ly|ed|tions?|sions?|ness|ments?                                     # building, quickly
    | [ai]ble|ous|ful|less|ever|ity|[ae]nces?|ism|i[sz]e[ds]?|ive             # possible, realised
    | [аеєиіёуюя]т?ь?ся|[еєаія]н+[яіїюие]|ств[оауі]|ція|ції|ция|ции           # знання, станция
    | [іо]сть|[ое]сти|[еа]ний|[ео]ван[аеиіоі]|[оі]ван[аеио]|інг|инг           # новость
    | ти|ть|[юу][щч][иеао][ймяехю]                                            # читать, следующий
    | ungs?|ungen|[hk]eit|schaft|tät|nis|ismus|[ae]nz|lich|isch               # Zeitung
    | [cs]ión|mente|dad|[ae]ndo|[cs]ion|ité|eux|euse|ção                      # nación
    )$
    """,
    regex.REVERSE | regex.VERBOSE,
)
_ABSTRACT_ENDING = regex.compile(
    r"""
    (?:
      [ts]ion|ness|ment|ance|ence                                 # election
    | ung|[hk]eit                                                 # Regierung
    | [аеє]ння|[ае]ние                                            # решение
    | [cs]ión                                                     # elección
    | [аои]ц[іи][йюія]\w{0,4}                                     # організація
    )$
    """,
    regex.VERBOSE,
)
_NO_LONGER = regex.compile(r"(?i)\bn(?:e\s+|['’])\p{L}+\s+(?:\p{L}+\s+)?plus\b")
_UNSPACED = regex.compile(
    r"""
    [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]    # 橋, は, ส: they write no spaces
    """,
    regex.VERBOSE,
)


def is_beside_title(left: str, right: str) -> bool:
    """Whether a title is before or after, as one stands beside a name in scripts that have no capitals."""
    return _TITLES.search(left) is not None or _HONOURS.match(right) is not None


def is_unspaced(word: str) -> bool:
    """Whether a script is used that writes no spaces, so that this may be many words."""
    return _UNSPACED.search(word) is not None


def is_abstract(word: str) -> bool:
    """Whether a word ends as nouns made of verbs and adjectives do, and names of people and places do not."""
    return _ABSTRACT_ENDING.search(word) is not None


def says_no_longer(value: str) -> bool:
    """Whether a French text says that something is no more: `il ne fume plus`."""
    return _NO_LONGER.search(value) is not None
