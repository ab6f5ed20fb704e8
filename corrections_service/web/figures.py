"""The figures: a period of the newsroom in four charts, each with its finding in words and its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import exchange, periods, readers, sites, tallies
from corrections_service.services.periods import Figures, Sum
from corrections_service.store.models import Site, now
from corrections_service.web import charts, desk
from corrections_service.web.access import read, requires
from corrections_service.web.forms import PeriodForm
from corrections_service.web.language import say, words

bp = Blueprint("figures", __name__)

USUAL = 30
PRESETS = (7, 30, 90, 365)

OUTCOMES = tallies.OUTCOMES
TABLES = ("days", "times", "most", "rate", "mistakes")


@bp.get("/reports")
@requires(Role.VIEWER)
def show_figures() -> str | tuple[str, int]:
    """What came in over a period, what became of it, how soon, and where most of it was right."""
    form, status = PeriodForm(request.args), 200
    publications = _publications(form)
    try:
        form.check()
        first, last = form.period(_today(publications), USUAL)
    except errors.InvalidFields as error:
        form.blame(error)
        first, last = PeriodForm().period(_today(publications), USUAL)
        status = error.status
    figures = periods.over(read(), publications, first, last)
    parts = charts.stretches(first, last)
    page = render_template(
        "dashboard/figures.html",
        figures=figures,
        helped=readers.count_helped(read(), publications, first, last),
        form=form,
        parts=parts,
        outcomes=desk.named("figures", OUTCOMES),
        columns=charts.columns(parts, _outcomes(figures, parts), label=words().number),
        rates=charts.columns(parts, _rates(figures, parts), highest=100, label=words().percent),
        spans=charts.spans(
            *(figures.answer.ninetieth, figures.fix.ninetieth, figures.answer.target, figures.fix.target),
            label=lambda unit, number: say(f"desk.times.{unit}", number=number),
        ),
        presets=_presets(_today(publications)),
        sites=_own_publications(),
        busiest=max(figures.days, key=lambda day: _came(figures.days[day])),
        came=_came,
        rate_of=_rate,
        share_of=periods.hundredths,
        tables={name: _rows(name, figures) for name in TABLES},
        query={"from": first.isoformat(), "to": last.isoformat(), "site": form.site.data},
    )
    return page, status


@bp.get("/reports.csv")
@requires(Role.VIEWER)
def figures_csv() -> Response:
    """One of the tables behind the charts, for a spreadsheet."""
    form = PeriodForm(request.args)
    form.check()
    publications = _publications(form)
    first, last = form.period(_today(publications), USUAL)
    name = request.args.get("table", "days")
    if name not in TABLES:
        raise errors.NotFound()
    rows = _rows(name, periods.over(read(), publications, first, last))
    table = io.StringIO()
    csv.writer(table, lineterminator="\r\n").writerows([exchange.cell(str(value)) for value in row] for row in rows)
    file_name = f"figures-{name}-{first}-{last}.csv"
    headers = {"Content-Disposition": f"attachment; filename={file_name}"}
    return Response(exchange.BYTE_ORDER_MARK + table.getvalue(), mimetype="text/csv", headers=headers)


def _rows(name: str, figures: Figures) -> list[Sequence[Any]]:
    """A table with its header."""
    if name == "days":
        rows = [
            [day, *(sums.get(outcome, Sum()).reports for outcome in OUTCOMES)] for day, sums in figures.days.items()
        ]
        return [[_heading("day"), *desk.named("figures", OUTCOMES).values()], *rows]
    if name == "times":
        header = [_heading(column) for column in ("what", "cases", "half", "nine", "target", "in_time")]
        times = ((_heading("answer"), figures.answer), (_heading("fix"), figures.fix))
        return [
            header,
            *(
                [name, time.cases, _hours(time.median), _hours(time.ninetieth), _hours(time.target), time.in_time]
                for name, time in times
            ),
        ]
    if name == "most":
        kinds = (
            (_heading("article"), figures.articles),
            (_heading("section"), figures.sections),
            (_heading("author"), figures.authors),
            (_heading("desk"), figures.desks),
        )
        rows = [
            [kind, place.name, place.url, place.sum.reports, place.sum.cases]
            for kind, ranked in kinds
            for place in ranked
        ]
        return [[_heading(column) for column in ("of", "name", "address", "accepted_reports", "cases")], *rows]
    if name == "mistakes":
        mistakes = [[mistake.name, mistake.sum.cases, mistake.sum.reports] for mistake in figures.mistakes]
        return [[_heading(column) for column in ("mistake", "cases", "reports")], *mistakes]
    names = (tallies.ACCEPTED, tallies.NO_CHANGE)
    rates = [
        [day, *(sums.get(name, Sum()).cases for name in names), "" if (rate := _rate([sums])) is None else rate]
        for day, sums in figures.days.items()
    ]
    return [[_heading(column) for column in ("day", "cases_accepted", "cases_no_change", "per_cent")], *rates]


def _heading(column: str) -> str:
    return say(f"desk.tables.{column}")


def _hours(span: timedelta | None) -> str:
    return f"{span / timedelta(hours=1):.1f}" if span is not None else ""


def _outcomes(figures: Figures, parts: Sequence[charts.Stretch]) -> list[list[tuple[str, int]]]:
    """The reports of each stretch by outcome."""
    return [
        [(name, sum(sums.get(name, Sum()).reports for sums in _within(figures, part))) for name in OUTCOMES]
        for part in parts
    ]


def _rates(figures: Figures, parts: Sequence[charts.Stretch]) -> list[list[tuple[str, int]]]:
    """The share of accepted cases of each stretch, in per cent."""
    return [[(tallies.ACCEPTED, _rate(_within(figures, part)) or 0)] for part in parts]


def _within(figures: Figures, part: charts.Stretch) -> list[periods.Sums]:
    return [figures.days[day] for day in tallies.days_between(part.first, part.last)]


def _rate(days: Sequence[periods.Sums]) -> int | None:
    """How many of a hundred decided cases were accepted."""
    accepted, other = (
        sum(sums.get(name, Sum()).cases for sums in days) for name in (tallies.ACCEPTED, tallies.NO_CHANGE)
    )
    return periods.hundredths(accepted, accepted + other) if accepted + other else None


def _came(sums: periods.Sums) -> int:
    return sum(part.reports for part in sums.values())


def _presets(today: date) -> list[tuple[str, date, date]]:
    return [
        (
            say("desk.figures.year") if length == PRESETS[-1] else say("desk.figures.last_days", n=length),
            today - timedelta(days=length - 1),
            today,
        )
        for length in PRESETS
    ]


def _publications(form: PeriodForm) -> list[Site]:
    """The sites that are asked for: one, or all of the editor's. Raises NotFound, also for another's."""
    publications = _own_publications()
    chosen = [site for site in publications if site.id == form.site.data]
    if request.args.get("site") and not chosen:
        raise errors.NotFound()
    return chosen or publications


def _own_publications() -> list[Site]:
    """The sites of who is signed in; where they practise is none."""
    return [site for site in desk.my_sites() if site.trainee_id is None]


def _today(publications: Sequence[Site]) -> date:
    return tallies.day_of(now(), sites.zone_of(publications[0]))
