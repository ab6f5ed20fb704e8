"""What comes first at the desk, weighed in the background: a case's priority with its reasons, and until when it is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corrections_service.store.models import UtcTime, now

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; the cases that somebody still works on are weighed once the service runs."""
    op.add_column("case", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("case", sa.Column("priority_reasons", sa.JSON(), nullable=True))
    op.add_column("case", sa.Column("rank_at", TIME, nullable=True))
    op.add_column("case", sa.Column("due_at", TIME, nullable=False, server_default="3000-01-01 00:00:00.000000"))
    op.add_column("case", sa.Column("remind_at", TIME, nullable=True))
    live = sa.text("UPDATE \"case\" SET rank_at = :at WHERE state IN ('new', 'open', 'waiting', 'fixing')")
    op.get_bind().execute(live.bindparams(sa.bindparam("at", now(), UtcTime())))
    op.create_index("ix_case_priority", "case", ["site_id", "state", "priority", "id"])
    op.create_index("ix_case_due", "case", ["site_id", "state", "due_at", "id"])
    for name in ("rank", "remind"):
        where = sa.text(f"{name}_at IS NOT NULL")
        op.create_index(f"ix_case_{name}", "case", [f"{name}_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Remove them again."""
    for name in ("remind", "rank", "due", "priority"):
        op.drop_index(f"ix_case_{name}", "case")
    for name in ("remind_at", "due_at", "rank_at", "priority_reasons", "priority"):
        op.drop_column("case", name)
