"""Signing in by the newsroom's own accounts (OpenID Connect): who works here, by the address that these vouch for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Flask, current_app, request, session
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts as services
from corrections_service.settings import Settings
from corrections_service.web import access, account, passwords
from corrections_service.web.access import public, settings, write

log = structlog.get_logger()

bp = Blueprint("accounts", __name__)

PATIENCE = 10.0
"""Seconds that the accounts' server has to answer."""


def init_accounts(app: Flask, config: Settings) -> None:
    """Make the accounts known to the application, where there are any; nobody is asked before somebody signs in."""
    app.add_template_global(_name, "accounts_name")
    app.add_template_global(name_of, "accounts_name_of")
    accounts = config.accounts
    if accounts is None:
        return
    from authlib.integrations.flask_client import OAuth  # it takes a quarter of a second, and most have none

    app.extensions["accounts"] = OAuth(app).register(
        "accounts",
        client_id=accounts.client_id,
        client_secret=accounts.client_secret,
        server_metadata_url=f"{accounts.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": accounts.scope, "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )


@bp.get("/login/accounts")
@public
def begin() -> ResponseReturnValue:
    """Send the browser to the accounts' own page; only a browser's own cookie remembers it."""
    accounts, target = _accounts(), f"{settings().base_url}/login/accounts/back"
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":  # a picture in a foreign page signs nobody in
        raise errors.NotFound()
    try:
        answer: ResponseReturnValue = _ask(accounts.authorize_redirect, redirect_uri=target)
    except errors.CorrectionsError as error:
        return account.refused(error)
    session["accounts_next"] = access.safe_next(request.args.get("next"))
    return answer


@bp.get("/login/accounts/back")
@public
def back() -> ResponseReturnValue:
    """Let in whom the accounts vouch for, in the browser that was sent there, once: this GET begins a session."""
    accounts, target = _accounts(), access.safe_next(session.get("accounts_next"))
    try:
        passwords.brake_network()
        claims = _ask(accounts.authorize_access_token, claims_options=_needed_claims()).get("userinfo", {})
        email, subject = _address(claims), str(claims["sub"])
        vouched: dict[str, Any] = {"issuer": settings().oidc_issuer, "subject": subject}
        with write() as write_session:
            editor = services.come(write_session, email, **vouched, name=_person(claims), roles=_roles(claims))
            if editor is not None:
                return account.let_on(write_session, editor, target, shown_at=_shown_at(claims))
        raise errors.NotPermitted(phrase("desk.accounts.unknown", email=email))
    except errors.CorrectionsError as error:
        return account.refused(error)


def _ask(question: Callable[..., Any], **values: object) -> Any:
    """What the accounts' server answers. Raises NotPermitted, in no word of the other side, whatever went wrong there."""
    try:
        return question(**values)
    except Exception as error:  # of the way there, of its answer, of its signature: each library has its own
        log.warning("sign-in by accounts failed", error=type(error).__name__)
        raise errors.NotPermitted(phrase("desk.accounts.failed", name=_name())) from None


def _needed_claims() -> dict[str, dict[str, Any]]:
    """What has to stand in an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
    issuer = settings().oidc_issuer
    return {
        "iss": {"essential": True, "values": [issuer, f"{issuer}/"]},
        "aud": {"essential": True, "value": settings().oidc_client_id},
        "sub": {"essential": True},
    }


def _address(claims: Mapping[str, Any]) -> str:
    """The address that the accounts vouch for. Raises NotPermitted."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True or settings().oidc_trust_email
    if not isinstance(email, str) or not email or not is_verified:
        raise errors.NotPermitted(phrase("desk.accounts.unverified", name=_name()))
    return text.one_line(email, 254)


def _person(claims: Mapping[str, Any]) -> str:
    """What a person is called there, else the first part of their address."""
    name = claims.get("name")
    return text.one_line(name if isinstance(name, str) and name.strip() else _address(claims).partition("@")[0], 100)


def _roles(claims: Mapping[str, Any]) -> list[services.Given] | None:
    """The roles that the accounts bring, and where; None where they bring none to anybody."""
    accounts = settings().accounts
    if accounts is None or accounts.grants is None:
        return None
    values = values_of(claims, accounts.roles_claim)
    return [(Role(grant.role), grant.site) for grant in accounts.grants if grant.value in values]


def values_of(claims: Mapping[str, Any], name: str) -> set[str]:
    """What a claim holds: one text or a list of them; a name that is no claim's leads inside, part by part with dots."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return {entry for entry in values if isinstance(entry, str)}


def _shown_at(claims: Mapping[str, Any]) -> float:
    """When the person has shown there who they are; long ago where the accounts do not tell, for they may not have asked."""
    at = claims.get("auth_time")
    return min(float(at), time.time()) if isinstance(at, int | float) else 0.0


def _accounts() -> Any:
    """The client of the accounts. Raises NotFound where there are none."""
    client = current_app.extensions.get("accounts")
    if client is None:
        raise errors.NotFound()
    return client


def _name() -> str:
    """What people call the newsroom's own accounts, or "" where there are none."""
    accounts = settings().accounts
    return accounts.known_as if accounts is not None else ""


def name_of(issuer: str) -> str:
    """What the accounts of this issuer are called; of those that are set up no more the host."""
    accounts = settings().accounts
    return accounts.known_as if accounts is not None and accounts.issuer == issuer else urlsplit(issuer).hostname or "?"
