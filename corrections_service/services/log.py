"""The public log: its notices newest first, found by month, section, author, article, class and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from corrections_service import errors
from corrections_service.rules import text, urls
from corrections_service.rules.workflow import NoticeClass
from corrections_service.services import answers, articles, corrections, sites
from corrections_service.store.models import Article, Case, Correction, Report, Site

MOST_SECTIONS, MOST_WORDS = 60, 12


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
    where = [Correction.site_id == site.id, listed(), *_conditions(session, site, search or Search())]
    if before:
        where.append(_older(before))
    query = select(Correction).join(Correction.article).where(*where)
    query = query.options(contains_eager(Correction.article), joinedload(Correction.case))
    rows = session.scalars(query.order_by(Correction.published_at.desc(), Correction.id.desc()).limit(limit + 1)).all()
    return rows[:limit], behind(rows[limit - 1]) if len(rows) > limit else ""


def behind(notice: Correction) -> str:
    """Where a page begins whose first notice is the one after this."""
    return f"{notice.published_at:%Y%m%dT%H%M%S.%f}_{notice.id}"


def of_article(session: Session, site: Site, url: str) -> Sequence[Correction]:
    """The notices on the site's article at a canonical address, newest first, also those that were taken back."""
    article_id = articles.at(session, site, url)
    if article_id is None:
        return []
    query = select(Correction).where(Correction.article_id == article_id, listed())
    query = query.options(joinedload(Correction.article), joinedload(Correction.case))
    return session.scalars(query.order_by(Correction.published_at.desc(), Correction.id.desc()).limit(100)).all()


def language_of(session: Session, site: Site, url: str) -> str:
    """The language of the site's article at a canonical address, "" where that is not known."""
    article_id = articles.at(session, site, url)
    article = session.get(Article, article_id) if article_id is not None else None
    return article.language if article is not None else ""


def taken_up(session: Session, site: Site, url: str) -> int:
    """How many reports on the article at a canonical address an editor has taken up and not decided yet."""
    article_id = articles.at(session, site, url)
    if article_id is None:
        return 0
    query = select(func.count()).select_from(Report).join(Report.case)
    query = query.where(Case.article_id == article_id, answers.at_work(), Report.withdrawn_at.is_(None))
    return session.scalar(query) or 0


def months(session: Session, site: Site) -> list[str]:
    """The months of which there are notices, the newest first, as 2026-11."""
    # A month of UTC lies in two at most by the site's own clock: in that of its first notice, and in that of its last.
    ends = select(func.min(Correction.published_at), func.max(Correction.published_at))
    ends = ends.where(Correction.site_id == site.id, Correction.published_at.is_not(None)).group_by(_month(session))
    zone = sites.zone_of(site)
    return sorted({f"{at.astimezone(zone):%Y-%m}" for row in session.execute(ends) for at in row}, reverse=True)


def count_of_month(session: Session, site: Site, month: str) -> int:
    """How many notices of a month, as 2026-11, are public."""
    first, last = _bounds(month, site)
    query = select(func.count()).select_from(Correction).where(Correction.site_id == site.id, *corrections.public())
    return session.scalar(query.where(Correction.published_at >= first, Correction.published_at < last)) or 0


def _month(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(Correction.published_at, 1, 7)
    return func.to_char(func.timezone("UTC", Correction.published_at), "YYYY-MM")


def sections(session: Session, site: Site) -> list[str]:
    """The sections of the articles that have notices."""
    was_public = (Correction.site_id == site.id, Correction.published_at.is_not(None))
    query = select(Article.section).join(Correction, Correction.article_id == Article.id)
    return sorted(session.scalars(query.where(*was_public, Article.section != "").distinct().limit(MOST_SECTIONS)))


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
    if search.section:
        where.append(Article.section == search.section)
    if search.author:
        where.append(Article.author == search.author)
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
