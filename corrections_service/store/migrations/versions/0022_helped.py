"""What readers say of the answers that they got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("report", sa.Column("helped", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Remove it again."""
    op.drop_column("report", "helped")
