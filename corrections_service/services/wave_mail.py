"""Waves: so many reports set aside at a time that who asked for it is mailed, once a day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from corrections_service.rules.mail_times import Sort
from corrections_service.rules.workflow import State
from corrections_service.services import mail_choices, outbox
from corrections_service.store import jobs
from corrections_service.store.models import Article, Case, Delivery, MailChoice, Site, now

LEAST, MOST = 20, 2000
"""Cases set aside within an hour that are a wave, and how many of them are looked at."""


def tell(session: Session) -> None:
    """Owe who asked for it one mail about the wave that a site is in, unless they had one within a day."""
    waves: dict[int, tuple[int, str] | None] = {}
    for choice in mail_choices.who_wants(session, Sort.WAVE):
        if choice.site_id not in waves:
            waves[choice.site_id] = _wave(session, choice.site)
        wave = waves[choice.site_id]
        if wave is not None and not _is_told(session, choice):
            data = {"count": wave[0], "headline": wave[1]}
            key = f"wave.{choice.site_id}.{now():%Y%m%d%H}"
            outbox.owe(session, outbox.WAVE, choice.editor.email, site=choice.site, data=data, key=key)
            jobs.wake(session, "deliver_due")


def _is_told(session: Session, choice: MailChoice) -> bool:
    lately = and_(Delivery.template == outbox.WAVE, Delivery.created_at > now() - timedelta(days=1))
    to_them = and_(Delivery.site_id == choice.site_id, Delivery.recipient == choice.editor.email)
    return session.scalar(select(Delivery.id).where(lately, to_them).limit(1)) is not None


def _wave(session: Session, site: Site) -> tuple[int, str] | None:
    """How many cases of the site were set aside within an hour, and the headline of the article that most are about."""
    where = (Case.site_id == site.id, Case.state == State.SPAM, Case.created_at > now() - timedelta(hours=1))
    articles = Counter(session.scalars(select(Case.article_id).where(*where).limit(MOST)))
    if articles.total() < LEAST:
        return None
    article = session.get_one(Article, articles.most_common(1)[0][0])
    return articles.total(), article.headline if article.read_status == "read" else ""
