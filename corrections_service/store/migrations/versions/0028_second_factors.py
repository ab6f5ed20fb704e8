"""Second factors of the people who sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: nobody has one."""
    op.add_column("editor", sa.Column("second_factor", sa.Text(), nullable=False, server_default=""))
    op.add_column("editor", sa.Column("last_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("editor", sa.Column("recovery_codes", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Remove them: everybody signs in with one factor."""
    for column in ("recovery_codes", "last_step", "second_factor"):
        op.drop_column("editor", column)
