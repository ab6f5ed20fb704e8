"""How many reports were answered is counted ahead too: all that was counted before is counted anew."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have all days counted."""
    op.execute("DELETE FROM tally_mark")


def downgrade() -> None:
    """Have all days counted again, without them."""
    op.execute("DELETE FROM tally_mark")
