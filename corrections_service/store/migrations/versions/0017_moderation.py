"""Saved answers, the words of what was called spam, and from whom a site takes no reports for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "saved_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "site_id",
            sa.Integer(),
            sa.ForeignKey("site.id", name="fk_saved_answer_site_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("resolution", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_answer"),
    )
    op.create_index("ix_saved_answer_site_id", "saved_answer", ["site_id"])
    of_word = sa.ForeignKey("site.id", name="fk_spam_word_site_id", ondelete="CASCADE")
    op.create_table(
        "spam_word",
        sa.Column("site_id", sa.Integer(), of_word, nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        sa.Column("fine", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "word", name="pk_spam_word"),
    )
    of_block = sa.ForeignKey("site.id", name="fk_block_site_id", ondelete="CASCADE")
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), of_block, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=260), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editor_id", sa.Integer(), sa.ForeignKey("editor.id", name="fk_block_editor_id")),
        sa.Column("ended_by_id", sa.Integer(), sa.ForeignKey("editor.id", name="fk_block_ended_by_id")),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id", name="fk_block_case_id")),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
    )
    op.create_index("ix_block_active", "block", ["site_id", "ends_at"])


def downgrade() -> None:
    """Remove them again."""
    for table in ("block", "spam_word", "saved_answer"):
        op.drop_table(table)
