"""Reports: what a reader sent, stored once, put under its case, with all that follows from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, true, update
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import spam, urls
from corrections_service.rules.addresses import folded
from corrections_service.rules.changes import Kind
from corrections_service.rules.quotes import Quote
from corrections_service.rules.references import number_of, reference_of
from corrections_service.rules.workflow import LIVE, State
from corrections_service.services import articles, calls, crowds, joining, limits, outbox, scores, wishes
from corrections_service.services.articles import Named
from corrections_service.services.crowds import Room
from corrections_service.services.joining import Opening
from corrections_service.services.outbox import Owed
from corrections_service.services.senders import of_mailbox, of_network
from corrections_service.store import jobs
from corrections_service.store.models import Case, Event, EventKind, Reader, Report, Site, now
from corrections_service.store.rows import add_all, insert_all, look_up_all, table_of

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_KNOWN = (
    select(Report.site_id, Report.client_id, Report.id, Report.content_sha256, Case.readers)
    .join(Case, Case.id == Report.case_id)
    .where(
        Report.site_id.in_(bindparam("sites", expanding=True)), Report.client_id.in_(bindparam("ids", expanding=True))
    )
)
_HELD = (
    select(Case.id, Case.readers)
    .where(
        Case.id.in_(bindparam("cases", expanding=True)),
        or_(Case.state.in_(LIVE), and_(Case.live_key.is_not(None), Case.state != State.MERGED)),
    )
    .order_by(Case.id)
    .with_for_update(key_share=True)
)
_BEHIND = select(Report.case_id, Report.sender).where(
    Report.case_id.in_(bindparam("cases", expanding=True)),
    Report.sender.in_(bindparam("senders", expanding=True)),
    Report.withdrawn_at.is_(None),
)
_COUNTED = update(table_of(Case)).where(table_of(Case).c.id == bindparam("case")).values(readers=bindparam("count"))

KEYED = "k:"
"""How a keyed hash begins."""

Rows = Mapping[tuple[int, str], Any]
"""Stored reports by their sites and ids."""

LATER = ("remove", "page_url", "several")
"""Fields that reports did not have from the first."""


@dataclass(frozen=True)
class Fields:
    """What a reader sent, checked for shape and length, in clean text."""

    client_id: str
    url: str
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    place: str = ""
    suggestion: str = ""
    remove: bool = False
    comment: str = ""
    kind: Kind | None = None
    source_url: str = ""
    email: str = ""
    language: str = ""
    title: str = ""
    start: int | None = None
    exact_length: int = 0
    exact_sha256: str = ""
    elapsed_ms: int | None = None
    website: str = ""
    page_url: str = ""
    several: bool = False

    @property
    def quote(self) -> Quote:
        """The words that were marked, where they stand."""
        return Quote(self.exact, self.prefix, self.suffix)


@dataclass(frozen=True)
class Submitted:
    """What the reader is told: the reference, the secret of the status page, how many readers there are."""

    reference: str
    token: str
    readers: int
    replayed: bool
    client_id: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report on its way in.

    `block` is the network that it came from (`limits.address_block`), where that is known. `at` is when a report that is
    imported came in elsewhere; nobody is mailed about it. `aside` says why it is set aside, whatever it says; `room` is
    what its page and its site take at a time.
    """

    site: Site
    fields: Fields
    block: str = ""
    at: datetime | None = None
    aside: str = ""
    room: Room = crowds.ANY

    @property
    def id(self) -> tuple[int, str]:
        """What is the same each time that it is sent."""
        return self.site.id, self.fields.client_id


def submit(
    session: Session,
    *,
    site: Site,
    fields: Fields,
    secret: str,
    block: str = "",
    arrived: datetime | None = None,
    aside: str = "",
) -> Submitted:
    """Store one report, as `submit_all` does. Raises IdReused when the id came with other content before."""
    (outcome,) = submit_all(session, [Arrival(site, fields, block, arrived, aside)], secret=secret)
    if isinstance(outcome, errors.IdReused):
        raise outcome
    return outcome


def submit_all(
    session: Session, arrivals: Sequence[Arrival], *, secret: str, rows: Rows | None = None
) -> list[Submitted | errors.IdReused]:
    """Store reports with their cases, their events and the mails they owe; the same again is the same report.

    Where an id came with other content before, that is said in the report's place. `rows` are those that are `stored`,
    where they have been looked up already.
    """
    first = {arrival.id: arrival for arrival in reversed(arrivals)}
    rows = stored(session, arrivals) if rows is None else rows
    new = [arrival for arrival in arrivals if first[arrival.id] is arrival and arrival.id not in rows]
    answers = dict(zip([arrival.id for arrival in new], _store(session, new, secret) if new else (), strict=True))
    if len(first) < len(arrivals):
        rows = {**rows, **stored(session, new)}
    outcomes: list[Submitted | errors.IdReused] = []
    for arrival in arrivals:
        answer = answers.pop(arrival.id, None)
        outcomes.append(answer or _replayed(session, arrival, rows[arrival.id], secret))
    return outcomes


