"""What the article reader keeps: an article's words and wordings, where it moved, and when a host may be asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is missing."""
    op.add_column("article", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    # SQLite adds a reference only with its column, which Alembic would do in two steps.
    op.execute(
        sa.text(
            "ALTER TABLE article ADD COLUMN moved_to_id INTEGER CONSTRAINT fk_article_moved_to_id REFERENCES article (id)"
        )
    )
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("read_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_wording_article_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
    )
    op.create_index("ix_wording_article_id", "wording", ["article_id"], unique=False)
    op.create_table(
        "host",
        sa.Column("name", sa.String(length=260), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("robots_pause", sa.Integer(), nullable=False),
        sa.Column("robots_read_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    # The first version looked once at a case that nobody had decided.
    since = sa.func.now() if op.get_bind().dialect.name == "postgresql" else sa.func.datetime("now")
    case = sa.table("case", *map(sa.column, ("state", "exact", "recheck_at")))
    undecided = sa.and_(case.c.state.in_(("new", "open", "waiting")), case.c.exact != "", case.c.recheck_at.is_(None))
    op.execute(sa.update(case).where(undecided).values(recheck_at=since))


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("host")
    op.drop_table("wording")
    op.execute(sa.text("ALTER TABLE article DROP COLUMN moved_to_id"))
    op.drop_column("article", "words")
