"""Attachments: pictures that readers add to a report, where a publication wishes for them; seen by its editors alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, object_session

from corrections_service import errors
from corrections_service.rules.workflow import Role, State
from corrections_service.services.history import permit, record
from corrections_service.services.readers import take_up
from corrections_service.store import erasures
from corrections_service.store.models import Attachment, Case, Editor, EventKind, Report

MOST, MOST_BYTES, MOST_PAGES = 3, 5 * 1024 * 1024, 5
"""Files of a report, the bytes of one, and the pages of a PDF that are drawn."""


@dataclass(frozen=True)
class Picture:
    """What the service drew of a reader's file: an image of this type, in pixels."""

    type: str
    content: bytes
    width: int
    height: int


def are_welcome(report: Report) -> bool:
    """Whether pictures may be added to a report: its site wishes for them, and somebody will see them."""
    is_open = report.case.state not in (State.CLOSED, State.SPAM)
    return bool(report.case.site.policy.get("attachments")) and report.withdrawn_at is None and is_open


def check_room(session: Session, report: Report) -> None:
    """Promise that one more can be added. Raises NotFound where none is wished for, AttachmentClosed, AttachmentMany."""
    if not report.case.site.policy.get("attachments"):
        raise errors.NotFound()
    if not are_welcome(report) or report.erased_at is not None:
        raise errors.AttachmentClosed()
    if len(_positions(session, report)) >= MOST:
        raise errors.AttachmentMany()


def add(session: Session, report: Report, pictures: Sequence[Picture]) -> None:
    """Keep what was drawn of one file, with its report. Raises what `check_room` does."""
    case = take_up(session, report)
    check_room(session, report)
    position = max(_positions(session, report), default=0) + 1
    for page, picture in enumerate(pictures[:MOST_PAGES], 1):
        session.add(Attachment(report_id=report.id, position=position, page=page, **vars(picture)))
    record(session, case, EventKind.PICTURE_ADDED, report=report)


def remove(session: Session, report: Report, position: int) -> None:
    """Take away what a reader added; no restore brings it back. Doing it again is fine."""
    case = take_up(session, report)
    if position in _positions(session, report):
        _delete(session, report.id, position)
        erasures.note(session, f"{erasures.ATTACHMENT_GONE}{position}", case.site.key, report.client_id)
        record(session, case, EventKind.PICTURE_REMOVED, report=report)


def remove_again(session: Session, report: Report, kind: str, at: datetime) -> None:
    """Take away what a backup of before has brought back, by the erasure log; what was added since then stays."""
    position = kind.removeprefix(erasures.ATTACHMENT_GONE)
    if position.isdigit() and len(position) < 10:
        where = (Attachment.report_id == report.id, Attachment.position == int(position))
        session.execute(delete(Attachment).where(*where, Attachment.created_at <= at))


def forget(session: Session, report: Report) -> None:
    """Remove all that was added to a report, for good."""
    session.execute(delete(Attachment).where(Attachment.report_id == report.id))


def forget_left_over(session: Session) -> None:
    """Remove what is there of erased reports: a version that knew no attachments may have erased one meanwhile."""
    erased = select(Report.id).where(Report.erased_at.is_not(None))
    session.execute(delete(Attachment).where(Attachment.report_id.in_(erased)))


def of_reports(session: Session, report_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """The pictures of these reports, in their order, without their content."""
    query = select(Attachment).where(Attachment.report_id.in_(report_ids))
    pictures = defaultdict[int, list[Attachment]](list)
    for picture in session.scalars(query.order_by(Attachment.report_id, Attachment.position, Attachment.page)):
        pictures[picture.report_id].append(picture)
    return dict(pictures)


def count(case: Case) -> int:
    """How many pictures the reports of a case have."""
    session = object_session(case)
    assert session is not None
    query = select(func.count(Attachment.id)).join(Report, Report.id == Attachment.report_id)
    return session.execute(query.where(Report.case_id == case.id)).scalar_one()


def seen_by(session: Session, case: Case, number: int, actor: Editor) -> Attachment:
    """One picture of the case, for who may decide it. Raises NotFound, NotPermitted."""
    permit(case, actor, Role.EDITOR)
    query = select(Attachment).join(Report, Report.id == Attachment.report_id)
    picture = session.scalar(query.where(Attachment.id == number, Report.case_id == case.id))
    if picture is None:
        raise errors.NotFound()
    return picture


def _positions(session: Session, report: Report) -> set[int]:
    return set(session.scalars(select(Attachment.position).where(Attachment.report_id == report.id)))


def _delete(session: Session, report_id: int, position: int) -> None:
    session.execute(delete(Attachment).where(Attachment.report_id == report_id, Attachment.position == position))
