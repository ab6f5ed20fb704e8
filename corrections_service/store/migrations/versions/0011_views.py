"""Views that people save; counts for each view that has its own; an index of what is known of articles."""

# ruff: noqa: S608 - nothing comes in from outside

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
MENDED = "'fixed', 'corrected', 'clarified', 'editors_note', 'updated', 'withdrawn', 'already_fixed'"
COUNTED = "state, site_id, resolution, snoozed_until, decided_at"


def upgrade() -> None:
    """Count cases by what the views tell apart."""
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("view", sa.String(length=32), nullable=False),
        sa.Column("q", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name="fk_saved_view_editor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_saved_view_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_editor_id", "saved_view", ["editor_id"])
    op.create_index("ix_saved_view_site_id", "saved_view", ["site_id"])
    op.create_index("ix_article_facts", "article", ["site_id", "section", "author", "language"])
    _count_by("shelf", {row: _shelf(row) for row in ("OLD", "NEW")}, COUNTED)


def downgrade() -> None:
    """Count them by their states again."""
    _count_by("state", {row: f"{row}.state" for row in ("OLD", "NEW")}, "state, site_id")
    op.drop_index("ix_article_facts", "article")
    op.drop_table("saved_view")


def _shelf(row: str) -> str:
    """Where a case stands, by the columns of a row: each case in one place."""
    return (
        f"CASE WHEN {row}.state = 'closed' AND {row}.resolution IN ({MENDED}) THEN 'corrected'"
        f" WHEN {row}.state = 'closed' THEN 'declined'"
        f" WHEN {row}.state = 'waiting' AND {row}.snoozed_until IS NOT NULL THEN 'snoozed'"
        f" WHEN {row}.state IN ('new', 'open') AND {row}.decided_at IS NOT NULL THEN 'back'"
        f" ELSE {row}.state END"
    )


def _count_by(column: str, places: dict[str, str], watched: str) -> None:
    """Make the counts anew, by another column, and have the database keep them."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("count_case_added", "count_case_changed"):
        op.execute(sa.text(f"DROP TRIGGER {name}" + ("" if is_sqlite else ' ON "case"')))
    statements = _on_sqlite(column, places, watched) if is_sqlite else _on_postgresql(column, places, watched)
    for statement in statements:
        op.execute(sa.text(statement))
    op.execute(
        sa.text(
            f"INSERT INTO case_count (site_id, {column}, number)"
            f' SELECT site_id, {places["NEW"].replace("NEW.", "")}, count(*) FROM "case" GROUP BY 1, 2'
        )
    )


def _on_sqlite(column: str, places: dict[str, str], watched: str) -> list[str]:
    old, new = places["OLD"], places["NEW"]
    more = (
        f" INSERT INTO case_count VALUES (NEW.site_id, {new}, 1)"
        f" ON CONFLICT (site_id, {column}) DO UPDATE SET number = number + 1;"
    )
    less = f" UPDATE case_count SET number = number - 1 WHERE site_id = OLD.site_id AND {column} = {old};"
    return [
        "DROP TRIGGER count_case_removed",
        "DROP TABLE case_count",
        f"CREATE TABLE case_count (site_id INTEGER NOT NULL, {column} VARCHAR(32) NOT NULL, number INTEGER NOT NULL,"
        f" PRIMARY KEY (site_id, {column})) WITHOUT ROWID",
        f'CREATE TRIGGER count_case_added AFTER INSERT ON "case" BEGIN{more} END',
        f'CREATE TRIGGER count_case_changed AFTER UPDATE OF {watched} ON "case"'
        f" WHEN {old} <> {new} OR OLD.site_id <> NEW.site_id BEGIN{less}{more} END",
        f'CREATE TRIGGER count_case_removed AFTER DELETE ON "case" BEGIN{less} END',
    ]


def _on_postgresql(column: str, places: dict[str, str], watched: str) -> list[str]:
    old, new = places["OLD"], places["NEW"]
    return [
        "DROP TABLE case_count",
        "CREATE TABLE case_count (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site_id INTEGER NOT NULL,"
        f" {column} VARCHAR(32) NOT NULL, number INTEGER NOT NULL)",
        "CREATE OR REPLACE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP <> 'INSERT' THEN"
        f" INSERT INTO case_count (site_id, {column}, number) VALUES (OLD.site_id, {old}, -1); END IF;"
        " IF TG_OP <> 'DELETE' THEN"
        f" INSERT INTO case_count (site_id, {column}, number) VALUES (NEW.site_id, {new}, 1); END IF;"
        " RETURN NULL; END $$",
        'CREATE TRIGGER count_case_added AFTER INSERT OR DELETE ON "case" FOR EACH ROW EXECUTE FUNCTION count_case()',
        f'CREATE TRIGGER count_case_changed AFTER UPDATE OF {watched} ON "case" FOR EACH ROW'
        f" WHEN ({old} <> {new} OR OLD.site_id <> NEW.site_id) EXECUTE FUNCTION count_case()",
    ]
