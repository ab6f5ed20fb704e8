"""Lessons: what editors say is spam or is none, counted by words for each site, and taken back with what they undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy import case as if_else
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service.rules import lessons
from corrections_service.rules.lessons import Counts
from corrections_service.rules.spam import MOST, Score
from corrections_service.store.models import Case, Event, EventKind, Report, Site, SpamWord
from corrections_service.store.rows import look_up_all, table_of

SPAM, FINE = "spam", "fine"
TOTAL = ""
"""Under this word stands of how many reports of either sort a site has learned."""

REPORTS = 20
"""Reports of one case that teach: a wave of the same words is no lesson of hundreds."""

TEACHING = (EventKind.SPAM, EventKind.NOT_SPAM, EventKind.DECIDED, EventKind.UNDONE)

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_COUNTS = select(SpamWord.site_id, SpamWord.word, SpamWord.spam, SpamWord.fine).where(
    tuple_(SpamWord.site_id, SpamWord.word).in_(bindparam("keys", expanding=True))
)


def teach(session: Session, case: Case, label: str) -> dict[str, Any]:
    """Learn from an editor's word on a case, in the place of what was learned from it; what its event keeps of that."""
    before = _lesson(session, case)
    if before["as"] == label:
        return {}
    where = (Report.case_id == case.id, Report.erased_at.is_(None))
    ids = session.scalars(select(Report.id).where(*where).order_by(Report.id).limit(REPORTS)).all()
    lesson = {"as": label, "reports": list(ids)}
    _count(session, case.site_id, before, -1)
    _count(session, case.site_id, lesson, 1)
    _remember(session, case.site)
    return {"lesson": lesson}


def take_back(session: Session, case: Case, event: Event) -> dict[str, Any]:
    """Forget what was learned with this event, and know again what was known before it."""
    lesson = event.data.get("lesson")
    if not lesson:
        return {}
    before = _lesson(session, case, before=event)
    _count(session, case.site_id, lesson, -1)
    _count(session, case.site_id, before, 1)
    return {"lesson": before}


def forget(session: Session, report: Report) -> None:
    """Count the words of this report no more, as its reader has it erased."""
    lesson = _lesson(session, report.case)
    if report.id in lesson["reports"]:
        _count(session, report.site_id, {"as": lesson["as"], "reports": [report.id]}, -1)


def scored(session: Session, texts: Sequence[tuple[Site, Sequence[str], str, Score]]) -> list[Score]:
    """The scores of reports with what their words add: by one query, and none where no site has learned enough."""
    words = [
        lessons.words_of(parts, article) if site.policy.get("spam_taught") and any(parts) else []
        for site, parts, article, _ in texts
    ]
    keys = {
        (site.id, word)
        for (site, *_), new_words in zip(texts, words, strict=True)
        for word in (new_words and [TOTAL, *new_words])
    }
    if not keys:
        return [score for *_, score in texts]
    counts: dict[int, dict[str, Counts]] = {site.id: {} for site, *_ in texts}
    for row in look_up_all(session, _COUNTS, keys=sorted(keys)):
        counts[row.site_id][row.word] = (row.spam, row.fine)
    return [
        _sum(score, lessons.likeness(new_words, counts[site.id], counts[site.id].get(TOTAL, (0, 0))))
        for (site, _, _, score), new_words in zip(texts, words, strict=True)
    ]


def _sum(score: Score, more: Score) -> Score:
    return Score(min(score.points + more.points, MOST), (*score.reasons, *more.reasons))


def _lesson(session: Session, case: Case, before: Event | None = None) -> Mapping[str, Any]:
    """What was learned from the case last, before an event if one is given."""
    query = select(Event.data).where(Event.case_id == case.id, Event.kind.in_(TEACHING))
    if before is not None:
        query = query.where(Event.id < before.id)
    rows = session.scalars(query.order_by(Event.id.desc()).limit(50))
    lesson: Mapping[str, Any] = next((data["lesson"] for data in rows if "lesson" in data), {"as": "", "reports": []})
    return lesson


def _count(session: Session, site_id: int, lesson: Mapping[str, Any], step: int) -> None:
    """Count the words of a lesson's reports, each once for each report that holds it."""
    if not lesson["as"]:
        return
    reports = session.scalars(select(Report).where(Report.id.in_(lesson["reports"]))).all()
    counter = Counter[str]()
    for report in reports:
        words = lessons.words_of((report.comment, report.suggestion, report.place, report.source_url), report.exact)
        counter.update([TOTAL, *words] if words else ())
    # In the same order for everybody: two editors at once wait for each other, and never both.
    rows = [{"of_site": site_id, "of_word": word, "more": counter[word]} for word in sorted(counter)]
    if rows:
        session.connection().execute(_step(session, lesson["as"], step), rows)
    if rows and step < 0:
        session.execute(delete(SpamWord).where(SpamWord.site_id == site_id, SpamWord.spam == 0, SpamWord.fine == 0))


def _step(session: Session, label: str, step: int) -> Any:
    table = table_of(SpamWord)
    column = table.c[label]
    if step < 0:
        rest = column - bindparam("more")
        where = (table.c.site_id == bindparam("of_site"), table.c.word == bindparam("of_word"))
        return update(table).where(*where).values({label: if_else((rest > 0, rest), else_=0)})
    values = {
        "site_id": bindparam("of_site"),
        "word": bindparam("of_word"),
        "spam": 0,
        "fine": 0,
        label: bindparam("more"),
    }
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table).values(values)
    return insert.on_conflict_do_update(
        index_elements=["site_id", "word"], set_={label: column + insert.excluded[label]}
    )


def _remember(session: Session, site: Site) -> None:
    """Say at the site that its words are worth looking up, once it has learned enough: intake asks nothing before."""
    if site.policy.get("spam_taught"):
        return
    total = session.get(SpamWord, (site.id, TOTAL), populate_existing=True)
    if total is not None and min(total.spam, total.fine) >= lessons.LEAST:
        session.refresh(site, with_for_update=True)
        site.policy = {**site.policy, "spam_taught": True}
