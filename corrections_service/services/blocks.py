"""Blocks: senders, addresses and source hosts from which a site takes no reports for a time, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import regex
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import addresses, text, urls
from corrections_service.services import senders
from corrections_service.services.history import permit, record
from corrections_service.store.models import Block, BlockKind, Case, Editor, EventKind, Report, Site, now
from corrections_service.store.rows import look_up_all

LONGEST = timedelta(days=366)
"""No block is for ever."""

MOST, LONGEST_REASON = 200, 300
ENDED_SHOWN = 20
HOST, SENDER = "the host ", "the sender of a report"
"""How the history says what was blocked: a host by its name."""

REASON = "its sender or source is blocked here"
"""Why a report of a blocked sender is set aside."""

# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_ACTIVE = select(Block.site_id, Block.kind, Block.mark, Block.shadow, Block.ends_at).where(
    Block.site_id.in_(bindparam("sites", expanding=True)), Block.ends_at > bindparam("now")
)
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"']++")


@dataclass(frozen=True, slots=True)
class Stopped:
    """What becomes of a report whose sender, or a host that it names, is blocked: set aside, or refused until then."""

    is_aside: bool
    until: datetime
    is_host: bool = False


def add(
    session: Session,
    site: Site,
    kind: BlockKind,
    value: str,
    *,
    reason: str,
    until: datetime,
    is_shadow: bool,
    actor: Editor,
    case: Case | None = None,
) -> Block:
    """Block what is named until then; it ends by itself. Raises InvalidFields with a sentence for each field."""
    mark, label = _named(session, kind, value)
    until = _end(until, mark)
    plain = text.one_line(reason, LONGEST_REASON + 1)
    if not text.is_visible(plain) or len(plain) > LONGEST_REASON:
        raise errors.InvalidFields({"reason": f"Say why, in at most {LONGEST_REASON} characters."})
    session.refresh(site, with_for_update=True)
    active = session.scalars(_of_site(site).where(Block.ends_at > now())).all()
    if len(active) >= MOST:
        raise errors.InvalidFields({"value": f"There are {MOST} blocks at this moment; end one first."})
    for earlier in (block for block in active if block.mark == mark):
        earlier.ends_at = now()  # the new one takes its place
    block = Block(
        site_id=site.id,
        kind=kind,
        mark=mark,
        label=label,
        reason=plain,
        shadow=is_shadow,
        ends_at=until,
        editor_id=actor.id,
        case_id=case.id if case is not None else None,
    )
    session.add(block)
    session.flush()
    _remember(session, site)
    return block


def block_sender(session: Session, case: Case, report_id: int, kind: BlockKind, *, actor: Editor, **terms: Any) -> None:
    """Block who sent this report of the case, or the host of its source; the history says so."""
    permit(case, actor)
    report = session.get(Report, report_id)
    if report is None or report.case_id != case.id:
        raise errors.NotFound()
    value = report.source_url if kind is BlockKind.HOST else report.sender
    block = add(session, case.site, kind, value, actor=actor, case=case, **terms)
    record(
        session,
        case,
        EventKind.BLOCKED,
        actor=actor,
        report=report,
        block=block.id,
        what=f"{HOST}{block.label}" if kind is BlockKind.HOST else SENDER,
        until=f"{block.ends_at:%Y-%m-%d}",
        reason=block.reason,
    )


def end(session: Session, site: Site, number: int, *, actor: Editor) -> None:
    """End a block now. Raises NotFound."""
    block = session.get(Block, number)
    if block is None or block.site_id != site.id:
        raise errors.NotFound()
    if block.ends_at <= now():
        return
    session.refresh(site, with_for_update=True)
    block.ends_at, block.ended_by_id = now(), actor.id
    session.flush()
    _remember(session, site)
    case = session.get(Case, block.case_id) if block.case_id is not None else None
    if case is not None:
        record(session, case, EventKind.UNBLOCKED, actor=actor, block=block.id)


def of_site(session: Session, site: Site) -> tuple[Sequence[Block], Sequence[Block]]:
    """The site's blocks at this moment, and the last ones that are over."""
    query = _of_site(site).options(joinedload(Block.editor), joinedload(Block.ended_by))
    active = session.scalars(query.where(Block.ends_at > now()).order_by(Block.ends_at, Block.id)).all()
    over = session.scalars(query.where(Block.ends_at <= now()).order_by(Block.ends_at.desc()).limit(ENDED_SHOWN)).all()
    return active, over


