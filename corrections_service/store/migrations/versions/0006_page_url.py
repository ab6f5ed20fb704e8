"""Where a reader read the words, beside the address of their article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is missing."""
    for table in ("report", "case"):
        op.add_column(table, sa.Column("page_url", sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("several", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Remove it again."""
    for table in ("report", "case"):
        op.drop_column(table, "several")
        op.drop_column(table, "page_url")
