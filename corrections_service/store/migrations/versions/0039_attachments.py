"""Pictures that readers add to their reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0036"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make room for them: nobody has added one."""
    op.create_table(
        "attachment",
        sa.Column("id", LARGE, primary_key=True),
        sa.Column("report_id", LARGE, sa.ForeignKey("report.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("report_id", "position", "page", name="uq_attachment_report_id"),
    )


def downgrade() -> None:
    """Forget them: an earlier version shows none, and would not erase them with their reports."""
    op.drop_table("attachment")
