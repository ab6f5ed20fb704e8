"""Reports: what a reader sent, stored once, put under its case, with all that follows from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, func, or_, select, true, update
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import spam, text, urls
from corrections_service.rules.addresses import folded
from corrections_service.rules.changes import Kind
from corrections_service.rules.quotes import Quote
from corrections_service.rules.references import number_of, reference_of
from corrections_service.rules.workflow import LIVE, UNDECIDED, Resolution, State
from corrections_service.services import articles, history, joining, limits, outbox, wishes
from corrections_service.services.joining import Opening
from corrections_service.store import jobs
from corrections_service.store.models import Case, Event, EventKind, Reader, Report, Site, now
from corrections_service.store.rows import add, insert_once, look_up, table_of

LONGEST_SAID = 1000
"""Characters of what a reader answers, or says against a decision."""

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_KNOWN = select(Report.id, Report.content_sha256, Report.case_id).where(
    Report.site_id == bindparam("site_id"), Report.client_id == bindparam("client_id")
)
_HELD = select(Case.id).where(Case.id == bindparam("case")).with_for_update(key_share=True)
_STANDS_BEHIND = (
    select(Report.id)
    .where(Report.case_id == bindparam("case"), Report.sender == bindparam("sender"), Report.withdrawn_at.is_(None))
    .exists()
)
_JOINED = (
    update(table_of(Case))
    .where(
        Case.id == bindparam("case"),
        or_(Case.state.in_(LIVE), and_(Case.live_key.is_not(None), Case.state != State.MERGED)),
    )
    .values(readers=Case.readers + case((_STANDS_BEHIND, 0), else_=1))
    .returning(Case.readers)
)

KEYED = "k:"
"""How a keyed hash begins."""

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


def submit(
    session: Session, *, site: Site, fields: Fields, secret: str, block: str = "", arrived: datetime | None = None
) -> Submitted:
    """Store a report with its case, its event and the mails it owes; the same again is the same report.

    `block` is the network that it came from (`limits.address_block`), where that is known. `arrived` is when a report
    that is imported came in elsewhere; nobody is mailed about it.
    Raises IdReused when the id came with other content before.
    """
    earlier = look_up(session, _KNOWN, site_id=site.id, client_id=fields.client_id)
    token = token_of(site.id, fields.client_id, secret)
    if earlier is not None:
        if earlier.content_sha256 not in ("", *_digests(session, fields)):  # "": of an earlier version, and forgotten
            raise errors.IdReused()
        readers = session.scalar(select(Case.readers).where(Case.id == earlier.case_id)) or 1
        return Submitted(reference_of(earlier.id), token, readers, True, fields.client_id)
    spam_score = spam.score(
        comment=fields.comment,
        suggestion=fields.suggestion,
        exact=fields.exact,
        elapsed_ms=fields.elapsed_ms,
        website=fields.website,
    )
    at = arrived or now()
    article_id = articles.find_or_add(session, site, fields.url, title=fields.title, language=fields.language)
    opening = Opening(
        lambda: fields.kind or _guess(fields),
        place=fields.place,
        comment=fields.comment,
        page_url=_page_of(fields),
        several=fields.several,
        spam_points=spam_score.points,
        at=at,
    )
    case_id, is_new = joining.find_or_open(session, site, article_id, wishes.sighting(fields), opening)
    sender = _sender(session, article_id, fields.email, block)
    readers = _join(session, case_id, sender, is_new=is_new)
    report_id = insert_once(
        session,
        Report,
        ["site_id", "client_id"],
        site_id=site.id,
        case_id=case_id,
        content_sha256=_digests(session, fields)[0],
        sender=sender,
        token_digest=_sha256(token),
        spam_points=spam_score.points,
        spam_reasons=list(spam_score.reasons),
        created_at=at,
        **_columns(fields),
    )
    if report_id is None:  # another replica stored the same id between our look and our insert
        raise errors.StorageBusy(retry_after=1)
    add(session, Event, case_id=case_id, kind=EventKind.REPORTED, report_id=report_id, data={}, at=at)
    if is_new and arrived is None and spam_score.points < joining.SUSPECT and not site.policy.get("desk_mail_off"):
        _tell_desk(session, site, case_id)
    if fields.email:
        add(session, Reader, report_id=report_id, email=fields.email)
    if fields.email and arrived is None:
        _owe_receipt(session, site, case_id, report_id, fields.email)
    return Submitted(reference_of(report_id), token, readers, False, fields.client_id)


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
    report = session.get(Report, number) if number is not None and number < 2**31 else None
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


def withdraw(session: Session, report: Report) -> None:
    """Take a report back at its reader's wish; an undecided case closes when no other reader stands behind it."""
    case = take_up(session, report)
    if report.withdrawn_at is not None:
        return
    report.withdrawn_at = now()
    values: dict[str, object] = {"readers": history.readers_of(session, case)}
    if values["readers"] == 0 and case.state in UNDECIDED:
        values |= {"state": State.CLOSED, "resolution": Resolution.READER_WITHDREW, "live_key": None}
    history.change(session, case, EventKind.READER_WITHDREW, values, report=report)


