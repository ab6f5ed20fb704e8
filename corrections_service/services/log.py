"""The public log: its notices newest first, found by month, section, author, article, class and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, Text, and_, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import Session, contains_eager

from corrections_service import errors
from corrections_service.rules import text, urls
from corrections_service.rules.workflow import NoticeClass
from corrections_service.services import answers, articles, corrections, entries, sites
from corrections_service.store import queue
from corrections_service.store.models import Article, Case, Correction, Report, Site

MOST_SECTIONS, MOST_WORDS = 60, 12

_OF_ARTICLE = (Article.url, Article.canonical_url, Article.headline, Article.author, Article.section, Article.language)
_OF_CASE = (Case.state, Case.merged_into_id, Case.resolution, Case.fix_state, Case.fixed_at, Case.created_at)
_WITH_THEIRS = (
    contains_eager(Correction.article).load_only(*_OF_ARTICLE, raiseload=True),
    contains_eager(Correction.case).load_only(*_OF_CASE, raiseload=True),
)
"""What is told of a notice's article and case; nothing else of them can be, so that a page is known by what was read."""


@dataclass(frozen=True)
class Search:
    """Which notices somebody looks for; what is "" does not matter."""

    month: str = ""
    """As 2026-11."""
    section: str = ""
    author: str = ""
    article: str = ""
    notice_class: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return any((self.month, self.section, self.author, self.article, self.notice_class, self.words))


def page(
    session: Session,
    site: Site,
    search: Search | None = None,
    *,
    before: str = "",
    limit: int = 50,
) -> tuple[Sequence[Correction], str]:
    """Some of the site's notices, newest first, and where the next page begins ("" at the end).

    What was taken back stays among them. Raises NotFound where no such page can be.
    """
    where = [Correction.site_id == site.id, *_conditions(session, site, search or Search())]
    if before:
        where.append(_older(before))
    rows = session.scalars(_listed().where(*where).limit(limit + 1)).all()
    return rows[:limit], behind(rows[limit - 1]) if len(rows) > limit else ""


def state(session: Session, site: Site) -> tuple[object, ...]:
    """What is another as soon as anything is told otherwise: an entry, what happened to any case, a reading of an article."""
    readings = select(func.max(Article.read_at), func.count()).where(Article.site_id == site.id)
    return (entries.head(session, site), queue.latest(session), *session.execute(readings).one())


def behind(notice: Correction) -> str:
    """Where a page begins whose first notice is the one after this."""
    return f"{notice.published_at:%Y%m%dT%H%M%S.%f}_{notice.id}"


def of_article(session: Session, article_id: int | None) -> Sequence[Correction]:
    """The notices on an article, newest first, also those that were taken back."""
    if article_id is None:
        return []
    return session.scalars(_listed().where(Correction.article_id == article_id).limit(100)).all()


def language_of(session: Session, article_id: int | None) -> str:
    """The language of an article, "" where that is not known."""
    query = select(Article.language).where(Article.id == article_id)
    return (session.scalar(query) or "") if article_id is not None else ""


def taken_up(session: Session, article_id: int | None) -> int:
    """How many reports on an article an editor has taken up and not decided yet."""
    if article_id is None:
        return 0
    query = select(func.count()).select_from(Report).join(Report.case)
    query = query.where(Case.article_id == article_id, answers.at_work(), Report.withdrawn_at.is_(None))
    return session.scalar(query) or 0


def months(session: Session, site: Site) -> list[str]:
    """The months of which there are notices, the newest first, as 2026-11."""
    rows, zone = session.execute(_months(session.get_bind().dialect.name), {"site_id": site.id}), sites.zone_of(site)
    return sorted({f"{at.astimezone(zone):%Y-%m}" for row in rows for at in row}, reverse=True)


def count_of_month(session: Session, site: Site, month: str) -> int:
    """How many notices of a month, as 2026-11, are public."""
    first, last = _bounds(month, site)
    query = select(func.count()).select_from(Correction).where(Correction.site_id == site.id, *corrections.public())
    return session.scalar(query.where(Correction.published_at >= first, Correction.published_at < last)) or 0


