"""Origins from which reports were refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    site = sa.ForeignKey("site.id", name="fk_refused_origin_site_id", ondelete="CASCADE")
    op.create_table(
        "refused_origin",
        sa.Column("site_id", sa.Integer(), site, nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "origin", name="pk_refused_origin"),
    )


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("refused_origin")
