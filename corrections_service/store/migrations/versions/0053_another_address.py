"""What came from another address than the reader's, and counted as their answer before that was asked, counts no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

WHY = "It comes from another address than the reader’s: it may be theirs too, or somebody’s to whom our mail was passed on."

letter = sa.table("letter", *map(sa.column, ("id", "place", "reason", "sender", "words", "report_id", "delivery_id")))
delivery = sa.table("delivery", *map(sa.column, ("id", "recipient", "report_id")))
event = sa.table("event", *map(sa.column, ("id", "report_id", "kind")), sa.column("data", sa.JSON))


def upgrade() -> None:
    """Set such letters aside, and let their words stand at the case as those of somebody else.

    Since it is asked, each of them is told of by an event of its own before an editor takes it for the reader's: what has
    none came before.
    """
    connection = op.get_bind()
    answers_to_reader = sa.and_(delivery.c.id == letter.c.delivery_id, delivery.c.report_id == letter.c.report_id)
    query = sa.select(letter, delivery.c.recipient).join(delivery, answers_to_reader)
    rows = connection.execute(query.where(letter.c.place == "case", delivery.c.recipient != "")).all()
    for row in rows:
        if row.sender.casefold() == row.recipient.casefold():
            continue
        events = connection.execute(
            sa.select(event).where(event.c.report_id == row.report_id, event.c.kind.in_(("answered", "mailed")))
        ).all()
        local, _, domain = row.sender.rpartition("@")
        sender = f"{local[:1] if len(local) > 1 else ''}•••@{domain}"
        if any(fact.kind == "mailed" and fact.data.get("sender") == sender for fact in events):
            continue
        connection.execute(sa.update(letter).where(letter.c.id == row.id).values(place="aside", reason=WHY))
        for fact in events:
            if fact.kind == "answered" and fact.data.get("text") == row.words.strip():
                data = {**fact.data, "sender": sender}
                connection.execute(sa.update(event).where(event.c.id == fact.id).values(kind="mailed", data=data))


def downgrade() -> None:
    """Leave it so: it is no less true for an earlier version, which shows it the same way."""