def stored(session: Session, arrivals: Sequence[Arrival]) -> Rows:
    """The reports with the ids of these that are stored already, and what other sites have under them."""
    sites, ids = {arrival.site.id for arrival in arrivals}, {arrival.fields.client_id for arrival in arrivals}
    return {(row.site_id, row.client_id): row for row in look_up_all(session, _KNOWN, sites=list(sites), ids=list(ids))}


def _replayed(session: Session, arrival: Arrival, row: Any, secret: str) -> Submitted | errors.IdReused:
    """What was answered when it was stored."""
    fields = arrival.fields
    if row.content_sha256 not in ("", *_digests(session, fields)):  # "": of an earlier version, and forgotten
        return errors.IdReused()
    token = token_of(arrival.site.id, fields.client_id, secret)
    return Submitted(reference_of(row.id), token, row.readers or 1, True, fields.client_id)


def _store(session: Session, arrivals: Sequence[Arrival], secret: str) -> list[Submitted]:
    """Store these reports, none of which is there. Raises StorageBusy where another process does so at this moment."""
    points = scores.of_arrivals(session, arrivals)
    article_ids = articles.find_or_add_all(session, [_article(arrival) for arrival in arrivals])
    crowds_met = crowds.crowded(
        session, [(arrival.site.id, id, arrival.room) for arrival, id in zip(arrivals, article_ids, strict=True)]
    )
    openings = list(map(_opening, arrivals, article_ids, points, crowds_met))
    cases = joining.find_or_open(session, openings)
    senders = [_sender(session, arrival, id) for arrival, id in zip(arrivals, article_ids, strict=True)]
    opened_ids = {case_id for case_id, is_new in cases if is_new}
    joined = [(case_id, sender) for (case_id, _), sender in zip(cases, senders, strict=True)]
    readers = _join(session, joined, opened_ids)
    tokens = [token_of(*arrival.id, secret) for arrival in arrivals]
    rows = [
        {
            "site_id": arrival.site.id,
            "case_id": case_id,
            "content_sha256": next(_digests(session, arrival.fields)),
            "sender": sender,
            "token_digest": _sha256(token),
            "spam_points": score.points,
            "spam_reasons": [*score.reasons, *filter(None, [crowd])],
            "created_at": opening.at,
            **_columns(arrival.fields),
        }
        for arrival, (case_id, _), sender, token, score, opening, crowd in zip(
            arrivals, cases, senders, tokens, points, openings, crowds_met, strict=True
        )
    ]
    ids = insert_all(session, Report, ["site_id", "client_id"], rows)
    if len(ids) < len(rows):  # another replica stored the same id between our look and our insert
        raise errors.StorageBusy(retry_after=1)
    report_ids = [ids[arrival.id] for arrival in arrivals]
    _follow(session, arrivals, cases, openings, report_ids)
    return [
        Submitted(reference_of(report_id), token, count, False, arrival.fields.client_id)
        for report_id, token, count, arrival in zip(report_ids, tokens, readers, arrivals, strict=True)
    ]


def _follow(
    session: Session,
    arrivals: Sequence[Arrival],
    cases: Sequence[tuple[int, bool]],
    openings: Sequence[Opening],
    report_ids: Sequence[int],
) -> None:
    """What follows from reports: their events, their readers' addresses, what is mailed, and what programs are told."""
    events, readers, mails, receipts, new = [], [], [], [], []
    for arrival, (case_id, is_new), opening, id in zip(arrivals, cases, openings, report_ids, strict=True):
        site, email = arrival.site, arrival.fields.email
        events.append({"case_id": case_id, "kind": EventKind.REPORTED, "report_id": id, "data": {}, "at": opening.at})
        is_told = is_new and arrival.at is None and not opening.is_suspect
        if is_told and not opening.is_crowded:
            new.append(calls.new(case_id, site.id, opening.at, opening.at))
        if is_told and (not site.policy.get("desk_mail_off") or site.policy.get("owners")):
            mails.append(Owed(outbox.DESK_TEMPLATE, site.desk, site.id, case_id, None, f"case.{case_id}"))
        if email:
            readers.append({"report_id": id, "email": email})
        if email and arrival.at is None:
            receipts.append(Owed(outbox.RECEIPT, email, site.id, case_id, id, f"report.{id}"))
    add_all(session, Event, events)
    add_all(session, Reader, readers)
    calls.owe(session, new)
    if mails:
        jobs.wake(session, "deliver_due")
    # One plain receipt of fixed words, to one mailbox at most one a day, however its address is written (P-13).
    waits = limits.take_all(session, [("receipt", folded(receipt.recipient), "1/day") for receipt in receipts])
    mails += [receipt for receipt, until in zip(receipts, waits, strict=True) if until is None]
    outbox.owe_all(session, mails)


