"""Mail to the desk: what readers write to corrections@ becomes reports, each about the article that it names."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import offers, text
from corrections_service.rules.fields import LIMITS
from corrections_service.rules.incoming import Incoming
from corrections_service.rules.named import quoted_words
from corrections_service.services import blocks, history, intake, mailboxes, reports, returns
from corrections_service.services.reports import Arrival, Fields
from corrections_service.settings import Settings
from corrections_service.store.models import Article, EventKind, Report, Site

SHORTEST_TITLE = 12
"""Characters of a headline by which an article is known; shorter ones stand in any text."""

MOST_ARTICLES = 2000
"""Articles of a site whose headlines are compared, those that were reported last."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The article that a letter is about, and its headline where that is how it was known."""

    site: Site
    url: str
    headline: str = ""


def make(session: Session, mail: Incoming, settings: Settings, *, site_id: int | None) -> Report | None:
    """Make a report of a letter to this site, or to any; None where no article can be told. Raises InvalidFields.

    One that offers something, or whose sender is blocked, is set aside, where an editor sees it and can take it back.
    """
    about = _article(session, mail, site_id)
    if about is None:
        return None
    comment = mail.words
    fields = mailboxes.report_fields(about.url, mail.subject, comment, mail.sender)
    quotations = quoted_words(mail.words)
    if len(quotations) == 1:
        fields["place"] = text.one_line(quotations[0], LIMITS["place"])
    elif text.fold(fields["place"]).text in text.fold(about.headline).text:
        fields["place"] = ""  # it says which article, and not which part of it
    is_long = len(fields["comment"]) > LIMITS["comment"]
    if is_long:
        fields["comment"] = text.cut(fields["comment"], LIMITS["comment"] - 1) + "…"
    facts = "\0".join((mail.message_id, mail.sender, mail.subject, mail.words))
    digest = hashlib.sha256(facts.encode("utf-8", "surrogatepass")).digest()
    number = str(uuid.UUID(bytes=digest[:16], version=4))
    checked = _checked({**fields, "id": number}, about.site)
    is_blocked = bool(intake.stopped(session, [Arrival(about.site, checked)]))
    aside = blocks.REASON if is_blocked else offers.OFFER if offers.is_offer(mail.words) else ""
    submitted = reports.submit(session, site=about.site, fields=checked, secret=settings.secret_key, aside=aside)
    report = reports.by_token(session, submitted.token)
    if is_long or mail.attached:
        attached: dict[str, Any] = {"attached": list(mail.attached)} if mail.attached else {}
        history.record(session, report.case, EventKind.ANSWERED, report=report, text=mail.words, **attached)
    return report


def answers_desk(session: Session, mail: Incoming, settings: Settings) -> bool:
    """Whether a letter answers a mail of ours that was to no reader: what colleagues write so is no reader's report."""
    is_ours = any(id.casefold().endswith(f"@{settings.host.casefold()}>") for id in mail.about)
    earlier = returns.of_messages(session, mail.about) if is_ours else None
    return is_ours and (earlier is None or earlier.report_id is None)


def _checked(fields: dict[str, str], site: Site) -> Fields:
    """The report, without an address that cannot be written to: what its sender says counts all the same."""
    try:
        return intake.checked(fields, site)
    except errors.InvalidFields as error:
        if set(error.fields) != {"email"}:
            raise
        return intake.checked({**fields, "email": ""}, site)


def _article(session: Session, mail: Incoming, site_id: int | None) -> Meant | None:
    """The article that a letter means: by a link in it, by the mail of ours that it answers, or by its title.

    What it repeats of others, such as our newsletter, may name many; then none of them is known to be meant.
    """
    active = session.scalars(select(Site).where(Site.active).order_by(Site.id != site_id, Site.id)).all()
    for site in active:
        if url := mailboxes.article_among(mail.links, site.origins):
            return Meant(site, url)
    for site in active:
        if url := mailboxes.only_article_among(mail.other_links, site.origins):
            return Meant(site, url)
    earlier = returns.of_messages(session, mail.about)
    if earlier is not None and earlier.report is not None and earlier.case is not None:
        return Meant(earlier.site, earlier.case.article.url)
    for site in active:
        if (article := _titled(session, site, mail)) is not None:
            return Meant(site, article.url, article.headline)
    return None


def _titled(session: Session, site: Site, mail: Incoming) -> Article | None:
    """The one article of a site whose headline stands in the subject, or in the letter; None where several do."""
    query = select(Article).where(Article.site_id == site.id, Article.headline != "", Article.moved_to_id.is_(None))
    articles = session.scalars(query.order_by(Article.id.desc()).limit(MOST_ARTICLES)).all()
    for place in (mailboxes.without_answer(mail.subject), mail.words):
        folded = text.fold(place).text
        titles = [(text.fold(article.headline).text, article) for article in articles]
        fitting = {article.id: article for title, article in titles if len(title) >= SHORTEST_TITLE and title in folded}
        if len(fitting) == 1:
            return next(iter(fitting.values()))
    return None
