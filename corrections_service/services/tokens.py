"""Tokens of programs: who made one for what, and whether it lets somebody in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.catalogue import phrase
from corrections_service.services import promises
from corrections_service.store.models import ProgramToken, Scope, Site, now
from corrections_service.store.rows import insert_once

LONGEST_NAME = 100


def add(session: Session, name: str, *, site: Site, scopes: Sequence[Scope]) -> str:
    """Make a token for a program; the secret, of 128 bits, which is told only now. Raises InvalidFields."""
    title = text.one_line(name, LONGEST_NAME + 1)
    if not text.is_visible(title) or len(title) > LONGEST_NAME:
        raise errors.InvalidFields({"name": phrase("desk.programs.wrong_name", most=LONGEST_NAME)})
    secret = secrets.token_urlsafe(16)
    values = {"site_id": site.id, "digest": _digest(secret), "scopes": sorted(set(scopes))}
    if insert_once(session, ProgramToken, ["name"], name=title, **values, created_at=now()) is None:
        raise errors.InvalidFields({"name": phrase("desk.programs.name_taken")})
    if Scope.CASES_READ in scopes:
        promises.let_programs_in(site)
    return secret


def all_tokens(session: Session) -> Sequence[ProgramToken]:
    """All tokens with their sites, by name; their secrets are known to nobody but their programs."""
    return session.scalars(
        select(ProgramToken).options(joinedload(ProgramToken.site)).order_by(ProgramToken.name)
    ).all()


def of_site(session: Session, site: Site) -> Sequence[ProgramToken]:
    """The tokens of one publication, by name."""
    query = select(ProgramToken).where(ProgramToken.site_id == site.id)
    return session.scalars(query.order_by(ProgramToken.name)).all()


def revoke(session: Session, name: str, site: Site | None = None) -> None:
    """Let the program of this token in no more, from this moment; of one publication alone if it is given. Raises NotFound."""
    statement = delete(ProgramToken).where(ProgramToken.name == name).returning(ProgramToken.id)
    statement = statement.where(ProgramToken.site_id == site.id) if site is not None else statement
    if session.scalar(statement) is None:
        raise errors.NotFound("There is no token of this name.")


def admit(session: Session, secret: str, scope: Scope) -> ProgramToken:
    """The token with this secret. Raises TokenNeeded where there is none, NotPermitted where it lacks the scope."""
    token = session.scalar(select(ProgramToken).where(ProgramToken.digest == _digest(secret)))
    if token is None:
        raise errors.TokenNeeded()
    if scope not in token.scopes:
        raise errors.NotPermitted(f"This token does not have the scope {scope}.")
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
