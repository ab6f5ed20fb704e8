"""Routing: a new case goes to whose matter it is, by its site's rules, before the desk's mail about it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.owners import Owner, first_match
from corrections_service.rules.workflow import State
from corrections_service.services import outbox, people
from corrections_service.services.history import change, hold, last_event
from corrections_service.store.models import Case, Delivery, Editor, EventKind, Site, now

PATIENCE = timedelta(minutes=2)
"""How long a mail about a new case waits for the first look at its article, which says its section and its author."""

ASK_AGAIN = timedelta(seconds=5)
GIVEN = (EventKind.ASSIGNED, EventKind.CLAIMED, EventKind.TAKEN_FROM, EventKind.RELEASED)
"""After one of these a case is no more the rules' to give."""


def owners_of(site: Site) -> Sequence[Owner]:
    """The site's rules, in order."""
    return site.policy.get("owners", [])


def choose(site: Site, owners: Sequence[Owner]) -> None:
    """Keep the site's rules; they hold for the cases that come in from now on."""
    site.policy = {**site.policy, "owners": list(owners)}


def route(session: Session, case_ids: Sequence[int]) -> None:
    """Give each of these that nobody has had yet to whose matter it is, once; without a rule it stays the desk's."""
    ruled = [site.id for site in session.scalars(select(Site)) if owners_of(site)]
    if not ruled:
        return
    query = select(Case).where(Case.id.in_(case_ids), Case.site_id.in_(ruled), Case.state == State.NEW)
    for case in session.scalars(query.order_by(Case.id)).all():
        if not _is_unread(case):
            _give(session, case)


def settle(session: Session, delivery_ids: Sequence[int]) -> list[int]:
    """Address mails of new cases to whose matter these are: those that go now, together, to one address.

    The rest is owed on: to somebody else, or until the article was looked at.
    """
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(delivery_ids)))
    by_id = {delivery.id: delivery for delivery in rows}
    deliveries = [by_id[id] for id in delivery_ids if id in by_id]
    if not any(owners_of(delivery.site) for delivery in deliveries):
        return list(delivery_ids)
    waiting = [
        mail for mail in deliveries if mail.case and _is_unread(mail.case) and mail.created_at > now() - PATIENCE
    ]
    outbox.put_back(session, [mail.id for mail in waiting], until=now() + ASK_AGAIN)
    ready = [mail for mail in deliveries if mail not in waiting]
    for delivery in ready:
        if delivery.case is not None and delivery.recipient == delivery.site.desk:
            if delivery.case.state is State.NEW:
                _give(session, delivery.case)
            delivery.recipient = people.address(delivery.case) or delivery.recipient
    session.flush()
    together = [mail.id for mail in ready if mail.recipient == ready[0].recipient]
    outbox.put_back(session, [mail.id for mail in ready if mail.id not in together], until=now())
    return together


def _is_unread(case: Case) -> bool:
    """Whether rules ask for what only a look at the article tells, and there was none, nor a failed mail."""
    asks = any(rule["section"] or rule["author"] for rule in owners_of(case.site))
    return asks and case.article.read_at is None and not case.article.read_status and case.recheck_at is not None


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
