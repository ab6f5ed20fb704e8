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
from corrections_service.services import articles, joining, wishes
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
class Place:
    """Where the same words stand in another article: the quote of them, and the live case that is about it already."""

    article: int
    exact: str
    prefix: str
    suffix: str
    case: int | None = None


def look(session: Session, case: Case) -> list[Place]:
    """The other articles of the site that hold the case's wrong words."""
    return next(filter(None, (_places(session, case, wrong) for wrong in _wrong_words(case))), [])


def keep(session: Session, case: Case, places: Sequence[Place]) -> None:
    """Keep in the case's history where its words were found."""
    told = [asdict(place) for place in places]
    if told != _kept(session, case):
        record(session, case, EventKind.ELSEWHERE, places=told, count=len(told))


def found(session: Session, case: Case) -> list[dict[str, Any]]:
    """The places that were found, each with its article, its quote and the number of the case about it now, if any."""
    places = _kept(session, case)
    opening = select(Event.data).where(Event.case_id == case.id, Event.kind == EventKind.SIBLING).order_by(Event.id)
    opened = {data["article"]: data["into"] for data in session.scalars(opening)}
    numbers = {one["article"] for one in places}
    titles = {one.id: one for one in session.scalars(select(Article).where(Article.id.in_(numbers)))}
    return [
        {
            **one,
            "article": titles[one["article"]],
            "case": opened.get(one["article"], one["case"]),
            "quote": _quote(one),
        }
        for one in places
        if one["article"] in titles
    ]


def open_case(session: Session, case: Case, article: int, *, actor: Editor) -> int:
    """Open a case for the place in an article, or find the one that is about it; its number.

    Raises NotFound, NotPermitted.
    """
    permit(case, actor)
    hold(session, case)
    chosen = next((one for one in _kept(session, case) if one["article"] == article), None)
    if chosen is None:
        raise errors.NotFound()
    url = session.get_one(Article, article).url
    quote = _quote(chosen)
    seen = Sighting(quote, _wish(case, quote.exact), case.remove and quote.exact == case.exact)
    where = articles.find_or_add(session, case.site, url)
    number, is_new = joining.find_or_open(session, case.site, where, seen, Opening(case.kind))
    if is_new:
        record(session, session.get_one(Case, number), EventKind.OPENED_ELSEWHERE, actor=actor, case=case.id)
    record(session, case, EventKind.SIBLING, actor=actor, article=article, into=number)
    return number


def _kept(session: Session, case: Case) -> list[dict[str, Any]]:
    event = last_event(session, case, EventKind.ELSEWHERE)
    return list(event.data["places"]) if event else []


def _quote(place: dict[str, Any]) -> Quote:
    return Quote(place["exact"], place["prefix"], place["suffix"])


def _wrong_words(case: Case) -> Iterator[str]:
    """What to look for: a misspelled word alone, else all the words that were marked."""
    changed = _changed(case)
    if case.kind is Kind.SPELLING and len(changed) == 1:
        ((wrong, right),) = changed
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


def _places(session: Session, case: Case, wrong: str) -> list[Place]:
    """The first place in each other article; none where the words are common ones."""
    holding = select(Article.id, Article.words).where(
        Article.site_id == case.site_id,
        Article.id != case.article_id,
        Article.moved_to_id.is_(None),
        Article.words.contains(wrong, autoescape=True),
    )
    places: list[Place] = []
    with session.execute(holding.order_by(Article.id.desc()).execution_options(yield_per=50)) as rows:
        for row in rows:
            text = STRUCK.shown(row.words)
            if (start := _whole(text, wrong)) is not None:
                quote = quote_at(text, start, start + len(wrong))
                places.append(Place(row.id, quote.exact, quote.prefix, quote.suffix))
            if len(places) > COMMON:
                return []
    return [replace(place, case=_case_about(session, place)) for place in places]


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


def _case_about(session: Session, place: Place) -> int | None:
    """The live case of an article about these words."""
    about = select(Case.id).where(
        Case.article_id == place.article, Case.state.in_(LIVE), Case.exact.contains(place.exact, autoescape=True)
    )
    return session.scalar(about.order_by(Case.id).limit(1))
