"""The chain of a public log: each entry holds the hash of the one before, and a signed checkpoint says how far it went.

A log that was downloaded has a line for each entry and each checkpoint, and a last one that says how many there are; each
line is canonical JSON (RFC 8785: sorted keys, no spaces, UTF-8), so that there is one way alone to write it.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FIRST = "0" * 64
"""What the first entry holds for the hash of the one before."""

_PURPOSE = b"corrections log checkpoint\0"
_LONGEST = 1_000_000
_OTHER = re.compile(rb'^\{"checkpoint":|"signature":"|^\{"end":|\{"entries":')


class BadChain(Exception):
    """The log is not as it was written; says at which entry."""


@dataclass(frozen=True)
class Verified:
    """A log that is as it was written: so many entries, up to this hash, its checkpoints signed with these keys."""

    entries: int = 0
    head: str = FIRST
    checkpoints: int = 0
    keys: tuple[str, ...] = ()
    signed: int = 0
    """Up to which entry a checkpoint is signed; whoever wrote anew what is behind it could give it hashes that fit."""


def canonical(value: Mapping[str, Any]) -> str:
    """The one way to write this down (RFC 8785; numbers are whole)."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(entry: str) -> str:
    """The hash of an entry as it is written down (SHA-256, hex)."""
    return hashlib.sha256(entry.encode()).hexdigest()


def entry_line(entry: str, entry_hash: str) -> str:
    """An entry as a line of a downloaded log."""
    return f'{{"entry":{entry},"hash":"{entry_hash}"}}\n'


def checkpoint_line(content: str, signature: str, key: str) -> str:
    """A checkpoint as a line of a downloaded log."""
    return f'{{"checkpoint":{content},"key":"{key}","signature":"{signature}"}}\n'


def end_line(entries: int, head: str) -> str:
    """The last line of a downloaded log."""
    return f'{{"end":{{"entries":{entries},"hash":"{head}"}}}}\n'


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key that checkpoints are signed with, made from the service's secret."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_PURPOSE + secret.encode()).digest())


def public_key(secret: str) -> str:
    """The public half of the key, as the policy page shows it (base64url)."""
    return _text_of(signing_key(secret).public_key().public_bytes_raw())


def sign(content: str, secret: str) -> str:
    """The signature of a checkpoint (Ed25519, base64url)."""
    return _text_of(signing_key(secret).sign(content.encode()))


def is_signed(content: str, signature: str, key: str) -> bool:
    """Whether the checkpoint was signed with this key."""
    try:
        Ed25519PublicKey.from_public_bytes(_bytes_of(key)).verify(_bytes_of(signature), content.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def verify(lines: Iterable[bytes], see: Callable[[dict[str, Any]], None] | None = None) -> Verified:
    """Promise that a downloaded log is as it was written, to the byte. Raises BadChain, which names the entry.

    `see` is called with each entry that is.
    """
    log = _Log(see)
    for line in lines:
        log.take(line)
    log.check_end()
    return Verified(log.entries, log.head, log.checkpoints, tuple(dict.fromkeys(log.keys)), log.signed)


class _Log:
    """A log as far as it was read."""

    def __init__(self, see: Callable[[dict[str, Any]], None] | None) -> None:
        self.see = see
        self.entries, self.head, self.checkpoints, self.signed = 0, FIRST, 0, 0
        self.keys: list[str] = []
        self.has_ended = False

    def take(self, line: bytes) -> None:
        """Read one more line."""
        content = self._content(line)
        if "entry" in content:
            self._take_entry(content["entry"], content.get("hash"))
        elif "checkpoint" in content:
            self._take_checkpoint(content)
        elif "end" not in content:
            raise BadChain(f"{self._place(line)} is not written as it was")
        elif content["end"] != {"entries": self.entries, "hash": self.head}:
            raise BadChain(f"the log ends behind entry {self.entries}, which is not where its last line says")
        else:
            self.has_ended = True

    def check_end(self) -> None:
        """Raises BadChain where lines at the end are missing."""
        if not self.has_ended:
            raise BadChain(f"the log breaks off behind entry {self.entries}: its last line is missing")

    def _content(self, line: bytes) -> dict[str, Any]:
        if self.has_ended:
            raise BadChain(f"something stands behind the end, which is entry {self.entries}")
        try:
            content = json.loads(line.decode()) if len(line) <= _LONGEST else None
            if isinstance(content, dict) and f"{canonical(content)}\n".encode() == line:
                return content
        except (ValueError, RecursionError):
            pass
        raise BadChain(f"{self._place(line)} is not written as it was")

    def _place(self, line: bytes) -> str:
        """Which entry a line is that cannot be read, or behind which it stands; one wrong byte leaves its end or its start."""
        is_other = not line.startswith(b'{"entry":') and _OTHER.search(line)
        return f"what stands behind entry {self.entries}" if is_other else f"entry {self.entries + 1}"

    def _take_entry(self, entry: Any, entry_hash: Any) -> None:
        number = self.entries + 1
        if not isinstance(entry, dict) or entry.get("number") != number:
            raise BadChain(f"entry {number} is missing")
        if entry.get("previous") != self.head:
            raise BadChain(f"entry {number} does not follow the one before it")
        if digest(canonical(entry)) != entry_hash:
            raise BadChain(f"entry {number} is not what its hash says")
        self.entries, self.head = number, str(entry_hash)
        if self.see is not None:
            self.see(entry)

    def _take_checkpoint(self, line: Mapping[str, Any]) -> None:
        content = line["checkpoint"]
        name = f"the checkpoint behind entry {self.entries}"
        if not isinstance(content, dict) or (content.get("entries"), content.get("hash")) != (self.entries, self.head):
            raise BadChain(f"{name} is of another log")
        if not is_signed(canonical(content), str(line.get("signature")), str(line.get("key"))):
            raise BadChain(f"{name} is not signed with its key")
        self.checkpoints += 1
        self.signed = self.entries
        self.keys.append(str(line["key"]))


def _text_of(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes_of(value: str) -> bytes:
    padded = value + "=" * (-len(value) % 4)
    decoded = urlsafe_b64decode(padded)
    if _text_of(decoded) != value:  # one way alone to write it
        raise ValueError(value)
    return decoded
