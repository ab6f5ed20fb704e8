"""Roles by claim: what the accounts say is followed, what people gave stays, and no site loses its last administrator."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts, editors, practice, setup, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Membership, Purpose, Token, now
from tests.databases import SECRET
from tests.services.newsroom import Newsroom

ISSUER, OTHER = "https://accounts.example", "https://other.example"
ADA = "ada@news.example"


@pytest.fixture
def neighbour(db: Database) -> Newsroom:
    """Another publication at the same service."""
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
    return Newsroom(db, other)


def come(
    db: Database,
    *roles: accounts.Given,
    email: str = ADA,
    subject: str = "7",
    issuer: str = ISSUER,
    name: str = "Ada",
) -> int | None:
    with db.write() as session:
        editor = accounts.come(session, email, issuer=issuer, subject=subject, name=name, roles=list(roles))
        return editor.id if editor is not None else None


def roles_of(db: Database, email: str = ADA) -> dict[str, tuple[Role, str]]:
    """A person's roles and who gave them, by site."""
    with db.read() as session:
        editor = editors.by_email(session, email)
        return {one.site.slug: (one.role, one.issuer) for one in editor.memberships} if editor is not None else {}


def test_who_is_new_is_made_with_exactly_the_roles_that_the_accounts_give(
    db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    here, there = newsroom.site.slug, neighbour.site.slug
    assert come(db, (Role.VIEWER, "*"), (Role.EDITOR, here), (Role.AUTHOR, here), (Role.ADMIN, "nowhere")) is not None
    assert roles_of(db) == {here: (Role.EDITOR, ISSUER), there: (Role.VIEWER, ISSUER)}
    with db.read() as session:
        assert session.scalars(select(Editor.name)).all() == ["Ada"]


def test_who_has_no_group_is_let_in_only_as_before(db: Database, newsroom: Newsroom) -> None:
    assert come(db) is None
    assert newsroom.count(Editor) == 0
    number = newsroom.hire(Role.AUTHOR, ADA)
    assert come(db) == number
    assert roles_of(db) == {newsroom.site.slug: (Role.AUTHOR, "")}


def test_roles_of_the_accounts_follow_the_claim_and_those_of_people_stay(
    db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    here, there = newsroom.site.slug, neighbour.site.slug
    newsroom.hire(Role.VIEWER, ADA)
    come(db, (Role.ADMIN, "*"))
    assert roles_of(db) == {here: (Role.VIEWER, ""), there: (Role.ADMIN, ISSUER)}
    neighbour.hire(Role.ADMIN, "chief@gazette.example")
    come(db, (Role.EDITOR, there))
    assert roles_of(db) == {here: (Role.VIEWER, ""), there: (Role.EDITOR, ISSUER)}
    come(db)
    assert roles_of(db) == {here: (Role.VIEWER, "")}
    come(db, (Role.EDITOR, there))
    with db.write() as session:
        editor = editors.by_email(session, ADA)
        assert editor is not None
        editors.set_role(session, editor, neighbour.site, Role.AUTHOR)
    come(db)
    assert roles_of(db)[there] == (Role.AUTHOR, ""), "what somebody changed here is given here from then on"


def test_a_role_that_is_taken_away_is_gone_though_nobody_is_let_in(db: Database, newsroom: Newsroom) -> None:
    """P-16: and with it each session, and each invitation to the site."""
    number = come(db, (Role.EDITOR, "*"))
    with db.write() as session:
        editor = session.get_one(Editor, number)
        uniquifier, secret = editor.fs_uniquifier, editors.begin_session(session, editor)
    assert come(db) is None
    assert roles_of(db) == {}
    with db.read() as session:
        assert editors.by_session(session, uniquifier, secret) is None
        waiting = select(func.count()).where(Token.used_at.is_(None), Token.purpose == Purpose.SESSION)
        assert session.scalar(waiting) == 0
    assert come(db, (Role.EDITOR, "*")) == number


def test_the_last_administrator_is_never_removed_by_a_claim(
    db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    here, there = newsroom.site.slug, neighbour.site.slug
    come(db, (Role.ADMIN, "*"))
    neighbour.hire(Role.ADMIN, "chief@gazette.example")
    gone = newsroom.hire(Role.ADMIN, "gone@news.example")
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, gone))
    come(db, (Role.VIEWER, here))
    assert roles_of(db) == {here: (Role.ADMIN, ISSUER)}, "who is closed administers nothing"
    come(db)
    assert roles_of(db) == {here: (Role.ADMIN, ISSUER)}
    newsroom.hire(Role.ADMIN, "boss@news.example")
    assert come(db) is None
    assert roles_of(db) == {}
    assert there not in roles_of(db)


def test_of_two_administrators_whom_the_accounts_drop_at_the_same_moment_one_stays(
    db: Database, newsroom: Newsroom
) -> None:
    people = {"ada@news.example": "7", "bo@news.example": "8"}
    for email, subject in people.items():
        come(db, (Role.ADMIN, "*"), email=email, subject=subject)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: come(db, email=one[0], subject=one[1]), people.items()))
    with db.read() as session:
        admins = select(func.count()).select_from(Membership).where(Membership.role == Role.ADMIN)
        assert session.scalar(admins) == 1


