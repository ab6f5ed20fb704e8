"""Tallies: what each day of a site came to, counted ahead, so that a year of figures is read in a moment.

A day is due when something happened to a case that counts on it. It is counted in the background; what is due when
somebody looks is counted then and there, so that the figures are never behind the queue.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, delete, func, select, update
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.changes import diff
from corrections_service.rules.workflow import CHANGES_PAGE, Resolution, State
from corrections_service.services import entries, sites
from corrections_service.services.history import BY_SERVICE
from corrections_service.services.steps import standing
from corrections_service.store.models import Case, Event, EventKind, Report, Site, Tally, TallyDue, TallyMark, now
from corrections_service.store.rows import add_all, insert_all, span_rows, span_values
from corrections_service.store.views import MENDED

OUTCOME, ARTICLE, MISTAKE, ANSWER, FIX, ENDING = "outcome", "article", "mistake", "answer", "fix", "ending"
"""Measures: what became of reports; accepted ones by article and by what was wrong; minutes to an answer and a fix; how
many were answered."""

OUTCOMES = ("accepted", "no_change", "undecided", "withdrawn", "spam")
ACCEPTED, NO_CHANGE, UNDECIDED, WITHDRAWN, SPAM = OUTCOMES
ANSWERED = "answered"

MOST_EVENTS, MOST_DAYS, MOST_CHARACTERS = 5000, 8, 60
"""What one transaction looks through and counts; longer words are no mistake that repeats."""

MOST_AT_ONCE = 5000
"""Events looked through and reports counted while somebody waits; with more the figures say that they are behind."""

_ENDING = (Case.state, Case.resolution)
_ANSWERS = (EventKind.ASKED, EventKind.REPLIED, EventKind.DECIDED, EventKind.AUTO_CLOSED)

Key = tuple[str, date, str]
"""A measure, a day, a name."""

Days = Mapping[int, Iterable[date]]
"""Days of sites, by the site's number."""


@dataclass
class Tallied:
    """Numbers by measure, day and name: of reports, and of cases."""

    reports: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    cases: dict[Key, int] = field(default_factory=lambda: defaultdict(int))

    def rows(self, site_id: int) -> list[dict[str, Any]]:
        """The same as rows of the table."""
        return [
            {
                "site_id": site_id,
                "measure": key[0],
                "day": key[1].isoformat(),
                "name": key[2],
                "reports": self.reports.get(key, 0),
                "cases": self.cases.get(key, 0),
            }
            for key in sorted({*self.reports, *self.cases})
        ]


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day in a zone, which ends for good when its midnight comes, though the clock may go back before it then."""
    day = at.astimezone(zone).date()
    return day if at < bounds(day, day, zone)[1] else day + timedelta(days=1)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When these days begin and end: a day is as long as its zone makes it."""
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return start.astimezone(UTC), end.astimezone(UTC)


def count(session: Session, days: Days, zones: Mapping[int, ZoneInfo]) -> dict[int, Tallied]:
    """Count these days of these sites from their reports and cases themselves, all of them by the same few statements."""
    tallied = {site_id: Tallied() for site_id in days}
    spans = [(id, day.isoformat(), *bounds(day, day, zones[id])) for id, of_site in days.items() for day in of_site]
    if spans:
        _count_reports(_Source(session, Report, spans), {id: of_site.reports for id, of_site in tallied.items()})
        _count_cases(_Source(session, Case, spans), {id: of_site.cases for id, of_site in tallied.items()})
    return tallied


@dataclass(frozen=True)
class _Source:
    """The reports, or the cases that stand, which came in within some spans of time: each row with its site and its span.

    Cases are asked for state by state, which leaves one index alone for them: that of the queue.
    """

    session: Session
    model: type[Report | Case]
    spans: Sequence[tuple[int, str, datetime, datetime]]

    def rows(self, *columns: Any) -> Select[Any]:
        """These columns of them."""
        span, model = span_rows(self._dialect), self.model
        within = and_(model.site_id == span.c.site_id, model.created_at >= span.c.start, model.created_at < span.c.stop)
        of_state = [Case.state == span.c.state] if model is Case else []
        query = select(span.c.site_id, span.c.name.label("span"), *columns).select_from(span)
        return query.join(model, and_(within, *of_state))

    def numbers(self, *columns: Any) -> Select[Any]:
        """How many of them there are by these columns."""
        span = span_rows(self._dialect)
        return self.rows(func.count().label("number"), *columns).group_by(span.c.site_id, span.c.name, *columns)

    def ask(self, query: Select[Any]) -> Sequence[Any]:
        """What such a query yields."""
        states = [state.value for state in State if state is not State.MERGED] if self.model is Case else [""]
        spans = [(span[0], state, *span[1:]) for span in self.spans for state in states]
        return self.session.execute(query, span_values(self._dialect, spans)).all()

    @property
    def _dialect(self) -> str:
        return self.session.get_bind().dialect.name


