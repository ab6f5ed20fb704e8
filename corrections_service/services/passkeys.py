"""Passkeys (WebAuthn Level 2): keys that people's devices keep, each good for both factors of signing in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.catalogue import phrase
from corrections_service.services import editors
from corrections_service.store.models import Editor, Passkey, Purpose, Token, now
from corrections_service.store.rows import insert_once

log = structlog.get_logger()

CHALLENGE_SECONDS = 5 * 60
"""How long a browser has for its answer to a challenge."""

MOST, LONGEST_NAME, LONGEST_ANSWER = 20, 60, 20_000
"""How many passkeys a person has, the characters of a name, and those of what a browser sends."""

LONGEST_NUMBER = 1023
"""Bytes of a passkey's own number (WebAuthn Level 3, 7.1)."""


class Place(NamedTuple):
    """Where passkeys are good: the host that they are bound to (RP ID), and the one origin that may ask for them."""

    host: str
    origin: str


def place_of(base_url: str, host: str) -> Place | None:
    """Where this service's passkeys are good; None where browsers know none: without TLS, or without a name of a host."""
    parts = urlsplit(base_url)
    is_number = host.replace(".", "").isdigit() or ":" in host
    if is_number or (parts.scheme != "https" and host != "localhost"):
        return None
    usual = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return Place(host, f"{parts.scheme}://{host}{port}")


def new_challenge() -> str:
    """What a browser is to sign next, of 256 bits, in base64url."""
    return secrets.token_urlsafe(32)


def options_to_add(session: Session, editor: Editor, place: Place, challenge: str, service: str) -> dict[str, Any]:
    """What a browser needs to make a passkey: one that is found without an address, and asks who is there."""
    present = [{"type": "public-key", "id": passkey.credential} for passkey in all_of(session, editor)]
    return {
        "rp": {"id": place.host, "name": service},
        "user": {"id": _handle(editor), "name": editor.email, "displayName": editor.name or editor.email},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in (-8, -7, -257)],
        "timeout": CHALLENGE_SECONDS * 1000,
        "excludeCredentials": present,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def options_to_sign_in(place: Place, challenge: str) -> dict[str, Any]:
    """What a browser needs to sign in with whichever passkey its owner chooses."""
    return {
        "rpId": place.host,
        "challenge": challenge,
        "timeout": CHALLENGE_SECONDS * 1000,
        "userVerification": "required",
    }


def all_of(session: Session, editor: Editor) -> Sequence[Passkey]:
    """A person's passkeys, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.editor_id == editor.id).order_by(Passkey.id)).all()


def add(session: Session, editor: Editor, name: str, answer: str, challenge: str, place: Place) -> None:
    """Keep a passkey that a browser has just made for this challenge; its owner is told.

    Raises NotPermitted, for whatever is wrong with the answer, and InvalidFields.
    """
    from webauthn import verify_registration_response  # it takes a quarter of a second, and few requests need it
    from webauthn.helpers import parse_registration_credential_json

    if len(all_of(session, editor)) >= MOST:
        raise errors.InvalidFields({"name": phrase("desk.passkeys.too_many", most=MOST)})
    with _judging("desk.passkeys.not_added"):
        credential = parse_registration_credential_json(answer)
        _check_frame(credential.response.client_data_json)
        registration = verify_registration_response(
            credential=credential,
            expected_challenge=_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
        if len(registration.credential_id) > LONGEST_NUMBER:
            raise ValueError("longer than the specification allows")
    _use_up(session, editor, challenge, "desk.passkeys.not_added")
    values: dict[str, Any] = {
        "credential": _text(registration.credential_id),
        "public_key": _text(registration.credential_public_key),
    }
    values |= {"editor_id": editor.id, "name": name, "sign_count": registration.sign_count, "created_at": now()}
    if insert_once(session, Passkey, ["credential"], **values) is None:
        raise errors.InvalidFields({"name": phrase("desk.passkeys.is_there")})
    _tell(session, editor, is_added=True)


def use(session: Session, answer: str, challenge: str, place: Place) -> Editor:
    """Whom a browser's answer to this challenge lets in, once. Raises NotPermitted, for whatever is wrong with it."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    with _judging("desk.passkeys.refused"):
        credential = parse_authentication_credential_json(answer)
        _check_frame(credential.response.client_data_json)
        key = _text(credential.raw_id)
    passkey = session.scalars(select(Passkey).where(Passkey.credential == key).with_for_update()).one_or_none()
    editor = session.get(Editor, passkey.editor_id) if passkey is not None else None
    with _judging("desk.passkeys.refused"):
        if passkey is None or editor is None or not editor.active:
            raise ValueError("nobody's")
        if credential.response.user_handle != _bytes(_handle(editor)):
            raise ValueError("another person's")
        checked = verify_authentication_response(
            credential=credential,
            expected_challenge=_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    _use_up(session, editor, challenge, "desk.passkeys.refused")
    passkey.sign_count, passkey.used_at = checked.new_sign_count, now()
    return editor


def remove(session: Session, editor: Editor, number: int, secret: str) -> None:
    """Let one of the person's own passkeys let nobody in any more; its owner is told. Raises NotFound.

    They are signed out everywhere but where the session with this secret is.
    """
    removal = delete(Passkey).where(Passkey.id == number, Passkey.editor_id == editor.id)
    if getattr(session.execute(removal), "rowcount", 0) != 1:
        raise errors.NotFound()
    editors.end_other_sessions(session, editor, secret)
    _tell(session, editor, is_added=False)


def remove_all(session: Session, editor: Editor) -> int:
    """Let none of a person's passkeys let anybody in any more, and end all their sessions; how many passkeys they were."""
    removal = delete(Passkey).where(Passkey.editor_id == editor.id)
    count = int(getattr(session.execute(removal), "rowcount", 0))
    if count:
        editors.end_sessions(session, editor)
        _tell(session, editor, is_added=False)
    return count


def _use_up(session: Session, editor: Editor, challenge: str, sentence: str) -> None:
    """Take an answer to a challenge once: of two that come with it at the same moment, one. Raises NotPermitted."""
    values = {"purpose": Purpose.CHALLENGE, "editor_id": editor.id, "used_at": now()}
    expires = now() + timedelta(seconds=CHALLENGE_SECONDS)
    digest = hashlib.sha256(challenge.encode()).hexdigest()
    if insert_once(session, Token, ["digest"], digest=digest, expires_at=expires, **values) is None:
        raise errors.NotPermitted(phrase(sentence))


@contextmanager
def _judging(sentence: str) -> Iterator[None]:
    """Say of whatever goes wrong with a browser's answer this sentence and no more; the log has what it was."""
    try:
        yield
    except Exception as error:  # of JSON, CBOR, keys, signatures: the libraries below have their own
        log.warning("passkey refused", error=type(error).__name__)
        raise errors.NotPermitted(phrase(sentence)) from None


def _check_frame(client_data: bytes) -> None:
    """Refuse what was asked for in a frame of another page's. Raises ValueError."""
    from webauthn.helpers import parse_client_data_json

    if parse_client_data_json(client_data).cross_origin:
        raise ValueError("asked for in a frame")


def _handle(editor: Editor) -> str:
    """By what a passkey knows whose it is: nothing that says so to anybody else."""
    return _text(hashlib.sha256(f"corrections {editor.id}".encode()).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _tell(session: Session, editor: Editor, *, is_added: bool) -> None:
    editors.mail_owner(session, editor, "passkey", f"passkey.{secrets.token_hex(8)}", is_added=is_added)
