"""Which of the newsroom's own accounts gave a role."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that are there were given here."""
    op.add_column("membership", sa.Column("issuer", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them for given here, all of them."""
    op.drop_column("membership", "issuer")
