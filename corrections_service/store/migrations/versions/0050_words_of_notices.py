"""Notices of classes that do not say which words became which are found by these words no more, which none of them shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corrections_service.rules import text

revision = "0050"
down_revision = "0044"
branch_labels = None
depends_on = None

HIDING = """
SELECT correction.id, correction.text, headline, author, section FROM correction JOIN article ON article.id = article_id
WHERE notice_class NOT IN ('correction', 'clarification') AND correction.words <> '' AND (wrong <> '' OR "right" <> '')
"""
"""The notices that were indexed with words that they do not show."""


def upgrade() -> None:
    """Index these notices by what they show."""
    connection = op.get_bind()
    for notice in connection.execute(sa.text(HIDING)).all():
        parts = " ".join((notice.text, notice.headline, notice.author, notice.section)).split()
        values = {"id": notice.id, "words": " ".join(text.fold(word).text for word in parts)}
        connection.execute(sa.text("UPDATE correction SET words = :words WHERE id = :id"), values)


def downgrade() -> None:
    """Leave them as they are: an earlier version finds them by what they show."""
