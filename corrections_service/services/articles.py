"""Articles by their canonical address, and what the service read in them."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections_service.rules import text, urls
from corrections_service.rules.pages import ArticleFacts
from corrections_service.store.models import Article, Site, now
from corrections_service.store.rows import insert_once, look_up

_AT = select(Article.id).where(Article.site_id == bindparam("site_id"), Article.url == bindparam("url"))


def find_or_add(session: Session, site: Site, url: str, *, title: str = "", language: str = "") -> int:
    """The id of the site's article at this address, made when it is new."""
    address = urls.canonical(url, site.policy.get("query_parameters"))
    found = look_up(session, _AT, site_id=site.id, url=address)
    if found is not None:
        return int(found.id)
    facts = {"canonical_url": "", "headline": title, "author": "", "section": "", "language": language}
    blank = {"read_status": "", "etag": "", "last_modified": "", "text_sha256": "", "text_length": 0}
    added = insert_once(
        session,
        Article,
        ["site_id", "url"],
        site_id=site.id,
        url=address,
        created_at=now(),
        **facts,
        **blank,
    )
    return added if added is not None else int(look_up(session, _AT, site_id=site.id, url=address).id)


def record_reading(
    session: Session, article: Article, facts: ArticleFacts, words: str, *, etag: str = "", last_modified: str = ""
) -> None:
    """Keep what was seen at the article's address: its facts, a hash of its text, and when."""
    article.canonical_url = facts.canonical_url if facts.canonical_url != article.url else article.url.partition("?")[0]
    article.headline = text.cut(facts.headline or "", 300)
    article.author = text.cut(facts.author or "", 200)
    article.section = text.cut(facts.section or "", 100)
    article.language = (facts.language or "")[:35] or article.language
    article.published_at, article.modified_at = facts.published, facts.modified
    article.text_sha256, article.text_length = hashlib.sha256(words.encode()).hexdigest(), len(words)
    article.etag, article.last_modified = etag[:500], last_modified[:64]
    article.read_at, article.read_status = now(), "read"


def record_failure(session: Session, article: Article, reason: str) -> None:
    """Keep why the article could not be read, and when."""
    article.read_at, article.read_status = now(), text.one_line(reason, 200)
    session.flush()
