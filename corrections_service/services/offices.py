"""Offices: readers' words that are not for the corrections desk go to who answers them, their address if they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.offices import Office
from corrections_service.rules.workflow import HANDED_ON, Resolution
from corrections_service.services import corrections, outbox, sites
from corrections_service.services.history import hold, record
from corrections_service.store import jobs
from corrections_service.store.models import Case, Delivery, DeliveryState, Event, EventKind, Report, Site, now

MOST = 20
"""Reports of one case that are handed on, each by a mail of its own."""


@dataclass(frozen=True, slots=True)
class Handed:
    """To which office a reader's words go, or went; and their address: whether it may, and whether they agreed."""

    name: str
    is_sent: bool
    may_agree: bool
    agreed: bool


def choose(site: Site, offices: list[Office]) -> None:
    """Keep a site's offices, and since when its readers are told that there are some."""
    since = site.policy.get("offices_since", "") or f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"
    sites.choose(site, offices=offices, offices_since=since if offices else "")


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
    name = str(event.data.get("office", ""))
    address = next((office["address"] for office in case.site.policy.get("offices", []) if office["name"] == name), "")
    for number in event.data.get("handed", ()):
        outbox.owe(
            session,
            outbox.HANDED_ON,
            address,
            site=case.site,
            event=event,
            case_id=case.id,
            data={"report": number, "office": name},
            delay=corrections.UNDO.total_seconds(),
            key=f"{event.id}.{number}",
        )
    if event.data.get("handed"):
        jobs.wake(session, "deliver_due", corrections.UNDO.total_seconds())


def told(session: Session, report: Report) -> Handed | None:
    """To which office this reader's words go; None where they go nowhere, or could not."""
    delivery, name = _delivery(session, report)
    if delivery is None or report.erased_at is not None or report.withdrawn_at is not None:
        return None
    is_sent = delivery.state is DeliveryState.SENT
    if not is_sent and delivery.state not in (DeliveryState.OWED, DeliveryState.HELD):
        return None
    agreed = session.scalar(select(Event.id).where(*_agreement(report)).limit(1)) is not None
    may_agree = is_sent and not agreed and report.reader is not None and delivery.recipient != ""
    return Handed(name, is_sent, may_agree, agreed)


def pass_address(session: Session, report: Report) -> None:
    """Give the reader's address to the office that has their words, at their wish; doing it again is fine.

    Raises NotClosed where there is none to give, or nobody to give it to.
    """
    hold(session, report.case)
    handed, (delivery, name) = told(session, report), _delivery(session, report)
    if handed is not None and handed.agreed:
        return
    if handed is None or delivery is None or not handed.may_agree:
        raise errors.NotClosed("Your words were handed on to nobody who could be given your address.")
    event = record(session, report.case, EventKind.ADDRESS_PASSED, report=report, office=name)
    outbox.owe(
        session,
        outbox.ADDRESS_PASSED,
        delivery.recipient,
        site=report.case.site,
        event=event,
        case_id=report.case_id,
        data={"report": report.id, "office": name},
    )
    jobs.wake(session, "deliver_due")


def ask_back(session: Session, report: Report) -> None:
    """Ask the office that got a reader's words by mail to delete them, as the reader has them erased."""
    delivery, name = _delivery(session, report)
    if delivery is None or delivery.state is not DeliveryState.SENT or not delivery.recipient:
        return
    outbox.owe(
        session,
        outbox.ASKED_BACK,
        delivery.recipient,
        site=report.case.site,
        case_id=report.case_id,
        data={"report": report.id, "office": name},
        key=f"erased.{report.id}",
    )
    jobs.wake(session, "deliver_due")


def is_pointless(session: Session, delivery: Delivery) -> bool:
    """Whether what a mail to an office gives is not to go any more."""
    gives = delivery.template in (outbox.HANDED_ON, outbox.ADDRESS_PASSED)
    return gives and report_of(session, delivery) is None


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
    return session.scalars(query.order_by(Report.id).limit(MOST)).all()


def _delivery(session: Session, report: Report) -> tuple[Delivery | None, str]:
    """The last mail that gives this reader's words to an office, and the office's name."""
    decided = (Event.case_id == report.case_id, Event.kind == EventKind.DECIDED)
    for event in session.scalars(select(Event).where(*decided).order_by(Event.id.desc())):
        if report.id in event.data.get("handed", ()):
            key = f"{outbox.HANDED_ON}:{event.id}.{report.id}:"
            query = select(Delivery).where(Delivery.event_id == event.id, Delivery.key.startswith(key, autoescape=True))
            delivery = session.scalars(query).first()
            if delivery is not None and delivery.state is not DeliveryState.CANCELLED:
                return delivery, str(event.data.get("office", ""))
    return None, ""


def _agreement(report: Report) -> tuple[ColumnElement[bool], ...]:
    return (Event.report_id == report.id, Event.kind == EventKind.ADDRESS_PASSED)
