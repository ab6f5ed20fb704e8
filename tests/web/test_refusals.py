"""Refusals are counted in memory and written once a second, and who sends many has to wait (F20, P-05)."""

from __future__ import annotations

import threading
import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from corrections_service.services import figures
from corrections_service.store.database import Database
from corrections_service.store.models import Attempt, Site
from tests.running import ORIGIN


def refused(db: Database) -> dict[str, int]:
    """The refusals that are written, by reason."""
    with db.read() as session:
        sums: dict[str, Any] = figures.accounting(session)
    return {**sums["rejected"], **sums["refused"]}


def test_many_refusals_are_one_write(app: Flask, db: Database) -> None:
    client = app.test_client(use_cookies=False)
    for _ in range(50):
        assert client.post("/api/v1/reports", data={"site": "x"}, headers={"Origin": ORIGIN}).status_code == 403
    app.extensions["refusals"].write()
    assert refused(db) == {"origin-not-allowed": 50}
    app.extensions["refusals"].write()
    assert refused(db) == {"origin-not-allowed": 50}


def test_when_the_database_is_closed_nothing_goes_on_trying(app: Flask, db: Database) -> None:
    """Else each application that was used and left would ask for its database once a second, for ever."""
    db.close()
    client, refusals = app.test_client(use_cookies=False), app.extensions["refusals"]
    assert client.post("/api/v1/reports", data={"site": "x"}, headers={"Origin": ORIGIN}).status_code == 403
    for one in threading.enumerate():
        if getattr(one, "function", None) == refusals.write:
            one.join()
    refusals.write()
    assert refused(db) == {}


def test_what_is_refused_counts_against_the_address_block_too(
    limited_client: FlaskClient, site: Site, db: Database
) -> None:
    """It is told to wait before anything is read of it, and costs the database nothing."""

    def send(**said: str) -> int:
        data = {"site": site.key, "url": "https://news.example/a", "id": str(uuid.uuid4()), "exact": "teh", **said}
        return limited_client.post("/api/v1/reports", data=data, headers={"Origin": "https://news.example"}).status_code

    assert [send(url="nothing") for _ in range(7)] == [422] * 5 + [429] * 2
    assert send() == 429
    with db.read() as session:
        assert session.query(Attempt).count() == 0


def test_a_key_that_no_site_can_have_is_refused_before_anything_keeps_it(app: Flask, site: Site) -> None:
    client = app.test_client(use_cookies=False)
    for key in ("k" * 65, "k" * 60_000, site.key + "x" * 64, "я" * 100):
        answer = client.post("/api/v1/reports", data={"site": key}, headers={"Origin": "https://news.example"})
        assert answer.status_code == 403
        assert answer.get_json()["type"] == "urn:corrections:origin-not-allowed"
    assert not any(len(key) > 64 for key in app.extensions.get("sites_seen", {}))
    assert client.get(f"/report/{site.key}{'x' * 64}").status_code == 404


def test_readiness_writes_for_real(app: Flask, db: Database) -> None:
    """P-23: a row changes with each look, so that a database that only pretends is found out."""

    def look() -> int:
        assert app.test_client().get("/readyz").status_code == 200
        with db.read() as session:
            return session.query(Attempt).filter_by(mark="readiness").one().count

    assert look() != look()
    app.extensions["refusals"].write()
    assert refused(db) == {}


def test_readiness_says_when_the_disk_is_nearly_full(app: Flask, db: Database, monkeypatch: Any) -> None:
    """P-23: the reserve is made larger than the disk, as no disk can be filled here; PostgreSQL's disk is elsewhere."""
    if not db.is_sqlite:
        return
    monkeypatch.setattr("corrections_service.web.operations.RESERVE", 2**62)
    monkeypatch.setattr("corrections_service.web.operations.SMALL_SHARE", 1)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "MiB are left on the disk of DATA_DIR" in answer.get_data(as_text=True)
