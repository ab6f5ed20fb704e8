"""Entries: what became of each public notice, written down in its site's chain, and the checkpoints that are signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections_service.rules import chain, text, webhooks
from corrections_service.rules.workflow import SAYS_CHANGE, SHOWN, State
from corrections_service.services import calls, sites
from corrections_service.store.models import (
    SEEN_RIGHT,
    Article,
    Case,
    Checkpoint,
    Correction,
    Entry,
    EntryKind,
    Event,
    EventKind,
    Report,
    Site,
    now,
)
from corrections_service.store.views import MENDED

AT_ONCE, LINES_AT_ONCE = 100, 500
NOTICE = (
    *(Correction.id, Correction.state, Correction.notice_class, Correction.wrong, Correction.right, Correction.text),
    *(Correction.gravity, Correction.ran, Correction.published_at, Correction.retracted_at, Correction.retraction),
)
TOLD = {
    EntryKind.PUBLISHED: webhooks.PUBLISHED,
    EntryKind.RESTORED: webhooks.PUBLISHED,
    EntryKind.REPLACED: webhooks.RETRACTED,
    EntryKind.RETRACTED: webhooks.RETRACTED,
}
"""What other programs are told of."""

SAID = ("class", "wrong", "right", "text", "gravity", "ran")
"""What an editor says in a notice, and may revise."""


def enter_due(session: Session) -> bool:
    """Write down in one site's chain what is public and does not stand there; whether there may be more.

    What is published is entered in the same transaction; this is for what an earlier version published.
    """
    where = (Correction.entered.is_(False), Correction.published_at <= now())
    first = select(Correction.site_id).where(*where).order_by(Correction.published_at, Correction.id).limit(1)
    site_id = session.scalar(first)
    if site_id is None:
        return False
    query = select(Correction).where(*where, Correction.site_id == site_id)
    query = query.order_by(Correction.published_at, Correction.id).limit(AT_ONCE)
    for correction in session.scalars(query.with_for_update(skip_locked=True)).all():
        enter(session, correction)
    return True


def enter(session: Session, correction: Correction) -> None:
    """Write down that a notice is public, unless it stands there already."""
    if correction.entered:
        return
    add(session, correction, EntryKind.PUBLISHED, at=correction.published_at)
    if correction.retracted_at is not None:
        add(session, correction, EntryKind.RETRACTED, at=correction.retracted_at)


def add(
    session: Session,
    correction: Correction,
    kind: EntryKind,
    *,
    replaced_by: Correction | None = None,
    at: datetime | None = None,
) -> Entry:
    """Add an entry on the notice as it is now to its site's chain, in the transaction that makes it so."""
    correction.entered = True
    correction.words = words_of(correction)
    session.flush()
    # Who adds to the same chain at this moment waits; the row's key stays free for what refers to it.
    session.scalar(select(Site.id).where(Site.id == correction.site_id).with_for_update(key_share=True))
    number, previous = _head(session, correction.site_id)
    at = at or now()
    values = {
        "number": number + 1,
        "previous": previous,
        "at": _stamp(at),
        "what": kind.value,
        **said(session, correction),
    }
    if replaced_by is not None:
        values["replaced_by"] = replaced_by.id
    content = chain.canonical(values)
    entry = Entry(
        site_id=correction.site_id,
        number=number + 1,
        correction_id=correction.id,
        kind=kind,
        content=content,
        hash=chain.digest(content),
        at=at,
    )
    session.add(entry)
    session.flush()
    if kind in TOLD:
        occasion = f"{entry.id}.{entry.hash}"
        calls.owe(session, [calls.Fact(TOLD[kind], entry.site_id, occasion, at, entry_id=entry.id)])
    return entry


def said(session: Session, correction: Correction) -> dict[str, Any]:
    """What a notice says to the public, as the log writes it down: of readers nothing but the day of the first report."""
    article, case = correction.article, home_of(session, correction)
    return {
        **_said(correction),
        "first_reported": f"{first_reported(session, [case])[case.id].astimezone(sites.zone_of(case.site)):%Y-%m-%d}",
        "reads_right_since": _stamp(right_since(case)),
        "article": {
            "url": article.canonical_url or article.url,
            "headline": article.headline,
            "author": article.author,
            "section": article.section,
            "language": article.language,
        },
    }


def changed_words(notice: Any) -> dict[str, str]:
    """Which words of the passage became which, where a notice, of its row or its object, is of a class that says so."""
    says_change = notice.notice_class in SAYS_CHANGE
    return {"wrong": notice.wrong if says_change else "", "right": notice.right if says_change else ""}


def _said(notice: Any) -> dict[str, Any]:
    """What the notice itself says, of its row or its object."""
    return {
        "correction": notice.id,
        "class": notice.notice_class.value,
        **changed_words(notice),
        "text": notice.text,
        "gravity": notice.gravity,
        "ran": notice.ran,
        "published": _stamp(notice.published_at),
        "retracted": _stamp(notice.retracted_at),
        "reason": notice.retraction if notice.retracted_at else "",
    }


