"""Intake: a report is checked, counted against its sender's limit, and stored, from whichever door it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.errors import CorrectionsError
from corrections_service.rules import text
from corrections_service.rules.fields import LONGEST_EXACT, ForSite, NewReport, wrong
from corrections_service.services import articles, blocks, limits, reports, senders
from corrections_service.services.blocks import Stopped
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.store.models import Site


def site_key(values: Mapping[str, Any]) -> str:
    """The site's key as it was sent. Raises InvalidFields where it is missing or no text."""
    try:
        return ForSite.model_validate(values).site
    except ValidationError as error:
        raise wrong(error) from None


def checked(values: Mapping[str, Any], site: Site) -> Fields:
    """The report for this site in these fields, clean and cut. Raises InvalidFields, which names each that is wrong."""
    try:
        report = NewReport.model_validate({**values, "site": site.key}, context=site)
    except ValidationError as error:
        raise wrong(error) from None
    exact = text.cut(report.exact, LONGEST_EXACT)
    own_sha256 = hashlib.sha256(report.exact.encode()).hexdigest() if len(exact) < len(report.exact) else ""
    return Fields(
        client_id=report.id,
        url=report.url,
        page_url=report.page_url if report.page_url != report.url else "",
        several=report.several,
        exact=exact,
        prefix=report.prefix,
        suffix=report.suffix,
        exact_length=report.selection_length or len(report.exact),
        exact_sha256=report.selection_sha256 or own_sha256,
        start=report.start,
        place=report.place,
        suggestion=report.suggestion,
        remove=report.remove,
        comment=report.comment,
        kind=report.kind,
        source_url=report.source_url,
        email=report.email,
        language=report.lang,
        title=report.title,
        elapsed_ms=report.elapsed_ms,
        website=report.website,
    )


@dataclass(frozen=True, slots=True)
class Received:
    """A report that has come in, with the limit of its network and the key that its status link is made with."""

    arrival: Arrival
    limit: str
    secret: str


def receive(session: Session, received: Sequence[Received]) -> list[Submitted | CorrectionsError]:
    """Store reports that came in at once, counted against the limits of their networks in the same transaction.

    In the place of one that is refused stands why: Blocked, LinkBlocked, TooManyReports, IdReused. What is sent again counts once, whatever
    became of the answer, so that no limit refuses what is stored.
    """
    rows = reports.stored(session, [report.arrival for report in received])
    first = {report.arrival.id: report for report in reversed(received) if report.arrival.id not in rows}
    new = [report for report in received if first.get(report.arrival.id) is report]
    stops = stopped(session, [report.arrival for report in new])
    blocked = {id for id, stop in stops.items() if not stop.is_aside}
    new = [report for report in new if report.arrival.id not in blocked]
    waits = limits.take_all(session, [("report", report.arrival.block, report.limit) for report in new])
    refused = {report.arrival.id: until for report, until in zip(new, waits, strict=True) if until is not None}
    admitted = [
        replace(report.arrival, aside=blocks.REASON) if report.arrival.id in stops else report.arrival
        for report in received
        if report.arrival.id not in refused and report.arrival.id not in blocked
    ]
    outcomes = iter(reports.submit_all(session, admitted, secret=received[0].secret, rows=rows))
    return [
        (errors.LinkBlocked() if stops[report.arrival.id].is_host else errors.Blocked())
        if report.arrival.id in blocked
        else limits.too_many(refused[report.arrival.id])
        if report.arrival.id in refused
        else next(outcomes)
        for report in received
    ]


def stopped(session: Session, arrivals: Sequence[Arrival]) -> dict[tuple[int, str], Stopped]:
    """Which of these are blocked; nothing is looked up where no site of theirs blocks anybody."""
    watchful = [arrival for arrival in arrivals if blocks.has_any(arrival.site)]
    active = blocks.active(session, list({arrival.site.id for arrival in watchful})) if watchful else {}
    stops = {}
    for arrival in watchful:
        own_blocks, fields = active[arrival.site.id], arrival.fields
        marks = [senders.of_mailbox(session, fields.email, key) for key in session.info["mark_keys"] if fields.email]
        if not marks and arrival.block not in ("", limits.UNKNOWN) and blocks.has_network(own_blocks):
            article = articles.at(session, arrival.site, fields.url)
            marks = [senders.of_network(session, arrival.block, article)] if article is not None else []
        stop = blocks.stopped(own_blocks, marks, (fields.source_url, fields.comment, fields.suggestion))
        if stop is not None:
            stops[arrival.id] = stop
    return stops
