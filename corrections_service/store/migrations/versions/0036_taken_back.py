"""Cases that readers took back are counted by themselves, in the views and in the figures: all is counted anew."""

# ruff: noqa: S608 - nothing comes in from outside

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

MENDED = "'fixed', 'corrected', 'clarified', 'editors_note', 'updated', 'withdrawn', 'already_fixed'"
WATCHED = "state, site_id, resolution, snoozed_until, decided_at"


def upgrade() -> None:
    """Tell them from those that were declined."""
    _count_by(_shelf_apart)


def downgrade() -> None:
    """Count them as declined again."""
    _count_by(_shelf)


def _shelf(row: str, taken_back: str = "") -> str:
    """Where a case stands, by the columns of a row: each case in one place."""
    return (
        f"CASE WHEN {row}.state = 'closed' AND {row}.resolution IN ({MENDED}) THEN 'corrected'{taken_back}"
        f" WHEN {row}.state = 'closed' THEN 'declined'"
        f" WHEN {row}.state = 'waiting' AND {row}.snoozed_until IS NOT NULL THEN 'snoozed'"
        f" WHEN {row}.state IN ('new', 'open') AND {row}.decided_at IS NOT NULL THEN 'back'"
        f" ELSE {row}.state END"
    )


def _shelf_apart(row: str) -> str:
    """The same, with a place for what readers took back."""
    return _shelf(row, f" WHEN {row}.state = 'closed' AND {row}.resolution = 'reader_withdrew' THEN 'taken_back'")


def _count_by(shelf: Callable[[str], str]) -> None:
    """Have the database count by these places from now on, and count all that is there."""
    old, new = shelf("OLD"), shelf("NEW")
    for statement in _on_sqlite(old, new) if op.get_bind().dialect.name == "sqlite" else _on_postgresql(old, new):
        op.execute(sa.text(statement))
    op.execute(sa.text("DELETE FROM case_count"))
    counted = f'SELECT site_id, {new.replace("NEW.", "")}, count(*) FROM "case" GROUP BY 1, 2'
    op.execute(sa.text(f"INSERT INTO case_count (site_id, shelf, number) {counted}"))
    op.execute(sa.text("DELETE FROM tally_mark"))


def _on_sqlite(old: str, new: str) -> list[str]:
    more = (
        f" INSERT INTO case_count VALUES (NEW.site_id, {new}, 1)"
        " ON CONFLICT (site_id, shelf) DO UPDATE SET number = number + 1;"
    )
    less = f" UPDATE case_count SET number = number - 1 WHERE site_id = OLD.site_id AND shelf = {old};"
    return [
        *(f"DROP TRIGGER count_case_{name}" for name in ("added", "changed", "removed")),
        f'CREATE TRIGGER count_case_added AFTER INSERT ON "case" BEGIN{more} END',
        f'CREATE TRIGGER count_case_changed AFTER UPDATE OF {WATCHED} ON "case"'
        f" WHEN {old} <> {new} OR OLD.site_id <> NEW.site_id BEGIN{less}{more} END",
        f'CREATE TRIGGER count_case_removed AFTER DELETE ON "case" BEGIN{less} END',
    ]


def _on_postgresql(old: str, new: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP <> 'INSERT' THEN"
        f" INSERT INTO case_count (site_id, shelf, number) VALUES (OLD.site_id, {old}, -1); END IF;"
        " IF TG_OP <> 'DELETE' THEN"
        f" INSERT INTO case_count (site_id, shelf, number) VALUES (NEW.site_id, {new}, 1); END IF;"
        " RETURN NULL; END $$",
        'DROP TRIGGER count_case_changed ON "case"',
        f'CREATE TRIGGER count_case_changed AFTER UPDATE OF {WATCHED} ON "case" FOR EACH ROW'
        f" WHEN ({old} <> {new} OR OLD.site_id <> NEW.site_id) EXECUTE FUNCTION count_case()",
    ]
