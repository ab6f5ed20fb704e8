"""Words in all their forms, and what is known of a case's article, in the search index: all is indexed anew, in the background."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FACTS = "OLD.kind <> NEW.kind OR NEW.readers < OLD.readers"
NOTE_ARTICLE = ' INSERT INTO search_due (case_id) SELECT id FROM "case" WHERE article_id = NEW.id'


def upgrade() -> None:
    """Note changes of these facts too, and all cases."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _watch_articles(("headline", "author", "section", "language"), is_sqlite)
    doing = (
        "BEGIN INSERT INTO search_due (case_id) VALUES (NEW.id); END" if is_sqlite else "EXECUTE FUNCTION note_case()"
    )
    op.execute(
        sa.text(
            'CREATE TRIGGER search_facts_changed AFTER UPDATE OF kind, readers ON "case"'
            f" FOR EACH ROW WHEN ({FACTS}) {doing}"
        )
    )
    op.execute(sa.text('INSERT INTO search_due (case_id) SELECT id FROM "case" ORDER BY id DESC'))


def downgrade() -> None:
    """Note what was noted before, and all cases."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(sa.text("DROP TRIGGER search_facts_changed" + ("" if is_sqlite else ' ON "case"')))
    _watch_articles(("headline", "author"), is_sqlite)
    op.execute(sa.text('INSERT INTO search_due (case_id) SELECT id FROM "case" ORDER BY id DESC'))


def _watch_articles(columns: tuple[str, ...], is_sqlite: bool) -> None:
    """Note the cases of an article of which one of these changes."""
    op.execute(sa.text("DROP TRIGGER search_article_changed" + ("" if is_sqlite else " ON article")))
    changed = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in columns)
    doing = f"BEGIN{NOTE_ARTICLE}; END" if is_sqlite else "EXECUTE FUNCTION note_article()"
    op.execute(
        sa.text(
            f"CREATE TRIGGER search_article_changed AFTER UPDATE OF {', '.join(columns)} ON article"
            f" FOR EACH ROW WHEN ({changed}) {doing}"
        )
    )
