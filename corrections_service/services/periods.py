"""The newsroom's figures over a period: how much came, what became of it, how soon, where, and which mistakes repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from corrections_service.services import sites, tallies
from corrections_service.services.tallies import (
    ACCEPTED,
    ANSWER,
    ANSWERED,
    ARTICLE,
    ENDING,
    FIX,
    MISTAKE,
    OUTCOME,
    OUTCOMES,
    SPAM,
    WITHDRAWN,
    Fresh,
)
from corrections_service.store.models import Article, Site, Tally, now

MOST_RANKED = 5
"""How many are named of what has most."""

TARGETS = {ANSWER: timedelta(hours=24), FIX: timedelta(hours=72)}
"""Within which time an editor should answer, and the page be right."""

Sums = dict[str, "Sum"]


@dataclass(frozen=True)
class Sum:
    """So many reports, of so many cases."""

    reports: int = 0
    cases: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.reports + other.reports, self.cases + other.cases)


@dataclass(frozen=True)
class Ranked:
    """What has most of something, with how it is called; `url` where it is an article."""

    name: str
    sum: Sum
    url: str = ""


@dataclass(frozen=True)
class Times:
    """How long something took in so many cases, and in how many no longer than the target."""

    cases: int
    median: timedelta | None
    ninetieth: timedelta | None
    in_time: int
    target: timedelta


@dataclass(frozen=True)
class Figures:
    """What came in from the first day to the last, and what became of it."""

    first: date
    last: date
    days: dict[date, Sums]
    """Each day's sums by outcome."""
    before: int
    """Reports in as many days before these."""
    answer: Times
    fix: Times
    articles: list[Ranked]
    sections: list[Ranked]
    authors: list[Ranked]
    desks: list[Ranked]
    mistakes: list[Ranked]
    is_behind: bool
    """Whether days are still being counted in the background, so that there is more than this says."""

    @property
    def totals(self) -> Sums:
        """The whole period's sums by outcome."""
        return {outcome: sum((sums.get(outcome, Sum()) for sums in self.days.values()), Sum()) for outcome in OUTCOMES}


def over(session: Session, publications: Sequence[Site], first: date, last: date) -> Figures:
    """The figures of these sites from the first day to the last, each site's days in its own zone."""
    length = (last - first).days + 1
    fresh = tallies.fresh(session, publications, first - timedelta(days=length), last)
    source = _Source(session, [site.id for site in publications], first, last, fresh)
    earlier = _Source(session, source.site_ids, first - timedelta(days=length), first - timedelta(days=1), fresh)
    names = {site.id: site.name for site in publications}
    desks = [Ranked(names[int(site_id)], sum) for site_id, sum in source.by_site().items()]
    return Figures(
        first=first,
        last=last,
        days=source.by_day(),
        before=sum(sums.reports for sums in earlier.by_name(OUTCOME).values()),
        answer=_times(source.by_name(ANSWER), TARGETS[ANSWER]),
        fix=_times(source.by_name(FIX), TARGETS[FIX]),
        articles=_articles(session, source.top_articles(None)),
        sections=_ranked(source.top_articles(Article.section)),
        authors=_ranked(source.top_articles(Article.author)),
        desks=sorted((desk for desk in desks if desk.sum.reports), key=_most)[:MOST_RANKED],
        mistakes=[mistake for mistake in _ranked(source.top(MISTAKE), _most_cases) if mistake.sum.cases > 1],
        is_behind=fresh.is_behind,
    )


@dataclass(frozen=True)
class Month:
    """One month of a site: how many reports came in that stand and are no spam, how many of them are answered; time to the fix."""

    first: date
    reports: int
    answers: int
    fix: Times


def hundredths(part: int, whole: int) -> int:
    """So many of a hundred; only all are a hundred, and only none is nought."""
    return part * 100 // whole if part in (0, whole) else min(max(round(100 * part / whole), 1), 99)


def months(session: Session, site: Site, count: int) -> list[Month]:
    """The last months of a site, this one first, none from before it was there; none while they are still being counted."""
    zone = sites.zone_of(site)
    today, began = now().astimezone(zone).date(), site.created_at.astimezone(zone).date()
    bounds = [today]
    firsts: list[date] = []
    while len(firsts) < count and bounds[-1] >= began:
        firsts.append(bounds[-1].replace(day=1))
        bounds.append(firsts[-1] - timedelta(days=1))
    fresh = tallies.fresh(session, [site], firsts[-1], today) if firsts else Fresh({}, {}, True)
    if fresh.is_behind:
        return []
    sources = [_Source(session, [site.id], first, last, fresh) for first, last in zip(firsts, bounds, strict=False)]
    return [_month(source) for source in sources]


def _month(source: _Source) -> Month:
    sums = source.by_name(OUTCOME)
    reports = sum(sum_of.reports for name, sum_of in sums.items() if name not in (SPAM, WITHDRAWN))
    answers = source.by_name(ENDING).get(ANSWERED, Sum()).reports
    return Month(source.first, reports, answers, _times(source.by_name(FIX), TARGETS[FIX]))


