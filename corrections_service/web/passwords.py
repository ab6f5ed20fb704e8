"""Passwords: hashed a few at a time, and a brake on guessing that locks nobody out for good."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, after_this_request, request
from flask_security import hash_password, verify_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.services import editors, privacy
from corrections_service.store.models import Editor
from corrections_service.web import access
from corrections_service.web.access import settings, write
from corrections_service.web.peers import client_address

LONGEST = 128
AT_ONCE, PATIENCE_SECONDS = 4, 5.0
"""Hashings at a time in one process, each of 64 MiB, and how long another waits for its turn."""

KNOWN_SECONDS = 180 * 24 * 3600
KNOWN_LIMIT = "10/hour"
"""Attempts of one browser that this very person has signed in with before."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """A password's Argon2 hash. Raises SignInBusy."""
    with _turn():
        return str(hash_password(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether this is the password with the known hash, in the same time where there is none. Raises SignInBusy.

    Give back the database before: this can wait for its turn. More than 128 characters are never hashed.
    """
    if len(password) > LONGEST or "\0" in password:
        return False
    with _turn():
        if password_hash is None:
            hash_password(password)
            return False
        return bool(verify_password(password, password_hash))


def brake(email: str, counted_as: str = "sign-in") -> None:
    """Count an attempt to sign in, or what it is `counted_as`. Raises TooManySignIns, which says when to come back.

    Attempts count by network, and by the address that is tried from wherever; but a browser that this person has
    signed in with before counts for itself alone, so that no stranger's guesses keep anybody out.
    """
    block = privacy.address_block(client_address(request, settings()))
    with access.database().read() as session:
        device = _device_of(editors.by_email(session, email))
    with _counting() as session:
        if device:
            privacy.count(session, f"{counted_as} known", device, KNOWN_LIMIT)
            return
        privacy.count(session, counted_as, block, settings().limit_sign_in)
        privacy.count(session, f"{counted_as} account", email.strip().casefold(), settings().limit_sign_in_account)


def brake_network(counted_as: str = "sign-in") -> None:
    """Count an attempt of who names no address yet. Raises TooManySignIns."""
    block = privacy.address_block(client_address(request, settings()))
    with _counting() as session:
        privacy.count(session, counted_as, block, settings().limit_sign_in)


def remember_browser(editor: Editor) -> None:
    """Let this browser be known as one that the person has signed in with."""
    number, device = editor.id, _device_of(editor) or secrets.token_urlsafe(16)

    @after_this_request
    def keep(answer: Response) -> Response:
        secure = settings().base_url.startswith("https:")
        value = _signer().dumps([number, device])
        answer.set_cookie(
            _cookie(), value, max_age=KNOWN_SECONDS, secure=secure, httponly=True, samesite="Lax", path="/"
        )
        return answer


@contextmanager
def _counting() -> Iterator[Session]:
    try:
        with write() as session:
            yield session
    except errors.TooManyReports as error:
        raise errors.TooManySignIns(retry_after=error.retry_after) from None


def _device_of(editor: Editor | None) -> str:
    """The name of this browser, if it is one that the person has signed in with before."""
    try:
        number, device = _signer().loads(request.cookies.get(_cookie(), ""), max_age=KNOWN_SECONDS)
    except (BadSignature, ValueError):
        return ""
    return str(device) if editor is not None and editor.id == number else ""


def _cookie() -> str:
    return "__Host-corrections-known" if settings().base_url.startswith("https:") else "corrections-known"


def _signer() -> URLSafeTimedSerializer:
    config = settings()
    return URLSafeTimedSerializer(config.secret_keys[::-1], salt="known-browser")


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise errors.SignInBusy()
    try:
        yield
    finally:
        _turns.release()
