"""The web application on a test's own database, wired once a process: that takes longer than most tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corrections_service import create_app
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.web.refusals import Refusals

_PLACES = {"data_dir", "database_url"}
"""Settings that say where a test's data is; nothing is wired by them."""

_QUICK = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
"""Passwords are hashed by the same code at little cost; what is about the cost takes an application from create_app."""


_TAG = re.compile(r"<[a-z][^>]*>")
_ATTRIBUTE = re.compile(r"\s([a-z-]+)(?:=\"[^\"]*\"|(?=[\s>]))")


class Reader(FlaskClient):
    """A browser's place in which no page gives an id twice, or a tag an attribute: labels would lead to another field."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Ask for a page."""
        answer = super().open(*args, **options)
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            assert _twice(re.findall(r" id=\"([^\"]*)\"", page)) == []
            assert [tag for tag in _TAG.findall(page) if _twice(_ATTRIBUTE.findall(tag))] == []
        return answer


def _twice(names: list[str]) -> list[str]:
    return [] if len(set(names)) == len(names) else [name for name in names if names.count(name) > 1]


@dataclass(frozen=True)
class Wired:
    """An application, and what it knew after its start."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


_wired: dict[str, Wired] = {}


def application(settings: Settings, database: Database) -> Flask:
    """The application as it is after its start: nothing that an earlier test counted, kept or set is in it.

    Tests whose settings differ only in where their data is get the same one, its templates and scripts already made.
    """
    kind = settings.model_dump_json(exclude=_PLACES)
    if kind not in _wired:
        app = create_app(settings, database=database)
        app.test_client_class = Reader
        app.extensions["security"].pwd_context.update(**_QUICK)
        _wired[kind] = Wired(app, dict(app.config), dict(app.extensions))
    wired = _wired[kind]
    _set(wired.app.config, wired.config)
    refusals = Refusals(database, settings.limit_reports)
    own = {"database": database, "settings": settings, "refusals": refusals}
    _set(wired.app.extensions, wired.extensions | own)
    return wired.app


def _set(known: dict[str, Any], values: dict[str, Any]) -> None:
    known.clear()
    known.update(values)
