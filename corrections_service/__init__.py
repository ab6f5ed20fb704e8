"""Readers report errors in articles; editors fix them; readers hear back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from corrections_service.settings import Settings
    from corrections_service.store.database import Database

__version__ = "0.1.0"


def create_app(settings: Settings | None = None, *, database: Database | None = None) -> Flask:
    """Wire the web application. Raises ConfigurationError when the settings are unsafe."""
    from corrections_service.web.wiring import wire

    return wire(settings, database)


def shipped(name: str) -> Path:
    """A folder that is shipped with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
