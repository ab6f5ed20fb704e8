"""Origins whose pages may not send reports but try to: which, how often, and what an administrator says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import urls
from corrections_service.services.sites import checked_origins
from corrections_service.store.models import RefusedOrigin, Site, now

MOST = 50
"""Origins that are kept for one site: anybody can send any. Beside them there is always room for its twins."""

KEPT = timedelta(days=30)
"""How long one is kept that sends nothing more."""


def count(session: Session, *, refused: Mapping[tuple[int, str], int]) -> None:
    """Count reports that were refused for their origin, by the number of the site and the origin."""
    table = RefusedOrigin.__table__
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for (site_id, origin), many in sorted(refused.items()):
        values = {"site_id": site_id, "origin": origin, "count": many, "last_at": now(), "kept_out": False}
        more = {"count": table.c.count + many, "last_at": now()}
        session.execute(
            dialect.insert(RefusedOrigin)
            .values(**values)
            .on_conflict_do_update(index_elements=["site_id", "origin"], set_=more)
        )
    for site_id in sorted({site_id for site_id, _ in refused}):
        _make_room(session, site_id)


def refused(session: Session, site_ids: Collection[int], *, with_kept_out: bool = False) -> Sequence[RefusedOrigin]:
    """The origins that these sites refuse, likely ones first: of their own domains, then what sends most."""
    query = select(RefusedOrigin).where(RefusedOrigin.site_id.in_(site_ids)).options(joinedload(RefusedOrigin.site))
    if not with_kept_out:
        query = query.where(RefusedOrigin.kept_out.is_(False))
    rows = [row for row in session.scalars(query) if not urls.origin_allowed(row.origin, row.site.origins)]
    return sorted(rows, key=lambda row: (not urls.is_near(row.origin, row.site.origins), -row.count, row.origin))


def allow(session: Session, site: Site, origin: str) -> None:
    """Take reports from an origin that was refused. Raises NotFound for any other."""
    session.delete(_refused_origin(session, site, origin))
    site.origins = checked_origins([*site.origins, origin])


def keep_out(session: Session, site: Site, origin: str) -> None:
    """Tell nobody any more of an origin that is not the site's. Raises NotFound for one that was not refused."""
    _refused_origin(session, site, origin).kept_out = True


def forget(session: Session) -> None:
    """Forget the origins that have sent nothing for a long time."""
    session.execute(delete(RefusedOrigin).where(RefusedOrigin.last_at < now() - KEPT))


def _refused_origin(session: Session, site: Site, origin: str) -> RefusedOrigin:
    row = session.get(RefusedOrigin, (site.id, origin)) if urls.as_origin(origin) else None
    if row is None:
        raise errors.NotFound()
    return row


def _make_room(session: Session, site_id: int) -> None:
    """Forget those that sent least, where there are too many."""
    columns = (RefusedOrigin.origin, RefusedOrigin.count, RefusedOrigin.last_at)
    rows = session.execute(select(*columns).where(RefusedOrigin.site_id == site_id)).all()
    if len(rows) <= MOST:
        return
    site_origins = session.scalar(select(Site.origins).where(Site.id == site_id)) or []
    rest = [row for row in rows if not urls.is_twin(row.origin, site_origins)]
    spared = sorted(rest, key=lambda row: (row.count, row.last_at), reverse=True)[:MOST]
    excess = {row.origin for row in rest} - {row.origin for row in spared}
    session.execute(delete(RefusedOrigin).where(RefusedOrigin.site_id == site_id, RefusedOrigin.origin.in_(excess)))
