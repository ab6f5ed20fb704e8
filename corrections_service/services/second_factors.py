"""Second factors: a code from an authenticator app (TOTP, RFC 6238), or a recovery code, besides a password or a link."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.seals import SECOND_FACTOR, BadSeal, seal, unseal
from corrections_service.services import editors
from corrections_service.store.models import Editor, now

STEP, DIGITS, SECRET_BYTES = 30, 6, 20
"""Seconds that a code is shown, its digits, and the bytes of a secret, as all apps know them (RFC 4226, RFC 6238)."""

CODES, CODE_BYTES = 10, 10
OFFERED_SECONDS = 30 * 60
"""How long what an app is to scan can be switched on."""


def offer(editor: Editor, keys: Sequence[str]) -> str:
    """A fresh secret for this person's app, sealed: nothing is stored until `switch_on`."""
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return seal({"secret": secret, "editor": editor.id}, keys, SECOND_FACTOR)


def secret_of(editor: Editor, sealed: str, keys: Sequence[str]) -> str | None:
    """The secret of an offer, for who types it, in base 32; None where it is another person's, or of long ago."""
    try:
        values = unseal(sealed, keys, SECOND_FACTOR, within=OFFERED_SECONDS)
    except BadSeal:
        return None
    return str(values["secret"]) if values.get("editor") == editor.id else None


def address(secret: str, account: str, issuer: str) -> str:
    """What an app scans: an address of the scheme otpauth."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def switch_on(session: Session, editor: Editor, sealed: str, code: str, keys: Sequence[str]) -> list[str]:
    """Ask for a code of this app from now on; the recovery codes, which are told only now. Raises InvalidFields."""
    secret = secret_of(editor, sealed, keys)
    if secret is None:
        raise errors.InvalidFields({"code": phrase("desk.factor.late")})
    step = _step_of(secret, code, after=0)
    if step is None:
        raise errors.InvalidFields({"code": phrase("desk.factor.wrong")})
    editor.second_factor = seal({"secret": secret, "editor": editor.id}, keys, SECOND_FACTOR)
    editor.last_step = step
    _tell(session, editor, is_on=True)
    return new_codes(editor)


def switch_off(session: Session, editor: Editor) -> None:
    """Ask for no code any more; its owner is told."""
    if editor.second_factor:
        _tell(session, editor, is_on=False)
    editor.second_factor, editor.last_step, editor.recovery_codes = "", 0, []


def new_codes(editor: Editor) -> list[str]:
    """Ten recovery codes, of 80 bits each, in place of those of before; only their digests are stored."""
    raw = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    editor.recovery_codes = [_digest(code) for code in raw]
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in raw]


def use(session: Session, editor: Editor, code: str, keys: Sequence[str]) -> None:
    """Take this code of a person's app, or one of their recovery codes, once. Raises InvalidFields.

    Of two who come with one code at the same moment, one is let in.
    """
    session.refresh(editor, with_for_update=True)
    try:
        secret = str(unseal(editor.second_factor, keys, SECOND_FACTOR)["secret"])
        step = _step_of(secret, code, after=editor.last_step)
    except BadSeal:
        step = None  # with the key that it was sealed with, the app's secret is lost; recovery codes are not
    digest = _digest(code)
    if step is not None:
        editor.last_step = step
    elif editor.second_factor and digest in editor.recovery_codes:
        editor.recovery_codes = [other for other in editor.recovery_codes if other != digest]
    else:
        raise errors.InvalidFields({"code": phrase("desk.factor.wrong")})


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The time step that this is the code of: this one, the one before or the next; None for none `after` the last."""
    digits = code.replace(" ", "").encode("utf-8", "replace")
    present = int(now().timestamp()) // STEP
    for step in (present - 1, present, present + 1):
        try:
            _totp(secret).verify(digits, step * STEP)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 - RFC 6238; apps know no other


def _digest(code: str) -> str:
    plain = code.replace("-", "").replace(" ", "").lower()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _tell(session: Session, editor: Editor, *, is_on: bool) -> None:
    editors.mail_owner(session, editor, "second_factor", f"second_factor.{secrets.token_hex(8)}", is_on=is_on)
