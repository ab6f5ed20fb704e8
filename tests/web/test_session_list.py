"""One sees where one is signed in and ends it; what was ended is refused at its very next request (THREATS I03; P-16)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask_security import hash_password
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service import create_app
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, privacy
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, Token, now
from corrections_service.web import access
from tests.services.newsroom import Newsroom
from tests.web.test_account import WORDS, cookie_of, log_in, with_cookie
from tests.web.test_second_factors import is_in, set_up
from tests.web.visitors import Visitor, dump, signed_in

PAGE = "/account/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


def with_browser(visitor: Visitor, user_agent: str) -> Visitor:
    """The same browser, which says this of itself from now on."""
    visitor.client.environ_base["HTTP_USER_AGENT"] = user_agent
    return visitor


def rows(visitor: Visitor) -> list[str]:
    """What the page says of each session."""
    page = LexborHTMLParser(visitor.get(PAGE).get_data(as_text=True))
    return [re.sub(r"\s+", " ", row.text()).strip() for row in page.css(".ways-in > li")]


def numbers(visitor: Visitor) -> list[str]:
    """The sessions that the page offers to end."""
    page = LexborHTMLParser(visitor.get(PAGE).get_data(as_text=True))
    return [str(field.attributes["value"]) for field in page.css(".ways-in [name=session]")]


def sessions(db: Database) -> list[Token]:
    with db.read() as session:
        return list(session.scalars(select(Token).where(Token.purpose == Purpose.SESSION).order_by(Token.id)))


def use_again_later(visitor: Visitor, hours: float = 1.1) -> None:
    """Let what was noted of the use of this browser's session have been noted some time ago."""
    with visitor.client.session_transaction() as session:
        session["note_at"] = session["note_at"] - hours * 3600


def test_one_sees_where_one_is_signed_in_and_ends_one(
    app: Flask, db: Database, database_settings: Settings, newsroom: Newsroom
) -> None:
    """The session that was ended is refused by every process, in an open tab too; the others go on."""
    number = newsroom.hire(Role.EDITOR)
    me, other, third = (signed_in(app, db, number) for _ in range(3))
    newsroom.change(Token, browser="Firefox/Linux")
    listed = rows(me)
    assert len(listed) == 3
    assert listed[0].startswith("Firefox on Linux this browser Signed in just now. Last seen within the last hour.")
    assert "End this one" not in listed[0]
    assert listed[1].endswith("End this one")
    another = create_app(database_settings, database=db)
    another.config["SERVER_NAME"] = database_settings.host
    replica = Visitor(another)
    replica.client.set_cookie("corrections", cookie_of(other), domain="corrections.example")
    assert is_in(replica)
    case = newsroom.case_of(newsroom.send())
    assert me.post(PAGE, action="end", session=numbers(me)[1]).location == PAGE
    assert other.post(f"/cases/{case}/claim").status_code == 403
    assert [is_in(one) for one in (me, other, replica, third)] == [True, False, False, True]
    assert len(rows(me)) == 2


def test_all_others_are_ended_at_once_and_this_one_goes_on(app: Flask, db: Database, newsroom: Newsroom) -> None:
    number = newsroom.hire(Role.EDITOR)
    me, *others = (signed_in(app, db, number) for _ in range(4))
    stranger = signed_in(app, db, newsroom.hire(Role.ADMIN))
    copied = with_cookie(app, cookie_of(others[0]))
    assert me.post(PAGE, action="others").location == PAGE
    assert not any(is_in(one) for one in others)
    assert copied.get("/queue").location.startswith("/login")
    assert is_in(me)
    assert is_in(stranger)
    assert len(rows(me)) == 1
    assert "signed in nowhere else" in me.get(PAGE).get_data(as_text=True)


