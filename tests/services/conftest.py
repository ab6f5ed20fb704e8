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


@pytest.fixture
def editor(newsroom: Newsroom) -> int:
    """An editor of the site."""
    return newsroom.hire()


@pytest.fixture
def case(newsroom: Newsroom) -> int:
    """A new case with one reader, who asked for an answer."""
    return newsroom.case_of(newsroom.send(email="ann@example.org"))
