"""A person chooses which mails of a site they get, on their account's page or by one click in a mail (D9)."""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from corrections_service.rules.mail_times import Sort
from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import MailChoice
from corrections_service.work.mail import silence_token
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, dump, signed_in

PATH = "/account/mails/news"
USUAL = {f"pace_{sort}": "at_once" for sort in Sort} | {"pace_fix_seen": "never", "pace_wave": "never"}


def chosen(db: Database) -> list[tuple[dict[str, str], str, str, str]]:
    with db.read() as session:
        rows = session.scalars(select(MailChoice).order_by(MailChoice.editor_id))
        return [(row.paces, row.zone, row.quiet_from, row.quiet_until) for row in rows]


def test_a_person_chooses_which_mails_come_and_when(app: Flask, db: Database, newsroom: Newsroom) -> None:
    visitor = signed_in(app, db, newsroom.hire(Role.AUTHOR))
    page = visitor.get("/account").get_data(as_text=True)
    assert "A note names you: at once" in page
    answer = visitor.post(
        PATH,
        **USUAL | {"pace_new": "daily", "pace_wave": "hourly"},
        quiet_from="22:00",
        quiet_until="07:00",
        zone="Europe/Kyiv",
    )
    assert answer.status_code == 303
    assert chosen(db) == [({"new": "daily", "wave": "hourly"}, "Europe/Kyiv", "22:00", "07:00")]
    visitor.post(PATH, **USUAL, zone="Europe/Kyiv")
    assert chosen(db) == [({}, "Europe/Kyiv", "", "")], "what is as usual is not kept"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"zone": "Kyiv/Europe"}, "There is no time zone of this name"),
        ({"zone": "../../etc/passwd"}, "There is no time zone of this name"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Give a time such as 22:00"),
        ({"quiet_from": "22:00"}, "a beginning and an end"),
        ({"quiet_from": "2200", "quiet_until": "7"}, "Give a time such as 22:00"),
    ],
)
def test_what_cannot_be_is_refused_with_all_that_was_chosen(
    app: Flask, db: Database, newsroom: Newsroom, wrong: dict[str, str], words: str
) -> None:
    visitor = signed_in(app, db, newsroom.hire())
    answer = visitor.post(PATH, **USUAL | {"pace_new": "daily"} | wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert 'name="pace_new" value="daily" checked' in page
    assert chosen(db) == []


def test_another_site_s_mails_are_not_one_s_own_to_choose(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    visitor = signed_in(app, db, newsroom.hire())
    assert visitor.post(f"/account/mails/{neighbour.site.slug}", **USUAL).status_code == 404
    assert chosen(db) == []


def test_one_click_ends_one_sort_for_one_person_and_looking_ends_nothing(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """RFC 8058: without cookies, twice is once, and what was chosen otherwise stays."""
    mia, settings = newsroom.hire(), app.extensions["settings"]
    signed_in(app, db, mia).post(PATH, **USUAL | {"pace_new": "daily"}, zone="Europe/Kyiv")
    path = f"/unsubscribe/mine/{silence_token(mia, newsroom.site.id, [Sort.MENTIONED], settings)}"
    stranger, before = Visitor(app).client, dump(db)
    for _ in range(10):
        assert "A note names you" in stranger.get(path).get_data(as_text=True)
        assert stranger.head(path).status_code == 200
    assert stranger.post(path, data={"x": "y"}).status_code == 400
    assert stranger.post(f"{path[:-2]}xx", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert dump(db) == before
    for _ in range(2):
        assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert chosen(db) == [({"new": "daily", "mentioned": "never"}, "Europe/Kyiv", "", "")]


def test_approvals_are_one_sort_and_what_was_said_of_them_by_three_stops_them_still(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """A choice that would do nothing is none; a link in a mail of before ends what it was of, and a choice of before hurts none."""
    mia = newsroom.hire()
    visitor = signed_in(app, db, mia)
    page = visitor.get("/account").get_data(as_text=True)
    assert [f'name="pace_{sort}"' in page for sort in ("approval", "proposed", "approved", "sent_back")] == [
        True,
        False,
        False,
        False,
    ]
    visitor.post(PATH, **USUAL | {"pace_proposed": "never"})
    newsroom.change(MailChoice, paces={"proposed": "never", "sent_back": "daily"})
    assert visitor.get("/account").status_code == 200
    token = URLSafeSerializer(app.extensions["settings"].secret_key, salt="silence")
    path = f"/unsubscribe/mine/{token.dumps([mia, newsroom.site.id, 'sent_back'])}"
    assert visitor.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(db)[0][0]["approval"] == "never"


@pytest.mark.parametrize("content", [[], [1], ["x", 1, "new"], [1, 1, "no such"], {"a": 1}, "new", [[], 1, "new"]])
def test_a_token_that_says_something_else_is_no_token(app: Flask, newsroom: Newsroom, content: object) -> None:
    key = app.extensions["settings"].secret_key
    token = URLSafeSerializer(key, salt="silence").dumps(content)
    assert Visitor(app).get(f"/unsubscribe/mine/{token}").status_code == 404
