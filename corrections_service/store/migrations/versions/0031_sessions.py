"""When a session was last seen, and in which browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know neither of the sessions that are there: they go on, and their next request tells."""
    op.add_column("token", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("token", sa.Column("browser", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget both; the sessions go on."""
    op.drop_column("token", "browser")
    op.drop_column("token", "seen_at")
