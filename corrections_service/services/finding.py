"""What an editor looks for, as the queue is chosen for it: values by what they name at the editor's own publications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import queries, urls
from corrections_service.rules.changes import Kind
from corrections_service.rules.queries import Query, Term
from corrections_service.rules.stems import fold, language_of
from corrections_service.rules.workflow import State
from corrections_service.services import articles, editors
from corrections_service.store import words
from corrections_service.store.models import Article, Case, Editor, Site, now
from corrections_service.store.views import CONDITIONS, IS_UNSPREAD, VIEWS, Age, Criteria, is_named, of_kind

MOST_SHOWN = 8
"""Values that are offered at a time."""

FACTS = {"section": words.SECTION, "author": words.AUTHOR, "lang": words.LANGUAGE}
NO_WORD = "There is no word in “{}”."
HAS_ASSIGNEE, IS_NOBODYS = Case.assignee_id.is_not(None), Case.assignee_id.is_(None)
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose query it is, and at which publications."""

    session: Session
    editor: Editor
    sites: Sequence[Site]

    @property
    def site_ids(self) -> list[int]:
        """The publications' numbers."""
        return [site.id for site in self.sites]


def criteria(place: Place, query: Query) -> Criteria:
    """The query as the queue is chosen for it. Raises InvalidFields, with a sentence for all that it cannot be chosen."""
    wrong = list(query.errors)
    chosen = Criteria()
    for term in query.terms:
        try:
            chosen = _ADDING[term.key](place, chosen, term)
        except LookupError as error:
            wrong.append(str(error.args[0]))
    unwanted = [words.alternatives(phrase) for phrase in query.without]
    wrong += [NO_WORD.format(phrase) for phrase, groups in zip(query.without, unwanted, strict=True) if not groups]
    if wrong:
        raise errors.InvalidFields({"q": "\n".join(dict.fromkeys(wrong))})
    return replace(chosen, demand=replace(chosen.demand, unwanted=(*chosen.demand.unwanted, *unwanted)))


def completions(place: Place, typed: str) -> list[tuple[str, str]]:
    """What the query may go on as, the nearest first, each with the filter's key, or "" where it is a value."""
    before, part = queries.last_part(typed)
    minus, part = ("-", part[1:]) if part.startswith("-") else ("", part)
    key, colon, fragment = part.partition(":")
    key = key.lower()
    if not colon:
        keys = [name for name in queries.KEYS if name.startswith(key)]
        return [(f"{before}{minus}{name}{_sign(name)}", name) for name in keys]
    if key not in queries.KEYS:
        return []
    plain = fold(fragment.strip('"'))
    values = dict.fromkeys(_values(place, key))
    matches = [value for value in values if plain in fold(value)]
    matches.sort(key=lambda value: not fold(value).startswith(plain))
    return [(f"{before}{Term(key, value, is_not=bool(minus))}", "") for value in matches[:MOST_SHOWN]]


def facets(cases: Sequence[Case]) -> dict[str, list[str]]:
    """What these cases and their articles are, by key, the most frequent first."""
    values: dict[str, Iterable[str]] = {
        "site": (case.site.name for case in cases),
        "section": (case.article.section for case in cases),
        "author": (case.article.author for case in cases),
        "kind": (case.kind.value for case in cases),
        "lang": map(language_of, (case.article.language or case.site.language for case in cases)),
    }
    ranked = {
        key: [value for value, _ in Counter(of_key).most_common() if fold(value)] for key, of_key in values.items()
    }
    return {key: of_key[:MOST_SHOWN] for key, of_key in ranked.items() if of_key}


def _sign(key: str) -> str:
    return {"readers": ">", "age": "<"}.get(key, ":")


def _values(place: Place, key: str) -> Iterable[str]:
    """The values that a key can have at these publications."""
    if key == "is":
        return queries.STATES
    if key == "kind":
        return [kind.value for kind in Kind]
    if key == "site":
        return [site.name for site in place.sites]
    if key == "by":
        people = editors.of_sites(place.session, place.site_ids)
        return ["me", "nobody", *(person.name or person.email for person in people)]
    columns = {"section": Article.section, "author": Article.author, "lang": Article.language}
    if key not in columns:
        return []
    query = sa.select(columns[key]).where(Article.site_id.in_(place.site_ids)).distinct()
    values = [value for value in place.session.scalars(query) if fold(value)]
    return sorted({language_of(value) for value in values}) if key == "lang" else sorted(values)


def _add_state(place: Place, chosen: Criteria, term: Term) -> Criteria:
    name = term.value.lower()
    if name == queries.UNSPREAD:
        return _with(chosen, sa.not_(IS_UNSPREAD) if term.is_not else IS_UNSPREAD)
    states = VIEWS.get(name) or (State(name),)
    condition = CONDITIONS.get(name)
    if name == "mine":
        is_own = sa.and_(Case.assignee_id.is_not(None), Case.assignee_id == place.editor.id)
        condition = sa.or_(is_own, is_named(place.editor.id))
    all_states = tuple(state for state in State if state is not State.MERGED)
    if not term.is_not:
        remaining = tuple(state for state in chosen.states or all_states if state in states)
        chosen = replace(chosen, states=remaining)
        if name == "mine" and chosen.assignee_id is None:
            return replace(chosen, assignee_id=place.editor.id, with_mentions=True)
        return _with(chosen, condition)
    apart = Case.state.not_in(states)
    if condition is None:
        return _with(chosen, apart)
    return _with(chosen, sa.or_(apart, sa.not_(condition)))


