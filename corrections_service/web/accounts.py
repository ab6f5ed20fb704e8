"""Signing in by the newsroom's own accounts (OpenID Connect): who works here, by the address that these vouch for."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Flask, current_app, request, session, url_for
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.accounts_settings import DISCOVERY, PATIENCE, AccountsSettings
from corrections_service.rules import text
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts as services
from corrections_service.settings import Settings
from corrections_service.web import access, account, passwords
from corrections_service.web.access import public, settings, write

log = structlog.get_logger()

bp = Blueprint("accounts", __name__)

AWAY_SECONDS, TURN_SECONDS = 30.0, 2.0
"""How long one that could not be reached is not asked again, and how long people wait for who is asking it."""


@dataclass
class Provider:
    """One provider of accounts, and when it last could not be reached."""

    config: AccountsSettings
    client: Any
    turn: threading.Lock = field(default_factory=threading.Lock)
    failed_at: float = -math.inf

    @property
    def is_away(self) -> bool:
        """Whether it could not be reached a moment ago."""
        return time.monotonic() - self.failed_at < AWAY_SECONDS


def init_accounts(app: Flask, config: Settings) -> None:
    """Make the accounts known to the application, where there are any; nobody is asked before somebody signs in."""
    app.add_template_global(_providers, "accounts_providers")
    app.add_template_global(name_of, "accounts_name_of")
    app.extensions["accounts"] = {}
    if not config.accounts:
        return
    from authlib.integrations.flask_client import OAuth  # it takes a quarter of a second, and most have none

    registry = OAuth(app)
    for key, accounts in config.accounts.items():
        client = registry.register(
            f"accounts_{key}",  # where no name is another's beginning no `state` of one is another's, so "_" ends the first's
            client_id=accounts.client_id,
            client_secret=accounts.client_secret,
            server_metadata_url=f"{accounts.issuer}/{DISCOVERY}",
            client_kwargs={"scope": accounts.scope, "code_challenge_method": "S256", "default_timeout": PATIENCE},
        )
        app.extensions["accounts"][key] = Provider(accounts, client)


@bp.get("/login/accounts", defaults={"key": ""})
@bp.get("/login/accounts/<key>")
@public
def begin(key: str) -> ResponseReturnValue:
    """Send the browser to the accounts' own page; only a browser's own cookie remembers it."""
    provider = _provider(key)
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":  # a picture in a foreign page signs nobody in
        raise errors.NotFound()
    target = settings().base_url + url_for("accounts.back", key=key, _external=False)
    try:
        _reach(provider)
        answer: ResponseReturnValue = _ask(provider, provider.client.authorize_redirect, redirect_uri=target)
    except errors.CorrectionsError as error:
        return account.refused(error)
    session["accounts_next"] = access.safe_next(request.args.get("next"))
    return answer


@bp.get("/login/accounts/back", defaults={"key": ""})
@bp.get("/login/accounts/<key>/back")
@public
def back(key: str) -> ResponseReturnValue:
    """Let in whom the accounts vouch for, in the browser that was sent there, once: this GET begins a session."""
    provider, target = _provider(key), access.safe_next(session.get("accounts_next"))
    try:
        passwords.brake_network()
        token = _ask(provider, provider.client.authorize_access_token, claims_options=_needed_claims(provider.config))
        claims = token.get("userinfo", {})
        email = _address(claims, provider.config)
        vouched: dict[str, Any] = {"issuer": provider.config.issuer, "subject": str(claims["sub"])}
        vouched |= {"name": _person(claims, email), "roles": _roles(claims, provider.config)}
        with write() as write_session:
            if not _is_told(claims, provider.config) and services.gave_roles(write_session, email, vouched["issuer"]):
                log.warning("accounts left out the claim that roles come from", issuer=vouched["issuer"])
                raise errors.NotPermitted(phrase("desk.accounts.untold", name=provider.config.known_as))
            editor = services.come(write_session, email, **vouched)
            if editor is not None:
                return account.let_on(write_session, editor, target, shown_at=_shown_at(claims))
        raise errors.NotPermitted(phrase("desk.accounts.unknown", email=email))
    except errors.CorrectionsError as error:
        return account.refused(error)


def _reach(provider: Provider) -> None:
    """Have what the provider says of itself, which is asked for once. Raises NotPermitted where it cannot be had.

    Who comes within some seconds after that is told so without asking again, and who comes while it is asked soon.
    """
    if not provider.is_away and provider.turn.acquire(timeout=TURN_SECONDS):
        try:
            if not provider.is_away:
                provider.client.load_server_metadata()
                return
        except Exception as error:  # of the way there, or of its answer
            log.warning("accounts cannot be reached", issuer=provider.config.issuer, error=type(error).__name__)
            provider.failed_at = time.monotonic()
        finally:
            provider.turn.release()
    raise errors.NotPermitted(phrase("desk.accounts.unreachable", name=provider.config.known_as))


def _ask(provider: Provider, question: Callable[..., Any], **values: object) -> Any:
    """What the accounts' server answers. Raises NotPermitted, in no word of the other side, whatever went wrong there."""
    try:
        return question(**values)
    except Exception as error:  # of the way there, of its answer, of its signature: each library has its own
        log.warning("sign-in by accounts failed", issuer=provider.config.issuer, error=type(error).__name__)
        raise errors.NotPermitted(phrase("desk.accounts.failed", name=provider.config.known_as)) from None


