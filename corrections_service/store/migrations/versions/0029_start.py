"""When a site's pages first loaded the script, and what the guide for a new site last saw in one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know neither of the sites that are there: the next load tells."""
    op.add_column("site", sa.Column("first_load_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("site", sa.Column("page_check", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("site", "page_check")
    op.drop_column("site", "first_load_at")