@cache
def _months(dialect: str) -> Executable:
    """The last and the first notice of each month by UTC: the index is entered once for each, and not read through.

    Such a month lies in two at most by the site's own clock: in that of its first notice, and in that of its last.
    """
    of_site = select(func.max(Correction.published_at)).where(Correction.site_id == bindparam("site_id"))
    months = of_site.with_only_columns(func.max(Correction.published_at).label("last")).cte("months", recursive=True)
    begin = _begin_of_month(months.c.last, dialect)
    earlier = of_site.where(Correction.published_at < begin).correlate(months).scalar_subquery()
    months = months.union_all(select(earlier).where(months.c.last.is_not(None)))
    begin = _begin_of_month(months.c.last, dialect)
    first = of_site.with_only_columns(func.min(Correction.published_at)).where(Correction.published_at >= begin)
    return select(months.c.last, first.correlate(months).scalar_subquery()).where(months.c.last.is_not(None))


def _begin_of_month(at: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """When the month by UTC begins that a moment is in; on SQLite a text that stands before all of its moments."""
    if dialect == "sqlite":
        return type_coerce(func.substr(at, 1, 7), Text)
    return func.timezone("UTC", func.date_trunc("month", func.timezone("UTC", at)))


def sections(session: Session, site: Site) -> list[str]:
    """The sections of the articles that have notices."""
    return sorted(filter(None, session.scalars(_sections(), {"site_id": site.id})))


@cache
def _sections() -> Executable:
    """Each section after the one before, so that the index is entered once for each; the last is none."""
    has_notice = select(Correction.id).where(Correction.article_id == Article.id, Correction.published_at.is_not(None))
    of_site = select(Article.section).where(Article.site_id == bindparam("site_id"), has_notice.exists())
    of_site = of_site.order_by(Article.section).limit(1)
    sections = select(of_site.where(Article.section > "").scalar_subquery().label("name")).cte(recursive=True)
    following = of_site.where(Article.section > sections.c.name).correlate(sections).scalar_subquery()
    sections = sections.union_all(select(following).where(sections.c.name.is_not(None)))
    return select(sections.c.name).limit(MOST_SECTIONS)


@cache
def _listed() -> Select[Correction]:
    """What stands in the log, newest first, with what is told of its article and case."""
    query = select(Correction).join(Correction.article).join(Correction.case).where(listed()).options(*_WITH_THEIRS)
    return query.order_by(Correction.published_at.desc(), Correction.id.desc())


@cache
def listed() -> ColumnElement[bool]:
    """What stands in the log: what is public, and what was and was taken back in sight."""
    is_gone = and_(Correction.published_at.is_not(None), Correction.retracted_at.is_not(None))
    return or_(and_(*corrections.public()), is_gone)


def _conditions(session: Session, site: Site, search: Search) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if search.month:
        first, last = _bounds(search.month, site)
        where += [Correction.published_at >= first, Correction.published_at < last]
    if search.notice_class:
        if search.notice_class not in list(NoticeClass):
            raise errors.NotFound()
        where.append(Correction.notice_class == NoticeClass(search.notice_class))
    about = [(Article.section, search.section), (Article.author, search.author)]
    if search.section or search.author:
        equal = (column == value for column, value in about if value)
        where.append(Correction.article_id.in_(select(Article.id).where(Article.site_id == site.id, *equal)))
    if search.article:
        where.append(Correction.article_id == _article(session, site, search.article))
    for word in search.words.split()[:MOST_WORDS]:
        where.append(Correction.words.contains(text.fold(word).text, autoescape=True))
    return where


def _article(session: Session, site: Site, url: str) -> int:
    try:
        address = urls.canonical(url, site.policy.get("query_parameters"))
    except ValueError:
        return 0
    return articles.at(session, site, address) or 0


def _bounds(month: str, site: Site) -> tuple[datetime, datetime]:
    """When a month begins and ends by the site's clock."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=sites.zone_of(site))
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        return first.astimezone(UTC), after.astimezone(UTC)
    except (ValueError, OverflowError):
        raise errors.NotFound() from None


def _older(before: str) -> ColumnElement[bool]:
    stamp, _, number = before.partition("_")
    try:
        at, last = datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%S.%f%z"), int(number)
    except ValueError:
        raise errors.NotFound() from None
    if not -1 < last < 2**31:
        raise errors.NotFound()
    return or_(Correction.published_at < at, and_(Correction.published_at == at, Correction.id < last))
