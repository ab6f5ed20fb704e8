"""Joining: which case a report belongs to, and what editors put together or keep apart."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import grouping, text
from corrections_service.rules.changes import Kind
from corrections_service.rules.grouping import Verdict
from corrections_service.rules.quotes import Quote, Sighting
from corrections_service.rules.workflow import LIVE, UNDECIDED, Resolution, State
from corrections_service.services import approvals, corrections, freezes
from corrections_service.services.answers import tell_moved
from corrections_service.services.history import (
    change,
    check_version,
    get,
    hold,
    last_event,
    move_reports,
    permit,
    readers_of,
    record,
    take_up,
)
from corrections_service.store.models import Case, Editor, Event, EventKind, Report, now
from corrections_service.store.rows import add_all, insert_all, look_up, look_up_all, table_of

SUSPECT = 70
"""From this many points a new case waits in the spam view and no desk is mailed; nothing is dropped."""

CANDIDATES = 200
"""Cases of an article, the newest, that a report is compared with."""

REMOVED = "\0"
"""Stands in a key for the wish that the words go; no text that anybody sends holds it."""

RELATING = (
    EventKind.MERGED,
    EventKind.JOINED,
    EventKind.PARTED,
    EventKind.SPLIT,
    EventKind.SPLIT_OFF,
    EventKind.MOVED,
    EventKind.TAKEN_OVER,
    EventKind.SIBLING,
    EventKind.OPENED_ELSEWHERE,
)
"""What happened to cases that have words in common: these name the other case."""

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_CASE = (Case.id, Case.state, Case.merged_into_id)
_WITH_KEYS = select(*_CASE, Case.live_key).where(Case.live_key.in_(bindparam("keys", expanding=True)))
_WITH_ID = select(*_CASE).where(Case.id == bindparam("id"))
_UNKEYED = update(table_of(Case)).where(table_of(Case).c.id == bindparam("case")).values(live_key=None)
_NEIGHBOURS = select(Case.article_id, *_CASE, Case.exact, Case.prefix, Case.suffix, Case.suggestion, Case.remove).where(
    Case.state.in_((*LIVE, State.MERGED)), Case.exact != ""
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody reports of an article: for the case that it belongs to, or to open one with.

    `kind` is asked only where one is opened: to guess it takes longer than to find it. In a crowd it is opened aside.
    """

    site_id: int
    article_id: int
    sighting: Sighting
    kind: Callable[[], Kind]
    place: str = ""
    comment: str = ""
    page_url: str = ""
    several: bool = False
    spam_points: int = 0
    is_crowded: bool = False
    at: datetime = field(default_factory=now)

    @property
    def is_suspect(self) -> bool:
        """Whether it is likelier spam than not; it joins only its like."""
        return self.spam_points >= SUSPECT

    @property
    def key(self) -> str:
        """What a live case has that was opened with just this."""
        key = key_of(self.article_id, self.sighting, self.place, self.comment)
        return f"{key}:suspect" if self.is_suspect else key


