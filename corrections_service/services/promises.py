"""Promises: whom a reader's words may reach, as they were told when they wrote; what is chosen later holds for later words."""

from __future__ import annotations

from datetime import datetime

from corrections_service.services import sites
from corrections_service.store.models import Report, Site, now

OFFICES, PROGRAMS = "offices_since", "programs_since"
"""Since when a publication's readers are told that others than its desk can get their words."""


def begun(site: Site, whom: str) -> str:
    """Since when readers are told of them: from now on, where they were not yet."""
    return str(site.policy.get(whom, "")) or f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"


def let_programs_in(site: Site) -> None:
    """Have readers told from now on that programs can get what they write."""
    sites.choose(site, programs_since=begun(site, PROGRAMS))


def may_reach(site: Site, whom: str, at: datetime) -> bool:
    """Whether what a reader wrote at that time may go there."""
    since = str(site.policy.get(whom, ""))
    return bool(since) and at >= datetime.fromisoformat(since)


def may_go(report: Report, whom: str) -> bool:
    """Whether a report may go there."""
    return may_reach(report.case.site, whom, report.created_at)
