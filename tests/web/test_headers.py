"""What every answer says of how it may be shown and kept (THREATS C18, H04, I10, I13, I14)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.web.headers import PAGES
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in


def test_no_page_can_be_framed_and_none_runs_what_is_not_ours(
    app: Flask, db: Database, newsroom: Newsroom, client: FlaskClient
) -> None:
    """I10, I13, I14, C18, H04: the headers of pages, data, errors; secrets are not told on."""
    sent, me = newsroom.send(), signed_in(app, db, newsroom.hire(Role.ADMIN))
    inside = [me.client.get(path) for path in ("/queue", f"/cases/{newsroom.case_of(sent)}", "/settings/", "/account")]
    pages = ["/login", f"/r/{sent.token}", f"/report/{newsroom.site.key}", f"/log/{newsroom.site.slug}", "/<script>"]
    for answer in inside + [client.get(path) for path in pages]:
        assert answer.headers["Content-Security-Policy"] == PAGES
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "<script>" not in answer.get_data(as_text=True)
    for answer in (*inside, client.get(f"/r/{sent.token}"), client.get("/login")):
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/r/{sent.token}").headers["Referrer-Policy"] == "no-referrer"
    for path in (f"/log/{newsroom.site.slug}/feed.json", f"/embed/{newsroom.site.key}.js", "/api/v1/nothing"):
        assert "sandbox" in client.get(path).headers["Content-Security-Policy"]
    assert me.post("/logout").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
