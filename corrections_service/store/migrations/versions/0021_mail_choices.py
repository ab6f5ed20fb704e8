"""How each person wants the mails of each site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "mail_choice",
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("paces", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name="fk_mail_choice_editor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_mail_choice_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("editor_id", "site_id", name="pk_mail_choice"),
    )
    op.create_index("ix_mail_choice_site_id", "mail_choice", ["site_id"])


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("mail_choice")
