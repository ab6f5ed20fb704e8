"""Two newsrooms at one service, and the people of both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corrections_service.services import sites
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.accounts_server import accounts_server
from tests.services.newsroom import Newsroom


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    """The newsroom that a test is about."""
    return Newsroom(db, site)


@pytest.fixture
def neighbour(db: Database) -> Newsroom:
    """Another publication at the same service, which has no business with the first."""
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
    return Newsroom(db, other)


@pytest.fixture(scope="module")
def accounts() -> Iterator[str]:
    """The newsroom's own accounts: the address of a real provider."""
    with accounts_server() as address:
        yield address
