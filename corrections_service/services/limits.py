"""How often somebody may do something: counted under marks whose key is thrown away daily, so that nobody is kept."""

from __future__ import annotations

import functools
import hashlib
import hmac
import ipaddress
import secrets
import time
from datetime import UTC, datetime

from sqlalchemy import Executable, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.settings import parse_limit
from corrections_service.store.models import Attempt, Salt, now
from corrections_service.store.rows import insert_once, look_up, table_of

UNKNOWN = "unknown"
"""Stands for the network of who came by no address: a socket of this machine."""

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_SALT = select(Salt.value).where(Salt.day == bindparam("day"))


def address_block(address: str) -> str:
    """The network that counts as one sender: /24 in version 4, /64 in version 6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def mark(session: Session, action: str, who: object) -> str:
    """A name for somebody doing something that means nothing tomorrow: keyed with the day's random key."""
    return hmac.new(_salt(session).encode(), f"{action}:{who}".encode(), hashlib.sha256).hexdigest()


def count(session: Session, action: str, block: str, rule: str) -> None:
    """Count one attempt. Raises TooManyReports, which says when to come back, over the limit."""
    until = take(session, action, block, rule)
    if until is not None:
        raise errors.TooManyReports(retry_after=max(int((until - now()).total_seconds()), 1))


def take(session: Session, action: str, who: object, rule: str) -> datetime | None:
    """Count one, and say when to come back where that is one too many; None where it is not."""
    limit = parse_limit(rule)
    if limit is None:
        return None
    most, seconds = limit
    one_more = {"mark": mark(session, action, who), "window": int(time.time()) // seconds, "count": 1}
    total = look_up(session, _counted(session.get_bind().dialect.name), **one_more).total
    return end_of(rule) if total > most else None


def end_of(rule: str) -> datetime:
    """When the time that a rule counts in is over, and the next begins."""
    _, seconds = parse_limit(rule) or (0, 1)
    return datetime.fromtimestamp((int(time.time()) // seconds + 1) * seconds, UTC)


def remaining(session: Session, action: str, who: object, rule: str) -> int:
    """How many more there may be until the time is over; a great many without a limit."""
    limit = parse_limit(rule)
    if limit is None:
        return 2**31
    most, seconds = limit
    where = (Attempt.mark == mark(session, action, who), Attempt.window == int(time.time()) // seconds)
    return max(most - (session.scalar(select(Attempt.count).where(*where)) or 0), 0)


def give_back(session: Session, action: str, who: object, rule: str) -> None:
    """Take back one that was counted and then was not done."""
    limit = parse_limit(rule)
    if limit is None:
        return
    where = (Attempt.mark == mark(session, action, who), Attempt.window == int(time.time()) // limit[1])
    session.execute(update(Attempt).where(*where, Attempt.count > 0).values(count=Attempt.count - 1))


def _salt(session: Session) -> str:
    """The day's key for marks, made by whoever comes first."""
    day = f"{now():%Y-%m-%d}"
    salt = look_up(session, _SALT, day=day)
    if salt is None:
        insert_once(session, Salt, ["day"], day=day, value=secrets.token_hex(32))
        salt = look_up(session, _SALT, day=day)
    return str(salt.value)


@functools.cache
def _counted(dialect: str) -> Executable:
    attempt = table_of(Attempt)
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(attempt)
    one_more = insert.on_conflict_do_update(
        index_elements=["mark", "window"], set_={"count": attempt.c.count + insert.excluded["count"]}
    )
    statement: Executable = one_more.returning(attempt.c["count"].label("total"))
    return statement
