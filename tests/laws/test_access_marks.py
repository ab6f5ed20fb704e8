"""Every view says who may see it: @public, @reader, @requires(Role) or @allows(Scope)."""

from __future__ import annotations

from pathlib import Path

from corrections_service import create_app
from corrections_service.rules.workflow import Role
from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Scope


def test_every_view_has_a_mark(sqlite_settings: Settings, tmp_path: Path) -> None:
    database = open_database(sqlite_settings)
    app = create_app(sqlite_settings, database=database)
    database.close()
    views = {name: getattr(view, "access", None) for name, view in app.view_functions.items() if name != "static"}
    assert len(views) > 20
    assert [
        name for name, mark in views.items() if mark not in ("public", "reader") and not isinstance(mark, (Role, Scope))
    ] == []
