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
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.web import access, account, passwords
from corrections_service.web.access import public, settings, write

log = structlog.get_logger()

bp = Blueprint("accounts", __name__)

PATIENCE = 10.0
"""Seconds that the accounts' server has to answer."""

SCOPE = "openid email profile"


def init_accounts(app: Flask, config: Settings) -> None:
    """Make the accounts known to the application, where there are any; nobody is asked before somebody signs in."""
    app.add_template_global(_name, "accounts_name")
    if not config.oidc_issuer:
        return
    from authlib.integrations.flask_client import OAuth  # it takes a quarter of a second, and most have none

    app.extensions["accounts"] = OAuth(app).register(
        "accounts",
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret,
        server_metadata_url=f"{config.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "default_timeout": PATIENCE},
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
        with write() as write_session:
            editor = editors.by_account(write_session, email, issuer=settings().oidc_issuer, subject=subject)
            return account.let_on(write_session, editor, target, shown_at=_shown_at(claims))
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
    config = settings()
    return config.oidc_name or (urlsplit(config.oidc_issuer).hostname or "" if config.oidc_issuer else "")
