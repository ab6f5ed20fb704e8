"""What stands where of mail that came in before a rule about it is put where that rule has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from corrections_service.settings import Settings
from corrections_service.store.models import Delivery, Event, EventKind, Letter, Place
from tests.store.test_migrations import alembic, differences, empty_settings, newsroom_of_today

__all__ = ["empty_settings"]


def test_what_came_from_another_address_before_that_was_asked_is_the_reader_s_no_more(empty_settings: Settings) -> None:
    """What an editor took for theirs since stays so, and so does what the reader wrote (D5)."""
    newsroom = newsroom_of_today(empty_settings)
    database = newsroom.db
    newsroom.send(email="ann@readers.example")
    newsroom.send(email="bob@readers.example", exact="by the king")
    command.downgrade(alembic(database), "0052")
    with database.write() as session:
        receipts = session.scalars(
            sa.select(Delivery).where(Delivery.template == "receipt").order_by(Delivery.id)
        ).all()
        letters = [("ANN@readers.example", "Mine."), ("eve@evil.example", "Not mine.")]
        for number, (mail, sender, words) in enumerate(
            [*((receipts[0], *letter) for letter in letters), (receipts[1], "bob@work.example", "Mine, from work.")]
        ):
            about = {"report_id": mail.report_id, "case_id": mail.case_id}
            if mail is receipts[1]:
                facts = {"text": words, "sender": "b•••@work.example"}
                session.add(Event(kind=EventKind.MAILED, data=facts, **about))
            session.add(Event(kind=EventKind.ANSWERED, data={"text": words}, **about))
            letter = Letter(
                key=str(number), site_id=newsroom.site.id, sort="person", place=Place.CASE, sender=sender, words=words
            )
            letter.delivery_id, letter.report_id, letter.case_id = mail.id, mail.report_id, mail.case_id
            session.add(letter)
    database.migrate()
    assert differences(database) == []
    with database.read() as session:
        kinds = (EventKind.ANSWERED, EventKind.MAILED)
        told = session.scalars(sa.select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).all()
        places = session.scalars(sa.select(Letter.place).order_by(Letter.id)).all()
    assert [(event.kind, event.data["text"], event.data.get("sender")) for event in told] == [
        ("answered", "Mine.", None),
        ("mailed", "Not mine.", "e•••@evil.example"),
        ("mailed", "Mine, from work.", "b•••@work.example"),
        ("answered", "Mine, from work.", None),
    ]
    assert places == [Place.CASE, Place.ASIDE, Place.CASE]
    database.close()
