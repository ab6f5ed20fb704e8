"""Publications whose readers' words programs can get say so to their readers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

SITE = sa.table("site", sa.column("id", sa.Integer()), sa.column("policy", sa.JSON()))
WITH_PROGRAMS = """
SELECT site_id FROM webhook UNION
SELECT site_id FROM program_token WHERE CAST(scopes AS TEXT) LIKE '%cases:read%'
"""


def upgrade() -> None:
    """Note it at each site that has such a program, whatever its webhook is told of now."""
    connection = op.get_bind()
    site_ids = [row.site_id for row in connection.execute(sa.text(WITH_PROGRAMS))]
    for site in connection.execute(sa.select(SITE).where(SITE.c.id.in_(site_ids))).all():
        policy = {**site.policy, "programs": True}
        connection.execute(sa.update(SITE).where(SITE.c.id == site.id).values(policy=policy))


def downgrade() -> None:
    """Leave it: an earlier version does not look at it."""
