"""Mail that came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table."""
    site = sa.ForeignKey("site.id", name="fk_letter_site_id", ondelete="CASCADE")
    op.create_table(
        "letter",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Integer(), site, nullable=False),
        sa.Column("sort", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("attached", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id", name="fk_letter_case_id"), nullable=True),
        sa.Column("report_id", LARGE, sa.ForeignKey("report.id", name="fk_letter_report_id"), nullable=True),
        sa.Column("delivery_id", LARGE, sa.ForeignKey("delivery.id", name="fk_letter_delivery_id"), nullable=True),
        sa.Column("written_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("key", name="uq_letter_key"),
    )
    op.create_index("ix_letter_site_id", "letter", ["site_id", "place", "id"])
    op.create_index("ix_letter_sender", "letter", ["sender"])
    op.create_index("ix_letter_report_id", "letter", ["report_id"])


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("letter")
