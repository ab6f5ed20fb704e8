"""How far a new publication has come: a page of it was checked, one has loaded the script, a reader has reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from corrections_service.rules import urls
from corrections_service.rules.embedding import POINTS, Point
from corrections_service.services import sites
from corrections_service.store.models import Case, Report, Site, now


@dataclass(frozen=True, slots=True)
class Start:
    """What is stored of a publication's beginning; None where it has not come so far."""

    first_load_at: datetime | None
    first_report: tuple[int, datetime] | None
    """Its case, and when it came."""
    address: str
    checked_at: datetime | None
    points: list[Point]

    @property
    def checks(self) -> list[Point]:
        """What the page that was checked last needs, as it was seen there."""
        return [point for point in self.points if point.name in POINTS]

    @property
    def is_right(self) -> bool:
        """Whether the page that was checked last has all that it needs."""
        return bool(self.points) and not any(point.fault for point in self.points)

    @property
    def has_tag(self) -> bool:
        """Whether a page has the site's line, as a check or a browser saw it."""
        right = {point.name for point in self.points if not point.fault}
        return self.first_load_at is not None or {"tag", "key"} <= right

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of the guide."""
        return self.has_tag and self.is_right and self.first_load_at is not None and self.first_report is not None


def of_site(session: Session, site: Site) -> Start:
    """How far a site has come; reports that were taken along from another program are older than it, and count for none."""
    first = select(Report.case_id, Report.created_at)
    first = first.where(Report.site_id == site.id, Report.created_at >= site.created_at)
    row = session.execute(first.order_by(Report.created_at, Report.id).limit(1)).first()
    check: dict[str, Any] = site.page_check or {}
    return Start(
        site.first_load_at,
        (row.case_id, row.created_at) if row else None,
        check.get("address", ""),
        datetime.fromisoformat(check["at"]) if check else None,
        [Point(*point) for point in check.get("points", ())],
    )


def keep_check(site: Site, address: str, points: Sequence[Point]) -> None:
    """Keep what was seen in a page, in the place of what was seen before."""
    site.page_check = {
        "address": address,
        "at": now().isoformat(),
        "points": [list(astuple(point)) for point in points],
    }


def take_out(session: Session, site: Site, origin: str) -> None:
    """Have an origin that was a mistake be none of the site's, with what was seen there; the last one stays."""
    rest = [place for place in site.origins if place != origin]
    if rest and rest != site.origins:
        sites.place(session, site, rest)
        if not urls.belongs_to((site.page_check or {}).get("address", ""), rest):
            site.page_check = None


def is_own_page(site: Site, origin: str) -> bool:
    """Whether a browser that loads the script says that a page of the site wants it: anybody may pretend so."""
    return urls.origin_allowed(origin, site.origins)


def note_load(session: Session, site_id: int) -> None:
    """Keep when the script was loaded first; a later load changes nothing."""
    first = update(Site).where(Site.id == site_id, Site.first_load_at.is_(None)).values(first_load_at=now())
    session.execute(first, execution_options={"synchronize_session": False})


def guide_address(site: Site, base_url: str) -> str:
    """Where the site's administrators see how far it has come."""
    return f"{base_url}/settings/sites/{site.slug}/start"


def without_cases(session: Session, site_ids: Collection[int]) -> Sequence[Site]:
    """Of these sites those that have never had a case."""
    is_new = ~exists().where(Case.site_id == Site.id)
    return session.scalars(select(Site).where(Site.id.in_(site_ids), is_new).order_by(Site.name)).all()
