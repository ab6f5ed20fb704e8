"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    _sites_and_editors()
    _cases()
    _reports()
    _deliveries()
    _tallies()
    dialect = op.get_bind().dialect.name
    for statement in SEARCH_AND_COUNTS[dialect]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Remove all tables."""
    dialect = op.get_bind().dialect.name
    for statement in WITHOUT_SEARCH_AND_COUNTS[dialect]:
        op.execute(sa.text(statement))
    for table in reversed(TABLES):
        op.drop_table(table)


def _sites_and_editors() -> None:
    """Publications and the people who sign in."""
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("desk", sa.String(length=254), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("missing_origin_allowed", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("key", name="uq_site_key"),
        sa.UniqueConstraint("slug", name="uq_site_slug"),
    )
    op.create_table(
        "editor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_editor"),
        sa.UniqueConstraint("email", name="uq_editor_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_editor_fs_uniquifier"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name="fk_membership_editor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_membership_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("editor_id", "site_id", name="uq_membership_editor_id"),
    )
    op.create_index("ix_membership_site_id", "membership", ["site_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name="fk_token_editor_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_index("ix_token_editor_id", "token", ["editor_id"], unique=False)
    op.create_table(
        "program_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_program_token_site_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_program_token"),
        sa.UniqueConstraint("digest", name="uq_program_token_digest"),
        sa.UniqueConstraint("name", name="uq_program_token_name"),
    )
    op.create_index("ix_program_token_site_id", "program_token", ["site_id"], unique=False)


def _cases() -> None:
    """What editors work on."""
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("read_status", sa.String(length=200), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_length", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_article_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("site_id", "url", name="uq_article_site_id"),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("resolution", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("live_key", sa.String(length=100), nullable=True),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("spam_points", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("snoozed_until", TIME, nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("fix_state", sa.String(32), nullable=True),
        sa.Column("fix_checked_at", TIME, nullable=True),
        sa.Column("fix_before", sa.Text(), nullable=False),
        sa.Column("fix_after", sa.Text(), nullable=False),
        sa.Column("recheck_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_case_article_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["editor.id"], name="fk_case_assignee_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["case.id"], name="fk_case_merged_into_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_case_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("live_key", name="uq_case_live_key"),
    )
    op.create_index("ix_case_article", "case", ["article_id", "state"], unique=False)
    op.create_index(
        "ix_case_mine",
        "case",
        ["assignee_id", "state", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("assignee_id IS NOT NULL"),
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
    )
    op.create_index("ix_case_queue", "case", ["site_id", "state", "created_at", "id"], unique=False)
    op.create_index(
        "ix_case_recheck",
        "case",
        ["recheck_at"],
        unique=False,
        sqlite_where=sa.text("recheck_at IS NOT NULL"),
        postgresql_where=sa.text("recheck_at IS NOT NULL"),
    )
    op.create_index(
        "ix_case_snoozed",
        "case",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    op.create_index("ix_case_state", "case", ["state", "created_at", "id", "site_id"], unique=False)


def _reports() -> None:
    """What readers sent and what became of it."""
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("exact_length", sa.Integer(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("spam_points", sa.Integer(), nullable=False),
        sa.Column("spam_reasons", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("appealed_at", TIME, nullable=True),
        sa.Column("erased_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_report_case_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_report_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("site_id", "client_id", name="uq_report_site_id"),
        sa.UniqueConstraint("token_digest", name="uq_report_token_digest"),
    )
    op.create_index("ix_report_case_id", "report", ["case_id"], unique=False)
    op.create_index("ix_report_day", "report", ["site_id", "created_at"], unique=False)
    op.create_table(
        "reader",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_reader_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", name="pk_reader"),
    )
    op.create_index("ix_reader_email", "reader", ["email"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["editor.id"], name="fk_event_actor_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_event_case_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_event_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_case_id", "event", ["case_id"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("notice_class", sa.String(32), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("retracted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_correction_article_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_correction_case_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_correction_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_article_id", "correction", ["article_id"], unique=False)
    op.create_index("ix_correction_case_id", "correction", ["case_id"], unique=False)
    op.create_index("ix_correction_log", "correction", ["site_id", "published_at", "id"], unique=False)


def _deliveries() -> None:
    """What is owed to whom."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(length=50), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_delivery_case_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_delivery_event_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_delivery_report_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_delivery_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
    )
    op.create_index("ix_delivery_case_id", "delivery", ["case_id"], unique=False)
    op.create_index("ix_delivery_due", "delivery", ["state", "next_at"], unique=False)
    op.create_index("ix_delivery_event_id", "delivery", ["event_id"], unique=False)
    op.create_index("ix_delivery_recipient", "delivery", ["recipient", "template", "sent_at"], unique=False)
    op.create_index("ix_delivery_report_id", "delivery", ["report_id"], unique=False)


def _tallies() -> None:
    """Workers, and counts for limits."""
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("beat_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.create_table(
        "attempt",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "window", name="pk_attempt"),
    )
    op.create_table(
        "salt",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_salt"),
    )
    op.create_table(
        "refusal",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "reason", name="pk_refusal"),
    )


TABLES = [
    "site",
    "editor",
    "membership",
    "token",
    "program_token",
    "article",
    "case",
    "report",
    "reader",
    "event",
    "correction",
    "delivery",
    "worker",
    "attempt",
    "salt",
    "refusal",
]


