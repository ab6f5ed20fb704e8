"""An authenticator app: what it shows for a secret at a moment (RFC 6238)."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

from corrections_service.store.models import now


def code_of(secret: str, at: datetime | None = None) -> str:
    """The six digits for a secret in base 32, with or without spaces, at this moment or another."""
    key = base64.b32decode(secret.replace(" ", ""))
    step = int((at or now()).timestamp()) // 30
    digest = hmac.new(key, step.to_bytes(8), "sha1").digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06}"
