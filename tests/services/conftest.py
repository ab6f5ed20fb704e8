"""A newsroom on each database in turn."""

from __future__ import annotations

import pytest

from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    """A newsroom with a site and nobody in it yet."""
    return Newsroom(db, site)
