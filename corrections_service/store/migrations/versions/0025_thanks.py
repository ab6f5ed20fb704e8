"""Names by which readers may be thanked; and decided cases are noted, whose articles somebody is reminded of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table, and have the cases that are being fixed weighed, which says when somebody is reminded."""
    report = sa.ForeignKey("report.id", name="fk_thanks_report_id", ondelete="CASCADE")
    op.create_table(
        "thanks",
        sa.Column("report_id", LARGE, report, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name="pk_thanks"),
    )
    op.execute(sa.text("UPDATE \"case\" SET rank_at = updated_at WHERE state = 'fixing' AND rank_at IS NULL"))


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("thanks")
