"""Readers: what they do about their report later, from its status page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.workflow import UNDECIDED, Resolution, State
from corrections_service.services import answers, corrections, history, people, sites, thanks
from corrections_service.store.models import Case, EventKind, Report, Site, now

LONGEST_SAID = 1000
"""Characters of what a reader answers, or says against a decision."""


def withdraw(session: Session, report: Report) -> None:
    """Take a report back at its reader's wish; an undecided case closes when no other reader stands behind it."""
    case = take_up(session, report)
    if report.withdrawn_at is not None:
        return
    report.withdrawn_at = now()
    thanks.forget(session, report)
    values: dict[str, object] = {"readers": history.readers_of(session, case)}
    if values["readers"] == 0 and case.state in UNDECIDED:
        values |= {"state": State.CLOSED, "resolution": Resolution.READER_WITHDREW, "live_key": None}
        corrections.uphold(session, case)
    history.change(session, case, EventKind.READER_WITHDREW, values, report=report)


def appeal(session: Session, report: Report, why: str) -> None:
    """Disagree with a decision, once; the case opens again for another person, and nothing of it is published till then.

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
    event = history.change(session, case, EventKind.APPEALED, values, report=report, why=reason)
    corrections.drop(session, case)
    corrections.question(session, case)
    session.expire(case, ["assignee"])
    people.tell(session, case, event, "appealed")
    history.look_soon(session, case)


def answer(session: Session, report: Report, typed: str) -> None:
    """Keep what a reader answered; where the desk waits for it, the case is taken up again, and its editor is mailed.

    Raises InvalidFields.
    """
    _take(session, report, _typed("answer", typed))


def answer_by_mail(session: Session, report: Report, words: str, attached: Sequence[str]) -> None:
    """Keep what a reader answered by mail, of any length, and mail its case's editor, whoever waits for it.

    `attached` names what came with it, and is left out. Raises InvalidFields.
    """
    facts = {"attached": list(attached)} if attached else {}
    _take(session, report, text.clean(words).strip(), by_mail=True, **facts)


def keep_from_elsewhere(session: Session, report: Report, words: str, sender: str, attached: Sequence[str]) -> None:
    """Keep at the case what somebody wrote of a report by mail who need not be its reader, and mail its case's editor.

    It settles nothing, and no reader sees it; `sender` is shown masked. Raises InvalidFields.
    """
    cleaned = text.clean(words).strip()
    if not text.is_visible(cleaned):
        raise errors.InvalidFields({"answer": "Write your answer first."})
    facts: dict[str, Any] = {"attached": list(attached)} if attached else {}
    case = take_up(session, report)
    event = history.record(session, case, EventKind.MAILED, report=report, text=cleaned, sender=sender, **facts)
    people.tell(session, case, event, "mailed")


def _take(session: Session, report: Report, reply: str, *, by_mail: bool = False, **facts: Any) -> None:
    if not text.is_visible(reply):
        raise errors.InvalidFields({"answer": "Write your answer first."})
    case = take_up(session, report)
    is_asked = answers.is_asked(session, report)
    if is_asked and case.state is State.WAITING:
        values = {"state": State.OPEN, "snoozed_until": None, "wake_readers": None}
        event = history.change(session, case, EventKind.ANSWERED, values, report=report, text=reply, **facts)
    else:
        event = history.record(session, case, EventKind.ANSWERED, report=report, text=reply, **facts)
    if is_asked or by_mail:
        people.tell(session, case, event, "answered")


def offer_name(session: Session, report: Report, typed: str) -> None:
    """Offer a name to be thanked by. Raises InvalidFields, NotClosed where nobody is thanked."""
    take_up(session, report)
    thanks.offer(session, report, typed)


def take_name_away(session: Session, report: Report) -> None:
    """Be thanked by no name any more, wherever it stands; doing it again is fine."""
    take_up(session, report)
    thanks.forget(session, report)


def say_whether_helped(session: Session, report: Report, *, helped: bool) -> None:
    """Keep whether the answer helped a reader, once. Raises NotClosed where there is no answer yet."""
    case = take_up(session, report)
    if case.state is not State.CLOSED or report.withdrawn_at is not None:
        raise errors.NotClosed("There is no answer yet.")
    if report.helped is None:
        report.helped = helped


def count_helped(session: Session, publications: Sequence[Site], first: date, last: date) -> tuple[int, int]:
    """Of the reports of these days: how many readers said that the answer helped them, and how many said anything."""
    by_zone: dict[ZoneInfo, list[int]] = {}
    for site in publications:
        by_zone.setdefault(sites.zone_of(site), []).append(site.id)
    answers = Counter[bool]()
    for zone, site_ids in by_zone.items():
        begin = datetime.combine(first, time(), zone)
        end = datetime.combine(last + timedelta(days=1), time(), zone)
        where = (Report.site_id.in_(site_ids), Report.created_at >= begin, Report.created_at < end)
        query = select(Report.helped, func.count()).where(*where, Report.helped.is_not(None)).group_by(Report.helped)
        answers.update({bool(helped): number for helped, number in session.execute(query)})
    return answers[True], answers.total()


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