def token_of(site_id: int, client_id: str, secret: str) -> str:
    """The 128-bit secret in the link to a report's status page; the same for every try of the same report."""
    mac = hmac.new(secret.encode(), f"status:{site_id}:{client_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:16]).decode().rstrip("=")


def token_for(report: Report, secrets: Sequence[str]) -> str:
    """The secret of a stored report's status page, whichever of the service's keys it was made with."""
    for secret in secrets:
        token = token_of(report.site_id, report.client_id, secret)
        if _sha256(token) == report.token_digest:
            return token
    raise errors.NotFound()


def by_token(session: Session, token: str) -> Report:
    """The report that a status link names. Raises NotFound."""
    report = session.scalar(select(Report).where(Report.token_digest == _sha256(token)))
    if report is None:
        raise errors.NotFound()
    return report


def by_reference(session: Session, site: Site, reference: str) -> Report:
    """The site's report with this reference. Raises NotFound."""
    number = number_of(reference)
    report = session.get(Report, number) if number is not None and number < 2**63 else None
    if report is None or report.site_id != site.id:
        raise errors.NotFound()
    return report


def of_case(session: Session, case: Case, first: int, limit: int) -> Sequence[Report]:
    """So many reports of the case from the first on, which is counted from 0, with their readers."""
    query = select(Report).where(Report.case_id == case.id).order_by(Report.id).offset(first).limit(limit)
    return session.scalars(query.options(joinedload(Report.reader))).all()


def count(session: Session, case: Case, *, to_answer: bool = False) -> int:
    """How many reports the case has, or has of readers who asked for an answer and have not withdrawn."""
    condition = and_(Report.withdrawn_at.is_(None), Report.reader.has()) if to_answer else true()
    return session.execute(select(func.count()).where(Report.case_id == case.id, condition)).scalar_one()


def _article(arrival: Arrival) -> Named:
    fields = arrival.fields
    return Named(arrival.site, fields.url, fields.title, fields.language)


def _opening(arrival: Arrival, article_id: int, score: spam.Score, crowd: str) -> Opening:
    fields = arrival.fields
    return Opening(
        arrival.site.id,
        article_id,
        wishes.sighting(fields),
        lambda: fields.kind or _guess(fields),
        place=fields.place,
        comment=fields.comment,
        page_url=_page_of(fields),
        several=fields.several,
        spam_points=score.points,
        is_crowded=bool(crowd),
        at=arrival.at or now(),
    )


def _sender(session: Session, arrival: Arrival, article_id: int) -> str:
    """The mark of who sends a report: of the mailbox, else of the network today about this article, else of nobody.

    The key of the day's marks is thrown away with the day; the mark of a mailbox goes with its address.
    """
    if email := arrival.fields.email:
        return of_mailbox(session, email)
    if arrival.block not in ("", limits.UNKNOWN):
        return of_network(session, arrival.block, article_id)
    return f"x{secrets.token_hex(16)}"


def _join(session: Session, joining: Sequence[tuple[int, str]], opened_ids: Collection[int]) -> list[int]:
    """Count a reader of each case, every sender once; how many there are then.

    Who sends twice at the same moment waits for the case, and is then seen; nobody else sees one that was just opened.
    Raises StorageBusy when one was closed at this moment.
    """
    case_ids = sorted({case_id for case_id, _ in joining} - set(opened_ids))
    readers, behind = dict.fromkeys(opened_ids, 0), set[tuple[int, str]]()
    if case_ids:
        senders = sorted({sender for case_id, sender in joining if case_id not in opened_ids})
        readers |= {row.id: row.readers for row in look_up_all(session, _HELD, cases=case_ids)}
        if len(readers) < len(case_ids) + len(opened_ids):
            raise errors.StorageBusy(retry_after=1)
        behind = {(row.case_id, row.sender) for row in look_up_all(session, _BEHIND, cases=case_ids, senders=senders)}
    before, counts = dict(readers), []
    for case_id, sender in joining:
        readers[case_id] += (case_id, sender) not in behind
        behind.add((case_id, sender))
        counts.append(readers[case_id])
    changed = [{"case": id, "count": count} for id, count in readers.items() if count != before[id]]
    if changed:
        session.connection().execute(_COUNTED, changed)
    return counts


def _guess(fields: Fields) -> Kind:
    change = wishes.change(fields)
    return change.kind if change else Kind.OTHER


def _page_of(fields: Fields) -> str:
    """Where the words are looked for, where that is another page of the article than its own address.

    A list or a front page that shows them too is none: it is another one tomorrow.
    """
    is_page = not fields.several and bool(fields.page_url) and urls.is_page_of(fields.page_url, fields.url)
    return fields.page_url if is_page else ""


def _columns(fields: Fields) -> dict[str, object]:
    columns = dict(vars(fields))
    for name in ("email", "elapsed_ms", "website"):
        del columns[name]
    return columns


def _digests(session: Session, fields: Fields) -> Iterator[str]:
    """The hash of all that was sent, keyed, for it holds an address; then by former keys, and an earlier version's."""
    content = {name: value for name, value in vars(fields).items() if name != "elapsed_ms"}
    # As before there were these: what was stored then is sent again now.
    content = {name: value for name, value in content.items() if value or name not in LATER}
    document = json.dumps(content, sort_keys=True, ensure_ascii=True)
    for key in session.info["mark_keys"]:
        yield f"{KEYED}{hmac.new(key.encode(), document.encode(), hashlib.sha256).hexdigest()[:62]}"
    yield _sha256(document)


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
