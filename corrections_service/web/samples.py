"""Samples: what a site's own words look like to readers, before they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.catalogue import best, catalogue_in
from corrections_service.rules.text import stopped_once
from corrections_service.services import outbox
from corrections_service.services.sites import PLACEHOLDER
from corrections_service.store.models import Delivery, DeliveryState, Site, now
from corrections_service.web.access import settings
from corrections_service.work.mail import Mailer
from corrections_service.work.smtp import MailRefused

FILLED = {
    "{0}": "12",
    "{1}": "34",
    "{n}": "3",
    "{time}": "12:30",
    "{days}": "30",
    "{most}": "300",
    "{reference}": "4F2K-7Q",
    "{name}": "Ann Reader",
    "{names}": "Ann Reader",
    "{wrong}": "1978",
    "{right}": "1987",
    "{reason}": "…",
    "{office}": "…",
    "{classes}": "…",
}
"""What stands for what in a sample; the rest is the site's own, or the day's."""

_SECRET = re.compile(r"(/(?:r|unsubscribe)/)[\w.~%=-]+")
"""What lets a reader in, and nobody else."""

LATEST = 50
"""Mails of each sort that are looked through for one in the language."""


def fillings(site: Site, language: str) -> dict[str, str]:
    """What fills the places of a site's sentences in a sample."""
    return FILLED | {"{site}": site.name, "{date}": catalogue_in(language).date(now())}


def filled(text: str, values: Mapping[str, str]) -> str:
    """A sentence as readers may read it."""
    sentence = stopped_once(text, {place.strip("{}"): value for place, value in values.items()})
    return PLACEHOLDER.sub(lambda place: values.get(place[0], place[0]), sentence)


@dataclass(frozen=True)
class Sample:
    """A mail to a reader as it would arrive, without what lets its reader in."""

    subject: str
    body: str
    html: str


def mails(session: Session, site: Site, language: str) -> Iterator[Sample]:
    """The last receipt, question and answer that went to readers in this language, in the words that the site has now.

    Those that there were.
    """
    mailer = Mailer(current_app, settings())
    for template in (outbox.RECEIPT, *outbox.ANSWERS):
        where = (
            Delivery.site_id == site.id,
            Delivery.template == template,
            Delivery.state == DeliveryState.SENT,
            Delivery.recipient != "",
        )
        for delivery in session.scalars(select(Delivery).where(*where).order_by(Delivery.id.desc()).limit(LATEST)):
            report = delivery.report
            if report and best(report.language, report.case.article.language, site.language) == language:
                try:
                    message = mailer.render([delivery])
                except MailRefused:  # its link was made with a key that is gone
                    continue
                body, markup = (_SECRET.sub(r"\1…", str(part)) for part in (message.body, message.html))
                yield Sample(str(message.subject), body, markup)
                break
