"""Reply addresses: what stands in a mail's Reply-To, signed, so that an answer is known by where it comes to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

_MARK_BYTES = 15
_TOKEN = re.compile(r"([0-9a-z]{1,13})-([a-z2-7]{24})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = re.compile(r"(?:\*|[\w.-]{1,25})@[\w-]+(?:\.[\w-]+)*", re.ASCII)
CATCH_ALL = "*"


def is_base(value: str) -> bool:
    """Whether signed addresses can be made from this: a mailbox of at most 25 letters before the @, or *@ a domain."""
    return _BASE.fullmatch(value) is not None


def address_for(number: int, base: str, secret: str) -> str:
    """The address to which the mail with this number is answered.

    `base` is a mailbox of which a server takes what follows a plus (corrections@news.example), or one that takes all
    (*@replies.news.example). The token has small letters alone, for servers change the others, and 120 bits of signature.
    """
    local, _, domain = base.partition("@")
    token = f"{_written(number)}-{_mark(number, secret)}"
    return f"{token}@{domain}" if local == CATCH_ALL else f"{local}+{token}@{domain}"


def number_in(addresses: Iterable[str], base: str, secrets: Sequence[str]) -> int | None:
    """The number of the mail that is answered at one of these addresses; None where none is one of ours."""
    for address in addresses:
        number = _number(address.strip().casefold(), base.casefold(), secrets)
        if number is not None:
            return number
    return None


def is_for(addresses: Iterable[str], base: str) -> bool:
    """Whether one of these addresses is the mailbox, signed or not, or any at its domain where that takes all."""
    own_local, _, own_domain = base.casefold().partition("@")
    for address in addresses:
        local, _, domain = address.strip().casefold().partition("@")
        if domain == own_domain and own_domain and own_local in (CATCH_ALL, local.partition("+")[0]):
            return True
    return False


def _number(address: str, base: str, secrets: Sequence[str]) -> int | None:
    local, _, domain = address.partition("@")
    own_local, _, own_domain = base.partition("@")
    if domain != own_domain:
        return None
    if own_local != CATCH_ALL:
        if not local.startswith(f"{own_local}+"):
            return None
        local = local.removeprefix(f"{own_local}+")
    match = _TOKEN.fullmatch(local)
    if match is None:
        return None
    number = int(match[1], 36)
    # All secrets are tried, and each in constant time.
    matches = [hmac.compare_digest(match[2], _mark(number, secret)) for secret in secrets]
    return number if any(matches) and number < 2**63 else None


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _mark(number: int, secret: str) -> str:
    digest = hmac.digest(secret.encode(), f"reply:{number}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:_MARK_BYTES]).decode().lower()
