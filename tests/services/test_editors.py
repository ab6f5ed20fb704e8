"""The people who sign in: what ends their sessions, and that a link works once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, Site, Token, now
from tests.services.newsroom import Newsroom


@pytest.fixture
def ada(newsroom: Newsroom) -> int:
    """An editor."""
    return newsroom.hire(email="ada@news.example")


def link(db: Database, editor: int, purpose: Purpose = Purpose.SIGN_IN) -> str:
    with db.write() as session:
        return editors.link(session, editors.get(session, editor), purpose, hours=1)


def use(db: Database, secret: str, purpose: Purpose = Purpose.SIGN_IN) -> int:
    with db.write() as session:
        return editors.use_link(session, secret, purpose).id


def test_a_person_is_found_by_address_in_any_case_and_made_once(db: Database, site: Site, ada: int) -> None:
    with db.write() as session:
        assert editors.add(session, " Ada@News.example ", site=site, role=Role.ADMIN).id == ada
        found = editors.by_email(session, "ADA@news.example")
        assert found is not None
        assert (found.id, found.role_on(site.id)) == (ada, Role.ADMIN)
        assert editors.by_email(session, "nobody@news.example") is None
        for wrong in ("", "ada", "a@b@c", "a b@c", "a@b\x00", "a" * 250 + "@b.example"):
            with pytest.raises(errors.InvalidFields):
                editors.add(session, wrong, site=site, role=Role.EDITOR)


@pytest.mark.parametrize("change", ["role", "removal", "password", "deactivation"])
def test_a_change_of_rights_ends_all_sessions_at_once(db: Database, site: Site, ada: int, change: str) -> None:
    with db.write() as session:
        editor = editors.get(session, ada)
        before, secret = editor.fs_uniquifier, editors.begin_session(session, editor, hours=1)
        assert editors.by_session(session, before, secret) is not None
    with db.write() as session:
        editor = editors.get(session, ada)
        match change:
            case "role":
                editors.set_role(session, editor, site, Role.VIEWER)
            case "removal":
                editors.set_role(session, editor, site, None)
                editors.set_role(session, editor, site, None)
            case "password":
                editors.set_password(session, editor, "a hash")
            case _:
                editors.deactivate(session, editor)
    with db.read() as session:
        assert editors.by_session(session, before, secret) is None
        with pytest.raises(errors.NotPermitted):
            editors.check_session(session, secret)
        if change == "deactivation":
            with pytest.raises(errors.NotFound):
                editors.get(session, ada)
        if change == "removal":
            assert session.get_one(Editor, ada).role_on(site.id) is None


def test_a_link_works_once_for_its_purpose(db: Database, ada: int) -> None:
    secret = link(db, ada)
    with db.read() as session:
        assert editors.peek_link(session, secret, Purpose.SIGN_IN).id == ada
        assert secret not in str([token.digest for token in session.query(Token)])
    for wrong, purpose in ((secret, Purpose.INVITATION), (secret[:-1], Purpose.SIGN_IN), ("", Purpose.SIGN_IN)):
        with pytest.raises(errors.NotFound):
            use(db, wrong, purpose)
    assert use(db, secret) == ada
    with pytest.raises(errors.NotFound):
        use(db, secret)


def test_of_many_who_use_a_link_at_once_one_gets_in(db: Database, ada: int) -> None:
    secret = link(db, ada)

    def attempt(_number: int) -> bool:
        try:
            return use(db, secret) == ada
        except (errors.NotFound, errors.StorageBusy):
            return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(12))) == 1


def test_a_link_ends_with_its_time_with_its_person_and_with_a_new_password(
    newsroom: Newsroom, db: Database, ada: int
) -> None:
    old = link(db, ada)
    newsroom.change(Token, expires_at=now() - timedelta(seconds=1))
    before_password = link(db, ada)
    with db.write() as session:
        editors.set_password(session, editors.get(session, ada), "a hash")
    of_the_gone = link(db, ada)
    with db.write() as session:
        editors.deactivate(session, editors.get(session, ada))
    for secret in (old, before_password, of_the_gone):
        with pytest.raises(errors.NotFound):
            use(db, secret)


def test_no_name_that_a_person_had_is_forgotten_and_none_too_many_is_taken(db: Database, ada: int) -> None:
    names = [f"Ada {number}" for number in range(editors.MOST_NAMES + 1)]
    with db.write() as session:
        person = session.get_one(Editor, ada)
        person.name = ""
        for name in [*names, names[-1]]:
            editors.rename(session, person, name)
        assert editors.names_of(person) == names[::-1]
        with pytest.raises(errors.InvalidFields) as refused:
            editors.rename(session, person, "Ada once more")
        assert set(refused.value.fields) == {"name"}
        editors.rename(session, person, names[0])
        assert set(editors.names_of(person)) == set(names)


def test_a_name_that_an_invitation_changes_is_kept_too(db: Database, site: Site, ada: int) -> None:
    """Who signed in by a link alone, and wrote under the name they chose, has written under it."""
    with db.write() as session:
        person = session.get_one(Editor, ada)
        editors.rename(session, person, "Ada Lee")
        here = session.get_one(Site, site.id)
        url = editors.invite(session, person.email, site=here, role=Role.STANDARDS, base_url="")
    with db.write() as session:
        editors.accept(session, url.rpartition("/")[2], name="Somebody", password_hash="hash")
        assert editors.names_of(session.get_one(Editor, ada)) == ["Somebody", "Ada Lee"]