def test_nobody_sees_or_ends_another_persons_session(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I07: neither by number nor from elsewhere, nor what is a link and no session; nothing is changed."""
    me, other = (signed_in(app, db, newsroom.hire(role)) for role in (Role.EDITOR, Role.ADMIN))
    with db.write() as session:
        editors.link(session, session.scalars(select(Editor).order_by(Editor.id)).all()[0], Purpose.SIGN_IN, hours=1)
        link = session.scalars(select(Token.id).order_by(Token.id.desc())).first()
    theirs = str(sessions(db)[-1].id)
    assert len(rows(me)) == 1
    own = str(sessions(db)[0].id)
    before = dump(db)
    for number in (theirs, str(link), "9" * 9):
        assert me.post(PAGE, action="end", session=number).status_code == 404
    for fields in ({"action": "end", "session": "x"}, {"action": "end"}, {"action": "all", "session": own}, {}):
        assert me.post(PAGE, **fields).status_code == 400
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert me.post(PAGE, headers, action="others").status_code == 400
    assert Visitor(app).post(PAGE, action="others").status_code == 403
    assert dump(db) == before
    assert is_in(other)


def test_pressing_twice_says_the_same(app: Flask, db: Database, newsroom: Newsroom) -> None:
    number = newsroom.hire(Role.EDITOR)
    me, _other = signed_in(app, db, number), signed_in(app, db, number)
    theirs = numbers(me)[0]
    assert [me.post(PAGE, action="end", session=theirs).status_code for _ in range(2)] == [302, 302]
    assert is_in(me)


def test_a_browser_is_told_by_two_names_and_nothing_else_of_it_is_kept(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """No address of a network, no version, nothing that it could have made up."""
    number = newsroom.hire(Role.EDITOR)
    for user_agent in (FIREFOX, "<script>alert(1)</script> Firefox/1", "x" * 5000):
        visitor = with_browser(Visitor(app), user_agent)
        with db.write() as session:
            secret = editors.link(session, session.get_one(Editor, number), Purpose.SIGN_IN, hours=1)
        visitor.get(f"/sign-in/{secret}", headers={"X-Forwarded-For": "203.0.113.77"})
        assert visitor.post(f"/sign-in/{secret}").location == "/queue"
    assert [token.browser for token in sessions(db)] == ["Firefox/Linux", "Firefox/", "/"]
    listed = rows(visitor)
    assert [row.split(" Signed")[0] for row in listed] == ["A browser this browser", "Firefox", "Firefox on Linux"]
    kept = str(dump(db)["None.token" if db.is_sqlite else "public.token"])
    for part in ("144.0", "script", "203.0.113", "127.0.0.1", "xxx"):
        assert part not in kept, part


def test_use_is_noted_once_an_hour_and_what_nobody_uses_is_not_listed(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    number = newsroom.hire(Role.EDITOR)
    me, other = (with_browser(signed_in(app, db, number), FIREFOX) for _ in range(2))
    before = dump(db)
    for _ in range(3):
        assert is_in(me)
    assert dump(db) == before, "within the hour nothing is written"
    earlier = now() - timedelta(hours=1.5)
    newsroom.change(Token, seen_at=earlier)
    use_again_later(me)
    assert is_in(me)
    assert [one.seen_at == earlier for one in sessions(db)] == [False, True]
    assert sessions(db)[0].browser == "Firefox/Linux"
    assert [row.rpartition("Last seen ")[2][:26] for row in rows(me)] == [
        "within the last hour.",
        "within the last 2 hours. E",
    ]
    newsroom.change(Token, seen_at=now() - timedelta(hours=2.1))
    use_again_later(me)
    assert len(rows(me)) == 1
    me.post(PAGE, action="others")
    assert not is_in(other), "what is not listed is ended with the others all the same"


def test_a_session_of_before_goes_on_and_is_listed(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """It knows neither when it was seen nor its browser, until its next request."""
    number = newsroom.hire(Role.EDITOR)
    me, other = signed_in(app, db, number), signed_in(app, db, number)
    newsroom.change(Token, seen_at=None, browser="")
    for one in (me, other):
        with one.client.session_transaction() as session:
            del session["note_at"]
    assert len(rows(with_browser(me, FIREFOX))) == 2
    assert "Last seen" not in rows(me)[1]
    assert rows(me)[0].startswith("Firefox on Linux this browser")
    assert is_in(other)


def test_a_request_goes_on_where_its_use_cannot_be_noted(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is written by another, or full; it is tried again after a minute, not at every request."""
    me = signed_in(app, db, newsroom.hire(Role.EDITOR))
    use_again_later(me)
    monkeypatch.setattr(access, "NOTE_PATIENCE", 0.05)
    with db.write() as session:
        session.scalars(select(Token).with_for_update()).all()
        assert is_in(me)
    with me.client.session_transaction() as kept:
        again = kept["note_at"]
    assert access.NOTE_AGAIN_SECONDS < access.SEEN_SECONDS
    assert again < now().timestamp() + access.SEEN_SECONDS / 2
    earlier = sessions(db)[0].seen_at
    use_again_later(me)
    assert is_in(me)
    assert sessions(db)[0].seen_at != earlier


def test_signing_in_anew_ends_what_this_browser_had(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I01: no session is left that nobody has a cookie of, also where a code is asked for first."""
    number = newsroom.hire(Role.EDITOR, "ed@news.example")
    with app.app_context(), db.write() as session:
        session.get_one(Editor, number).password = hash_password(WORDS)
    me = Visitor(app)
    assert [log_in(me, "ed@news.example") for _ in range(2)] == [302, 302]
    assert len(rows(me)) == 1
    set_up(me)
    copied = with_cookie(app, cookie_of(me))
    assert log_in(me, "ed@news.example") == 302
    assert copied.get("/queue").location.startswith("/login")


def test_ended_sessions_are_forgotten(db: Database, newsroom: Newsroom) -> None:
    with db.write() as session:
        editors.begin_session(session, session.get_one(Editor, newsroom.hire()), browser="Firefox/Linux")
    newsroom.change(Token, expires_at=now() - timedelta(days=1.1))
    with db.write() as session:
        privacy.forget_marks(session)
    assert sessions(db) == []
