"""Small writes for tests, and what was stored of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections_service.store.database import Database
from corrections_service.store.models import Site


def add_site(session: Session, name: str) -> str:
    """Add a site of which nothing matters but the name."""
    session.add(Site(name=name, slug=name, key=name, origins=[], desk="desk@example.org"))
    session.flush()
    return name


def stored(db: Database) -> set[str]:
    """The names of the sites that are there."""
    with db.read() as session:
        return set(session.scalars(sa.select(Site.name)))


@contextmanager
def callers(number: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads that write at once."""
    with ThreadPoolExecutor(number) as pool:
        yield pool
