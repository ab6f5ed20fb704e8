"""Whose turn it is: what happened to an undecided case that its editor has yet to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TURNS = "'came_back', 'appealed', 'answered'"
"""Events after which a case waits for its editor, unless one of these followed:"""
DONE = "'decided', 'reopened', 'snoozed', 'asked', 'undone'"


def upgrade() -> None:
    """Add the columns, and mark the open cases that came back, were appealed or answered; they count as looked at."""
    op.add_column("case", sa.Column("turn", sa.String(length=32), nullable=True))
    op.add_column("case", sa.Column("unseen_since", sa.DateTime(timezone=True), nullable=True))
    last = (
        f"SELECT CASE WHEN kind IN ({TURNS}) THEN kind END FROM event"  # noqa: S608 - nothing comes in from outside
        f' WHERE case_id = "case".id AND kind IN ({TURNS}, {DONE}) ORDER BY id DESC LIMIT 1'
    )
    turned = f"SELECT case_id FROM event WHERE kind IN ({TURNS})"  # noqa: S608 - nothing comes in from outside
    marked = f"UPDATE \"case\" SET turn = ({last}) WHERE state IN ('new', 'open') AND id IN ({turned})"  # noqa: S608
    op.execute(sa.text(marked))
    where = sa.text("turn IS NOT NULL")
    op.create_index("ix_case_turn", "case", ["unseen_since"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Remove them again."""
    op.drop_index("ix_case_turn", "case")
    for name in ("unseen_since", "turn"):
        op.drop_column("case", name)
