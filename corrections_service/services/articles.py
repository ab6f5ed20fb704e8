"""Articles by their canonical address: what the service read in them, in which wordings, and where they moved."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from corrections_service.rules import text, urls
from corrections_service.rules.dates import in_utc
from corrections_service.rules.pages import ArticleFacts
from corrections_service.services import sites
from corrections_service.store.models import Article, Case, Correction, Site, Wording, now
from corrections_service.store.rows import insert_all, look_up, look_up_all, table_of

WORDS_KEPT = 500_000
"""Code points of an article's text that are kept, to compare later reports with and to find the same words in."""

WORDINGS_KEPT = 50
"""Of one article; the oldest go first."""

_AT = select(Article.site_id, Article.url, Article.id, Article.moved_to_id).where(
    Article.site_id.in_(bindparam("sites", expanding=True)), Article.url.in_(bindparam("urls", expanding=True))
)
_MOVED = select(Article.id, Article.moved_to_id).where(Article.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Named:
    """An article as a report names it: its address, and what the page says of it."""

    site: Site
    url: str
    title: str = ""
    language: str = ""

    @property
    def address(self) -> tuple[int, str]:
        """The site, and the canonical address there."""
        return self.site.id, urls.canonical(self.url, self.site.policy.get("query_parameters"))


def find_or_add(session: Session, site: Site, url: str, *, title: str = "", language: str = "") -> int:
    """The id of the site's article at this address, or where it moved from there; made when it is new."""
    return find_or_add_all(session, [Named(site, url, title, language)])[0]


def find_or_add_all(session: Session, articles: Sequence[Named]) -> list[int]:
    """The id of each article, or where it moved; made when it is new, as the first that names it does."""
    addresses = [article.address for article in articles]
    ids = _at(session, addresses)
    by_address = dict(zip(reversed(addresses), reversed(articles), strict=True))  # the first of each, which comes last
    new = [address for address in by_address if address not in ids]
    if new:
        ids |= insert_all(session, Article, ["site_id", "url"], [_blank(by_address[address]) for address in new])
        ids |= _at(session, [address for address in new if address not in ids])
    return [ids[address] for address in addresses]


def at(session: Session, site: Site, address: str) -> int | None:
    """The id of the site's article at a canonical address, also where it stood there once; None where none is."""
    return _at(session, [(site.id, address)]).get((site.id, address))


def headline_at(session: Session, site: Site, address: str) -> str:
    """The headline that was read in the site's article at a reader's address; "" where none was."""
    try:
        number = at(session, site, urls.canonical(address, site.policy.get("query_parameters")))
    except urls.BadAddress:
        return ""
    return headline_read(session.get_one(Article, number)) if number is not None else ""


def headline_read(article: Article) -> str:
    """The article's headline as the service itself read it; "" where it did not: nothing that a reader typed."""
    return article.headline if article.read_status == "read" else ""


def _at(session: Session, addresses: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The articles that there are at these addresses, or stood there once, and other sites' at the same ones."""
    ids: dict[tuple[int, str], int] = {}
    sites, places = {site_id for site_id, _ in addresses}, {url for _, url in addresses}
    for row in look_up_all(session, _AT, sites=list(sites), urls=list(places)) if addresses else ():
        address, article = (row.site_id, row.url), row
        while article.moved_to_id is not None:
            article = look_up(session, _MOVED, id=article.moved_to_id)
        ids[address] = int(article.id)
    return ids


def _blank(article: Named) -> dict[str, object]:
    """The row of an article that nobody has read yet."""
    site_id, url = article.address
    return {
        "site_id": site_id,
        "url": url,
        "created_at": now(),
        "headline": article.title,
        "language": article.language,
        "text_length": 0,
        **dict.fromkeys(("canonical_url", "author", "section", "read_status", "etag", "last_modified"), ""),
        **dict.fromkeys(("text_sha256", "words"), ""),
    }


def record_reading(
    session: Session,
    article: Article,
    facts: ArticleFacts,
    article_text: str,
    *,
    etag: str = "",
    last_modified: str = "",
) -> None:
    """Keep what was seen at the article's address: its facts, its words and their hash, and when."""
    article.canonical_url = facts.canonical_url if facts.canonical_url != article.url else article.url.partition("?")[0]
    article.headline = text.cut(facts.headline or "", 300)
    article.author = text.cut(facts.author or "", 200)
    article.section = text.cut(facts.section or "", 100)
    article.language = (facts.language or "")[:35] or article.language
    zone, days = sites.zone_of(article.site), (facts.published, facts.modified)
    article.published_at, article.modified_at = (in_utc(day, zone) if day is not None else None for day in days)
    digest = hashlib.sha256(article_text.encode()).hexdigest()
    if digest != article.text_sha256 or not article.words:
        article.words = text.cut(article_text, WORDS_KEPT)
        _record_wording(session, article, digest)
    article.text_sha256, article.text_length = digest, len(article_text)
    article.etag, article.last_modified = etag[:500], last_modified[:64]
    article.read_at, article.read_status = now(), "read"


def record_unchanged(session: Session, article: Article) -> None:
    """Keep that the article was asked for and has not changed."""
    article.read_at, article.read_status = now(), "read"


def record_failure(session: Session, article: Article, reason: str) -> None:
    """Keep why the article could not be read, and when."""
    article.read_at, article.read_status = now(), text.one_line(reason, 200)
    session.flush()


def wordings(session: Session, article: Article) -> Sequence[Wording]:
    """The wordings of the article that the service knows, the newest first."""
    query = select(Wording).where(Wording.article_id == article.id)
    return session.scalars(query.order_by(Wording.id.desc())).all()


def wording_of(versions: Sequence[Wording], when: datetime) -> datetime | None:
    """Of when the wording is that a reader saw at a time, by the page's own account.

    None where the page does not say, and where it is the newest one.
    """
    since = [wording.modified_at for wording in versions if wording.modified_at is not None]
    return next((at for at in since[1:] if at <= when), None) if since and since[0] > when else None


def move(session: Session, article: Article, url: str) -> Article:
    """Take the article's cases along to the address where it stands now; what names the old one joins them."""
    target = session.get_one(
        Article, find_or_add(session, article.site, url, title=article.headline, language=article.language)
    )
    hold(session, article.id, target.id)
    if target.id == article.id or target.moved_to_id is not None:
        return article
    if not target.text_length:
        target.text_length, target.text_sha256, target.words = article.text_length, article.text_sha256, article.words
    _take_keys_along(session, article.id, target.id)
    for model in (Case, Correction, Wording):
        statement = update(model).where(model.article_id == article.id).values(article_id=target.id)
        session.execute(statement, execution_options={"synchronize_session": False})
    article.moved_to_id = target.id
    session.flush()
    session.expire_all()
    return target


def hold(session: Session, *ids: int) -> None:
    """Hold these articles until the transaction ends, and see them as they are now; before their cases are held."""
    rows = select(Article).where(Article.id.in_(ids)).order_by(Article.id).with_for_update(key_share=True)
    session.scalars(rows.execution_options(populate_existing=True)).all()


def _take_keys_along(session: Session, source: int, target: int) -> None:
    """Let reports that name the new address find the cases; where both articles have a case of it, its own counts."""
    case, rival = table_of(Case), table_of(Case).alias()
    new_key = f"{target}:" + func.substr(case.c.live_key, len(f"{source}:") + 1)
    of_source = and_(case.c.article_id == source, case.c.live_key.is_not(None))
    has_rival = exists().where(rival.c.live_key == new_key)
    session.execute(update(case).where(of_source, has_rival).values(live_key=None))
    session.execute(update(case).where(of_source).values(live_key=new_key))


def _record_wording(session: Session, article: Article, digest: str) -> None:
    session.add(Wording(article_id=article.id, text_sha256=digest, modified_at=article.modified_at))
    session.flush()
    newest = select(Wording.id).where(Wording.article_id == article.id).order_by(Wording.id.desc()).limit(WORDINGS_KEPT)
    session.execute(delete(Wording).where(Wording.article_id == article.id, Wording.id.not_in(newest)))
