"""What is told of a notice once the reader whose error it was is counted under another case than it was merged into."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, entries, history, joining, parting
from corrections_service.store.models import Case, Entry, EntryKind, Event, EventKind, FixState, Report, Site
from tests.services.newsroom import BRIDGE, FERRY, NOTICE, Newsroom, make_public, see

KING = {**BRIDGE, "exact": "by the king", "prefix": "was opend in 1987 ", "suggestion": "by the queen"}
QUEEN = {"wrong": "king", "right": "queen", "notice": "It was opened by the queen, not by the king."}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def both_public(newsroom: Newsroom) -> tuple[int, int, int, str]:
    """Two cases of one article whose notices are public, the second merged into the first; who did it; its reader's token."""
    home, sent = newsroom.case_of(newsroom.send()), newsroom.send(**KING)
    other, editor = newsroom.case_of(sent), newsroom.hire(Role.ADMIN)
    for case, said, before, after in (
        (home, NOTICE, "was opend in 1987", "was opened in 1987"),
        (other, QUEEN, "by the king", "by the queen"),
    ):
        see(newsroom, case, FixState.PRESENT, before=before)
        newsroom.decide(case, editor, Resolution.CORRECTED, **said)
        see(newsroom, case, FixState.APPLIED, after=after)
        make_public(newsroom)
    newsroom.act(cases.reopen, other, editor)
    newsroom.act(joining.merge, other, editor, home)
    return home, other, editor, sent.token


def last_kinds(newsroom: Newsroom, notice: int) -> list[str]:
    """What the log, which is valid, says of a notice, in order."""
    with newsroom.db.read() as session:
        assert entries.verify(session, session.get_one(Site, newsroom.site.id)).entries > 0
        query = session.query(Entry).where(Entry.correction_id == notice)
        return [entry.kind for entry in query.order_by(Entry.id)]


def report_of(newsroom: Newsroom, case: int, words: str) -> int:
    """The number of the report that is under a case and is about these words."""
    with newsroom.db.read() as session:
        return next(report.id for report in session.get_one(Case, case).reports if report.exact == words)


def bridge_notices(client: FlaskClient) -> list[dict[str, Any]]:
    """The notices of the article, newest first."""
    answer = client.get("/log/news/article.json?url=https://news.example/bridge")
    return list(json.loads(answer.get_data())["notices"])


@pytest.mark.parametrize("way", ["split", "move"])
def test_a_notice_that_gave_its_place_up_has_it_again_once_its_readers_are_counted_elsewhere(
    newsroom: Newsroom, client: FlaskClient, way: str
) -> None:
    """Kind: the reader whose error it was had a case of their own again, and the notice stayed replaced by what is about
    another error; what was decided of that one took it back."""
    home, _, editor, token = both_public(newsroom)
    report = report_of(newsroom, home, KING["exact"])
    if way == "split":
        new = newsroom.act(parting.split, home, editor, report).id
    else:
        newsroom.act(cases.reopen, home, editor)
        new = newsroom.case_of(newsroom.send(**FERRY))
        newsroom.act(parting.move, home, editor, report, new)
    assert last_kinds(newsroom, 2)[-3:] == [EntryKind.REPLACED, EntryKind.RESTORED, EntryKind.REOPENED]
    second, _ = bridge_notices(client)
    assert (second["retracted"], second["fate"].startswith("Since ")) == (None, True)
    assert "was replaced by another one" not in client.get("/log/news/corrections/2").text
    assert "was replaced by another one" not in client.get("/log/news").text
    reader = f"/r/{token}"
    assert "/log/news/corrections/2" in client.get(reader).text
    assert "/log/news/corrections/1" not in client.get(reader).text
    see(newsroom, new, FixState.PRESENT, before="by the king")
    assert second["reads_right_since"] is None
    said = {"wrong": "king", "right": "duke", "notice": "It was opened by the duke, not by the king."}
    newsroom.decide(new, editor, Resolution.CORRECTED, **said)
    see(newsroom, new, FixState.APPLIED, after="by the duke")
    make_public(newsroom)
    assert last_kinds(newsroom, 2)[-1] == EntryKind.REPLACED
    assert "/log/news/corrections/3" in client.get("/log/news/corrections/2").text


def test_a_notice_stays_replaced_until_all_of_its_readers_are_counted_elsewhere(newsroom: Newsroom) -> None:
    home, _, editor, _token = both_public(newsroom)
    newsroom.send(**KING, block="2001:db8::")
    with newsroom.db.write() as session:
        other = session.scalars(select(Report).where(Report.exact == KING["exact"]).order_by(Report.id.desc())).first()
        assert other is not None
        merging = session.scalars(select(Event).where(Event.kind == EventKind.MERGED)).one()
        other.case_id, merging.data = home, {**merging.data, "reports": [*merging.data["reports"], other.id]}
    newsroom.act(parting.split, home, editor, report_of(newsroom, home, KING["exact"]))
    assert last_kinds(newsroom, 2)[-1] == EntryKind.REPLACED
    newsroom.act(parting.split, home, editor, report_of(newsroom, home, KING["exact"]))
    assert last_kinds(newsroom, 2)[-2:] == [EntryKind.RESTORED, EntryKind.REOPENED]


@pytest.mark.parametrize("way", ["split", "move"])
def test_to_undo_that_readers_are_counted_elsewhere_gives_the_place_of_their_notice_away_again(
    newsroom: Newsroom, client: FlaskClient, way: str
) -> None:
    home, other, editor, token = both_public(newsroom)
    report = report_of(newsroom, home, KING["exact"])
    if way == "split":
        newsroom.act(parting.split, home, editor, report)
    else:
        newsroom.act(cases.reopen, home, editor)
        newsroom.act(parting.move, home, editor, report, newsroom.case_of(newsroom.send(**FERRY)))
    newsroom.act(history.undo, home, editor)
    assert last_kinds(newsroom, 2)[-1] == EntryKind.REPLACED
    assert newsroom.look(other).merged_into_id == home
    assert "/log/news/corrections/1" in client.get(f"/r/{token}").text
    newsroom.act(cases.reopen, other, editor)
    assert newsroom.look(other).readers == 1
    assert last_kinds(newsroom, 2)[-2:] == [EntryKind.RESTORED, EntryKind.REOPENED]


def test_a_notice_goes_to_no_case_that_is_decided_without_one(
    newsroom: Newsroom,
) -> None:
    home, _, editor, _token = both_public(newsroom)
    newsroom.act(cases.reopen, home, editor)
    silent = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(silent, editor, Resolution.FIXED, why_silent="A slip.")
    with pytest.raises(errors.InvalidFields, match="was decided without a notice"):
        newsroom.act(parting.move, home, editor, report_of(newsroom, home, KING["exact"]), silent)
    assert last_kinds(newsroom, 2)[-1] == EntryKind.REPLACED