def _add_site(place: Place, chosen: Criteria, term: Term) -> Criteria:
    name = fold(term.value)
    matches = [site for site in place.sites if name in (fold(site.name), fold(site.slug))]
    matches = matches or [site for site in place.sites if name and name in fold(site.name)]
    if not matches:
        raise LookupError(f"None of your publications is called “{term.value}”.")
    ids = {site.id for site in matches}
    existing = place.site_ids if chosen.site_ids is None else chosen.site_ids
    return replace(chosen, site_ids=tuple(id for id in existing if (id in ids) is not term.is_not))


def _add_person(place: Place, chosen: Criteria, term: Term) -> Criteria:
    name = term.value.lower()
    if name == "nobody":
        return _with(chosen, HAS_ASSIGNEE if term.is_not else IS_NOBODYS)
    if name == "me":
        ids = [place.editor.id]
    else:
        people = editors.of_sites(place.session, place.site_ids)
        plain = fold(name)
        ids = [person.id for person in people if plain and plain in (fold(person.name) + " " + fold(person.email))]
    if not ids:
        raise LookupError(f"Nobody at your publications is called “{term.value}”.")
    if term.is_not:
        return _with(chosen, sa.or_(Case.assignee_id.is_(None), Case.assignee_id.not_in(ids)))
    if len(ids) == 1 and chosen.assignee_id is None:
        return replace(chosen, assignee_id=ids[0])
    return _with(chosen, Case.assignee_id.in_(ids))


def _add_kind(_place: Place, chosen: Criteria, term: Term) -> Criteria:
    kind = Kind(term.value.lower())
    return _with(chosen, Case.kind != kind if term.is_not else of_kind(kind))


def _add_age(_place: Place, chosen: Criteria, term: Term) -> Criteria:
    try:
        edge = max(now() - queries.age_of(term), _EARLIEST)
    except OverflowError:
        edge = _EARLIEST
    # To the minute, so that the page is found by the same statement for a while.
    age = Age(edge.replace(second=0, microsecond=0), is_younger=term.sign.startswith("<") is not term.is_not)
    return replace(chosen, ages=(*chosen.ages, age))


def _add_readers(_place: Place, chosen: Criteria, term: Term) -> Criteria:
    least, most = queries.range_of(term)
    is_between = _has_readers(least, most)
    if term.is_not:
        return _with(chosen, sa.not_(is_between))
    hints = [choices] if (choices := words.readers_in(least, most)) else []
    chosen = _with(chosen, is_between)
    return replace(chosen, demand=replace(chosen.demand, hints=(*chosen.demand.hints, *hints)))


def _add_fact(_place: Place, chosen: Criteria, term: Term) -> Criteria:
    value = language_of(term.value) if term.key == "lang" else term.value
    groups = [[word] for word in words.facts_in(FACTS[term.key], value)]
    if not groups:
        raise LookupError(NO_WORD.format(term.value))
    return _demanding(chosen, groups, is_not=term.is_not)


def _add_article(place: Place, chosen: Criteria, term: Term) -> Criteria:
    if not urls_in(place.sites, term.value):
        groups = [[word] for word in words.facts_in(words.HEADLINE, term.value)]
        if not groups:
            raise LookupError(NO_WORD.format(term.value))
        return _demanding(chosen, groups, is_not=term.is_not)
    ids = []
    for site in place.sites:
        for address in urls_in([site], term.value):
            try:
                address = urls.canonical(address, site.policy.get("query_parameters"))
            except urls.BadAddress:
                raise LookupError(f"“{term.value}” is no address of an article.") from None
            ids.append(articles.at(place.session, site, address))
    existing = [id for id in ids if id is not None]
    return _with(chosen, Case.article_id.not_in(existing) if term.is_not else Case.article_id.in_(existing))


def urls_in(sites: Sequence[Site], value: str) -> list[str]:
    """The addresses that a value names: its own, or one on each publication's hosts for a path; none for words."""
    if value.lower().startswith(("http://", "https://")):
        return [value]
    return [f"{origin}{value}" for site in sites for origin in site.origins] if value.startswith("/") else []


def _with(chosen: Criteria, condition: sa.ColumnElement[bool] | None) -> Criteria:
    return chosen if condition is None else replace(chosen, conditions=(*chosen.conditions, condition))


@lru_cache
def _has_readers(least: int, most: int) -> sa.ColumnElement[bool]:
    return Case.readers.between(least, most)


def _demanding(chosen: Criteria, groups: Sequence[Sequence[str]], *, is_not: bool) -> Criteria:
    demand = chosen.demand
    if is_not:
        return replace(chosen, demand=replace(demand, unwanted=(*demand.unwanted, groups)))
    return replace(chosen, demand=replace(demand, groups=(*demand.groups, *groups)))


_ADDING: dict[str, Callable[[Place, Criteria, Term], Any]] = {
    "is": _add_state,
    "site": _add_site,
    "section": _add_fact,
    "author": _add_fact,
    "article": _add_article,
    "by": _add_person,
    "kind": _add_kind,
    "lang": _add_fact,
    "readers": _add_readers,
    "age": _add_age,
}
