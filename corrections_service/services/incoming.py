"""Incoming mail: each letter is kept once, and goes where it belongs: to its case, to its reader, or visibly aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import reply_addresses, text
from corrections_service.rules.addresses import folded, masked
from corrections_service.rules.incoming import Incoming, Sort
from corrections_service.rules.workflow import Role
from corrections_service.services import cases, editors, history, letter_reports, limits, outbox, readers, returns
from corrections_service.settings import Settings
from corrections_service.store.models import Case, Delivery, Event, Letter, Place, Report, Site, now
from corrections_service.store.rows import insert_once

ANSWERABLE = timedelta(days=90)
"""How long a mail can be answered by mail; its links go on working."""

WHOLE = "*@"
"""Before a domain: every address there."""

MOST_LETTERS, MOST_REPORTS = "40/day", "40/day"
"""Answers to one mail that go to its case in a day, and letters from one address that become reports."""

WHY_NOT = {
    Sort.EMPTY: "The mail says nothing itself.",
    Sort.BROKEN: "The mail cannot be read.",
}
BY_PROGRAM = {
    Sort.BOUNCE: "It says that a mail was not delivered.",
    Sort.AUTOMATIC: "A program answered.",
    Sort.LOOP: "It is a mail of this service that came back.",
    Sort.READ: "It says that a mail was opened.",
    Sort.CALENDAR: "It is about an appointment.",
    Sort.LIST: "It went to many.",
}
SEEMING = "It reads as if a program answered, though nothing but its words says so."
UNKNOWN = "It answers no mail of ours, and names no article: no link to one, and no headline."
TO_DESK = "It answers a mail to the desk, and no reader’s; what is to be done with a case is done at the case."
TOO_OLD = "The mail that it answers is too old to be answered by mail."
FORGOTTEN = "The mail that it answers was to somebody whose address is forgotten."
NOT_THEIRS = "It comes from another address than that of the colleague to whom the mail went."
NOT_READERS = "It comes from another address than the reader’s: it may be theirs too, or somebody’s to whom our mail was passed on."
NOBODY = "The mail that it answers is one that nobody answers."
UNFORESEEN = "It could not be taken in; the service’s log says why."
TOO_MANY_REPORTS = "Too many letters came from this address today."
TOO_MANY = "Too many answers to this mail came today."


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a letter goes, and why; the case and the report that it is about."""

    place: Place
    reason: str = ""
    case_id: int | None = None
    report_id: int | None = None
    delivery: Delivery | None = None
    site_id: int | None = None


def base_of(site: Site, settings: Settings) -> str:
    """Where mails in a publication's name are answered; "" where they cannot be."""
    return site.policy.get("reply_address", settings.reply_address)


def choose_address(site: Site, typed: str) -> None:
    """Keep where mails in a publication's name are answered; blank for nowhere. Raises InvalidFields."""
    address = typed.strip().lower()
    if address and not reply_addresses.is_base(address):
        raise errors.InvalidFields({"address": f"Give a mailbox, or {WHOLE} and a domain all of whose mail comes in."})
    site.policy = {**site.policy, "reply_address": address}


def reply_address(delivery: Delivery, settings: Settings) -> str:
    """The signed address to which this mail is answered; "" where nobody answers it, or nothing takes answers in."""
    is_answerable = delivery.report_id is not None or (
        delivery.template == outbox.TURN
        and not outbox.is_to_desk(delivery)
        and delivery.data.get("turn") in ("answered", "appealed", "mentioned")
    )
    base = base_of(delivery.site, settings) if is_answerable else ""
    return reply_addresses.address_for(delivery.id, base, settings.secret_key) if base else ""


def take_in(session: Session, mail: Incoming, settings: Settings) -> Letter | None:
    """Keep a mail that came in, and put it where it belongs; None where it is kept already."""
    key = _key(mail)
    site_id = _house(session, mail, settings)
    if site_id is None:
        return None  # nobody works here yet
    values: dict[str, Any] = {"site_id": site_id, "sort": mail.sort.value, "place": Place.ASIDE, "reason": ""}
    values |= {"sender": mail.sender, "subject": mail.subject, "words": mail.words, "rest": mail.rest}
    values |= {"attached": list(mail.attached), "written_at": mail.at, "created_at": now()}
    number = insert_once(session, Letter, ["key"], key=key, **values)
    if number is None:
        return None
    letter = session.get_one(Letter, number)
    try:
        with session.begin_nested():
            placed = _place(session, mail, settings)
    except errors.CorrectionsError as error:
        if error.status >= 500:
            raise
        placed = _aside(error.detail, _answered_mail(session, mail, settings))
    letter.place, letter.reason = placed.place, text.one_line(placed.reason, 300)
    letter.case_id, letter.report_id = placed.case_id, placed.report_id
    if placed.delivery is not None:
        letter.delivery_id, letter.site_id = placed.delivery.id, placed.delivery.site_id
        letter.report_id = letter.report_id or placed.delivery.report_id  # with which it is forgotten
    letter.site_id = placed.site_id or letter.site_id
    session.flush()
    return letter


