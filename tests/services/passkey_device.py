"""A device that keeps passkeys: what a browser says for it (WebAuthn Level 2), rightly or bent in one place."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

HOST, ORIGIN = "localhost", "http://localhost"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def text(raw: bytes) -> str:
    """In base64url, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def cbor(value: Any) -> bytes:
    """Few sorts of values in CBOR (RFC 8949): whole numbers, bytes, text, maps."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(entry) for key, entry in value.items())


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    return bytes([major << 5 | 24, number]) if number < 256 else bytes([major << 5 | 25]) + number.to_bytes(2)


class Device:
    """It makes one passkey, and counts how often it was used."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential, self.user, self.count = secrets.token_bytes(32), "", 0

    def make(self, options: Mapping[str, Any], **bent: Any) -> str:
        """What the browser says of a new passkey."""
        self.user = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        key = cbor({1: 2, 3: bent.get("algorithm", -7), -1: 1, **point})
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + key
        data = self._data(PRESENT | VERIFIED | ATTESTED, **bent) + attested
        made = {
            "clientDataJSON": text(self._client("webauthn.create", options, **bent)),
            "attestationObject": text(cbor({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._said(made)

    def answer(self, options: Mapping[str, Any], **bent: Any) -> str:
        """What the browser says where the passkey signs a challenge."""
        self.count = bent.get("count", self.count + 1)
        client = self._client("webauthn.get", options, **bent)
        data = self._data(PRESENT | VERIFIED, **bent)
        key = bent.get("key", self.key)
        signature = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        signed = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        handle = bent.get("user", self.user)
        return self._said(
            {name: text(part) for name, part in signed.items()} | ({"userHandle": handle} if handle else {}), **bent
        )

    def _client(self, usual: str, options: Mapping[str, Any], **bent: Any) -> bytes:
        challenge = bent.get("challenge", options["challenge"])
        values = {"type": bent.get("kind", usual), "challenge": challenge, "origin": bent.get("origin", ORIGIN)}
        return json.dumps({**values, "crossOrigin": bent.get("framed", False)}).encode()

    def _data(self, usual: int, **bent: Any) -> bytes:
        count = bent.get("count", self.count)
        host: str = bent.get("host", HOST)
        return hashlib.sha256(host.encode()).digest() + bytes([bent.get("flags", usual)]) + int(count).to_bytes(4)

    def _said(self, response: Mapping[str, str], **bent: Any) -> str:
        number = text(bent.get("credential", self.credential))
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})