@dataclass(frozen=True)
class _Source:
    """The numbers of a period: what was counted ahead, and what was counted just now in place of it."""

    session: Session
    site_ids: Sequence[int]
    first: date
    last: date
    fresh: Fresh

    def by_day(self) -> dict[date, Sums]:
        days: dict[date, Sums] = {day: {} for day in tallies.days_between(self.first, self.last)}
        query = self._stored(OUTCOME, Tally.day, Tally.name).group_by(Tally.day, Tally.name)
        for row in self.session.execute(query):
            days[date.fromisoformat(row.day)][row.name] = Sum(row.reports, row.cases)
        for _, day, name, sum in self._counted(OUTCOME):
            days[day][name] = days[day].get(name, Sum()) + sum
        return days

    def by_name(self, measure: str) -> Sums:
        query = self._stored(measure, Tally.name).group_by(Tally.name)
        sums = {row.name: Sum(row.reports, row.cases) for row in self.session.execute(query)}
        return _added(sums, ((name, sum) for _, _, name, sum in self._counted(measure)))

    def by_site(self) -> Sums:
        query = self._stored(OUTCOME, Tally.site_id).where(Tally.name == ACCEPTED).group_by(Tally.site_id)
        sums = {str(row.site_id): Sum(row.reports, row.cases) for row in self.session.execute(query)}
        counted = self._counted(OUTCOME)
        return _added(sums, ((str(site_id), sum) for site_id, _, name, sum in counted if name == ACCEPTED))

    def top(self, measure: str) -> Sums:
        """Those with most cases."""
        query = self._stored(measure, Tally.name).group_by(Tally.name)
        counted = _added({}, ((name, sum) for _, _, name, sum in self._counted(measure)))
        return self._merge(query, Tally.name, Tally.cases, counted)

    def top_articles(self, column: InstrumentedAttribute[str] | None) -> Sums:
        """The articles, sections or authors with most reports."""
        counted = _added({}, ((name, sum) for _, _, name, sum in self._counted(ARTICLE)))
        if column is None:
            query = self._stored(ARTICLE, Tally.name).group_by(Tally.name)
            return self._merge(query, Tally.name, Tally.reports, counted)
        query = self._stored(ARTICLE, column.label("name")).join(Article, Article.id == cast(Tally.name, Integer))
        query = query.where(column != "").group_by(column)
        rows = self.session.execute(select(Article.id, column).where(Article.id.in_(map(int, counted)), column != ""))
        values = {str(number): value for number, value in rows}
        by_value = _added({}, ((values[name], sum) for name, sum in counted.items() if name in values))
        return self._merge(query, column, Tally.reports, by_value)

    def _merge(self, query: Select[Any], name: Any, most: Any, counted: Sums) -> Sums:
        """The first of what is stored and what was counted now, as one: nothing else can have as many as these."""
        first = query.order_by(func.sum(most).desc(), name).limit(MOST_RANKED)
        queries = [first, query.where(name.in_(counted))] if counted else [first]
        sums = {row.name: Sum(row.reports, row.cases) for part in queries for row in self.session.execute(part)}
        return _added(sums, counted.items())

    def _stored(self, measure: str, *columns: Any) -> Select[Any]:
        sums = (func.sum(Tally.reports).label("reports"), func.sum(Tally.cases).label("cases"))
        return select(*columns, *sums).where(
            Tally.site_id.in_(self.site_ids),
            Tally.measure == measure,
            Tally.day.between(self.first.isoformat(), self.last.isoformat()),
            *self._uncounted(),
        )

    def _uncounted(self) -> Iterator[ColumnElement[bool]]:
        """The days that were not counted just now."""
        for site_id, days in self.fresh.days.items():
            if days:
                yield or_(Tally.site_id != site_id, and_(Tally.day.not_in([day.isoformat() for day in days])))

    def _counted(self, measure: str) -> Iterator[tuple[int, date, str, Sum]]:
        for site_id, tallied in self.fresh.tallied.items():
            for key in {*tallied.reports, *tallied.cases}:
                if key[0] == measure and self.first <= key[1] <= self.last:
                    yield site_id, key[1], key[2], Sum(tallied.reports.get(key, 0), tallied.cases.get(key, 0))


def _added(sums: Sums, more: Iterable[tuple[str, Sum]]) -> Sums:
    for name, sum in more:
        sums[name] = sums.get(name, Sum()) + sum
    return sums


def _most(ranked: Ranked) -> tuple[int, str]:
    return -ranked.sum.reports, ranked.name


def _most_cases(ranked: Ranked) -> tuple[int, int, str]:
    return -ranked.sum.cases, *_most(ranked)


def _ranked(sums: Mapping[str, Sum], key: Callable[[Ranked], Any] = _most) -> list[Ranked]:
    ranked = [Ranked(name, sum) for name, sum in sums.items()]
    return sorted(ranked, key=key)[:MOST_RANKED]


def _articles(session: Session, sums: Mapping[str, Sum]) -> list[Ranked]:
    first = _ranked(sums)
    articles = {
        str(article.id): article
        for article in session.scalars(select(Article).where(Article.id.in_([int(ranked.name) for ranked in first])))
    }
    return [
        Ranked(articles[ranked.name].headline or articles[ranked.name].url, ranked.sum, articles[ranked.name].url)
        for ranked in first
        if ranked.name in articles
    ]


def _times(sums: Mapping[str, Sum], target: timedelta) -> Times:
    minutes = Counter({int(name): sum.cases for name, sum in sums.items()})
    cases = minutes.total()
    limit = target.total_seconds() / 60
    return Times(
        cases=cases,
        median=_share(minutes, 0.5),
        ninetieth=_share(minutes, 0.9),
        in_time=sum(number for minute, number in minutes.items() if minute <= limit),
        target=target,
    )


def _share(minutes: Counter[int], share: float) -> timedelta | None:
    """The time within which this share of the cases was done."""
    rest = share * minutes.total()
    for minute in sorted(minutes):
        rest -= minutes[minute]
        if rest <= 1e-9:
            return timedelta(minutes=minute)
    return None
