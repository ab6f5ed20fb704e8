"""Deliveries: what is owed is claimed, sent as one message, and marked; a refusal says whose fault it is."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.errors import StorageBusy
from corrections_service.rules.addresses import folded
from corrections_service.services import alarms, answers, desk_mail, notices, offices, outbox, reader_mail
from corrections_service.store import jobs
from corrections_service.store.models import Delivery, now
from corrections_service.store.turns import UNHURRIED
from corrections_service.work import letters
from corrections_service.work.means import BATCH, Work
from corrections_service.work.smtp import CONNECTIONS, MailRefused

log = structlog.get_logger()

MOST_SPLITS = 32
"""Halvings of one digest at most: more than finding a few among 500 takes."""

PATIENT_TRIES = 3
"""So often a server may say "not now" to what a digest says before its halves go on by themselves."""


def deliver_due(work: Work) -> None:
    """Send all that is due, and free what was taken by who died, or ended without sending it."""
    with work.database.write() as session:
        outbox.release_claims(session, at_work=jobs.at_work(session))
        outbox.give_up_emptied(session)
    publish_due(work)  # no reader is told of a notice before it is public
    while deliver(work) == BATCH:
        pass
    work.mailer.close(keep=1)


def publish_due(work: Work) -> None:
    """Make public the notices that are ready and whose time has come, each in a transaction of its own.

    Each holds its case and then its site's chain: to hold a case after the chain would let two wait for each other. One
    that cannot be published holds up no other, and no mail.
    """
    with work.database.read() as session:
        numbers = notices.due(session)
    for number in numbers:
        try:
            with work.database.write() as session:
                notices.publish(session, number)
        except StorageBusy:
            raise
        except Exception:
            log.exception("notice not published", notice=number)


def deliver(work: Work) -> int:
    """Claim what is due, send each, then mark it; how many were claimed.

    When the mail server is away, none of the others is tried in vain.
    """
    with jobs.run() as run:
        return _deliver(work, run)


def _deliver(work: Work, run: str) -> int:
    with work.database.write() as session:
        deliveries = outbox.claim(session, run, limit=BATCH)
        readers = {delivery.id: folded(delivery.recipient) for delivery in deliveries if delivery.report_id is not None}
        claimed = [delivery.id for delivery in deliveries]
    if claimed and (refusal := _refusal_of_all(work)) is not None:
        _mark_failed(work, claimed[:1], refusal)
        _put_back(work, claimed[1:])
        return 0
    finished = set[int]()
    with _Lines() as lines:
        for delivery_id in claimed:
            if delivery_id in finished:
                continue
            reader = readers.get(delivery_id)
            lines.clear(reader)
            if lines.are_cut:
                break
            work.database.precedence.give_way()
            ids, looked_at = _made_ready(work, delivery_id, [id for id in claimed if id not in finished], run)
            finished |= set(ids or looked_at)
            if ids:
                lines.take(reader, partial(_hand_over, work, delivery_id, ids, run))
        lines.clear(None)
    if not lines.are_cut:
        return len(claimed)
    _put_back(work, [id for id in claimed if id not in finished])
    return 0


class _Lines:
    """Hands several messages to readers over at once, to one reader one after the other; what colleagues get goes alone.

    `are_cut`: the mail server takes none at all.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="mail")
        self._under_way: dict[str, Future[bool]] = {}
        self.are_cut = False

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def take(self, reader: str | None, hand_over: Callable[[], bool]) -> None:
        """Hand this over; it returns False where the mail server takes none at all."""
        if reader is None:
            self.are_cut |= not hand_over()
        else:
            self._under_way[reader] = self._pool.submit(hand_over)

    def clear(self, reader: str | None) -> None:
        """Wait until a line is free, and what this reader gets first is gone; for None, until all is."""
        while reader is None and self._under_way:
            self._end(next(iter(self._under_way)))
        if reader in self._under_way:
            self._end(reader)
        if len(self._under_way) >= CONNECTIONS:
            wait(self._under_way.values(), return_when=FIRST_COMPLETED)
        for other in [other for other, future in self._under_way.items() if future.done()]:
            self._end(other)

    def _end(self, reader: str) -> None:
        self.are_cut |= not self._under_way.pop(reader).result()


def _put_back(work: Work, ids: Sequence[int]) -> None:
    """Leave these for later: the mail server takes none."""
    with work.database.write() as session:
        outbox.put_back(session, ids, until=now() + outbox.RETRY_FIRST)