def _busy(session: Session, days: Days, zones: Mapping[int, ZoneInfo]) -> Days | None:
    """Those of these days on which reports came in or cases were opened: most of a quiet year are none.

    None where so much came in that nobody should wait for its counting.
    """
    stretches = [(id, "", *bounds(*ends, zones[id])) for id, of_site in days.items() for ends in _stretches(of_site)]
    sources, busy = [_Source(session, model, stretches) for model in (Report, Case)], defaultdict[int, set[date]](set)
    some = sources[0].rows().limit(MOST_AT_ONCE).subquery()
    if sources[0].ask(select(func.count().label("number")).select_from(some))[0].number == MOST_AT_ONCE:
        return None
    for source in sources:
        moments = sorted((row.site_id, row.created_at) for row in source.ask(source.rows(source.model.created_at)))
        for site_id, of_site in itertools.groupby(moments, key=lambda moment: moment[0]):
            end = datetime.min.replace(tzinfo=UTC)
            for _, at in of_site:
                if at >= end:
                    day = day_of(at, zones[site_id])
                    busy[site_id].add(day)
                    _, end = bounds(day, day, zones[site_id])
    return busy


def _stretches(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days that follow each other, as their first and their last."""
    numbered = enumerate(sorted(set(days)))
    for _, group in itertools.groupby(numbered, key=lambda pair: pair[1].toordinal() - pair[0]):
        members = [day for _, day in group]
        yield members[0], members[-1]


def _count_reports(source: _Source, numbers: Mapping[int, dict[Key, int]]) -> None:
    stands = Report.withdrawn_at.is_(None)
    _add_outcomes(source, source.numbers(*_ENDING).join(Report.case).where(stands), numbers)
    for row in source.ask(source.numbers(Case.state).join(Report.case).where(~stands)):
        outcome = SPAM if row.state is State.SPAM else WITHDRAWN
        numbers[row.site_id][OUTCOME, date.fromisoformat(row.span), outcome] += row.number
    _add_accepted(source, source.rows(Case.id, Case.article_id, *_ENDING).join(Report.case).where(stands), numbers)


def _count_cases(source: _Source, numbers: Mapping[int, dict[Key, int]]) -> None:
    _add_outcomes(source, source.numbers(*_ENDING), numbers)
    _add_accepted(source, source.rows(Case.id, Case.article_id, *_ENDING), numbers)
    for site_id, day, measure, minutes in _times(source):
        numbers[site_id][measure, day, str(minutes)] += 1


def _add_outcomes(source: _Source, query: Select[Any], numbers: Mapping[int, dict[Key, int]]) -> None:
    """Add how many there are by outcome; the database counts, for there may be a hundred thousand a day."""
    for row in source.ask(query):
        day = date.fromisoformat(row.span)
        numbers[row.site_id][OUTCOME, day, outcome_of(row.state, row.resolution)] += row.number
        if _is_answered(row.state, row.resolution):
            numbers[row.site_id][ENDING, day, ANSWERED] += row.number


def _add_accepted(source: _Source, query: Select[Any], numbers: Mapping[int, dict[Key, int]]) -> None:
    """Add what was accepted by article, and by what was wrong."""
    rows = source.ask(query.where(Case.resolution.in_(CHANGES_PAGE)))
    accepted = [row for row in rows if outcome_of(row.state, row.resolution) == ACCEPTED]
    mistakes = _mistakes(source.session, [row.id for row in accepted])
    for row in accepted:
        day = date.fromisoformat(row.span)
        numbers[row.site_id][ARTICLE, day, str(row.article_id)] += 1
        if mistake := mistakes.get(row.id):
            numbers[row.site_id][MISTAKE, day, mistake] += 1


def outcome_of(state: State, resolution: Resolution | None) -> str:
    """What became of a case and its reports, as the queue has it."""
    if state is State.SPAM:
        return SPAM
    if state is State.CLOSED and resolution is Resolution.READER_WITHDREW:
        return WITHDRAWN
    if state in (State.CLOSED, State.FIXING):
        return ACCEPTED if resolution in CHANGES_PAGE else NO_CHANGE
    return UNDECIDED


def _is_answered(state: State, resolution: Resolution | None) -> bool:
    """Whether a case and its reports were answered: an answer is one only once nothing is waited for."""
    return state is State.CLOSED and resolution is not Resolution.READER_WITHDREW


def _times(source: _Source) -> Iterator[tuple[int, date, str, int]]:
    """How many minutes from its first report each case took to its first answer by an editor that stands, and until its
    fix was seen; by the site and the day of the case."""
    columns = (Case.id, Case.created_at, Case.state, Case.decided_at)
    decided = (Case.state != State.SPAM, Case.decided_at.is_not(None), Case.resolution.is_not(None))
    cases = {row.id: row for row in source.ask(source.rows(*columns).where(*decided))}
    answers, fixes = {number: row.decided_at for number, row in cases.items()}, dict[int, datetime]()
    for step in _standing(source):
        cases[step.id] = step
        if step.kind in _ANSWERS:
            answers[step.id] = min(answers.get(step.id, step.at), step.at)
        if step.kind in BY_SERVICE and step.state is State.CLOSED and step.resolution in MENDED:
            fixes[step.id] = step.at
        elif step.kind == EventKind.CAME_BACK:
            fixes.pop(step.id, None)
    begun = _first_reported(source.session, [cases[number] for number in {*answers, *fixes}])
    for measure, times in ((ANSWER, answers), (FIX, fixes)):
        for number, at in times.items():
            case = cases[number]
            yield case.site_id, date.fromisoformat(case.span), measure, _minutes(at - begun[number])


def _first_reported(session: Session, cases: Sequence[Any]) -> dict[int, datetime]:
    """When each of these cases was first reported, as the log tells it."""
    begun: dict[int, datetime] = {}
    for start in range(0, len(cases), 500):
        begun |= entries.first_reported(session, cases[start : start + 500])
    return begun


def _standing(source: _Source) -> Iterator[Any]:
    """Each answer and closing that stands of these cases but spam, with its case, in their order."""
    kinds = Event.kind.in_((*_ANSWERS, *BY_SERVICE, EventKind.CAME_BACK, EventKind.UNDONE))
    columns = (Event.kind, Event.at, Event.data["what"].as_string().label("what"))
    query = source.rows(Case.id, Case.created_at, *_ENDING, *columns).join(Event, Event.case_id == Case.id)
    steps_of_all = source.ask(query.where(Case.state != State.SPAM, kinds).order_by(Case.id, Event.id))
    for _, steps in itertools.groupby(steps_of_all, key=lambda row: row.id):
        yield from standing(steps)


def _mistakes(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """What became of which word in each of these cases, where it is one short change."""
    mistakes: dict[int, str] = {}
    for part in _parts(sorted(set(case_ids))):
        columns = (Case.id, Case.exact, Case.suggestion)
        wishes = Case.id.in_(part), Case.suggestion != "", func.length(Case.exact) <= 10 * MOST_CHARACTERS
        for row in session.execute(select(*columns).where(*wishes)):
            pieces = [piece for piece in diff(row.exact, row.suggestion[: 10 * MOST_CHARACTERS]) if piece.op != "equal"]
            if len(pieces) == 1 and max(len(pieces[0].before), len(pieces[0].after)) <= MOST_CHARACTERS:
                before, after = (side.strip() for side in (pieces[0].before, pieces[0].after))
                if before and after:
                    mistakes[row.id] = text.one_line(f"{before} → {after}", 3 * MOST_CHARACTERS)
    return mistakes


def _minutes(span: timedelta) -> int:
    """Minutes, to two digits: as exact as anybody reads them, and few different ones."""
    minutes = max(0, round(span.total_seconds() / 60))
    size = 10 ** max(0, len(str(minutes)) - 2)
    return int(minutes // size * size)


def _parts(numbers: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def note_due(session: Session) -> bool:
    """Note the days of what had happened by the last look; whether there is more to note.

    What happened since waits for the next one: by then no transaction brings events of an earlier number any more.
    """
    newest = session.scalar(select(func.max(Event.id))) or 0
    zones = {site.id: sites.zone_of(site) for site in session.scalars(select(Site))}
    for site_id in _unmarked(session, zones):
        _begin(session, site_id, zones[site_id], newest)
    mark, until = session.execute(select(func.min(TallyMark.event_id), func.min(TallyMark.newest_id))).one()
    if mark is None or mark == until == newest:
        return False
    events = _events(session, MOST_EVENTS, Event.id > mark, Event.id <= until)
    _add_due(session, _days_of(session, events, zones))
    if len(events) == MOST_EVENTS:
        session.execute(update(TallyMark).values(event_id=events[-1].id))
        return True
    session.execute(update(TallyMark).values(event_id=until, newest_id=newest))
    return False


def _unmarked(session: Session, zones: dict[int, ZoneInfo]) -> list[int]:
    """The sites that were never counted, or in another zone than theirs is now."""
    marks = {mark.site_id: mark.zone for mark in session.execute(select(TallyMark.site_id, TallyMark.zone))}
    return [site_id for site_id, zone in zones.items() if marks.get(site_id) != zone.key]


def _begin(session: Session, site_id: int, zone: ZoneInfo, mark: int) -> None:
    """Have all days of a site counted."""
    for table in (Tally, TallyDue, TallyMark):
        session.execute(delete(table).where(table.site_id == site_id))
    session.add(TallyMark(site_id=site_id, zone=zone.key, event_id=mark, newest_id=mark))
    session.flush()
    firsts = [
        session.scalar(select(func.min(Report.created_at)).where(Report.site_id == site_id)),
        session.scalar(select(func.min(Case.created_at)).where(Case.site_id == site_id)),
    ]
    first = min((at for at in firsts if at is not None), default=None)
    if first is not None:
        _add_due(session, {(site_id, day) for day in days_between(day_of(first, zone), day_of(now(), zone))})


def count_anew(session: Session, site: Site) -> None:
    """Have all days of a site counted anew from its reports and cases; until then its figures are counted for who looks."""
    session.execute(delete(TallyMark).where(TallyMark.site_id == site.id))


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _events(session: Session, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    columns = (Event.id, Event.case_id, Event.kind, Event.at, Case.site_id, Case.created_at)
    return session.execute(select(*columns).join(Event.case).where(*conditions).order_by(Event.id).limit(limit)).all()


def _days_of(session: Session, events: Sequence[Any], zones: dict[int, ZoneInfo]) -> set[tuple[int, date]]:
    """The days on which something counts that changed with these events."""
    days = {
        (event.site_id, day_of(event.at, zones[event.site_id])) for event in events if event.kind == EventKind.REPORTED
    }
    days |= {(event.site_id, day_of(event.created_at, zones[event.site_id])) for event in events}
    changed = sorted({event.case_id for event in events if event.kind != EventKind.REPORTED})
    for part in _parts(changed):
        reports = select(Report.site_id, Report.created_at).where(Report.case_id.in_(part))
        days |= {(row.site_id, day_of(row.created_at, zones[row.site_id])) for row in session.execute(reports)}
    return days


def _add_due(session: Session, days: Iterable[tuple[int, date]]) -> None:
    rows = [{"site_id": site_id, "day": day.isoformat()} for site_id, day in sorted(days)]
    insert_all(session, TallyDue, ["site_id", "day"], rows)


def count_due(session: Session) -> bool:
    """Count some days that are due, the newest first; whether there are more."""
    rows = session.execute(select(TallyDue.site_id, TallyDue.day).order_by(TallyDue.day.desc()).limit(MOST_DAYS)).all()
    days_by_site: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        days_by_site[row.site_id].append(row.day)
    of_sites = session.scalars(select(Site).where(Site.id.in_(days_by_site)))
    zones = {site.id: sites.zone_of(site) for site in of_sites}
    tallied = count(session, {id: map(date.fromisoformat, days) for id, days in days_by_site.items()}, zones)
    for site_id, days in days_by_site.items():
        for table in (Tally, TallyDue):
            session.execute(delete(table).where(table.site_id == site_id, table.day.in_(days)))
    add_all(session, Tally, [row for site_id, of_site in tallied.items() for row in of_site.rows(site_id)])
    return len(rows) == MOST_DAYS


@dataclass(frozen=True)
class Fresh:
    """What was not counted ahead: the days that are due, counted now, or that there are too many of them."""

    days: dict[int, set[date]]
    tallied: dict[int, Tallied]
    is_behind: bool


def fresh(session: Session, publications: Sequence[Site], first: date, last: date) -> Fresh:
    """Count now what of these days of these sites is due, if it is little."""
    zones = {site.id: sites.zone_of(site) for site in publications}
    unmarked = set(_unmarked(session, zones)) & set(zones)
    days: dict[int, set[date]] = {site_id: set(days_between(first, last)) for site_id in unmarked}
    query = select(TallyDue.site_id, TallyDue.day).where(
        TallyDue.site_id.in_(list(zones)), TallyDue.day.between(first.isoformat(), last.isoformat())
    )
    for row in session.execute(query):
        days.setdefault(row.site_id, set()).add(date.fromisoformat(row.day))
    mark = session.scalar(select(func.min(TallyMark.event_id)))
    # Of few events the sites are looked up: by an index of the sites all their cases would be read first.
    since = (Event.id > (mark or 0), (Case.site_id + 0).in_(list(zones)))
    events = _events(session, MOST_AT_ONCE, *since) if mark is not None else []
    for site_id, day in _days_of(session, events, zones):
        if first <= day <= last:
            days.setdefault(site_id, set()).add(day)
    busy = None if len(events) == MOST_AT_ONCE else _busy(session, days, zones)
    return Fresh({}, {}, True) if busy is None else Fresh(days, count(session, busy, zones), False)
