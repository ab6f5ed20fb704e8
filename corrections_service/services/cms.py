"""The newsroom's CMS: a publication's pattern, by which a case leads to where its article is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import cms, urls
from corrections_service.store.models import Article, Policy, Site

TRIALS = 3
"""Addresses that a pattern is tried with before it is kept."""


@dataclass(frozen=True)
class Trial:
    """One address of the site with what the pattern makes of it, or why it makes nothing."""

    article: str
    address: str = ""
    why_not: str = ""


def pattern_of(site: Site) -> str:
    """The pattern that the site chose; "" where it chose none."""
    return str(site.policy.get("editor_link", ""))


def edit_address(article: Article) -> str:
    """Where the article's CMS edits it; "" where that is not known."""
    pattern = pattern_of(article.site)
    return cms.edit_address(pattern, article.url) if pattern else ""


def newest_addresses(session: Session, site: Site) -> Sequence[str]:
    """The addresses that a pattern is tried with first: of the articles that were reported last."""
    query = select(Article.url).where(Article.site_id == site.id, Article.moved_to_id.is_(None))
    return session.scalars(query.order_by(Article.id.desc()).limit(TRIALS)).all()


def tried_on(site: Site, pattern: str, addresses: Sequence[str]) -> list[Trial]:
    """What the pattern makes of each of these addresses. Raises InvalidFields where it is none, or makes nothing."""
    try:
        cms.checked(pattern)
    except cms.BadPattern as error:
        raise errors.InvalidFields({"pattern": str(error)}) from None
    articles = [address.strip() for address in addresses if address.strip()][:TRIALS]
    if not articles:
        raise errors.InvalidFields({"addresses": f"Give up to three addresses of articles of {site.name}."})
    trials = [_tried(site, pattern, article) for article in articles]
    if not any(trial.address for trial in trials):
        raise errors.InvalidFields({"pattern": f"It makes an address of none of these: {trials[0].why_not}"})
    return trials


def keep(session: Session, site: Site, pattern: str) -> None:
    """Lead the site's cases there from now on; a blank pattern leads nowhere. Raises InvalidFields."""
    try:
        plain = cms.checked(pattern) if pattern.strip() else ""
    except cms.BadPattern as error:
        raise errors.InvalidFields({"pattern": str(error)}) from None
    session.refresh(site, with_for_update=True)
    policy = {name: value for name, value in site.policy.items() if name != "editor_link"}
    site.policy = cast("Policy", policy | ({"editor_link": plain} if plain else {}))


def _tried(site: Site, pattern: str, article: str) -> Trial:
    if not urls.belongs_to(article, site.origins):
        return Trial(article, why_not=f"{article} is no address of {site.name}.")
    address = cms.edit_address(pattern, urls.canonical(article, site.policy.get("query_parameters")))
    if address:
        return Trial(article, address)
    return Trial(article, why_not=f"{article} does not hold what the pattern asks for.")
