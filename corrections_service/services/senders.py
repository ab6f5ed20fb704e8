"""Senders: marks by which who sent a report is the same again, and which tell nobody who."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy.orm import Session

from corrections_service.rules.addresses import folded
from corrections_service.services import limits

MAILBOX, NETWORK = "a", "n"
"""How the mark of a mailbox begins, and that of a network about one article, which means nothing tomorrow."""


def of_mailbox(session: Session, email: str, key: str = "") -> str:
    """The mark of a mailbox, however its address is written, by this key or the one in use."""
    mailbox = f"sender:{folded(email)}".encode("utf-8", "surrogatepass")
    return (
        f"{MAILBOX}{hmac.new((key or session.info['mark_keys'][0]).encode(), mailbox, hashlib.sha256).hexdigest()[:40]}"
    )


def of_network(session: Session, block: str, article_id: int) -> str:
    """The mark of a network today about this article; its key is thrown away with the day."""
    return f"{NETWORK}{limits.mark(session, f'sender:{article_id}', block)[:40]}"
