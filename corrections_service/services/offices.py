"""Offices: readers' words that are not for the corrections desk go to who answers them, their address if they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from corrections_service import errors
from corrections_service.rules.offices import Office
from corrections_service.rules.workflow import HANDED_ON, Resolution
from corrections_service.services import corrections, outbox, promises, sites
from corrections_service.services.history import hold, record
from corrections_service.store import jobs
from corrections_service.store.models import Case, Delivery, DeliveryState, Event, EventKind, Report, Site

MOST = outbox.TOGETHER[outbox.HANDED_ON][1]
"""Reports of one case that are handed on each by a mail of its own; of more, so many go in one mail."""

GIVING = (outbox.HANDED_ON, outbox.ADDRESS_PASSED)
"""The mails that give an office what a reader wrote."""

CAME_FROM, MOST_CASES = (EventKind.JOINED, EventKind.SPLIT_OFF, EventKind.TAKEN_OVER), 100
"""By which events reports came into a case from another, and how many cases are looked through for one report."""


@dataclass(frozen=True, slots=True)
class Handed:
    """To which office a reader's words go, or went; and their address: whether it may, and whether they agreed."""

    name: str
    is_sent: bool
    may_agree: bool
    agreed: bool


def choose(site: Site, offices: list[Office]) -> None:
    """Keep a site's offices, and since when its readers are told that there are some.

    What is owed to an office goes to the address that it has now, and to none that is there no more.
    """
    since = promises.begun(site, promises.OFFICES) if offices else ""
    sites.choose(site, offices=offices, offices_since=since)
    session = object_session(site)
    assert session is not None
    addresses = {office["name"]: office["address"] for office in offices}
    where = (Delivery.site_id == site.id, Delivery.template.in_(GIVING), Delivery.state.in_(outbox.UNSENT))
    query = select(Delivery).where(*where, Delivery.claimed_by.is_(None), Delivery.recipient != "")
    for delivery in session.scalars(query.with_for_update()):
        address = addresses.get(str(delivery.data.get("office", "")))
        if address is None:
            delivery.state = DeliveryState.CANCELLED
        else:
            delivery.recipient = address


def may_go(report: Report) -> bool:
    """Whether a report may be handed on: its reader could know, when they wrote, that it might be."""
    return promises.may_go(report, promises.OFFICES)


def of_case(session: Session, case: Case) -> list[str]:
    """To which offices what its readers wrote can be handed on, by name."""
    return [office["name"] for office in case.site.policy.get("offices", [])] if _reports(session, case) else []


def check(session: Session, case: Case, name: str, resolution: Resolution) -> None:
    """Promise that the case's reports can be handed on to this office. Raises InvalidFields."""
    if name and (resolution not in HANDED_ON or name not in of_case(session, case)):
        raise errors.InvalidFields({"office": "Choose one of the site’s offices, for what is not for this desk."})


def reports_for(session: Session, case: Case, name: str) -> list[int]:
    """The numbers of the reports that go to an office with a decision; none for no office."""
    return [report.id for report in _reports(session, case)] if name else []


def hand_on(session: Session, case: Case, event: Event) -> None:
    """Owe the office that a decision names a mail with each reader's words, once the time for undoing is over."""
    name, numbers = str(event.data.get("office", "")), event.data.get("handed", ())
    address = next((office["address"] for office in case.site.policy.get("offices", []) if office["name"] == name), "")
    for number in numbers:
        outbox.owe(
            session,
            outbox.HANDED_ON,
            address,
            site=case.site,
            event=event,
            case_id=case.id,
            data={"report": number, "office": name, "total": len(numbers)},
            delay=corrections.UNDO.total_seconds(),
            key=f"{event.id}.{number}",
        )
    if numbers:
        jobs.wake(session, "deliver_due", corrections.UNDO.total_seconds())


def told(session: Session, report: Report) -> Handed | None:
    """To which office this reader's words go; None where they go nowhere, or could not."""
    delivery = next(iter(_deliveries(session, report)), None)
    if delivery is None or report.erased_at is not None or report.withdrawn_at is not None:
        return None
    is_sent = delivery.state is DeliveryState.SENT
    if not is_sent and delivery.state not in (DeliveryState.OWED, DeliveryState.HELD):
        return None
    name = str(delivery.data.get("office", ""))
    agreed = name in _agreements(session, report)
    is_there = {"name": name, "address": delivery.recipient} in report.case.site.policy.get("offices", [])
    may_agree = is_sent and not agreed and report.reader is not None and is_there
    return Handed(name, is_sent, may_agree, agreed)


