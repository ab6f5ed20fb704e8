"""Who is named in notes on which cases, and who is away and stands in for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "mention",
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name="fk_mention_editor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_mention_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("editor_id", "case_id", name="pk_mention"),
    )
    op.create_index("ix_mention_case_id", "mention", ["case_id"])
    op.add_column("editor", sa.Column("away_from", sa.Date(), nullable=True))
    op.add_column("editor", sa.Column("away_until", sa.Date(), nullable=True))
    op.add_column("editor", sa.Column("deputy_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Remove them again."""
    for name in ("deputy_id", "away_until", "away_from"):
        op.drop_column("editor", name)
    op.drop_table("mention")
