"""The figures' days, counted ahead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; the days of before are counted in the background."""
    op.create_table(
        "tally",
        _site("tally"),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "measure", "day", "name", name="pk_tally"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_due",
        _site("tally_due"),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "day", name="pk_tally_due"),
    )
    op.create_table(
        "tally_mark",
        _site("tally_mark"),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_tally_mark"),
    )


def downgrade() -> None:
    """Remove them again."""
    for table in ("tally", "tally_due", "tally_mark"):
        op.drop_table(table)


def _site(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("site.id", name=f"fk_{table}_site_id", ondelete="CASCADE")
    return sa.Column("site_id", sa.Integer(), key, nullable=False)
