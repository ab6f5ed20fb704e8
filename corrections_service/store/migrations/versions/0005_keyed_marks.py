"""Messages' keys name addresses by a keyed hash, and forgotten ones not at all: an unkeyed one could be guessed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from corrections_service.rules.references import recipient_mark

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """Write each key anew; a mail that answers one of before loses its thread once."""
    secret = context.config.attributes["database"].mark_keys[0]
    delivery = sa.table("delivery", *map(sa.column, ("id", "key", "recipient")))
    statement = sa.update(delivery).where(delivery.c.id == sa.bindparam("number")).values(key=sa.bindparam("fresh"))
    last = 0
    while True:
        after = sa.select(delivery).where(delivery.c.id > last).order_by(delivery.c.id).limit(AT_ONCE)
        rows = op.get_bind().execute(after).all()
        if not rows:
            return
        fresh = []
        for row in rows:
            mark = recipient_mark(row.recipient, secret) if row.recipient else f"{row.id:016x}"
            fresh.append({"number": row.id, "fresh": f"{row.key.rpartition(':')[0]}:{mark}"})
        op.get_bind().execute(statement, fresh)
        last = rows[-1].id


def downgrade() -> None:
    """The keys stay: the version before takes them as they are."""