def pass_address(session: Session, report: Report) -> None:
    """Give the reader's address to the office that has their words, at their wish; doing it again is fine.

    Raises NotClosed where there is none to give, or nobody to give it to.
    """
    hold(session, report.case)
    handed, delivery = told(session, report), next(iter(_deliveries(session, report)), None)
    if handed is not None and handed.agreed:
        return
    if handed is None or delivery is None or not handed.may_agree:
        raise errors.NotClosed("Your words were handed on to nobody who could be given your address.")
    event = record(session, report.case, EventKind.ADDRESS_PASSED, report=report, office=handed.name)
    outbox.owe(
        session,
        outbox.ADDRESS_PASSED,
        delivery.recipient,
        site=report.case.site,
        event=event,
        case_id=report.case_id,
        data={"report": report.id, "office": handed.name},
    )
    jobs.wake(session, "deliver_due")


def ask_back(session: Session, report: Report) -> None:
    """Ask each office that got a reader's words by mail, or gets them at this moment, to delete them; once."""
    for delivery in _deliveries(session, report):
        goes_now = delivery.state is DeliveryState.OWED and delivery.claimed_by is not None
        if delivery.recipient and (delivery.state is DeliveryState.SENT or goes_now):
            outbox.owe(
                session,
                outbox.ASKED_BACK,
                delivery.recipient,
                site=report.case.site,
                case_id=report.case_id,
                data={"report": report.id, "office": delivery.data.get("office", "")},
                key=f"erased.{report.id}",
            )
            jobs.wake(session, "deliver_due")


def is_pointless(session: Session, delivery: Delivery) -> bool:
    """Whether what a mail to an office gives is not to go any more."""
    return delivery.template in GIVING and report_of(session, delivery) is None


def goes_with_others(delivery: Delivery) -> bool:
    """Whether a reader's words go to an office in one mail with those of others: there are too many for a mail each."""
    return delivery.template == outbox.HANDED_ON and delivery.data.get("total", 0) > MOST


def report_of(session: Session, delivery: Delivery) -> Report | None:
    """The report whose words, or whose reader's address, a mail to an office gives; None where that is not to go any more."""
    report = session.get(Report, delivery.data.get("report", 0))
    if report is None or report.erased_at is not None or report.withdrawn_at is not None:
        return None
    return None if delivery.template == outbox.ADDRESS_PASSED and report.reader is None else report


def _reports(session: Session, case: Case) -> Sequence[Report]:
    """The reports of a case that may be handed on: their readers were told, when they wrote, that they might be."""
    since = case.site.policy.get("offices_since", "")
    if not since:
        return []
    where = (Report.case_id == case.id, Report.withdrawn_at.is_(None), Report.erased_at.is_(None))
    query = select(Report).where(*where, Report.created_at >= datetime.fromisoformat(since))
    return session.scalars(query.order_by(Report.id)).all()


def _deliveries(session: Session, report: Report) -> list[Delivery]:
    """The mails that give this reader's words to offices, the last first, from whichever case it was under."""
    of_report = Delivery.key.like(f"{outbox.HANDED_ON}:%.{report.id}:%")  # among as many as the case has reports
    where = (Delivery.case_id.in_(_cases_of(session, report)), Delivery.template == outbox.HANDED_ON, of_report)
    query = select(Delivery).where(*where, Delivery.state != DeliveryState.CANCELLED).order_by(Delivery.id.desc())
    return [delivery for delivery in session.scalars(query) if delivery.data.get("report") == report.id]


def _cases_of(session: Session, report: Report) -> set[int]:
    """The cases that a report may have been under: its own, and those whose reports came into that."""
    case_ids, fresh = set[int](), {report.case_id}
    while fresh and len(case_ids) < MOST_CASES:
        case_ids |= fresh
        query = select(Event).where(Event.case_id.in_(fresh), Event.kind.in_(CAME_FROM))
        fresh = {event.data["case"] for event in session.scalars(query) if "case" in event.data} - case_ids
    return case_ids


def _agreements(session: Session, report: Report) -> set[str]:
    """To which offices the reader wanted their address to go, too."""
    where = (Event.report_id == report.id, Event.kind == EventKind.ADDRESS_PASSED)
    return {str(event.data.get("office", "")) for event in session.scalars(select(Event).where(*where))}
