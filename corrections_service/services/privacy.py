"""What is kept of people, for how long, and what is never kept: addresses only as marks whose key is thrown away."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import State
from corrections_service.services import reports
from corrections_service.settings import Settings, parse_limit
from corrections_service.store.models import Attempt, Case, Reader, Report, Salt, Token, now
from corrections_service.store.rows import insert_once

PURGE_SHARE = 0.2
"""A purge of more than this share of the reports stops and asks (P-22)."""


def address_block(address: str) -> str:
    """The network that counts as one sender: /24 in version 4, /64 in version 6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def count(session: Session, what: str, block: str, rule: str) -> None:
    """Count one attempt of a sender. Raises TooManyReports, which says when to come back, over the limit."""
    limit = parse_limit(rule)
    if limit is None:
        return
    most, seconds = limit
    window = int(time.time()) // seconds
    mark = hmac.new(_salt(session).encode(), f"{what}:{block}".encode(), hashlib.sha256).hexdigest()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = dialect.insert(Attempt).values(mark=mark, window=window, count=1)
    total = session.execute(
        counted.on_conflict_do_update(
            index_elements=["mark", "window"], set_={"count": Attempt.__table__.c.count + 1}
        ).returning(Attempt.__table__.c.count)
    ).scalar_one()
    if total > most:
        raise errors.TooManyReports(retry_after=max((window + 1) * seconds - int(time.time()), 1))


def erase_reader(session: Session, email: str) -> int:
    """Erase all that a reader with this address sent; how many reports."""
    where = func.lower(Reader.email) == email.strip().lower()
    found = session.scalars(select(Report).join(Report.reader).where(where)).all()
    for report in found:
        reports.erase(session, report)
    return len(found)


def purge(session: Session, settings: Settings) -> dict[str, int]:
    """Forget what its time is over for; how much of each. Raises CorrectionsError when that is suspiciously much."""
    day = timedelta(days=1)
    closed = select(Case.id).where(Case.state == State.CLOSED)
    contact = closed.where(Case.updated_at < now() - settings.retention_contact_days * day)
    old = closed.where(Case.updated_at < now() - settings.retention_closed_days * day)
    old_reports = Report.case_id.in_(old)
    _stop_if_too_much(session, old_reports)
    done = {
        "addresses": _deleted(
            session, delete(Reader).where(Reader.report_id.in_(select(Report.id).where(Report.case_id.in_(contact))))
        ),
        "attempts": _deleted(session, delete(Attempt)) if _forget_salts(session) else 0,
        "tokens": _deleted(session, delete(Token).where(Token.expires_at < now() - day)),
    }
    words = session.scalars(select(Report).where(old_reports, Report.exact != "").limit(500)).all()
    for report in words:
        reports.erase(session, report)
    return done | {"reports": len(words)}


def _salt(session: Session) -> str:
    """The day's key for marks, made by whoever comes first."""
    day = f"{now():%Y-%m-%d}"
    found = session.scalar(select(Salt.value).where(Salt.day == day))
    if found is None:
        insert_once(session, Salt, ["day"], day=day, value=secrets.token_hex(32))
        found = session.execute(select(Salt.value).where(Salt.day == day)).scalar_one()
    return found


def _forget_salts(session: Session) -> bool:
    """Destroy the keys of former days; without them yesterday's marks mean nothing."""
    return _deleted(session, delete(Salt).where(Salt.day < f"{now():%Y-%m-%d}")) > 0


def _stop_if_too_much(session: Session, which: object) -> None:
    everything = session.scalar(select(func.count()).select_from(Report)) or 0
    wanted = session.scalar(select(func.count()).select_from(Report).where(which)) or 0  # type: ignore[arg-type]
    if everything > 100 and wanted > everything * PURGE_SHARE:
        raise errors.CorrectionsError(
            f"The purge would erase {wanted} of {everything} reports. Is the clock right? Nothing was erased."
        )


def _deleted(session: Session, statement: object) -> int:
    return int(getattr(session.execute(statement), "rowcount", 0))  # type: ignore[call-overload]
