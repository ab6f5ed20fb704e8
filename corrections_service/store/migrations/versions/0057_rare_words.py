"""PostgreSQL keeps statistics of ten times as many words of cases, so that it knows a rare one from a common one.

A query asks for a word in the form of every language. Of a word that it keeps no statistics of PostgreSQL supposes that it
stands in one case of two hundred, in each form, and then looks through the newest cases instead of its index.
"""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

TARGET, USUAL = 1000, -1


def upgrade() -> None:
    """Keep more, and count anew."""
    _keep(TARGET)


def downgrade() -> None:
    """Keep as many as of every column."""
    _keep(USUAL)


def _keep(target: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE case_words ALTER COLUMN words SET STATISTICS {target}")
        op.execute("ANALYZE case_words")
