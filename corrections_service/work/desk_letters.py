"""Letters to desks and to the people who work there: which cases a mail tells of, and why each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session, object_session

from corrections_service.rules import text
from corrections_service.rules.catalogue import Catalogue
from corrections_service.services import mail_choices, outbox, wishes
from corrections_service.settings import Settings
from corrections_service.store.models import Case, Delivery, Editor, Event
from corrections_service.work import acting, letters


def values(
    deliveries: Sequence[Delivery], count: int, room: int, words: Catalogue, settings: Settings
) -> dict[str, Any]:
    """What a mail to a desk, or to one person there, says: of one case, or of `count` messages gathered into one.

    `room` is how many characters of each field all the cases of a digest share.
    """
    first = deliveries[0]
    session = object_session(first)
    assert session is not None
    reasons: dict[int, list[dict[str, str]]] = {}
    cases: dict[int, Case] = {}
    case_ids: set[int | None] = set()
    for delivery in sorted(
        deliveries, key=lambda mail: mail.template != outbox.TURN
    ):  # what no queue tells comes first
        case_ids.add(delivery.case_id)
        if len(cases) >= letters.DIGEST_CASES and delivery.case_id not in cases:
            continue  # it is counted, and not shown
        for case, why in _told(session, delivery, words):
            case_ids.add(case.id)
            cases[case.id] = case
            if why not in reasons.setdefault(case.id, []):
                reasons[case.id].append(why)
    is_all_new = all(delivery.template == outbox.DESK_TEMPLATE for delivery in deliveries)
    shown_cases = list(cases.values())[: letters.DIGEST_CASES]
    wished = wishes.others(session, shown_cases)
    person = mail_choices.person_at(session, first.recipient, first.site_id)
    most = room // max(len(shown_cases), letters.FEW) if len(case_ids) > 1 else 0
    entries: list[dict[str, Any]] = [
        {
            **letters.case_values(case, words, most, wished.get(case.id, ())),
            "whys": [] if is_all_new else reasons[case.id],
            "acts": acting.addresses(session, case, person, settings),
        }
        for case in shown_cases
    ]
    total = max(len(case_ids), count if is_all_new else 0)
    facts = {"cases": entries, "count": total, "is_all_new": is_all_new}
    facts["articles"] = letters.articles_of(entries, total, words)
    if first.template == outbox.WAVE:
        facts["headline"] = letters.unlink(text.one_line(first.data.get("headline", ""), 90))
    if entries:
        facts |= {"case": entries[0], "turn": reasons[shown_cases[0].id][0]}
    return facts


def event_of(delivery: Delivery) -> Event | None:
    """What happened of which a message tells."""
    session = object_session(delivery)
    return session.get(Event, delivery.event_id) if session is not None and delivery.event_id else None


def _told(session: Session, delivery: Delivery, words: Catalogue) -> list[tuple[Case, dict[str, str]]]:
    """The cases that one message tells of, and why it does."""
    if delivery.template == outbox.REMINDER:
        return [(case, _why("overdue", words)) for case in outbox.still_due(session, delivery)]
    if delivery.case is None:
        return []
    if delivery.template == outbox.DESK_TEMPLATE:
        return [(delivery.case, _why("new", words))]
    absent = session.get(Editor, delivery.data["instead_of"]) if "instead_of" in delivery.data else None
    turn, event = delivery.data["turn"], event_of(delivery)
    return [(delivery.case, letters.turn_values(turn, delivery.case, event, words, absent))]


def _why(reason: str, words: Catalogue) -> dict[str, str]:
    """Why a case stands in a mail about several, where no event says it."""
    return {"title": "", "sentence": words(f"desk.letters.why_{reason}"), "words": "", "question": ""}
