"""The public log as a chain of entries, its checkpoints, and where a notice ran."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SEEN_RIGHT = """
UPDATE "case" SET fixed_at = (
    SELECT max(seen.at) FROM event AS seen
    WHERE seen.case_id = "case".id AND seen.kind IN ('fix_seen', 'auto_closed') AND seen.id > COALESCE(
        (
            SELECT max(back.id) FROM event AS back
            WHERE back.case_id = "case".id AND back.kind IN ('came_back', 'undone', 'reopened')
        ),
        0
    )
)
WHERE fix_state IN ('applied', 'changed', 'gone')
"""
"""The look that closed the case saw it right; any other, which the last one may be, says nothing of since when."""


def upgrade() -> None:
    """Add the tables, and to each notice what the log finds it by."""
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", name="fk_entry_site_id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "correction_id",
            sa.Integer(),
            sa.ForeignKey("correction.id", name="fk_entry_correction_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("site_id", "number", name="uq_entry_site_id"),
    )
    op.create_index("ix_entry_correction", "entry", ["correction_id", "number"])
    op.create_table(
        "checkpoint",
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", name="fk_checkpoint_site_id"), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "day", name="pk_checkpoint"),
    )
    op.add_column("correction", sa.Column("gravity", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("correction", sa.Column("ran", sa.Text(), nullable=False, server_default=""))
    op.add_column("correction", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.add_column("correction", sa.Column("entered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("case", sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text(SEEN_RIGHT))
    only = sa.text("NOT entered")
    op.create_index("ix_correction_unentered", "correction", ["published_at"], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Remove them again."""
    op.drop_index("ix_correction_unentered", "correction")
    op.drop_column("case", "fixed_at")
    for column in ("entered", "words", "ran", "gravity"):
        op.drop_column("correction", column)
    op.drop_table("checkpoint")
    op.drop_table("entry")