def _needed_claims(accounts: AccountsSettings) -> dict[str, dict[str, Any]]:
    """What has to stand in an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
    return {
        "iss": {"essential": True, "values": [accounts.issuer, f"{accounts.issuer}/"]},
        "aud": {"essential": True, "value": accounts.client_id},
        "sub": {"essential": True},
    }


def _address(claims: Mapping[str, Any], accounts: AccountsSettings) -> str:
    """The address that the accounts vouch for. Raises NotPermitted."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True or accounts.trust_email
    if not isinstance(email, str) or not email or not is_verified:
        raise errors.NotPermitted(phrase("desk.accounts.unverified", name=accounts.known_as))
    return text.one_line(email, 254)


def _person(claims: Mapping[str, Any], email: str) -> str:
    """What a person is called there, else the first part of their address."""
    name = claims.get("name")
    return text.one_line(name if isinstance(name, str) and name.strip() else email.partition("@")[0], 100)


def _roles(claims: Mapping[str, Any], accounts: AccountsSettings) -> list[services.Given] | None:
    """The roles that the accounts bring, and where; None where they bring none to anybody, or did not say."""
    if accounts.grants is None or not _is_told(claims, accounts):
        return None
    values = values_of(claims, accounts.roles_claim)
    return [(Role(grant.role), grant.site) for grant in accounts.grants if grant.value in values]


def _is_told(claims: Mapping[str, Any], accounts: AccountsSettings) -> bool:
    """Whether the accounts say what roles come from. Entra leaves out very many groups, and signals it in other claims."""
    return accounts.grants is None or _claim(claims, accounts.roles_claim) is not None


def values_of(claims: Mapping[str, Any], name: str) -> set[str]:
    """What a claim holds: one text or a list of them."""
    value = _claim(claims, name)
    values = value if isinstance(value, list) else [value]
    return {entry for entry in values if isinstance(entry, str)}


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim, or None; a name that is no claim's leads inside, part by part with dots."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _shown_at(claims: Mapping[str, Any]) -> float:
    """When the person has shown there who they are; long ago where the accounts do not tell, for they may not have asked."""
    at = claims.get("auth_time")
    return min(float(at), time.time()) if isinstance(at, int | float) else 0.0


def _providers() -> dict[str, Provider]:
    """The providers of accounts by their keys in addresses, "" for the first."""
    providers: dict[str, Provider] = current_app.extensions["accounts"]
    return providers


def _provider(key: str) -> Provider:
    """The provider of this key. Raises NotFound."""
    if key not in _providers():
        raise errors.NotFound()
    return _providers()[key]


def name_of(issuer: str) -> str:
    """What the accounts of this issuer are called; of those that are set up no more the host."""
    names = {accounts.issuer: accounts.known_as for accounts in settings().accounts.values()}
    return names.get(issuer) or urlsplit(issuer).hostname or "?"
