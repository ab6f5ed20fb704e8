"""A program is let in by a secret that only it knows, for one site, until it is revoked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.services import tokens
from corrections_service.store.models import ProgramToken, Scope
from tests.services.newsroom import Newsroom
from tests.web.visitors import dump


def make(newsroom: Newsroom, name: str = "feed") -> str:
    with newsroom.db.write() as session:
        return tokens.add(session, name, site=newsroom.site, scopes=[Scope.CASES_READ])


def test_a_secret_is_of_128_bits_and_stored_as_a_hash_only(newsroom: Newsroom) -> None:
    secrets = {make(newsroom, f"feed {number}") for number in range(50)}
    assert len(secrets) == 50
    assert all(len(one) == 22 for one in secrets)
    stored = str(dump(newsroom.db))
    assert not any(secret in stored for secret in secrets)


def test_a_token_is_known_by_its_whole_secret(newsroom: Newsroom) -> None:
    secret = make(newsroom)
    with newsroom.db.read() as session:
        assert tokens.admit(session, secret, Scope.CASES_READ).site_id == newsroom.site.id
        for wrong in ("", secret[:-1], secret + "=", secret.swapcase(), f" {secret}", "\udcff", "feed", "x" * 100_000):
            with pytest.raises(errors.TokenNeeded):
                tokens.admit(session, wrong, Scope.CASES_READ)


def test_a_token_without_the_scope_may_not(newsroom: Newsroom) -> None:
    secret = make(newsroom)
    newsroom.change(ProgramToken, scopes=[])
    with newsroom.db.read() as session, pytest.raises(errors.NotPermitted):
        tokens.admit(session, secret, Scope.CASES_READ)


def test_a_revoked_token_lets_nobody_in_and_its_name_is_free(newsroom: Newsroom) -> None:
    old = make(newsroom)
    with newsroom.db.write() as session:
        tokens.revoke(session, "feed")
    new = make(newsroom)
    with newsroom.db.read() as session:
        with pytest.raises(errors.TokenNeeded):
            tokens.admit(session, old, Scope.CASES_READ)
        assert tokens.admit(session, new, Scope.CASES_READ).name == "feed"
    with newsroom.db.write() as session, pytest.raises(errors.NotFound):
        tokens.revoke(session, "nobody")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 101, "feed"])
def test_a_name_is_visible_short_and_taken_once(newsroom: Newsroom, name: str) -> None:
    make(newsroom)
    with pytest.raises(errors.InvalidFields):
        make(newsroom, name)
    with newsroom.db.read() as session:
        assert session.scalars(select(ProgramToken.name)).all() == ["feed"]
