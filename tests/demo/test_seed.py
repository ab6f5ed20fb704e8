"""A database that was filled for load tests is one that can be looked at."""

from __future__ import annotations

from sqlalchemy import func, select

from corrections_service.demo.seed import fill
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor


def test_who_administers_a_publication_sees_all_that_was_made(db: Database) -> None:
    with db.write() as session:
        site = sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")
        admin = editors.add(session, "ed@news.example", site=site, role=Role.ADMIN)
        session.flush()
        admin_id = admin.id
    assert list(fill(db, 50)) == [50]
    with db.read() as session:
        mine = [site.id for site in sites.of_editor(session, session.get_one(Editor, admin_id))]
        assert session.scalar(select(func.count()).where(Case.site_id.in_(mine))) == 10
