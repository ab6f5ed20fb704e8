"""A wish that the words should go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now nobody could say it."""
    for table in ("case", "report"):
        op.add_column(table, sa.Column("remove", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget it."""
    for table in ("case", "report"):
        op.drop_column(table, "remove")
