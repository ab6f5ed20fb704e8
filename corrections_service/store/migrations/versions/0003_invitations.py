"""What an invitation offers: a role on a site, which waits until the address's owner accepts it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is missing; invitations of before name no site, for their roles were given with them."""
    # SQLite adds a reference only with its column, which Alembic would do in two steps.
    op.execute(sa.text("ALTER TABLE token ADD COLUMN site_id INTEGER CONSTRAINT fk_token_site_id REFERENCES site (id)"))
    op.add_column("token", sa.Column("role", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Remove it again; sessions and offers mean nothing to the version before."""
    op.execute(sa.text("DELETE FROM token WHERE purpose = 'session' OR site_id IS NOT NULL"))
    op.execute(sa.text("ALTER TABLE token DROP COLUMN site_id"))
    op.drop_column("token", "role")