@dataclass(eq=False, slots=True)
class Opened:
    """A case that is to be opened, and until then stands among its article's."""

    opening: Opening
    key: str
    hint: dict[str, Any]
    id: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case of the same article, by what it is about; one that was merged stands for another."""

    case: Any
    sighting: Sighting


def find_or_open(session: Session, openings: Sequence[Opening]) -> list[tuple[int, bool]]:
    """For each the live case of the same error, or a new one, and whether it is new.

    Exact repeats are found by index, others by the grouping rules; who comes later joins what was opened for who came
    before. Where editors merged and split counts more than the rules: what they moved stays where they put it.
    """
    keys = [opening.key for opening in openings]
    aside = {id(opening): replace(opening, spam_points=SUSPECT) for opening in openings if opening.is_crowded}
    by_key: dict[str, int | Opened] = _with_keys(session, [*keys, *(opening.key for opening in aside.values())])
    new = [opening for opening, key in zip(openings, keys, strict=True) if key not in by_key]
    neighbours = _neighbours(session, {opening.article_id for opening in new if _is_compared(opening)})
    cases: list[int | Opened] = []
    for opening, key in zip(openings, keys, strict=True):
        case, hint = by_key.get(key), dict[str, Any]()
        if case is None and _is_compared(opening):
            case, hint = _same_among(session, opening.sighting, neighbours[opening.article_id])
        if case is None and opening.is_crowded:
            opening, hint = aside[id(opening)], {}
            case = by_key.get(key := opening.key)
        if case is None:
            case = by_key[key] = Opened(opening, key, hint)
            if _is_compared(opening):
                neighbours[opening.article_id].insert(0, Neighbour(case, opening.sighting))
        cases.append(case)
    opened = _open(session, [case for case in dict.fromkeys(cases) if isinstance(case, Opened)])
    return [
        (_id(case), isinstance(case, Opened) and case.opening is opening and case in opened)
        for case, opening in zip(cases, openings, strict=True)
    ]


def _is_compared(opening: Opening) -> bool:
    return bool(opening.sighting.quote.exact) and not opening.is_suspect


def _open(session: Session, cases: Sequence[Opened]) -> set[Opened]:
    """Open these cases, unless another process has done so at this moment; those that were not there."""
    ids = insert_all(session, Case, ["live_key"], [_row(case.opening, case.key) for case in cases])
    rest = [case.key for case in cases if (case.key,) not in ids]
    ids |= {(row.live_key,): row.id for row in look_up_all(session, _WITH_KEYS, keys=rest)} if rest else {}
    for case in cases:
        case.id = ids[case.key,]
    hints = [(case, case.hint) for case in cases if case.hint and case.key not in rest]
    events = [
        {"case_id": case.id, "kind": EventKind.SUGGESTED, "data": {**hint, "case": _id(hint["case"])}, "at": now()}
        for case, hint in hints
    ]
    add_all(session, Event, events)
    return {case for case in cases if case.key not in rest}


def _row(opening: Opening, key: str) -> dict[str, object]:
    """The row of a case that nobody has looked at yet."""
    sighting, kind = opening.sighting, opening.kind()
    has_words = sighting.quote.exact or (opening.place and kind is not Kind.MEDIA)
    return {
        "site_id": opening.site_id,
        "article_id": opening.article_id,
        "state": State.SPAM if opening.is_suspect else State.NEW,
        "kind": kind,
        "fingerprint": grouping.fingerprint(sighting.quote),
        "live_key": key,
        "exact": sighting.quote.exact,
        "prefix": sighting.quote.prefix,
        "suffix": sighting.quote.suffix,
        "place": opening.place,
        "suggestion": sighting.suggestion,
        "remove": sighting.remove,
        "comment": opening.comment,
        "page_url": opening.page_url,
        "several": opening.several,
        "readers": 0,
        "spam_points": opening.spam_points,
        "fix_before": "",
        "fix_after": "",
        "version": 1,
        "recheck_at": now() if has_words and not opening.is_suspect else None,
        "created_at": opening.at,
        "updated_at": now(),
    }


def with_key(session: Session, key: str) -> int | None:
    """The case that goes by a key, or the one that it was merged into; None if that one is decided."""
    row = next(iter(look_up_all(session, _WITH_KEYS, keys=[key])), None)
    return None if row is None else _standing(session, row)


def _with_keys(session: Session, keys: Sequence[str]) -> dict[str, Any]:
    """The live cases that go by these keys; those that were merged into a decided one go by theirs no more."""
    cases: dict[str, Any] = {}
    for row in look_up_all(session, _WITH_KEYS, keys=list(dict.fromkeys(keys))):
        standing = _standing(session, row)
        if standing is None:
            session.connection().execute(_UNKEYED, {"case": row.id})
        else:
            cases[row.live_key] = standing
    return cases


def _neighbours(session: Session, article_ids: Collection[int]) -> dict[int, list[Neighbour]]:
    """The live and the merged cases of each of these articles that are about words, the newest first."""
    neighbours: dict[int, list[Neighbour]] = {article_id: [] for article_id in article_ids}
    for row in _newest(session, sorted(article_ids)) if article_ids else ():
        quote = Quote(row.exact, row.prefix, row.suffix)
        neighbours[row.article_id].append(Neighbour(row, Sighting(quote, row.suggestion, row.remove)))
    return neighbours


def _newest(session: Session, article_ids: Sequence[int]) -> Sequence[Any]:
    """The rows of the newest neighbours in each article, by one statement."""
    ids = {f"article_{index}": article_id for index, article_id in enumerate(article_ids)}
    many = 1 << (len(ids) - 1).bit_length()
    return look_up_all(session, _newest_of(many), **{f"article_{index}": 0 for index in range(many)} | ids)


@functools.cache
def _newest_of(many: int) -> Executable:
    """The question after so many articles; a power of two, so that there are few of them to build."""
    parts = [
        _NEIGHBOURS.where(Case.article_id == bindparam(f"article_{index}")).order_by(Case.id.desc()).limit(CANDIDATES)
        for index in range(many)
    ]
    return union_all(*(select(part.subquery()) for part in parts)) if many > 1 else parts[0]


def _standing(session: Session, case: Any) -> Any:
    """The case itself, or the one that it was merged into; None if that one is decided."""
    if isinstance(case, Opened):
        return case
    row = case
    while row is not None and row.state is State.MERGED:
        row = look_up(session, _WITH_ID, id=row.merged_into_id)
        if row is not None and row.state not in (*LIVE, State.MERGED):
            return None
    return None if row is None else int(row.id)


def same_error(
    session: Session, article_id: int, sighting: Sighting, *, but: int = 0
) -> tuple[int | None, dict[str, object]]:
    """The article's live case that the rules call the same, or what to suggest to the editor; `but` for this one."""
    return _same_among(session, sighting, _neighbours(session, [article_id])[article_id], but=but)