def _made_ready(work: Work, delivery_id: int, claimed: Sequence[int], run: str) -> tuple[list[int], list[int]]:
    """Which deliveries go now as one message with this one (a digest takes its companions along), and which were seen to."""
    try:
        return _gather(work, delivery_id, claimed, run)
    except StorageBusy:
        raise
    except Exception:  # whichever of these it is about, each goes by itself
        try:
            return _gather(work, delivery_id, [delivery_id], run, alone=True)
        except StorageBusy:
            raise
        except Exception as error:
            accident = _accident("made ready", error)
            log.warning("mail not sent", deliveries=1, first=delivery_id, reason=accident.reason)
            _mark_failed(work, [delivery_id], accident)
            return [], [delivery_id]


def _hand_over(work: Work, delivery_id: int, ids: list[int], run: str) -> bool:
    """Send one message, where that is to a reader in a thread of its own; False where the mail server takes none at all."""
    work.database.precedence.give_way()
    refusal = _send_parts(work, ids, run)
    with work.database.read() as session:
        is_counted = session.get_one(Delivery, delivery_id).report_id is not None and not outbox.any_sent(session, ids)
    if is_counted:
        with work.database.write() as session:
            reader_mail.give_back(session, session.get_one(Delivery, delivery_id), work.reader_limits)
    return refusal is None or not refusal.away


def _gather(
    work: Work, delivery_id: int, claimed: Sequence[int], run: str, *, alone: bool = False
) -> tuple[list[int], list[int]]:
    """Which messages go now as one with this one, or by itself `alone`; and all that were seen to."""
    with work.database.write() as session:
        delivery, ids = session.get_one(Delivery, delivery_id), [delivery_id]
        if not outbox.still_ours(session, ids, run):
            return [], []
        if delivery.template in outbox.TO_DESKS:
            most, most_cases = work.settings.limit_desk_mails, letters.DIGEST_CASES
            return desk_mail.gather(
                session, delivery, run, claimed=claimed, most=most, most_cases=most_cases, alone=alone
            )
        if delivery.template == outbox.ALARM and alarms.oldest_late(session, [delivery.site_id]) is None:
            outbox.drop(delivery)
            return [], ids
        if outbox.is_overtaken(session, delivery):
            return [], ids
        if not _not_pointless(session, ids):
            return [], ids
        if offices.goes_with_others(delivery) and not alone:
            others = outbox.companions(session, delivery, run, claimed=claimed)
            return _not_pointless(session, [*ids, *others]), [*ids, *others]
        if delivery.report_id is None:
            return ids, ids
        if reader_mail.put_back_early(session, ids):
            return [], ids
        if delivery.template in outbox.TOGETHER and not alone:
            others = _not_pointless(session, outbox.companions(session, delivery, run, claimed=claimed))
            early = reader_mail.put_back_early(session, others)
            ids += [id for id in others if id not in early]
        if delivery.template in outbox.ANSWERS and len(ids) <= reader_mail.answers_left(session, delivery):
            outbox.put_back(session, [id for id in ids if id not in claimed], until=now())
            ids = [delivery_id]
        waits = reader_mail.reader_pause(session, delivery, len(ids), work.reader_limits)
        if waits is None:
            return ids, ids
        outbox.put_back(session, ids, until=waits[0], reason=waits[1], by_choice=True)
        return [], ids


def _not_pointless(session: Session, ids: Sequence[int]) -> list[int]:
    """Those of these mails to an office or to readers that still are to go; the others are taken back."""
    deliveries = [session.get_one(Delivery, delivery_id) for delivery_id in ids]
    pointless = [
        delivery
        for delivery in deliveries
        if offices.is_pointless(session, delivery) or answers.is_over(session, delivery)
    ]
    for delivery in pointless:
        outbox.drop(delivery)
    return [delivery.id for delivery in deliveries if delivery not in pointless]


