"""Webhooks, what they are owed, and what they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "site_id",
            sa.Integer(),
            sa.ForeignKey("site.id", name="fk_webhook_site_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("off_reason", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_site_id", "webhook", ["site_id"])
    op.create_table(
        "call",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "webhook_id",
            sa.Integer(),
            sa.ForeignKey("webhook.id", name="fk_call_webhook_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("event", sa.String(length=50), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id", name="fk_call_case_id"), nullable=True),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("entry.id", name="fk_call_entry_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("owed_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
        sa.UniqueConstraint("key", name="uq_call_key"),
    )
    op.create_index("ix_call_webhook_id", "call", ["webhook_id"])
    op.create_index("ix_call_case_id", "call", ["case_id"])
    op.create_index("ix_call_due", "call", ["state", "next_at"])
    op.create_table(
        "try",
        sa.Column("id", LARGE, nullable=False),
        sa.Column(
            "call_id", LARGE, sa.ForeignKey("call.id", name="fk_try_call_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_try"),
    )
    op.create_index("ix_try_call_id", "try", ["call_id"])


def downgrade() -> None:
    """Remove them again."""
    op.drop_table("try")
    op.drop_table("call")
    op.drop_table("webhook")
