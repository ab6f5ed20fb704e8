"""Practice: a site of somebody's own, of which nobody outside is told anything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody practises yet."""
    op.add_column("site", sa.Column("trainee_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    """What is left of practice is a site that is switched off."""
    op.drop_column("site", "trainee_id")