def test_who_comes_twice_at_the_same_moment_is_one_person(db: Database, newsroom: Newsroom) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(lambda _: come(db, (Role.EDITOR, "*")), range(4)))
    assert len(numbers) == newsroom.count(Editor) == newsroom.count(Membership) == 1


def test_another_account_of_the_same_address_and_a_closed_person_change_nothing(
    db: Database, newsroom: Newsroom
) -> None:
    """Neither is let in, nor has a role given or taken."""
    number = come(db, (Role.VIEWER, "*"))
    before = roles_of(db)
    with pytest.raises(errors.NotPermitted):
        come(db, (Role.ADMIN, "*"), subject="8")
    with pytest.raises(errors.NotPermitted):
        come(db, subject="8")
    assert roles_of(db) == before
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, number))
    assert come(db, (Role.ADMIN, "*")) is None
    assert roles_of(db) == before


@pytest.mark.parametrize("roles", [[], [(Role.ADMIN, "*")]])
def test_one_provider_vouches_for_nobody_who_comes_by_another(
    db: Database, newsroom: Newsroom, roles: list[accounts.Given]
) -> None:
    """Neither for who has a role here nor for whom the first one gave theirs, until the operator opens it to that one."""
    newsroom.hire(Role.ADMIN, "boss@news.example")
    for email, subject in (("boss@news.example", "1"), (ADA, "2")):
        number = come(db, (Role.EDITOR, "*"), email=email, subject=subject)
        before = roles_of(db, email)
        for forged in ("9", subject):
            with pytest.raises(errors.NotPermitted, match="Another account had the address"):
                come(db, *roles, email=email, subject=forged, issuer=OTHER)
        assert roles_of(db, email) == before
        free(db, email, ISSUER)
        with pytest.raises(errors.NotPermitted):
            come(db, *roles, email=email, subject=f"p{subject}", issuer=OTHER)
        assert come(db, (Role.EDITOR, "*"), email=email, subject=f"new {subject}") == number
        free(db, email, OTHER)
        assert come(db, *roles, email=email, subject=f"p{subject}", issuer=OTHER) == number
        assert come(db, (Role.EDITOR, "*"), email=email, subject=f"new {subject}") == number
        free(db, email)
        assert come(db, *roles, email=email, subject=f"q{subject}", issuer=OTHER) == number
        with pytest.raises(errors.NotPermitted):
            come(db, email=email, subject=f"new {subject}")


def free(db: Database, email: str, issuer: str = "") -> None:
    with db.write() as session:
        editor = editors.by_email(session, email)
        assert editor is not None
        accounts.free(session, editor, issuer)


def let_pass_since(db: Database, email: str, period: timedelta) -> None:
    """Let somebody have come by these accounts so long ago."""
    with db.write() as session:
        editor = editors.by_email(session, email)
        assert editor is not None
        editors.choose(session, editor, **{accounts.LAST_CAME: {ISSUER: (now() - period).isoformat()}})


def drop(db: Database, email: str = ADA) -> None:
    with db.write() as session:
        editor = editors.by_email(session, email)
        assert editor is not None
        accounts.drop_old_roles(session, editor)


