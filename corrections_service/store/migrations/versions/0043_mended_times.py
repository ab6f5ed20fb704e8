"""The time to a fix is of what was mended and stays so: all days are counted anew."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have all days counted."""
    op.execute("DELETE FROM tally_mark")


def downgrade() -> None:
    """Have all days counted again, as before."""
    op.execute("DELETE FROM tally_mark")
