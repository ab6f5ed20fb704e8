"""Which cases were merged into one is found by an index, and not among all cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index of the merged cases."""
    where = sa.text("merged_into_id IS NOT NULL")
    op.create_index("ix_case_merged", "case", ["merged_into_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the index away again."""
    op.drop_index("ix_case_merged", "case")
