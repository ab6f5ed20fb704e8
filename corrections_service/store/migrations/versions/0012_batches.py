"""What is done with many cases at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    editor = sa.ForeignKey("editor.id", name="fk_batch_editor_id")
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), editor, nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("undo_at", TIME, nullable=True),
        sa.Column("undone_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_editor_id", "batch", ["editor_id"])
    batch = sa.ForeignKey("batch.id", name="fk_batch_case_batch_id", ondelete="CASCADE")
    case = sa.ForeignKey("case.id", name="fk_batch_case_case_id", ondelete="CASCADE")
    event = sa.ForeignKey("event.id", name="fk_batch_case_event_id")
    op.create_table(
        "batch_case",
        sa.Column("batch_id", sa.Integer(), batch, nullable=False),
        sa.Column("case_id", sa.Integer(), case, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), event, nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "case_id", name="pk_batch_case"),
    )
    op.create_index("ix_batch_case_outcome", "batch_case", ["batch_id", "outcome"])


def downgrade() -> None:
    """Remove them again."""
    op.drop_table("batch_case")
    op.drop_table("batch")
