"""Short addresses of articles, for paper: a code of twelve letters that cannot be guessed, and its QR code."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import qrcode  # type: ignore[import-untyped]
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

from corrections_service.rules.references import number_of, reference_of

_MARK_BITS = 30
_LONGEST = 16


def code_of(number: int, secret: str) -> str:
    """Write an article's number so that it can be typed from paper: six letters for it, six that sign them.

    Whoever knows some codes cannot make another: one in 2**30 guesses is right.
    """
    return f"{reference_of(number)}{reference_of(_mark(number, secret))}".replace("-", "")


def number_in(code: str, secrets: Sequence[str]) -> int | None:
    """Read a code that one of these secrets signed, forgiving as references are; None for any other."""
    plain = code.replace("-", "").replace(" ", "")
    number, mark = number_of(plain[:-6]), number_of(plain[-6:])
    if len(plain) > _LONGEST or number is None or mark is None:
        return None
    # All secrets are tried, and each in constant time.
    matches = [hmac.compare_digest(mark.to_bytes(4), _mark(number, secret).to_bytes(4)) for secret in secrets]
    return number if any(matches) else None


def qr_code(address: str) -> str:
    """Draw an address as a QR code (ISO/IEC 18004, level M) in SVG: dark on white, with its quiet zone of four."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(address)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{dark}"/></svg>\n'
    )


def _mark(number: int, secret: str) -> int:
    digest = hmac.digest(secret.encode(), f"article:{number}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:4]) >> (32 - _MARK_BITS)