def home_of(session: Session, correction: Correction) -> Case:
    """The case of a notice, or the one that it was merged into: what is seen and decided of the error stands there."""
    case = correction.case
    while case.state is State.MERGED and case.merged_into_id is not None:
        case = session.get_one(Case, case.merged_into_id)
    return case


def first_reported(session: Session, cases: Collection[Case]) -> dict[int, datetime]:
    """When each of these cases, by its number, was first reported; of one that an editor opened, also when that was.

    Reports may have come to a case from others, or have left it for others, since it was opened.
    """
    by_case = {case.id: case.created_at for case in cases}
    reported = select(func.min(Report.created_at)).where(Report.case_id == Case.id).scalar_subquery()
    opened = select(Event.id).where(Event.case_id == Case.id, Event.kind == EventKind.OPENED_ELSEWHERE).exists()
    query = select(Case.id, reported.label("at"), opened.label("by_editor")).where(Case.id.in_(by_case))
    for row in session.execute(query):
        if row.at is not None:
            by_case[row.id] = min(row.at, by_case[row.id]) if row.by_editor else row.at
    return by_case


def right_since(case: Case) -> datetime | None:
    """When the service saw that the article reads right; None where nobody knows, where it reads wrong again, or where
    an editor said of what was seen that it is no fix, or that there was no error."""
    is_none = case.resolution is not None and case.resolution not in MENDED
    return case.fixed_at if case.fix_state in SEEN_RIGHT and not is_none else None


def words_of(correction: Correction) -> str:
    """What a search of the log finds the notice by."""
    article = correction.article
    parts = (correction.text, *changed_words(correction).values(), article.headline, article.author, article.section)
    return " ".join(text.fold(word).text for word in " ".join(parts).split())


def note_reading(session: Session, article: Article) -> None:
    """Have the notices on an article found by what it is called since it was read last."""
    of_article = (Correction.article_id == article.id, Correction.published_at.is_not(None))
    for correction in session.scalars(select(Correction).where(*of_article)):
        correction.words = words_of(correction)


@dataclass(frozen=True)
class Version:
    """What a notice said from one entry on."""

    number: int
    hash: str
    kind: EntryKind | str
    at: datetime
    content: dict[str, Any]

    @property
    def reason(self) -> str:
        """Why it was taken back or replaced, where an editor said so."""
        return str(self.content.get("reason", ""))

    @property
    def replaced_by(self) -> int | None:
        """The number of the notice that took its place."""
        return self.content.get("replaced_by")

    @property
    def says_change(self) -> bool:
        """Whether it says which words of the passage became which."""
        return self.content.get("class") in SAYS_CHANGE

    @property
    def wording(self) -> tuple[Any, ...]:
        """What an editor says in it."""
        return tuple(self.content.get(name) for name in SAID)


def versions(session: Session, correction: Correction) -> list[Version]:
    """All that was written down of a notice and of those that it replaced or that replaced it, the oldest first."""
    of_case = select(Correction.id).where(Correction.case_id == correction.case_id)
    query = select(Entry).where(Entry.correction_id.in_(of_case)).order_by(Entry.number)
    return [_version(entry) for entry in session.scalars(query)]


def latest(session: Session, notices: Sequence[Correction], *, but: Collection[EntryKind] = ()) -> dict[int, Version]:
    """The last that was written down of each of these notices, by its number; of some kinds nothing (`but`)."""
    ids = [notice.id for notice in notices]
    last = select(func.max(Entry.id)).where(Entry.correction_id.in_(ids))
    if but:
        last = last.where(Entry.kind.not_in(but))
    last = last.group_by(Entry.correction_id)
    return {entry.correction_id: _version(entry) for entry in session.scalars(select(Entry).where(Entry.id.in_(last)))}


def lines(session: Session, site: Site, see: Callable[[Any], None] | None = None) -> Iterator[str]:
    """The site's whole log, to be kept and verified: a line for each entry and checkpoint, and one for the end.

    `see` is called with each entry's row before its line.
    """
    checkpoints = session.scalars(
        select(Checkpoint).where(Checkpoint.site_id == site.id).order_by(Checkpoint.entries, Checkpoint.day)
    ).all()
    number, last, at = 0, chain.FIRST, 0
    columns = select(Entry.number, Entry.content, Entry.hash, Entry.kind, Entry.at, Entry.correction_id)
    columns = columns.where(Entry.site_id == site.id)
    while rows := session.execute(
        columns.where(Entry.number > number).order_by(Entry.number).limit(LINES_AT_ONCE)
    ).all():
        for row in rows:
            number, last = row.number, row.hash
            if see is not None:
                see(row)
            yield chain.entry_line(row.content, row.hash)
            while at < len(checkpoints) and checkpoints[at].entries <= number:
                checkpoint = checkpoints[at]
                yield chain.checkpoint_line(checkpoint.content, checkpoint.signature, checkpoint.key)
                at += 1
    yield chain.end_line(number, last)


