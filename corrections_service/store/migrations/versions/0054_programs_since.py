"""Publications whose readers' words programs can get say since when: what was written before goes to no program."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

SITE = sa.table("site", sa.column("id", sa.Integer()), sa.column("policy", sa.JSON()))
EVER = "1970-01-01T00:00:00.000000Z"


def upgrade() -> None:
    """Where there were programs already, any words may have gone there, and each report's page says so."""
    connection = op.get_bind()
    for site in connection.execute(sa.select(SITE)).all():
        if site.policy.get("programs"):
            policy = {**site.policy, "programs_since": EVER}
            connection.execute(sa.update(SITE).where(SITE.c.id == site.id).values(policy=policy))


def downgrade() -> None:
    """Have an earlier version say so of all that is written."""
    connection = op.get_bind()
    for site in connection.execute(sa.select(SITE)).all():
        if since := site.policy.get("programs_since"):
            policy = {name: value for name, value in site.policy.items() if name != "programs_since"}
            connection.execute(
                sa.update(SITE).where(SITE.c.id == site.id).values(policy={**policy, "programs": bool(since)})
            )
