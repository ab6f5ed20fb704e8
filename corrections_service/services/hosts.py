"""Hosts that articles are read from: asked one at a time, at a pace, by the rules of their robots.txt (THREATS G11)."""

from __future__ import annotations

import math
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from corrections_service.rules import urls
from corrections_service.store.models import Host, now
from corrections_service.store.rows import insert_once

ROBOTS_FOR = timedelta(days=1)
"""How long a robots.txt that was read counts (RFC 9309, 2.4)."""

LONGEST_PAUSE = timedelta(days=1)


def claim(session: Session, url: str, pace: timedelta) -> bool:
    """Whether the host may be asked now; then it may not be again before the pace, or its own slower one."""
    _know(session, url)
    free = or_(Host.next_at <= now(), Host.next_at > now() + LONGEST_PAUSE + pace)  # a clock that was set back
    asked = select(Host.robots_pause).where(Host.name == name_of(url), free).with_for_update(skip_locked=True)
    pause = session.scalar(asked)
    if pause is None:
        return False
    until = now() + max(pace, timedelta(seconds=pause))
    session.execute(update(Host).where(Host.name == name_of(url)).values(next_at=until))
    return True


def pause(session: Session, url: str, wait: timedelta) -> None:
    """Ask the host nothing for a while, at most a day."""
    _know(session, url)
    until = now() + min(wait, LONGEST_PAUSE)
    session.execute(update(Host).where(Host.name == name_of(url), Host.next_at < until).values(next_at=until))


def robots(session: Session, url: str) -> str | None:
    """The host's robots.txt, or None when it must be read (again)."""
    host = session.get(Host, name_of(url))
    if host is None or host.robots_read_at is None or not timedelta(0) <= now() - host.robots_read_at < ROBOTS_FOR:
        return None
    return host.robots


def keep_robots(session: Session, url: str, rules: str, wait: timedelta) -> None:
    """Keep the host's robots.txt for a day, and how long it asks to wait between two requests."""
    _know(session, url)
    kept = {"robots": rules, "robots_pause": math.ceil(wait.total_seconds()), "robots_read_at": now()}
    session.execute(update(Host).where(Host.name == name_of(url)).values(**kept))


def name_of(url: str) -> str:
    """The host and port of an address."""
    return urls.parse(url).origin.partition("://")[2]


def _know(session: Session, url: str) -> None:
    blank = {"robots": "", "robots_pause": 0, "robots_read_at": None}
    insert_once(session, Host, ["name"], name=name_of(url), next_at=now(), **blank)