def _same_among(
    session: Session, sighting: Sighting, neighbours: Sequence[Neighbour], *, but: int = 0
) -> tuple[Any, dict[str, Any]]:
    """The case that the rules call the same, or what to suggest to the editor.

    Of several, which editors keep apart, it is the one where the same was suggested; otherwise nobody can tell.
    """
    others = [neighbour.sighting for neighbour in neighbours[:CANDIDATES]]
    same: dict[Any, bool] = {}
    hint: dict[str, Any] = {}
    for index, match in grouping.rank(sighting, others, CANDIDATES):
        standing = None if match.verdict is Verdict.DIFFERENT else _standing(session, neighbours[index].case)
        if standing in (None, but):
            continue
        if match.verdict is Verdict.SAME:
            same[standing] = same.get(standing, False) or grouping.same_wish(sighting, others[index])
        elif not hint:
            hint = {"case": standing, "reason": match.reason}
    chosen = list(same) if len(same) == 1 else [case for case, agrees in same.items() if agrees]
    if len(chosen) == 1:
        return chosen[0], {}
    return None, {"case": next(iter(same)), "reason": "several cases are about these words"} if same else hint


def _id(case: int | Opened) -> int:
    return case.id if isinstance(case, Opened) else case


def key_of(article_id: int, sighting: Sighting, place: str, comment: str) -> str:
    """What must be equal for two reports to be the same error without further thought."""
    content = text.fold(
        sighting.suggestion if sighting.quote.exact else f"{place}\n{sighting.suggestion}\n{comment}"
    ).text
    content += REMOVED * sighting.remove
    return f"{article_id}:{grouping.fingerprint(sighting.quote)}:{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def merge(session: Session, case: Case, into: int, *, actor: Editor, version: int | None = None) -> Event:
    """Count this case's readers under another case of the same site, for good or until undone; what was recorded.

    Raises NotFound, ChangedMeanwhile, AlreadyClosed, OwnDecision, Frozen, InvalidFields.
    """
    permit(case, actor)
    target = get(session, into, actor)
    hold(session, case, target)
    check_version(case, version)
    approvals.check_open(session, case, actor)
    freezes.check_free(case)
    if target.id == case.id or target.site_id != case.site_id or target.state is State.MERGED:
        raise errors.InvalidFields({"into": "Give the number of another case of this site that is not merged itself."})
    if contradicts(session, case, target):
        raise without_notice(target)
    if target.resolution is Resolution.READER_WITHDREW:
        raise errors.InvalidFields(
            {"into": f"Case {target.id} was taken back by its reader: merge it into this one, or open it again first."}
        )
    return unite(session, case, target, actor=actor)