def set_aside(session: Session, key: str, mail: Incoming, settings: Settings) -> None:
    """Keep of a mail that could not be placed, for a reason that nobody foresaw, who wrote it and what it says, once."""
    site_id = _house(session, mail, settings)
    if site_id is not None:
        values = {"site_id": site_id, "sort": mail.sort.value, "place": Place.ASIDE, "reason": UNFORESEEN}
        values |= {"sender": mail.sender, "subject": mail.subject, "words": mail.words, "rest": mail.rest}
        insert_once(session, Letter, ["key"], key=key, attached=[], created_at=now(), **values)


def put_into_case(session: Session, letter: Letter) -> None:
    """Take a letter that was set aside for what its reader says, at an editor's wish. Raises NotFound, InvalidFields."""
    delivery = session.get(Delivery, letter.delivery_id) if letter.delivery_id is not None else None
    report = delivery.report if delivery is not None else None
    if letter.place is not Place.ASIDE or delivery is None or report is None or report.erased_at is not None:
        raise errors.NotFound()
    words = letter.words or letter.rest
    if not text.is_visible(words):
        raise errors.InvalidFields({"words": "This mail says nothing that could be put into its case."})
    readers.answer_by_mail(session, report, words, letter.attached)
    letter.place, letter.reason, letter.case_id, letter.report_id = Place.CASE, "", report.case_id, report.id


def done_with(session: Session, site: Site, number: int) -> None:
    """Put a letter away that was set aside. Raises NotFound."""
    of_site(session, site, number).place = Place.DONE


def of_site(session: Session, site: Site, number: int) -> Letter:
    """A letter to this site that is set aside. Raises NotFound."""
    letter = session.get(Letter, number)
    if letter is None or letter.site_id != site.id or letter.place is not Place.ASIDE:
        raise errors.NotFound()
    return letter


def letters(session: Session, site: Site, place: Place, limit: int) -> Sequence[Letter]:
    """The latest letters to a site that went there."""
    query = select(Letter).where(Letter.site_id == site.id, Letter.place == place).order_by(Letter.id.desc())
    return session.scalars(query.limit(limit)).all()


def of_case(session: Session, case: Case, limit: int) -> Sequence[Letter]:
    """The latest letters of a case's readers, of which more came than stands in its history."""
    query = select(Letter).join(Report, Report.id == Letter.report_id)
    where = (Report.case_id == case.id, Letter.place == Place.CASE, Letter.rest != "")
    return session.scalars(query.where(*where).order_by(Letter.id.desc()).limit(limit)).all()


def count_aside(session: Session, site_ids: Sequence[int]) -> dict[int, int]:
    """How many letters wait aside, by site."""
    query = select(Letter.site_id, func.count()).where(Letter.site_id.in_(site_ids), Letter.place == Place.ASIDE)
    return {site_id: int(count) for site_id, count in session.execute(query.group_by(Letter.site_id))}


def forget(session: Session, settings: Settings) -> None:
    """Forget letters whose time is over; one that waits for an editor is kept as long as a closed case is."""
    waiting = now() - timedelta(days=settings.retention_closed_days)
    over = now() - timedelta(days=settings.retention_contact_days)
    session.execute(delete(Letter).where(Letter.place != Place.ASIDE, Letter.created_at < over))
    session.execute(delete(Letter).where(Letter.created_at < waiting))


def _house(session: Session, mail: Incoming, settings: Settings) -> int | None:
    """The site at which mail waits that answers none of ours: the one it was sent to, else the oldest."""
    sites = session.scalars(select(Site).order_by(Site.active.desc(), Site.id)).all()
    for site in sites:
        if "reply_address" in site.policy and reply_addresses.is_for(mail.recipients, base_of(site, settings)):
            return site.id
    return next((site.id for site in sites), None)


def _key(mail: Incoming) -> str:
    """What is the same each time that a mail is read: its Message-ID and what it says, for some programs use one id twice."""
    facts = (mail.message_id, mail.sender, mail.subject, str(mail.at or ""), mail.words, mail.rest)
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()


