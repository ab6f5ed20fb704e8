"""Mail addresses: one that can be written to, and the mailbox that several spellings lead to."""

from __future__ import annotations

import re
from contextlib import suppress

from email_validator import validate_email

from corrections_service.rules import urls

LONGEST, LONGEST_LOCAL = 254, 64

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

_SAME = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), "gmail.com"),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), "proton.me"),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), "icloud.com"),
    **dict.fromkeys(("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"), "yandex.ru"),
}
_IGNORED = {"gmail.com": ".", "proton.me": ".-_", "yandex.ru": ".-"}
"""Providers that deliver to one mailbox under several domains, and the signs that make no difference there."""


def mailable(value: str, *, public: bool = True) -> str:
    """The address as it stands in an envelope, its domain in ASCII. Raises ValueError, which says what is wrong.

    `public` takes domains of the public internet alone; a desk may be on a network of its own, at `desk@localhost`.
    """
    address = value.strip()
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("Mail servers cannot be given letters such as é before the @; give an address without them.")
    try:
        if len(local) > LONGEST_LOCAL:
            raise ValueError("too long")
        probe = address if public else f"{local}@example.org"
        validate_email(probe, check_deliverability=False, allow_smtputf8=False)
        envelope = f"{local}@{_in_ascii(domain)}"
    except ValueError:  # EmailNotValidError is one
        raise ValueError("This is no e-mail address that can be written to.") from None
    if len(envelope) > LONGEST:
        raise ValueError("This e-mail address is too long.")
    return envelope


def folded(address: str) -> str:
    """One spelling for all those of a mailbox: case, IDN, what follows a plus, dots where the provider ignores them."""
    local, _, domain = address.strip().casefold().rpartition("@")
    with suppress(ValueError):
        domain = _in_ascii(domain)
    domain = _SAME.get(domain, domain)
    local = local.partition("+")[0] or local
    plain = "".join(letter for letter in local if letter not in _IGNORED.get(domain, ""))
    return f"{plain or local}@{domain}"


def masked(address: str) -> str:
    """An address as those see it who need not know it whole: its first letter, and its domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}•••@{domain}"


def _in_ascii(domain: str) -> str:
    """The domain as the DNS knows it. Raises ValueError where it is none."""
    if any(sign in domain for sign in "/\\:@?#%[] \t\r\n"):
        raise ValueError("no domain")
    host = urls.parse(f"https://{domain}/").host
    if not _DOMAIN.fullmatch(host) or domain.endswith("."):
        raise ValueError("no domain")
    return host
