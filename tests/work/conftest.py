"""What the tests of the network share: a server on loopback that counts who comes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.work.canaries import Canary, listening


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A web server on loopback."""
    with listening(Canary()) as made:
        yield made
