"""Who sent a report, as a mark, so that who reports an error again is counted once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark; a report of before counts by itself, as it did."""
    op.add_column("report", sa.Column("sender", sa.String(length=64), nullable=False, server_default=""))
    op.execute(sa.text("UPDATE report SET sender = 'r' || CAST(id AS VARCHAR(20))"))
    op.create_index("ix_report_sender", "report", ["case_id", "sender"])


def downgrade() -> None:
    """Remove it again."""
    op.drop_index("ix_report_sender", "report")
    op.drop_column("report", "sender")
