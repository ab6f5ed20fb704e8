"""Hosts that articles are read from: asked one at a time, at a pace, by the rules of their robots.txt (THREATS G11)."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from corrections_service.rules import urls
from corrections_service.store.models import Host, now
from corrections_service.store.rows import insert_once

ROBOTS_FOR = timedelta(days=1)
"""How long a robots.txt that was read counts (RFC 9309, 2.4)."""

LONGEST_PAUSE = timedelta(days=1)
AT_WORK = timedelta(seconds=60)
"""How long one look may keep a host; who dies over it frees it so."""


def claim(session: Session, url: str) -> bool:
    """Whether the host may be asked now; then nobody else may, until it is freed."""
    _know(session, url)
    free = or_(Host.next_at <= now(), Host.next_at > now() + LONGEST_PAUSE + AT_WORK)  # a clock that was set back
    statement = update(Host).where(Host.name == name_of(url), free).values(next_at=now() + AT_WORK)
    return session.scalar(statement.returning(Host.name)) is not None


def free(session: Session, url: str, pace: timedelta) -> None:
    """Let the host be asked again after the pace, or its own slower one; at most a day from now."""
    _know(session, url)
    host_pause = session.scalar(select(Host.robots_pause).where(Host.name == name_of(url))) or 0
    until = now() + min(max(pace, timedelta(seconds=host_pause)), LONGEST_PAUSE)
    session.execute(update(Host).where(Host.name == name_of(url)).values(next_at=until))


def free_at(session: Session, url: str) -> datetime:
    """When the host may be asked again."""
    return session.scalar(select(Host.next_at).where(Host.name == name_of(url))) or now()


def robots(session: Session, url: str) -> str | None:
    """The host's robots.txt, or None when it must be read (again)."""
    host = session.get(Host, name_of(url))
    if host is None or host.robots_read_at is None or not timedelta(0) <= now() - host.robots_read_at < ROBOTS_FOR:
        return None
    return host.robots


def keep_robots(session: Session, url: str, rules: str, wait: timedelta) -> None:
    """Keep the host's robots.txt for a day, and how long it asks to wait between two requests."""
    _know(session, url)
    values = {"robots": rules, "robots_pause": math.ceil(wait.total_seconds()), "robots_read_at": now()}
    session.execute(update(Host).where(Host.name == name_of(url)).values(**values))


def name_of(url: str) -> str:
    """The host and port of an address."""
    return urls.parse(url).origin.partition("://")[2]


def forget(session: Session) -> None:
    """Forget the hosts that nobody has asked for a month."""
    session.execute(delete(Host).where(Host.next_at < now() - timedelta(days=30)))


def _know(session: Session, url: str) -> None:
    blank = {"robots": "", "robots_pause": 0, "robots_read_at": None}
    insert_once(session, Host, ["name"], name=name_of(url), next_at=now(), **blank)
