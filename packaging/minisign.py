"""Signatures and public keys as minisign and OpenBSD's signify read them: Ed25519 over a file's own bytes.

The algorithm is minisign's `Ed`, which has nothing hashed before: so `openssl pkeyutl` can check it, too.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = b"Ed"


def number(key: Ed25519PublicKey) -> bytes:
    """The eight bytes by which a signature says which key made it."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:8]


def public_text(key: Ed25519PublicKey) -> str:
    """The file of a public key; its second line is what `minisign -P` takes."""
    comment = f"corrections-service releases {number(key)[::-1].hex().upper()}"
    return f"untrusted comment: {comment}\n{_text(ALGORITHM + number(key) + key.public_bytes_raw())}\n"


def signature_text(content: bytes, key: Ed25519PrivateKey, comment: str) -> str:
    """The file of a signature; the comment, one line, is signed with it."""
    signature = key.sign(content)
    signed_comment = key.sign(signature + comment.encode())
    return (
        "untrusted comment: verify with packaging/release.pub\n"
        f"{_text(ALGORITHM + number(key.public_key()) + signature)}\n"
        f"trusted comment: {comment}\n{_text(signed_comment)}\n"
    )


def _text(data: bytes) -> str:
    return b64encode(data).decode()