# What has to be indexed for search is noted by the database itself, so that no change can be forgotten;
# cases are counted by the database itself, so that the counts cannot drift. On PostgreSQL a change of a count is
# a row of its own (folded later), because one row for each site and state would make all writers wait for each other.
SEARCH_AND_COUNTS = {
    "sqlite": [
        "CREATE TABLE search_due (id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL)",
        "CREATE VIRTUAL TABLE case_words USING fts5(words, tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER search_report_added AFTER INSERT ON report BEGIN"
        " INSERT INTO search_due (case_id) VALUES (NEW.case_id); END",
        "CREATE TRIGGER search_report_changed AFTER UPDATE OF case_id, exact, suggestion, comment, place ON report BEGIN"
        " INSERT INTO search_due (case_id) VALUES (OLD.case_id), (NEW.case_id); END",
        'CREATE TRIGGER search_case_changed AFTER UPDATE OF exact, suggestion, comment, place, article_id ON "case"'
        " BEGIN INSERT INTO search_due (case_id) VALUES (NEW.id); END",
        'CREATE TRIGGER search_case_removed AFTER DELETE ON "case" BEGIN'
        " INSERT INTO search_due (case_id) VALUES (OLD.id); END",
        "CREATE TRIGGER search_article_changed AFTER UPDATE OF headline, author ON article"
        " WHEN OLD.headline <> NEW.headline OR OLD.author <> NEW.author BEGIN"
        ' INSERT INTO search_due (case_id) SELECT id FROM "case" WHERE article_id = NEW.id; END',
        "CREATE TABLE case_count (site_id INTEGER NOT NULL, state VARCHAR(32) NOT NULL, number INTEGER NOT NULL,"
        " PRIMARY KEY (site_id, state)) WITHOUT ROWID",
        'CREATE TRIGGER count_case_added AFTER INSERT ON "case" BEGIN'
        " INSERT INTO case_count VALUES (NEW.site_id, NEW.state, 1)"
        " ON CONFLICT (site_id, state) DO UPDATE SET number = number + 1; END",
        'CREATE TRIGGER count_case_changed AFTER UPDATE OF state, site_id ON "case"'
        " WHEN OLD.state <> NEW.state OR OLD.site_id <> NEW.site_id BEGIN"
        " UPDATE case_count SET number = number - 1 WHERE site_id = OLD.site_id AND state = OLD.state;"
        " INSERT INTO case_count VALUES (NEW.site_id, NEW.state, 1)"
        " ON CONFLICT (site_id, state) DO UPDATE SET number = number + 1; END",
        'CREATE TRIGGER count_case_removed AFTER DELETE ON "case" BEGIN'
        " UPDATE case_count SET number = number - 1 WHERE site_id = OLD.site_id AND state = OLD.state; END",
    ],
    "postgresql": [
        "CREATE TABLE search_due (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id INTEGER NOT NULL)",
        "CREATE TABLE case_words (case_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_case_words ON case_words USING gin (words) WITH (fastupdate = off)",
        "CREATE TABLE case_count (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site_id INTEGER NOT NULL,"
        " state VARCHAR(32) NOT NULL, number INTEGER NOT NULL)",
        "CREATE FUNCTION note_report() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO search_due (case_id) VALUES (NEW.case_id);"
        " IF TG_OP = 'UPDATE' AND OLD.case_id <> NEW.case_id THEN"
        " INSERT INTO search_due (case_id) VALUES (OLD.case_id); END IF; RETURN NULL; END $$",
        "CREATE TRIGGER search_report_changed AFTER INSERT OR UPDATE OF case_id, exact, suggestion, comment, place"
        " ON report FOR EACH ROW EXECUTE FUNCTION note_report()",
        "CREATE FUNCTION note_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO search_due (case_id) VALUES (OLD.id); RETURN NULL; END $$",
        "CREATE TRIGGER search_case_changed AFTER DELETE OR UPDATE OF exact, suggestion, comment, place, article_id"
        ' ON "case" FOR EACH ROW EXECUTE FUNCTION note_case()',
        "CREATE FUNCTION note_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        ' INSERT INTO search_due (case_id) SELECT id FROM "case" WHERE article_id = NEW.id; RETURN NULL; END $$',
        "CREATE TRIGGER search_article_changed AFTER UPDATE OF headline, author ON article FOR EACH ROW"
        " WHEN (OLD.headline <> NEW.headline OR OLD.author <> NEW.author) EXECUTE FUNCTION note_article()",
        "CREATE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP <> 'INSERT' THEN"
        " INSERT INTO case_count (site_id, state, number) VALUES (OLD.site_id, OLD.state, -1); END IF;"
        " IF TG_OP <> 'DELETE' THEN"
        " INSERT INTO case_count (site_id, state, number) VALUES (NEW.site_id, NEW.state, 1); END IF;"
        " RETURN NULL; END $$",
        'CREATE TRIGGER count_case_added AFTER INSERT OR DELETE ON "case" FOR EACH ROW EXECUTE FUNCTION count_case()',
        'CREATE TRIGGER count_case_changed AFTER UPDATE OF state, site_id ON "case" FOR EACH ROW'
        " WHEN (OLD.state <> NEW.state OR OLD.site_id <> NEW.site_id) EXECUTE FUNCTION count_case()",
    ],
}

WITHOUT_SEARCH_AND_COUNTS = {
    "sqlite": [
        *(
            f"DROP TRIGGER {name}"
            for name in (
                "search_report_added",
                "search_report_changed",
                "search_case_changed",
                "search_case_removed",
                "search_article_changed",
                "count_case_added",
                "count_case_changed",
                "count_case_removed",
            )
        ),
        "DROP TABLE search_due",
        "DROP TABLE case_words",
        "DROP TABLE case_count",
    ],
    "postgresql": [
        "DROP FUNCTION note_report, note_case, note_article, count_case CASCADE",
        "DROP TABLE search_due",
        "DROP TABLE case_words",
        "DROP TABLE case_count",
    ],
}