def head(session: Session, site: Site) -> tuple[int, str]:
    """How many entries the site's log has, and the hash of the last."""
    return _head(session, site.id)


def sign_due(session: Session, secret: str) -> None:
    """Sign how far each site's log has come, once a day."""
    day = f"{now():%Y-%m-%d}"
    signed = select(Checkpoint.site_id).where(Checkpoint.day == day)
    unsigned = select(Entry.site_id).where(Entry.site_id.not_in(signed)).distinct()
    owing = select(Site).where(Site.id.in_(unsigned), Site.trainee_id.is_(None)).with_for_update(key_share=True)
    for site in session.scalars(owing).all():
        if session.get(Checkpoint, (site.id, day)) is not None:  # another worker's, which this one waited for
            continue
        number, last = _head(session, site.id)
        content = chain.canonical({"day": day, "entries": number, "hash": last, "log": site.key})
        key, signature = chain.public_key(secret), chain.sign(content, secret)
        session.add(Checkpoint(site_id=site.id, day=day, entries=number, content=content, key=key, signature=signature))
        session.flush()


def last_checkpoint(session: Session, site: Site) -> Checkpoint | None:
    """The newest that was signed."""
    query = select(Checkpoint).where(Checkpoint.site_id == site.id).order_by(Checkpoint.day.desc()).limit(1)
    return session.scalars(query).first()


def keys(session: Session, site: Site) -> list[str]:
    """The public keys that the site's checkpoints were signed with, the newest first."""
    query = select(Checkpoint.key, func.max(Checkpoint.day)).where(Checkpoint.site_id == site.id)
    return [
        row.key for row in session.execute(query.group_by(Checkpoint.key).order_by(func.max(Checkpoint.day).desc()))
    ]


def verify(session: Session, site: Site) -> chain.Verified:
    """Promise that the site's log is as it was written, and that its pages say what stands there. Raises BadChain."""
    rows: list[Any] = []
    contents: dict[int, dict[str, Any]] = {}

    def see(content: dict[str, Any]) -> None:
        row = rows.pop()
        _check_columns(row, content)
        contents[row.correction_id] = content

    verified = chain.verify((line.encode() for line in lines(session, site, rows.append)), see)
    # Notices and entries are read by one statement, so that what is published at this moment is in both or in neither.
    last = select(func.max(Entry.id)).where(Entry.site_id == site.id).group_by(Entry.correction_id)
    with_entry = select(*NOTICE, Entry.number).outerjoin(
        Entry, (Entry.correction_id == Correction.id) & Entry.id.in_(last)
    )
    notices = with_entry.where(Correction.site_id == site.id, Correction.entered)
    for notice in session.execute(notices.order_by(Correction.id)):
        if notice.number is None:
            raise chain.BadChain(f"notice {notice.id} was entered, and no entry says so")
        if notice.number <= verified.entries:
            _check_notice(notice, contents.get(notice.id, {}))
    columns = select(Entry.correction_id, Entry.number).where(Entry.id.in_(last)).order_by(Entry.id)
    stands = (Correction.id == Entry.correction_id) & (Correction.site_id == Entry.site_id) & Correction.entered
    for entry in session.execute(columns.outerjoin(Correction, stands).where(Correction.id.is_(None))):
        raise chain.BadChain(f"notice {entry.correction_id} is gone, of which entry {entry.number} tells")
    return verified


def _check_notice(notice: Any, content: dict[str, Any]) -> None:
    """Promise that a notice is what its last entry says. Raises BadChain."""
    # Earlier versions told of every class which words became which, or that they went.
    says_words = content.get("wrong") or content.get("right")
    was_said = {"wrong": notice.wrong, "right": notice.right} if says_words else {}
    is_said = {"number": notice.number, **_said(notice), **was_said}
    if any(content.get(name) != value for name, value in is_said.items()):
        raise chain.BadChain(f"notice {notice.id} is not what entry {notice.number} says")
    if notice.retracted_at is None and notice.state not in SHOWN:
        raise chain.BadChain(f"notice {notice.id} is shown nowhere, of which entry {notice.number} tells")


def _check_columns(entry: Any, content: dict[str, Any]) -> None:
    """Promise that what pages tell of an entry, by its columns, is what its content says. Raises BadChain."""
    values = {"what": entry.kind, "at": _stamp(entry.at), "correction": entry.correction_id}
    if any(content.get(name, value) != value for name, value in values.items()):
        raise chain.BadChain(f"the pages do not say what entry {entry.number} says")


def _head(session: Session, site_id: int) -> tuple[int, str]:
    query = select(Entry.number, Entry.hash).where(Entry.site_id == site_id).order_by(Entry.number.desc()).limit(1)
    row = session.execute(query).first()
    return (row.number, row.hash) if row else (0, chain.FIRST)


def _version(entry: Entry) -> Version:
    return Version(entry.number, entry.hash, entry.kind, entry.at, json.loads(entry.content))


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="microseconds") if at is not None else None
