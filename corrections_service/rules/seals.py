"""Seals: what stands in the database or in a page, and only the service may read."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

WEBHOOK, SECOND_FACTOR = "webhook", "second-factor"
"""What is sealed: what is sealed as the one is never opened as the other."""


class BadSeal(ValueError):
    """This was sealed with a key that the service no longer knows, as something else, or too long ago."""


def seal(values: Mapping[str, Any], keys: Sequence[str], purpose: str) -> str:
    """These values encrypted with the first of the service's keys: who has the database alone cannot read them."""
    return _box(keys, purpose).encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str, keys: Sequence[str], purpose: str, *, within: int | None = None) -> dict[str, Any]:
    """The values that were sealed with any of these keys, `within` so many seconds. Raises BadSeal."""
    try:
        return dict(json.loads(_box(keys, purpose).decrypt(sealed.encode(), ttl=within)))
    except (InvalidToken, ValueError):
        raise BadSeal from None


def _box(keys: Sequence[str], purpose: str) -> MultiFernet:
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
