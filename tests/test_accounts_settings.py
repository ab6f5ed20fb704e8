"""Roles by claim, as people write them."""

from __future__ import annotations

import pytest

from corrections_service.accounts_settings import ROLES, parse_grants
from corrections_service.errors import ConfigurationError
from corrections_service.rules.workflow import Role
from corrections_service.settings import read_settings


def test_the_roles_are_those_that_there_are() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("", []),
        ("  ", []),
        ("news-editors=editor@tribune", [("news-editors", "editor", "tribune")]),
        (
            " News Editors=editor@tribune,/news/admins=admin@*  ",
            [("News Editors", "editor", "tribune"), ("/news/admins", "admin", "*")],
        ),
        (
            "a=viewer@a, a=author@b\nb=standards@site-2",
            [("a", "viewer", "a"), ("a", "author", "b"), ("b", "standards", "site-2")],
        ),
        ("редактори=editor@*", [("редактори", "editor", "*")]),
    ],
)
def test_roles_are_read_as_they_are_meant(text: str, grants: list[tuple[str, str, str]]) -> None:
    assert parse_grants(text) == grants


@pytest.mark.parametrize(
    "text",
    [
        *("editors", "editors=editor", "editors=editor@", "=editor@tribune", "editors=chief@tribune"),
        *("editors=Editor@tribune", "editors=editor@Tri bune", "a=editor b=editor@tribune", "a==editor@tribune"),
        *("editors=editor@tribune@x", "editors=editor@*x", "a=editor@tribune;b=editor@tribune", "a=b=editor@tribune"),
    ],
)
def test_what_is_wrong_is_named_with_how_to_write_it(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CORRECTIONS_OIDC_ROLES", text)
    with pytest.raises(ConfigurationError, match=r"CORRECTIONS_OIDC_ROLES: must be entries such as news-editors="):
        read_settings()
