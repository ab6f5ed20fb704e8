"""Routing: a new case goes to whose matter it is, by its site's rules, before the desk's mail about it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from corrections_service.rules.owners import Owner, first_match
from corrections_service.rules.workflow import State
from corrections_service.services import outbox, people
from corrections_service.services.history import change, hold, last_event
from corrections_service.store.models import Article, Case, Delivery, Editor, EventKind, Site, now

FIRST_LOOK, FOR_OWNERS = timedelta(seconds=20), timedelta(minutes=2)
"""How long a mail about a new case waits for the first look at its article, which says its headline and what stands there;
and where rules ask for the section or the author, which that look tells, too."""

MOST_KNOWN = 500
"""Sections and authors that are offered."""

ASK_AGAIN = timedelta(seconds=5)
GIVEN = (EventKind.ASSIGNED, EventKind.CLAIMED, EventKind.TAKEN_FROM, EventKind.RELEASED)
"""After one of these a case is no more the rules' to give."""


def owners_of(site: Site) -> Sequence[Owner]:
    """The site's rules, in order."""
    return site.policy.get("owners", [])


def choose(site: Site, owners: Sequence[Owner]) -> None:
    """Keep the site's rules; they hold for the cases that come in from now on."""
    site.policy = {**site.policy, "owners": list(owners)}


def known_facts(session: Session, site: Site) -> dict[str, Sequence[str]]:
    """The sections and the authors that articles of the site have, to choose from."""
    columns = {"sections": Article.section, "authors": Article.author}
    return {
        name: session.scalars(
            select(column).where(Article.site_id == site.id, column != "").distinct().order_by(column).limit(MOST_KNOWN)
        ).all()
        for name, column in columns.items()
    }


def route(session: Session, case_ids: Sequence[int]) -> None:
    """Give each of these that nobody has had yet to whose matter it is, once; without a rule it stays the desk's."""
    ruled = [site.id for site in session.scalars(select(Site)) if owners_of(site)]
    if not ruled:
        return
    unread = select(Case.id).join(Article, Article.id == Case.article_id).where(Case.id.in_(case_ids), _IS_UNREAD)
    unread_ids = set(session.scalars(unread))
    query = select(Case).where(Case.id.in_(case_ids), Case.site_id.in_(ruled), Case.state == State.NEW)
    for case in session.scalars(query.order_by(Case.id)).all():
        if case.id not in unread_ids or not _asks_for_look(case.site):
            _give(session, case)


def settle(session: Session, delivery_ids: Sequence[int]) -> list[int]:
    """Address mails of new cases to whose matter these are: those that go now, together, to one address.

    The rest is owed on: to somebody else, or until the article was looked at.
    """
    waiting = _put_early_back(session, delivery_ids)
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(delivery_ids)))
    by_id = {delivery.id: delivery for delivery in rows}
    ready = [by_id[id] for id in delivery_ids if id in by_id and id not in waiting]
    for delivery in ready:
        if owners_of(delivery.site) and delivery.case is not None and delivery.recipient == delivery.site.desk:
            if delivery.case.state is State.NEW:
                _give(session, delivery.case)
            delivery.recipient = people.address(delivery.case)
    session.flush()
    together = [mail.id for mail in ready if mail.recipient == ready[0].recipient]
    outbox.put_back(session, [mail.id for mail in ready if mail.id not in together], until=now())
    return together


def _put_early_back(session: Session, delivery_ids: Sequence[int]) -> set[int]:
    """Leave the mails owed whose article is about to be looked at for the first time, unless somebody let them go by hand."""
    unread = (
        select(Delivery)
        .join(Case, Case.id == Delivery.case_id)
        .join(Article, Article.id == Case.article_id)
        .where(Delivery.id.in_(delivery_ids), _IS_UNREAD)
    )
    waiting: set[int] = set()
    for mail in session.scalars(unread).all():
        until = mail.created_at + (FOR_OWNERS if _asks_for_look(mail.site) else FIRST_LOOK)
        if until > now() and outbox.BY_HAND not in mail.data:
            outbox.put_back(session, [mail.id], until=min(until, now() + ASK_AGAIN))
            waiting.add(mail.id)
    return waiting


_IS_UNREAD = and_(Article.read_at.is_(None), Article.read_status == "", Case.recheck_at.is_not(None))
"""Whether nobody has looked at a case's article, or failed to, and somebody will."""


def _asks_for_look(site: Site) -> bool:
    """Whether the site's rules ask for what only a look at an article tells."""
    return any(rule["section"] or rule["author"] for rule in owners_of(site))


def _give(session: Session, case: Case) -> None:
    hold(session, case)
    if case.state is not State.NEW or case.assignee_id is not None or last_event(session, case, *GIVEN) is not None:
        return
    article = case.article
    rule = first_match(owners_of(case.site), section=article.section, author=article.author, kind=case.kind.value)
    owner = session.get(Editor, rule["owner"]) if rule else None
    person = people.present(session, owner, case.site, rule["deputy"]) if rule and owner else None
    if person is not None:
        change(session, case, EventKind.ASSIGNED, {"assignee_id": person.id}, to=people.name_of(person))
        session.expire(case, ["assignee"])