def test_roles_of_the_accounts_are_good_for_other_ways_in_for_a_day(
    db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    here, there = newsroom.site.slug, neighbour.site.slug
    newsroom.hire(Role.VIEWER, "bo@news.example")
    for email, subject in ((ADA, "7"), ("bo@news.example", "8")):
        come(db, (Role.EDITOR, "*"), email=email, subject=subject)
        let_pass_since(db, email, accounts.GOOD_FOR - timedelta(minutes=5))
        drop(db, email)
        assert set(roles_of(db, email)) == {here, there}
        let_pass_since(db, email, accounts.GOOD_FOR + timedelta(minutes=5))
    before = roles_of(db)
    with pytest.raises(errors.NotPermitted, match="more than a day"):
        drop(db)
    assert roles_of(db) == before
    drop(db, "bo@news.example")
    assert roles_of(db, "bo@news.example") == {here: (Role.VIEWER, "")}
    come(db, (Role.EDITOR, "*"), email="bo@news.example", subject="8")
    assert roles_of(db, "bo@news.example")[there] == (Role.EDITOR, ISSUER)


def test_where_somebody_practises_is_no_role_that_is_left(db: Database, newsroom: Newsroom) -> None:
    come(db, (Role.EDITOR, newsroom.site.slug))
    with db.write() as session:
        editor = editors.by_email(session, ADA)
        assert editor is not None
        practice.begin(session, editor, language="en", secret=SECRET)
    let_pass_since(db, ADA, accounts.GOOD_FOR + timedelta(minutes=5))
    before = roles_of(db)
    with pytest.raises(errors.NotPermitted, match="more than a day"):
        drop(db)
    assert roles_of(db) == before


def test_who_administers_by_the_accounts_and_has_not_come_for_long_is_nobody_to_rely_on(
    db: Database, newsroom: Newsroom
) -> None:
    """The others may have left: who is here stays an administrator, by whichever way they come."""
    here = newsroom.site.slug
    come(db, (Role.ADMIN, here), email="bo@news.example", subject="8")
    for period, is_kept in (
        (accounts.ABSENT_AFTER + timedelta(days=1), True),
        (accounts.ABSENT_AFTER - timedelta(days=1), False),
    ):
        come(db, (Role.ADMIN, here))
        let_pass_since(db, ADA, accounts.GOOD_FOR * 2)
        let_pass_since(db, "bo@news.example", period)
        with nullcontext() if is_kept else pytest.raises(errors.NotPermitted):
            drop(db)
        assert (come(db) is not None) is is_kept
        assert (ADA in administrators(db, newsroom)) is is_kept
    assert administrators(db, newsroom) == ["bo@news.example"]


def administrators(db: Database, newsroom: Newsroom) -> list[str]:
    with db.read() as session:
        return [editor.email for editor in sites.administrators(session, newsroom.site)]


def test_of_two_accounts_that_come_at_the_same_moment_one_lets_in(db: Database, newsroom: Newsroom) -> None:
    newsroom.hire(Role.ADMIN, ADA)
    together = threading.Barrier(2)

    def attempt(subject: str) -> bool:
        together.wait(30)
        try:
            with db.write() as session:
                come_in = accounts.come(session, ADA, issuer=ISSUER, subject=subject) is not None
                if not db.is_sqlite:
                    with suppress(threading.BrokenBarrierError):
                        together.wait(1)  # the other has read by now what was there before, or waits
                return come_in
        except errors.NotPermitted:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, "12")) == [False, True]


def test_roles_at_no_site_that_there_is_make_nobody(db: Database, newsroom: Newsroom) -> None:
    assert come(db, (Role.ADMIN, "nowhere")) is None
    assert newsroom.count(Editor) == 0


def test_before_there_is_a_site_accounts_make_nobody_and_the_setup_stays_open(db: Database) -> None:
    assert come(db, (Role.ADMIN, "*")) is None
    with db.read() as session:
        assert setup.is_open(session)


def test_accounts_take_away_only_what_they_gave(db: Database, newsroom: Newsroom) -> None:
    come(db, (Role.EDITOR, "*"))
    free(db, ADA, OTHER)
    come(db, issuer=OTHER)
    assert roles_of(db) == {newsroom.site.slug: (Role.EDITOR, ISSUER)}


@pytest.mark.parametrize("email", ["", "ada", "a@b@c", "a b@c", "<script>@news.example", "a" * 250 + "@b.example"])
def test_nobody_is_made_whom_no_mail_reaches(db: Database, newsroom: Newsroom, email: str) -> None:
    assert come(db, (Role.ADMIN, "*"), email=email) is None
    assert newsroom.count(Editor) == 0