def _place(session: Session, mail: Incoming, settings: Settings) -> Placed:
    """Where a letter goes, by what it is and by the address that it came to. Raises what refuses its words."""
    if mail.sort is Sort.BOUNCE:
        returned = returns.mark(session, mail.failures, mail.about)
        case_id = returned.case_id if returned is not None else None
        return Placed(Place.PROGRAM, BY_PROGRAM[mail.sort], case_id, delivery=returned)
    delivery = _answered_mail(session, mail, settings)
    if mail.by_words:
        return _aside(SEEMING, delivery)
    is_handed_on = delivery is not None or _is_own_list(session, mail, settings)
    is_personal = is_handed_on and mail.sort is Sort.LIST and text.is_visible(mail.words)
    if mail.sort in BY_PROGRAM and not is_personal:  # a group's address says of each mail that it went to many
        place = Place.ASIDE if delivery is not None and mail.sort is Sort.AUTOMATIC and mail.words else Place.PROGRAM
        return Placed(place, BY_PROGRAM[mail.sort], delivery=delivery)
    if mail.sort in WHY_NOT:
        return _aside(WHY_NOT[mail.sort], delivery)
    if delivery is None:
        return _to_desk(session, mail, settings)
    if not delivery.recipient:
        return _aside(FORGOTTEN, delivery)
    if delivery.created_at < now() - ANSWERABLE:
        return _aside(TOO_OLD, delivery)
    if limits.take(session, "letter", delivery.id, MOST_LETTERS) is not None:
        return _aside(TOO_MANY, delivery)
    if delivery.report is not None:
        return _from_reader(session, mail, delivery, delivery.report)
    return _from_colleague(session, mail, delivery)


def _answered_mail(session: Session, mail: Incoming, settings: Settings) -> Delivery | None:
    """The mail that a letter answers, by the signed address that it came to; what it says of itself proves nothing."""
    keys = settings.secret_keys
    for base in _bases(session, settings):
        number = reply_addresses.number_in(mail.recipients, base, keys) if base else None
        if number is not None:
            return session.get(Delivery, number)
    return None


def _bases(session: Session, settings: Settings) -> list[str]:
    """Where mail to us comes in."""
    own_bases = (base_of(site, settings) for site in session.scalars(select(Site)))
    return list(filter(None, dict.fromkeys([settings.reply_address, *own_bases])))


def _is_own_list(session: Session, mail: Incoming, settings: Settings) -> bool:
    """Whether a list that a mail came over is our own address, kept by a group (RFC 2919)."""
    return any(mail.list_id == base.replace("@", ".") for base in _bases(session, settings))


def _from_reader(session: Session, mail: Incoming, delivery: Delivery, report: Report) -> Placed:
    if report.erased_at is not None:
        return _aside(FORGOTTEN, delivery)
    if not _is_from(session, mail, delivery, report):
        readers.keep_from_elsewhere(session, report, mail.words, masked(mail.sender), mail.attached)
        return _aside(NOT_READERS, delivery)
    readers.answer_by_mail(session, report, mail.words, mail.attached)
    return Placed(Place.CASE, "", report.case_id, report.id, delivery)


def _is_from(session: Session, mail: Incoming, delivery: Delivery, report: Report) -> bool:
    """Whether a letter's sender is the reader whom we wrote to, or an editor took a letter of theirs for the reader's."""
    accepted = select(Letter.sender).where(Letter.report_id == report.id, Letter.place == Place.CASE)
    # What colleagues answer to a mail of theirs stands at the report too.
    is_reader_s = or_(Letter.delivery_id.is_(None), Delivery.report_id == report.id)
    accepted = accepted.outerjoin(Delivery, Delivery.id == Letter.delivery_id).where(is_reader_s)
    addresses = (delivery.recipient, *session.scalars(accepted))
    return folded(mail.sender) in map(folded, addresses)


def _to_desk(session: Session, mail: Incoming, settings: Settings) -> Placed:
    """Make a report of what somebody wrote to the desk, if it is about an article of a site."""
    if limits.take(session, "letter_from", folded(mail.sender), MOST_REPORTS) is not None:
        return _aside(TOO_MANY_REPORTS)
    if letter_reports.answers_desk(session, mail, settings):
        return _aside(TO_DESK)
    report = letter_reports.make(session, mail, settings, site_id=_house(session, mail, settings))
    if report is None:
        return _aside(UNKNOWN)
    return Placed(Place.CASE, "", report.case_id, report.id, site_id=report.site_id)


def _from_colleague(session: Session, mail: Incoming, delivery: Delivery) -> Placed:
    """Send a colleague's answer to the reader whom the mail was about, or keep it as a note where it was about none."""
    editor = editors.by_email(session, delivery.recipient)
    event = session.get(Event, delivery.event_id) if delivery.event_id else None
    if editor is None or not editor.active or event is None or delivery.case is None:
        return _aside(NOBODY, delivery)
    if folded(mail.sender) != folded(delivery.recipient):
        return _aside(NOT_THEIRS, delivery)
    case: Case = history.get(session, event.case_id, editor)
    if event.report_id is None:
        history.permit(case, editor, Role.AUTHOR)
        cases.note(session, case, mail.words, actor=editor)
        return Placed(Place.CASE, "", case.id, delivery=delivery)
    report = session.get_one(Report, event.report_id)
    case = history.get(session, report.case_id, editor)  # it may have moved
    cases.reply(session, case, report, mail.words, actor=editor)
    return Placed(Place.CASE, "", case.id, report.id, delivery)


def _aside(reason: str, delivery: Delivery | None = None) -> Placed:
    about = (delivery.case_id, delivery.report_id) if delivery is not None else (None, None)
    return Placed(Place.ASIDE, reason, *about, delivery)
