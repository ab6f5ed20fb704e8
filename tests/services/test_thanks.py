"""A reader is thanked by the name that they offered and an editor agreed to, until they take it away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import backup, entries, forgetting, history, joining, parting, readers, thanks
from corrections_service.store.database import Database, head_revision
from corrections_service.store.models import Correction, Entry, Report, Site, Thanks
from tests.services.newsroom import FERRY, PRINTED, Newsroom, public
from tests.services.test_approvals import turns
from tests.services.test_backup import save

HOSTILE = "<b>Ann</b>"
LOG = ("/log/news", "/log/news/corrections/1", "/log/news/feed.atom", "/log/news/feed.rss", "/log/news/feed.json")


@pytest.fixture
def corrected(newsroom: Newsroom, case: int, editor: int) -> int:
    """A case with a public notice, at a site that thanks its readers."""
    newsroom.change(Site, policy={"thanks": True})
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [PRINTED["notice"]]
    return case


def offer(newsroom: Newsroom, case: int, name: str) -> int:
    """Let the case's reader offer a name; the report's number."""
    with newsroom.db.write() as session:
        report = session.scalars(select(Report).where(Report.case_id == case)).one()
        readers.offer_name(session, report, name)
        return report.id


def told(app: Flask, name: str) -> set[str]:
    """Which pages of the public log say the name."""
    client = app.test_client(use_cookies=False)
    return {path for path in LOG if name in client.get(path).get_data(as_text=True)}


def test_a_name_is_public_once_an_editor_agreed_and_gone_when_it_is_taken_away(
    app: Flask, newsroom: Newsroom, corrected: int, editor: int
) -> None:
    report = offer(newsroom, corrected, "Ann  Lee\u202e")
    assert told(app, "Ann Lee") == set()
    assert ("editor@news.example", thanks.TURN) in turns(newsroom)
    newsroom.act(thanks.agree, corrected, editor, report, "Ann Lee")
    assert told(app, "Thanks to Ann Lee.") == set(LOG)
    data = json.loads(app.test_client().get("/log/news/article.json?url=https://news.example/bridge").data)
    assert [notice["thanks"] for notice in data["notices"]] == [["Ann Lee"]]
    newsroom.act(thanks.disagree, corrected, editor, report)
    assert told(app, "Ann Lee") == set()
    newsroom.act(thanks.agree, corrected, editor, report, "Ann Lee")
    with newsroom.db.write() as session:
        readers.take_name_away(session, session.get_one(Report, report))
    assert told(app, "Ann Lee") == set()
    assert newsroom.history(corrected)[-4:] == ["name_offered", "thanked", "unthanked", "thanked"]


@pytest.mark.parametrize("way", ["withdrawn", "erased", "site", "retracted"])
def test_it_goes_with_the_report_the_wish_of_the_site_and_the_notice_and_the_chain_stays_valid(
    app: Flask, newsroom: Newsroom, corrected: int, editor: int, way: str
) -> None:
    report = offer(newsroom, corrected, "Zoltan")
    newsroom.act(thanks.agree, corrected, editor, report, "Zoltan")
    assert told(app, "Zoltan") == set(LOG)
    with newsroom.db.write() as session:
        stored = session.get_one(Report, report)
        if way == "withdrawn":
            readers.withdraw(session, stored)
        elif way == "erased":
            forgetting.erase(session, stored)
    if way == "site":
        newsroom.change(Site, policy={})
    if way == "retracted":
        newsroom.act(history.undo, corrected, editor)
    assert told(app, "Zoltan") == set()
    with newsroom.db.read() as session:
        entries.verify(session, session.get_one(Site, newsroom.site.id))
        assert all("Zoltan" not in entry.content for entry in session.scalars(select(Entry)))
        assert session.get(Thanks, report) is None or way in ("site", "retracted")


def test_another_name_has_to_be_agreed_to_anew_and_none_is_agreed_to_unseen(
    newsroom: Newsroom, corrected: int, editor: int
) -> None:
    report = offer(newsroom, corrected, "Ann")
    newsroom.act(thanks.agree, corrected, editor, report, "Ann")
    offer(newsroom, corrected, "Buy here")
    with newsroom.db.read() as session:
        assert session.get_one(Thanks, report).agreed_at is None
    for number, name in ((report, "Ann"), (report + 1, "Ann")):
        with pytest.raises(errors.ChangedMeanwhile):
            newsroom.act(thanks.agree, corrected, editor, number, name)


@pytest.mark.parametrize(
    "name", ["", "\u200b", "x" * 81, "https://spam.example", "www.spam", "spam.example", "ann@example.org", HOSTILE]
)
def test_what_is_no_name_is_refused(newsroom: Newsroom, corrected: int, name: str) -> None:
    with pytest.raises(errors.InvalidFields) as refused:
        offer(newsroom, corrected, name)
    assert set(refused.value.fields) == {"name"}


@pytest.mark.parametrize(
    "name", ["Anna-Maria O’Neil", "J. R. R. T.", "محمد بن علي", "Dr. Weiß, Köln", "=1+1", "Ann & Bob"]
)
def test_names_are_taken_as_they_are(newsroom: Newsroom, corrected: int, name: str) -> None:
    report = offer(newsroom, corrected, name)
    with newsroom.db.read() as session:
        assert session.get_one(Thanks, report).name == name


def test_nobody_is_thanked_where_the_site_does_not_want_it(app: Flask, db: Database, newsroom: Newsroom) -> None:
    sent = newsroom.send()
    case = newsroom.case_of(sent)
    with pytest.raises(errors.NotClosed):
        offer(newsroom, case, "Ann")
    client = app.test_client(use_cookies=False)
    assert "thanked by name" not in client.get(f"/r/{sent.token}").get_data(as_text=True)
    newsroom.change(Site, policy={"thanks": True})
    assert "thanked by name" in client.get(f"/r/{sent.token}").get_data(as_text=True)
    refused = client.post(f"/r/{sent.token}", data={"action": "name", "text": "https://spam.example"})
    assert refused.status_code == 422
    assert "Give a name, without a link or an address." in refused.get_data(as_text=True)
    assert client.post(f"/r/{sent.token}", data={"action": "name", "text": "Ann & Bob"}).status_code == 303
    assert "You offer the name Ann &amp; Bob" in client.get(f"/r/{sent.token}").get_data(as_text=True)


@pytest.mark.parametrize("way", ["taken away", "withdrawn", "replaced"])
def test_no_restore_brings_a_name_back_and_one_that_was_offered_since_stays(
    app: Flask, newsroom: Newsroom, corrected: int, editor: int, tmp_path: Path, way: str
) -> None:
    log = tmp_path / "erasures"
    newsroom.db.info["erasure_log"] = log
    report = offer(newsroom, corrected, "Zoltan")
    newsroom.act(thanks.agree, corrected, editor, report, "Zoltan")
    save(newsroom.db, tmp_path / "before")
    if way == "replaced":
        offer(newsroom, corrected, "Ann Lee")
        newsroom.act(thanks.agree, corrected, editor, report, "Ann Lee")
    else:
        with newsroom.db.write() as session:
            stored = session.get_one(Report, report)
            (readers.withdraw if way == "withdrawn" else readers.take_name_away)(session, stored)
    save(newsroom.db, tmp_path / "after")
    assert "Zoltan" not in log.read_text("ascii")
    for backup_file, names in (("before", set()), ("after", set(LOG) if way == "replaced" else set())):
        with newsroom.db.write() as session:
            backup.restore(session, tmp_path / backup_file, revision=head_revision(), logs=[log])
        assert told(app, "Zoltan") == set()
        assert told(app, "Ann Lee") == names


def test_what_was_agreed_to_of_one_error_is_not_of_another(
    app: Flask, newsroom: Newsroom, corrected: int, editor: int
) -> None:
    report = offer(newsroom, corrected, "Zoltan")
    newsroom.send()
    newsroom.act(thanks.agree, corrected, editor, report, "Zoltan")
    assert told(app, "Zoltan") == set(LOG)
    newsroom.act(parting.split, corrected, editor, report)
    with newsroom.db.read() as session:
        assert session.get_one(Thanks, report).agreed_at is None
    newsroom.act(history.undo, corrected, editor)
    assert told(app, "Zoltan") == set()
    newsroom.act(thanks.agree, corrected, editor, report, "Zoltan")
    other = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(parting.move, corrected, editor, report, other)
    with newsroom.db.read() as session:
        assert session.get_one(Thanks, report).agreed_at is None


def test_a_name_stands_with_its_own_notice_after_its_case_was_merged_into_others(
    app: Flask, newsroom: Newsroom, corrected: int, editor: int
) -> None:
    report = offer(newsroom, corrected, "Zoltan")
    newsroom.act(thanks.agree, corrected, editor, report, "Zoltan")
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    last = newsroom.case_of(newsroom.send(url="https://news.example/x"))
    newsroom.change(Correction, retracted_at=None)
    for case, into in ((corrected, ferry), (ferry, last)):
        newsroom.act(joining.merge, case, editor, into)
        with newsroom.db.read() as session:
            notice = session.scalars(select(Correction)).one()
            assert notice.retracted_at is None
            assert thanks.names(session, [notice]) == {notice.id: ("Zoltan",)}


def test_an_editor_is_mailed_once_of_a_name_that_nobody_has_agreed_to_yet(
    newsroom: Newsroom, corrected: int, editor: int
) -> None:
    report = offer(newsroom, corrected, "Ann")
    offer(newsroom, corrected, "Anna")
    offer(newsroom, corrected, "Ann")
    mail = ("editor@news.example", thanks.TURN)
    assert turns(newsroom).count(mail) == 1
    newsroom.act(thanks.agree, corrected, editor, report, "Ann")
    offer(newsroom, corrected, "Anna")
    assert turns(newsroom).count(mail) == 2
