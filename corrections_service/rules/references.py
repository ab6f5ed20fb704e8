"""Short names: a report's reference for the telephone (4F2K-7Q), an address's mark for keys and Message-IDs."""

from __future__ import annotations

import hashlib
import hmac

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_BITS = 30
_FACTOR = 0x2545F491 | 1
_OFFSET = 0x1B873593 % (1 << _BITS)
_INVERSE = pow(_FACTOR, -1, 1 << _BITS)


def reference_of(number: int) -> str:
    """Write a report's number as a reference: one to one, without showing how many reports there are.

    Six letters up to 2**30 reports, more letters beyond. A reference is a name, not a secret.
    """
    high, low = divmod(number, 1 << _BITS)
    mixed = (low * _FACTOR + _OFFSET) % (1 << _BITS)
    letters = ""
    for _ in range(6):
        mixed, digit = divmod(mixed, 32)
        letters = _LETTERS[digit] + letters
    while high:
        high, digit = divmod(high, 32)
        letters = _LETTERS[digit] + letters
    return f"{letters[:-2]}-{letters[-2:]}"


def number_of(reference: str) -> int | None:
    """Read a reference back, forgiving about case, spaces and look-alike letters; None when it is none."""
    plain = reference.upper().replace("-", "").replace(" ", "").translate(str.maketrans("ILO", "110"))
    if not reference.isascii() or len(plain) < 6 or any(letter not in _LETTERS for letter in plain):
        return None
    high = low = 0
    for letter in plain[:-6]:
        high = high * 32 + _LETTERS.index(letter)
    for letter in plain[-6:]:
        low = low * 32 + _LETTERS.index(letter)
    return (high << _BITS) + (low - _OFFSET) * _INVERSE % (1 << _BITS)


def recipient_mark(address: str, secret: str) -> str:
    """Name a mail address by 16 hexadecimal digits that tell nothing to who has not the service's secret."""
    recipient = f"recipient:{address.strip().casefold()}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), recipient, hashlib.sha256).hexdigest()[:16]
