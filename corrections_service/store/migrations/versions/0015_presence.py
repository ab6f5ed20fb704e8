"""Who is at which case; cases that wait for more readers; what editors choose for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    case = sa.ForeignKey("case.id", name="fk_presence_case_id", ondelete="CASCADE")
    editor = sa.ForeignKey("editor.id", name="fk_presence_editor_id", ondelete="CASCADE")
    op.create_table(
        "presence",
        sa.Column("case_id", sa.Integer(), case, nullable=False),
        sa.Column("editor_id", sa.Integer(), editor, nullable=False),
        sa.Column("doing", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "editor_id", name="pk_presence"),
    )
    op.create_index("ix_presence_editor_id", "presence", ["editor_id"])
    op.add_column("editor", sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("case", sa.Column("wake_readers", sa.Integer(), nullable=True))
    some = sa.text("wake_readers IS NOT NULL")
    op.create_index("ix_case_wake", "case", ["wake_readers"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Remove them again."""
    op.drop_index("ix_case_wake", "case")
    op.drop_column("case", "wake_readers")
    op.drop_column("editor", "choices")
    op.drop_table("presence")