def has_any(site: Site) -> bool:
    """Whether intake has to look for blocks of this site at all; the site itself says until when."""
    until = site.policy.get("blocked_until", "")
    return bool(until) and datetime.fromisoformat(until) > now()


def active(session: Session, site_ids: Sequence[int]) -> dict[int, dict[str, Stopped]]:
    """The blocks of these sites at this moment, by what they block."""
    blocks: dict[int, dict[str, Stopped]] = {site_id: {} for site_id in site_ids}
    for row in look_up_all(session, _ACTIVE, sites=sorted(site_ids), now=now()):
        blocks[row.site_id][row.mark] = Stopped(row.shadow, row.ends_at, row.kind is BlockKind.HOST)
    return blocks


def has_network(blocks: dict[str, Stopped]) -> bool:
    """Whether any of them blocks a network, of which the mark is another for each article."""
    return any(mark.startswith(senders.NETWORK) and "." not in mark for mark in blocks)


def stopped(blocks: dict[str, Stopped], marks: Sequence[str], texts: Sequence[str]) -> Stopped | None:
    """What stops a report by these marks of its sender and these texts, in which hosts are named."""
    hosts = [host for link in _LINK.findall("\n".join(texts)) if (host := _host(link))]
    parents = [".".join(host.split(".")[at:]) for host in hosts for at in range(host.count(".") + 1)]
    return next((blocks[mark] for mark in (*marks, *parents) if mark in blocks), None)


def _named(session: Session, kind: BlockKind, value: str) -> tuple[str, str]:
    """The mark of what is blocked, and how the desk names it: an address never in full."""
    if kind is BlockKind.HOST:
        host = _host(value.strip())
        if "." not in host:
            raise errors.InvalidFields({"value": "Name a host, such as spam.example."})
        return host, host
    if kind is BlockKind.ADDRESS:
        try:
            address = addresses.mailable(value.strip(), public=False)
        except ValueError as error:
            raise errors.InvalidFields({"value": str(error)}) from None
        name, _, domain = address.rpartition("@")
        return senders.of_mailbox(session, address), f"{name[:1]}…@{domain}"
    if not value.startswith((senders.MAILBOX, senders.NETWORK)):
        raise errors.InvalidFields({"value": "Nothing is kept by which this reader could be known again."})
    return value, f"{value[:9]}…"


def _end(until: datetime, mark: str) -> datetime:
    """When a block ends: within a year, and that of a network with its day, whose key is thrown away then."""
    if not now() < until <= now() + LONGEST:
        raise errors.InvalidFields({"until": "Choose a day after today, and within a year."})
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return min(until, midnight) if mark.startswith(senders.NETWORK) and "." not in mark else until


def _of_site(site: Site) -> Any:
    return select(Block).where(Block.site_id == site.id)


def _remember(session: Session, site: Site) -> None:
    """Say at the site until when there are blocks: intake asks nothing before one, nor after the last."""
    ends = session.scalar(select(Block.ends_at).where(Block.site_id == site.id).order_by(Block.ends_at.desc()).limit(1))
    site.policy = {**site.policy, "blocked_until": ends.isoformat() if ends is not None else ""}


def _host(address: str) -> str:
    try:
        return urls.parse(address if "://" in address else f"https://{address}").host.removeprefix("www.").rstrip(".")
    except urls.BadAddress:
        return ""
