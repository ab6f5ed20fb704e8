"""Short addresses of articles: made when an editor asks for one, and followed by whoever has it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import links, urls
from corrections_service.services import articles
from corrections_service.settings import Settings
from corrections_service.store.models import Article, Site


def add(session: Session, site: Site, url: str) -> int:
    """The number of the article at this address, for `short_address`. Raises InvalidFields."""
    try:
        address = urls.canonical(url, site.policy.get("query_parameters"))
    except urls.BadAddress as error:
        raise errors.InvalidFields({"url": str(error)}) from None
    if not urls.belongs_to(address, site.origins):
        raise errors.InvalidFields({"url": f"This is no address of {site.name}."})
    if len(address) > urls.LONGEST:  # it grew when its letters were written as bytes
        raise errors.InvalidFields({"url": "This address is too long."})
    return articles.find_or_add(session, site, address)


def short_address(number: int, settings: Settings) -> str:
    """What is typed from paper to come to the article with this number."""
    return f"{settings.base_url}/a/{links.code_of(number, settings.secret_key)}"


def article(session: Session, code: str, settings: Settings) -> Article:
    """The article with this code, of an active site. Raises NotFound, the same for every reason."""
    number = links.number_in(code, settings.secret_keys)
    target = session.get(Article, number) if number is not None else None
    if target is None or not target.site.active:
        raise errors.NotFound()
    return target
