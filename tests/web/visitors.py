"""People at the service's pages, and all that the database holds before and after they came."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from corrections_service.services import editors
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose

OWN = "http://corrections.example"
COUNTERS = ("attempt", "salt", "refusal", "refused_origin", "worker")
"""Tables that only count who came."""


class Visitor:
    """A browser: it keeps cookies, and sends forms as browsers do."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page, and remember the token in its forms."""
        answer = self.client.get(path, **options)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, headers: Any = None, **fields: Any) -> TestResponse:
        """Send a form of our own pages."""
        sent = {"csrf_token": self.token} | fields
        return self.client.post(path, data=sent, headers={"Origin": OWN} if headers is None else headers)


def signed_in(app: Flask, db: Database, editor: int) -> Visitor:
    """Somebody who came by a sign-in link."""
    with db.write() as session:
        secret = editors.link(session, session.get_one(Editor, editor), Purpose.SIGN_IN, hours=1)
    visitor = Visitor(app)
    visitor.get(f"/sign-in/{secret}")
    assert visitor.post(f"/sign-in/{secret}").location == "/queue"
    visitor.get("/account")
    return visitor


def dump(db: Database) -> dict[str, list[str]]:
    """Every row of every table but the counters, the background engine's own tables too."""
    inspector = sa.inspect(db.engine)
    schemas = [None] if db.is_sqlite else [one for one in inspector.get_schema_names() if one != "information_schema"]
    names = [(schema, name) for schema in schemas for name in inspector.get_table_names(schema)]
    with db.engine.connect() as connection:
        return {
            f"{schema}.{name}": sorted(map(str, connection.execute(sa.select(sa.text("*")).select_from(table))))
            for schema, name in names
            if name not in COUNTERS
            for table in [sa.table(name, schema=schema)]
        }
