"""Where public notices have to be spread, and who saw to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    case = sa.ForeignKey("case.id", name="fk_spread_case_id", ondelete="CASCADE")
    editor = sa.ForeignKey("editor.id", name="fk_spread_editor_id")
    op.create_table(
        "spread",
        sa.Column("case_id", sa.Integer(), case, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("editor_id", sa.Integer(), editor, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "channel", name="pk_spread"),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("ix_spread_open", "spread", ["case_id"], sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("spread")
