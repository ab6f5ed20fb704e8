"""How often somebody may do something: counted under marks whose key is thrown away daily, so that nobody is kept."""

from __future__ import annotations

import functools
import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Executable, bindparam, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.settings import parse_limit
from corrections_service.store.models import Attempt, Salt, now
from corrections_service.store.rows import insert_once, look_up, look_up_all, table_of

UNKNOWN = "unknown"
"""Stands for the network of who came by no address: a socket of this machine."""

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_SALT = select(Salt.value).where(Salt.day == bindparam("day"))
_COUNTS = select(Attempt.mark, Attempt.window, Attempt.count.label("total")).where(
    tuple_(Attempt.mark, Attempt.window).in_(bindparam("keys", expanding=True))
)


@functools.lru_cache(maxsize=4096)
def address_block(address: str) -> str:
    """The network that counts as one sender: /24 in version 4, /64 in version 6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.version == 4:
        return f"{str(ip).rpartition('.')[0]}.0/24"
    return str(ipaddress.ip_network((ip, 64), strict=False))


def mark(session: Session, action: str, who: object) -> str:
    """A name for somebody doing something that means nothing tomorrow: keyed with the day's random key."""
    return hmac.new(_salt(session).encode(), f"{action}:{who}".encode(), hashlib.sha256).hexdigest()


def count(session: Session, action: str, block: str, rule: str) -> None:
    """Count one attempt. Raises TooManyReports, which says when to come back, over the limit."""
    until = take(session, action, block, rule)
    if until is not None:
        raise too_many(until)


def too_many(until: datetime) -> errors.TooManyReports:
    """The refusal that says when to come back."""
    return errors.TooManyReports(retry_after=max(int((until - now()).total_seconds()), 1))


def take(session: Session, action: str, who: object, rule: str) -> datetime | None:
    """Count one, and say when to come back where that is one too many; None where it is not."""
    key = _key(session, action, who, rule)
    if key is None:
        return None
    total = look_up(session, _counted(session.get_bind().dialect.name), mark=key[0], window=key[1], count=1).total
    return end_of(rule) if total > _most(rule) else None


def take_all(session: Session, attempts: Sequence[tuple[str, object, str]]) -> list[datetime | None]:
    """Count these attempts (what, whose, the rule) in order, but none that is refused; for reports that come in at once.

    Raises StorageBusy where another process takes the last of them at this moment: `Database.store` tries again.
    """
    keys = [_key(session, *attempt) for attempt in attempts]
    if not any(keys):
        return [None] * len(keys)
    rows = look_up_all(session, _COUNTS, keys=[key for key in set(keys) if key])
    totals = {(row.mark, row.window): row.total for row in rows}
    most = {key: _most(rule) for key, (_, _, rule) in zip(keys, attempts, strict=True) if key}
    added, until = Counter[tuple[str, int]](), list[datetime | None]()
    for key, (_, _, rule) in zip(keys, attempts, strict=True):
        is_refused = key is not None and totals.get(key, 0) + added[key] >= most[key]
        until.append(end_of(rule) if is_refused else None)
        if key is not None and not is_refused:
            added[key] += 1
    counted = [{"mark": mark, "window": window, "count": count} for (mark, window), count in sorted(added.items())]
    statement = _counted(session.get_bind().dialect.name)
    for row in session.connection().execute(statement, counted) if counted else ():
        if row.total > most[row.mark, row.window]:
            raise errors.StorageBusy(retry_after=1)
    return until


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
    """The day's key for marks, made by whoever comes first; a process asks for it once."""
    day = f"{now():%Y-%m-%d}"
    new_salts: dict[str, str] = session.info.setdefault("new_salts", {})
    salts: dict[str, str] = session.info.get("salts", new_salts)
    if day in salts or day in new_salts:
        return salts.get(day) or new_salts[day]
    row = look_up(session, _SALT, day=day)
    if row is not None:
        salts[day] = row.value
        for former in salts.keys() - {day}:  # of the day before nothing stays, here neither
            salts.pop(former, None)
        return str(row.value)
    insert_once(session, Salt, ["day"], day=day, value=secrets.token_hex(32))
    new_salts[day] = str(look_up(session, _SALT, day=day).value)  # others know of it once this transaction is stored
    return new_salts[day]


@functools.cache
def _counted(dialect: str) -> Executable:
    attempt = table_of(Attempt)
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(attempt)
    one_more = insert.on_conflict_do_update(
        index_elements=["mark", "window"], set_={"count": attempt.c.count + insert.excluded["count"]}
    )
    statement: Executable = one_more.returning(attempt.c.mark, attempt.c.window, attempt.c["count"].label("total"))
    return statement


def _key(session: Session, action: str, who: object, rule: str) -> tuple[str, int] | None:
    """Under what an attempt is counted now; None without a limit."""
    limit = parse_limit(rule)
    return (mark(session, action, who), int(time.time()) // limit[1]) if limit else None


def _most(rule: str) -> int:
    return (parse_limit(rule) or (0, 0))[0]
