"""A newspaper on WordPress, and the service beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Service, running_service
from tests.wordpress.blog import Blog, running_blog


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Blog]:
    """A WordPress with the plug-in, not activated."""
    with running_blog(tmp_path) as blog:
        yield blog


@pytest.fixture
def service(tmp_path: Path, blog: Blog) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with running_service(tmp_path / "data", fetch_pace_seconds="0.1") as service:
        service.init(blog.base_url)
        service.start()
        yield service
