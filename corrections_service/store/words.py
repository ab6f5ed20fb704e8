"""What the search index holds of a case: its words, their stems in its language, and what is known of its article."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.stems import fold, language_of, languages_of, stems
from corrections_service.store.models import Article, Case, Report, Site

LONGEST_WORD = 64
"""Letters of a word: more make a query dear, not better."""

PER_CASE = 20_000
"""Characters of one case that are indexed; a case can have thousands of reports."""

STEM, AUTHOR, SECTION, HEADLINE, LANGUAGE, KIND, READERS = "ｗａｓｈｌｋｒ"
"""What stands before words that are no reader's: letters that folding leaves in nobody's words."""

EXACT_READERS = 16
"""Numbers of readers that are told apart in the index; above, powers of two are."""

_APOSTROPHES = str.maketrans(dict.fromkeys("ʼ’‘ʻʹ′‵´`＇", "'"))
"""One of which stands within a word, by whatever keyboard it was written."""


def words_of(q: str) -> list[str]:
    """The different words of a query, as they are compared."""
    return [fold(word)[:LONGEST_WORD] for word in _different(q)]


def alternatives(q: str) -> list[list[str]]:
    """Each different word of a query as it may stand in the index: as it is, or by a stem in a language it may be of."""
    choices = []
    for word in _different(q):
        plain = fold(word)[:LONGEST_WORD]
        forms = [
            f"{STEM}{language}{form}"
            for language in languages_of(word)
            for form in dict.fromkeys((*stems(word[:LONGEST_WORD], language), plain))
        ]
        choices.append([plain, *forms])
    return choices


def facts_in(mark: str, value: str) -> list[str]:
    """The words of a fact as they stand in the index, each after its mark."""
    return [f"{mark}{word}" for word in words_of(value)]


def readers_in(least: int, most: int) -> list[str]:
    """What cases with so many readers have in the index; the highest of them have some more readers, or fewer."""
    exact = range(max(least, 0), min(most, EXACT_READERS) + 1)
    powers = range(EXACT_READERS.bit_length(), 31)
    above = [power for power in powers if max(1 << (power - 1), EXACT_READERS + 1) <= most and 1 << power > least]
    return [*(f"{READERS}{number}" for number in exact), *(f"{READERS}p{power}" for power in above)]


def contents(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The words of each case that is still there: what readers wrote and what article it is about."""
    texts: dict[int, list[str]] = defaultdict(list)
    facts: dict[int, list[str]] = {}
    languages: dict[int, str] = {}
    about = (Article.headline, Article.author, Article.section)
    columns = (
        Case.exact,
        Case.suggestion,
        Case.comment,
        Case.place,
        *about,
        Article.language,
        Site.language.label("other"),
    )
    cases = sa.select(Case.id, Case.kind, Case.readers, *columns).join(Article, Case.article_id == Article.id)
    for row in session.execute(cases.join(Site, Case.site_id == Site.id).where(Case.id.in_(ids))):
        texts[row.id] += [row.exact, row.suggestion, row.comment, row.place, row.headline, row.author]
        language = languages[row.id] = language_of(row.language or row.other)
        facts[row.id] = [
            *facts_in(AUTHOR, row.author),
            *facts_in(SECTION, row.section),
            *facts_in(HEADLINE, row.headline),
            *facts_in(LANGUAGE, language),
            *facts_in(KIND, row.kind.value),
            *readers_in(row.readers, row.readers)[:1],
        ]
    reports = sa.select(Report.case_id, Report.exact, Report.suggestion, Report.comment, Report.place)
    for id, *parts in session.execute(reports.where(Report.case_id.in_(ids)).order_by(Report.id)):
        if id in facts:
            texts[id] += parts
    return {id: [*_indexed(parts, languages[id]), *facts[id]] for id, parts in texts.items()}


def _indexed(texts: Iterable[str], language: str) -> list[str]:
    """The words of texts and their stems, each once."""
    words = dict.fromkeys(_tokens("\n".join(dict.fromkeys(texts))[:PER_CASE]))
    plain = dict.fromkeys(fold(word)[:LONGEST_WORD] for word in words)
    forms = (form for word in words for form in stems(word[:LONGEST_WORD], language))
    return [*plain, *dict.fromkeys(f"{STEM}{language}{form}" for form in forms)]


def _different(q: str) -> list[str]:
    """The words of a query, those that are compared alike once, where the first of them stands."""
    different: dict[str, str] = {}
    for word in _tokens(text.clean(q)):
        different.setdefault(fold(word)[:LONGEST_WORD], word)
    return list(different.values())


def _tokens(value: str) -> list[str]:
    """The words of a text that hold a letter or a digit."""
    plain = value.translate(_APOSTROPHES)
    composed = plain if plain.isascii() else unicodedata.normalize("NFKC", plain)
    return [word for word in text.tokens(composed) if fold(word)]
