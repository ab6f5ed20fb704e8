"""Every view says who may see it: @public, @reader, @requires(Role) or @allows(Scope)."""

from __future__ import annotations

import re
from pathlib import Path

from corrections_service import create_app
from corrections_service.rules.workflow import Role
from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Scope
from corrections_service.web import access

ROOT = Path(__file__).resolve().parents[2]


def test_every_view_has_a_mark(sqlite_settings: Settings, tmp_path: Path) -> None:
    database = open_database(sqlite_settings)
    app = create_app(sqlite_settings, database=database)
    database.close()
    views = {name: getattr(view, "access", None) for name, view in app.view_functions.items() if name != "static"}
    assert len(views) > 20
    assert [
        name for name, mark in views.items() if mark not in ("public", "reader") and not isinstance(mark, (Role, Scope))
    ] == []


def _is_of_the_desk(name: str) -> bool:
    """Whether a template is set in the desk's frame."""
    base = re.search(r"{% extends \"([^\"]+)\" %}", (ROOT / "templates" / name).read_text("utf-8"))
    return base is not None and (base[1] == "dashboard/layout.html" or _is_of_the_desk(base[1]))


def test_the_frame_of_the_desk_s_pages_has_what_it_shows() -> None:
    framed = set()
    for path in sorted((ROOT / "corrections_service" / "web").glob("*.py")):
        source = path.read_text("utf-8")
        blueprint = re.search(r"Blueprint\(\"(\w+)\"", source)
        if blueprint and any(map(_is_of_the_desk, re.findall(r"\"([\w/]+\.html)\"", source))):
            framed.add(blueprint[1])
    assert {"account", "admin", "public_settings", "webhooks"} <= framed
    assert framed <= set(access.DESK)