def appeal(session: Session, report: Report, why: str) -> None:
    """Disagree with a decision, once; the case opens again for another person.

    Raises NotClosed, ChangedMeanwhile, InvalidFields for too many words.
    """
    reason = _typed("appeal", why)
    case = take_up(session, report)
    if report.appealed_at is not None:
        raise errors.ChangedMeanwhile("You have disagreed already; an editor will look once more.")
    if case.state is not State.CLOSED or report.withdrawn_at is not None:
        raise errors.NotClosed("There is no decision yet that you could disagree with.")
    report.appealed_at = now()
    values = {"state": State.OPEN, "resolution": None, "assignee_id": None}
    history.keep_quiet(session, case)
    history.change(session, case, EventKind.APPEALED, values, report=report, why=reason)
    history.look_soon(session, case)


def answer(session: Session, report: Report, typed: str) -> None:
    """Keep what a reader answered to the desk's question; the case is taken up again. Raises InvalidFields."""
    reply = _typed("answer", typed)
    if not text.is_visible(reply):
        raise errors.InvalidFields({"answer": "Write your answer first."})
    case = take_up(session, report)
    if case.state is State.WAITING:
        values = {"state": State.OPEN, "snoozed_until": None}
        history.change(session, case, EventKind.ANSWERED, values, report=report, text=reply)
    else:
        history.record(session, case, EventKind.ANSWERED, report=report, text=reply)


def _typed(field: str, typed: str) -> str:
    """What a reader says of a case, whole. Raises InvalidFields, which names the field, for too many words."""
    cleaned = text.clean(typed).strip()
    if len(cleaned) > LONGEST_SAID:
        raise errors.InvalidFields({field: errors.too_long(len(cleaned), LONGEST_SAID)})
    return cleaned


def take_up(session: Session, report: Report) -> Case:
    """The report's case, held for this change; editors may be merging or parting it at this moment."""
    while True:
        case = report.case
        history.hold(session, case)
        session.refresh(report)
        if report.case_id == case.id:
            return case


def _sender(session: Session, article_id: int, email: str, block: str) -> str:
    """The mark of who sends a report: of the mailbox, else of the network today about this article, else of nobody.

    The key of the day's marks is thrown away with the day; the mark of a mailbox goes with its address.
    """
    if email:
        key, mailbox = session.info["mark_keys"][0], f"sender:{folded(email)}".encode("utf-8", "surrogatepass")
        return f"a{hmac.new(key.encode(), mailbox, hashlib.sha256).hexdigest()[:40]}"
    if block not in ("", limits.UNKNOWN):
        return f"n{limits.mark(session, f'sender:{article_id}', block)[:40]}"
    return f"x{secrets.token_hex(16)}"


def _join(session: Session, case_id: int, sender: str, *, is_new: bool) -> int:
    """Count a reader of a case, once; how many there are. Raises StorageBusy when it was closed at this moment."""
    if not is_new:  # who sends twice at the same moment waits here, and is then seen
        look_up(session, _HELD, case=case_id)
    row = look_up(session, _JOINED, case=case_id, sender=sender)
    if row is None:
        raise errors.StorageBusy(retry_after=1)
    return int(row.readers)


def _guess(fields: Fields) -> Kind:
    change = wishes.change(fields)
    return change.kind if change else Kind.OTHER


def _tell_desk(session: Session, site: Site, case_id: int) -> None:
    outbox.owe(session, outbox.DESK_TEMPLATE, site.desk, site=site, case_id=case_id, key=f"case.{case_id}")
    jobs.wake(session, "deliver_due")


def _owe_receipt(session: Session, site: Site, case_id: int, report_id: int, email: str) -> None:
    """One plain receipt of fixed words, to one mailbox at most one a day, however its address is written (P-13)."""
    if limits.take(session, "receipt", folded(email), "1/day") is None:
        outbox.owe(
            session, outbox.RECEIPT, email, site=site, case_id=case_id, report_id=report_id, key=f"report.{report_id}"
        )


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


def _digests(session: Session, fields: Fields) -> list[str]:
    """The hash of all that was sent, keyed, for it holds an address; then by former keys, and an earlier version's."""
    content = {name: value for name, value in vars(fields).items() if name != "elapsed_ms"}
    # As before there were these: what was stored then is sent again now.
    content = {name: value for name, value in content.items() if value or name not in LATER}
    document = json.dumps(content, sort_keys=True, ensure_ascii=True)
    macs = [hmac.new(key.encode(), document.encode(), hashlib.sha256).hexdigest() for key in session.info["mark_keys"]]
    return [*(f"{KEYED}{mac[:62]}" for mac in macs), _sha256(document)]


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
