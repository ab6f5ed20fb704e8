"""Times to an answer and to a fix are counted from a case's first report, wherever it came from: all is counted anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have all days counted anew, in the background."""
    op.execute(sa.text("DELETE FROM tally_mark"))


def downgrade() -> None:
    """Have them counted as before."""
    op.execute(sa.text("DELETE FROM tally_mark"))
