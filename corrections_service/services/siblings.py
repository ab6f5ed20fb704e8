"""The same error elsewhere: where else on the site the wrong words of an accepted case stand, and cases for those places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import grouping
from corrections_service.rules.changes import Kind, diff
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.quotes import Quote, Sighting, quote_at
from corrections_service.rules.text import tokens
from corrections_service.rules.workflow import LIVE
from corrections_service.services import articles, joining, retractions, wishes
from corrections_service.services.history import hold, last_event, permit, record
from corrections_service.services.joining import Opening
from corrections_service.store.models import Article, Case, Editor, Event, EventKind

SHORTEST = 5
"""Letters; shorter words alone are not looked for."""

COMMON = 12
"""Articles that hold the same words: in more they are no error of their own."""

AROUND = 64
"""Code points beside words that are looked at to see whether they are whole."""


@dataclass(frozen=True)
class Sibling:
    """Where the same words stand in another article: the quote of them, and the live case that is about it already."""

    article: int
    exact: str
    prefix: str
    suffix: str
    case: int | None = None


def search(session: Session, case: Case) -> list[Sibling]:
    """The other articles of the site that hold the case's wrong words."""
    return next(filter(None, (_search_for(session, case, wrong) for wrong in _wrong_words(case))), [])


def keep(session: Session, case: Case, siblings: Sequence[Sibling]) -> None:
    """Keep in the case's history where its words were found."""
    entries = [asdict(sibling) for sibling in siblings]
    if entries != _recorded(session, case):
        record(session, case, EventKind.ELSEWHERE, places=entries, count=len(entries))


def of_case(session: Session, case: Case) -> list[dict[str, Any]]:
    """The places that were found, each with its article, its quote and the number of the case about it now, if any."""
    entries = _recorded(session, case)
    query = select(Event).where(Event.case_id == case.id, Event.kind == EventKind.SIBLING).order_by(Event.id)
    taken_back = retractions.of_case(session, case)
    case_numbers = {
        event.data["article"]: event.data["into"] for event in session.scalars(query) if event.id not in taken_back
    }
    numbers = {entry["article"] for entry in entries}
    titles = {article.id: article for article in session.scalars(select(Article).where(Article.id.in_(numbers)))}
    return [
        {
            **entry,
            "article": titles[entry["article"]],
            "case": case_numbers.get(entry["article"], entry["case"]),
            "quote": _quote(entry),
        }
        for entry in entries
        if entry["article"] in titles
    ]


def open_case(session: Session, case: Case, article: int, *, actor: Editor) -> int:
    """Open a case for the place in an article, or find the one that is about it; its number.

    Raises NotFound, NotPermitted.
    """
    permit(case, actor)
    hold(session, case)
    chosen = next((entry for entry in _recorded(session, case) if entry["article"] == article), None)
    if chosen is None:
        raise errors.NotFound()
    url = session.get_one(Article, article).url
    quote = _quote(chosen)
    sighting = Sighting(quote, _wish(case, quote.exact), case.remove and quote.exact == case.exact)
    where = articles.find_or_add(session, case.site, url)
    opening = Opening(case.site_id, where, sighting, lambda: case.kind)
    ((number, is_new),) = joining.find_or_open(session, [opening])
    if is_new:
        record(session, session.get_one(Case, number), EventKind.OPENED_ELSEWHERE, actor=actor, case=case.id)
    record(session, case, EventKind.SIBLING, actor=actor, article=article, into=number)
    return number


def _recorded(session: Session, case: Case) -> list[dict[str, Any]]:
    event = last_event(session, case, EventKind.ELSEWHERE)
    return list(event.data["places"]) if event else []


def _quote(entry: dict[str, Any]) -> Quote:
    return Quote(entry["exact"], entry["prefix"], entry["suffix"])


def _wrong_words(case: Case) -> Iterator[str]:
    """What to look for: a misspelled word alone, else all the words that were marked."""
    changes = _changed(case)
    if case.kind is Kind.SPELLING and len(changes) == 1:
        ((wrong, right),) = changes
        if right and len(tokens(wrong)) == 1 and sum(map(str.isalpha, wrong)) >= SHORTEST:
            yield wrong
    if case.remove and (len(tokens(case.exact)) == 1 or grouping.stands_doubled(wishes.sighting(case).quote)):
        return  # wrong where it stands, and nowhere else
    if sum(map(str.isalnum, case.exact)) >= SHORTEST:
        yield case.exact


def _changed(case: Case) -> list[tuple[str, str]]:
    """What the wish changes, and into what, without the spaces round it."""
    pieces = diff(case.exact, case.suggestion) if case.suggestion or case.remove else ()
    return [(piece.before.strip(), piece.after.strip()) for piece in pieces if piece.op != "equal"]


def _wish(case: Case, exact: str) -> str:
    """What should stand there: the suggestion, or for a misspelled word alone what becomes of it."""
    return case.suggestion if exact == case.exact else dict(_changed(case)).get(exact, "")


def _search_for(session: Session, case: Case, wrong: str) -> list[Sibling]:
    """The first place in each other article; none where the words are common ones."""
    query = select(Article.id, Article.words).where(
        Article.site_id == case.site_id,
        Article.id != case.article_id,
        Article.moved_to_id.is_(None),
        Article.words.contains(wrong, autoescape=True),
    )
    siblings: list[Sibling] = []
    with session.execute(query.order_by(Article.id.desc()).execution_options(yield_per=50)) as rows:
        for row in rows:
            text = STRUCK.shown(row.words)
            if (start := _whole(text, wrong)) is not None:
                quote = quote_at(text, start, start + len(wrong))
                siblings.append(Sibling(row.id, quote.exact, quote.prefix, quote.suffix))
            if len(siblings) > COMMON:
                return []
    return [replace(sibling, case=_case_about(session, sibling)) for sibling in siblings]


def _whole(text: str, wrong: str) -> int | None:
    """Where words stand in a text as whole words."""
    at = text.find(wrong)
    while at >= 0:
        around = max(0, at - AROUND)
        borders = set(accumulate(map(len, tokens(text[around : at + len(wrong) + AROUND])), initial=around))
        if {at, at + len(wrong)} <= borders:
            return at
        at = text.find(wrong, at + 1)
    return None


def _case_about(session: Session, sibling: Sibling) -> int | None:
    """The live case of an article about these words."""
    about = select(Case.id).where(
        Case.article_id == sibling.article, Case.state.in_(LIVE), Case.exact.contains(sibling.exact, autoescape=True)
    )
    return session.scalar(about.order_by(Case.id).limit(1))