def _send_parts(work: Work, ids: list[int], run: str) -> MailRefused | None:
    """Send these as one message; of a digest that is refused for what it says, each half goes on by itself.

    So the one that cannot be sent is found, alone stays unsent, and says why. Returns why the server took none at all.
    """
    parts, splits = [ids], MOST_SPLITS
    while parts:
        part = parts.pop(0)
        refusal = _send(work, part, run)
        if refusal is None:
            continue
        log.warning("mail not sent", deliveries=len(part), first=part[0], reason=refusal.reason)
        if len(part) > 1 and refusal.of_content and splits:
            splits -= 1
            parts = [part[: len(part) // 2], part[len(part) // 2 :], *parts]
            continue
        if len(part) == 1 and refusal.of_content and refusal.for_good:
            minimal_refusal = _send_minimal(work, part[0], refusal, run)
            if minimal_refusal is None:
                continue
            refusal = minimal_refusal
        undone = [id for rest in (part, *parts) for id in rest] if refusal.away else part
        for_good = (refusal.for_good and len(part) == 1) or (refusal.for_good and not refusal.of_content)
        _mark_failed(work, undone, refusal, for_good=for_good)
        if refusal.away:
            return refusal
    return None


def _send(work: Work, ids: Sequence[int], run: str) -> MailRefused | None:
    """Send one message that tells of these, then mark them; no transaction is open meanwhile. Returns why it was refused."""
    if not _are_ours(work, ids, run):
        return None
    with work.database.read() as session:
        query = select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)
        deliveries = session.scalars(query).all()
        tries = min(delivery.attempts for delivery in deliveries)
        try:
            message = work.mailer.compose(deliveries, together=ids)
        except MailRefused as refusal:
            return refusal
        except StorageBusy:
            raise
        except Exception as error:  # whatever it is, it is this mail's alone
            return _accident("composed", error)
    try:
        if work.mailer.send(message, partial(_are_ours, work, ids, run)) is None:
            return None
    except MailRefused as refusal:
        refusal.of_content = refusal.of_content and (refusal.for_good or tries >= PATIENT_TRIES)
        return refusal
    except StorageBusy:  # as it was looked at whether it is still ours: the mail is not at fault, and has not gone
        raise
    except Exception as error:
        return _accident("sent", error)
    with work.database.write(patience=UNHURRIED) as session:  # what is not marked goes a second time
        outbox.mark_sent(session, ids)
    return None


def _send_minimal(work: Work, delivery_id: int, refused: MailRefused, run: str) -> MailRefused | None:
    """Send no more than that there is news, where a server does not take what a mail says (`refused`).

    Returns why that did not go either: a passing trouble, which a later try has behind it, else what was said of the mail.
    """
    if not _are_ours(work, [delivery_id], run):
        return None
    with work.database.read() as session:
        try:
            message = work.mailer.compose_minimal(session.get_one(Delivery, delivery_id))
        except StorageBusy:
            raise
        except Exception:  # what stands in none of it cannot be written either
            return refused
    if message is None:
        return refused
    try:
        if work.mailer.send(message, partial(_are_ours, work, [delivery_id], run)) is None:
            return None
    except MailRefused as refusal:
        log.warning("minimal mail not sent", delivery=delivery_id, reason=refusal.reason)
        return refused if refusal.for_good and not refusal.away else refusal
    except StorageBusy:
        raise
    except Exception as error:
        return _accident("sent", error)
    with work.database.write(patience=UNHURRIED) as session:
        outbox.mark_sent(session, [delivery_id])
    return None


def _are_ours(work: Work, ids: Sequence[int], run: str) -> bool:
    """Whether nobody else has taken these since, as one may who waited too long for their turn."""
    with work.database.read() as session:
        return outbox.still_ours(session, ids, run)


def _refusal_of_all(work: Work) -> MailRefused | None:
    """Why the mail server takes nothing at all: so in an outage no mail is written in vain, and a digest of a burst is long."""
    try:
        work.mailer.check()
    except MailRefused as refusal:
        return refusal if refusal.away else None
    except Exception:
        return None  # each mail meets it by itself, and tells it
    return None


def _mark_failed(work: Work, ids: Sequence[int], refusal: MailRefused, *, for_good: bool = False) -> None:
    """Say why these were not sent; they are tried again unless that is for good."""
    keep = timedelta(days=work.settings.retention_mail_days)
    with work.database.write() as session:
        outbox.mark_failed(session, ids, refusal.reason, for_good=for_good, keep=keep)
        desk_mail.tell_instead(session, ids)


def _accident(act: str, error: Exception) -> MailRefused:
    """What nobody foresaw about one mail, in words that hold nothing of what it says; it is tried again, as others are."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}"
    return MailRefused(f"This mail could not be {act}: {where}.", for_good=False, of_content=True)