def contradicts(session: Session, case: Case, target: Case) -> bool:
    """Whether a case has a notice, public or on its way, and the other is decided without one."""
    is_decided = target.state not in UNDECIDED
    return is_decided and corrections.stands(session, case) and not corrections.stands(session, target)


def without_notice(target: Case) -> errors.InvalidFields:
    """Why nothing that has a notice is put under a case that is decided without one."""
    return errors.InvalidFields(
        {
            "into": f"Case {target.id} was decided without a notice, and this case has one: open case {target.id} "
            "again first, or decide this one anew."
        }
    )


def unite(session: Session, case: Case, target: Case, *, actor: Editor | None = None) -> Event:
    """Count a case's readers under another, both of them held; without an editor it is the service that does it.

    Of two notices of the one error that are public the other's stays, in this one's place; what nobody has seen goes.
    Where the other is closed, this one's readers are told how.
    """
    successors = corrections.standing(session, target)
    values = {"state": State.MERGED, "merged_into_id": target.id, "readers": 0}
    report_ids = move_reports(session, Report.case_id == case.id, case, target)
    event = change(session, case, EventKind.MERGED, values, actor=actor, into=target.id, reports=report_ids)
    change(session, target, EventKind.JOINED, {"readers": readers_of(session, target)}, actor=actor, case=case.id)
    corrections.give_way(session, case, successors)
    if target.state is State.CLOSED:
        tell_moved(session, target, event, report_ids)
    return event


def related(session: Session, case: Case) -> Sequence[Case]:
    """The other cases that have or had words in common with this one: merged, split off, opened for the same words."""
    case_ids, new = {case.id}, {case.id}
    while new:
        details = session.scalars(select(Event.data).where(Event.case_id.in_(new), Event.kind.in_(RELATING)))
        linked_ids = {data[name] for data in details for name in ("into", "case") if name in data}
        merged_ids = session.scalars(select(Case.id).where(Case.merged_into_id.in_(new)))
        new = {*linked_ids, *merged_ids} - case_ids
        case_ids |= new
    return session.scalars(select(Case).where(Case.id.in_(case_ids - {case.id}))).all()


def looks_like(session: Session, case: Case) -> tuple[Case, str] | None:
    """The live case that this one may be the same as, and why, until an editor joins them or keeps them apart."""
    last = last_event(session, case, EventKind.SUGGESTED, EventKind.KEPT_APART)
    if case.state not in LIVE or last is None or last.kind == EventKind.KEPT_APART:
        return None
    twin = session.get(Case, last.data["case"])
    return (twin, str(last.data["reason"])) if twin is not None and twin.state in LIVE else None


def keep_apart(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Say that the case is not the one that it was suggested to be the same as; nobody suggests that again."""
    take_up(session, case, actor, version)
    if (alike := looks_like(session, case)) is not None:
        record(session, case, EventKind.KEPT_APART, actor=actor, case=alike[0].id)
