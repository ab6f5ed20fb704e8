"""What the log tells of a notice stays true when its case is joined with others, parted, or looked at again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from corrections_service.rules import chain
from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import NOTICES, NoticeClass, Resolution, Role
from corrections_service.services import cases, entries, history, joining, log, parting, periods, reports
from corrections_service.services.reports import Submitted
from corrections_service.store.models import Case, Correction, Entry, EntryKind, FixState, Report, Site, now
from tests.services.newsroom import BRIDGE, FERRY, NOTICE, Newsroom, make_public, see

EARLIER = datetime(2026, 3, 2, 12, tzinfo=UTC)
KING = {**BRIDGE, "exact": "by the king", "prefix": "was opend in 1987 ", "suggestion": "by the queen"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def published(newsroom: Newsroom, resolution: Resolution = Resolution.CORRECTED, **said: str) -> tuple[int, Submitted]:
    """A case whose fix was seen and whose notice is public, and the report of it."""
    sent = newsroom.send()
    case = newsroom.case_of(sent)
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    newsroom.decide(case, newsroom.hire(Role.ADMIN), resolution, **{**NOTICE, **said})
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    make_public(newsroom)
    return case, sent


def told(client: FlaskClient, site: str = "news") -> dict[str, Any]:
    """The one notice, as the article's own page gets it."""
    answer = client.get(f"/log/{site}/article.json?url=https://news.example/bridge")
    (notice,) = json.loads(answer.get_data())["notices"]
    return dict(notice)


def report_earlier(newsroom: Newsroom, sent: Submitted) -> None:
    """Let a report have come in long before all others."""
    with newsroom.db.write() as session:
        number = reports.by_token(session, sent.token).id
        session.execute(update(Report).where(Report.id == number).values(created_at=EARLIER))


def test_an_older_report_that_joins_a_public_case_is_when_the_error_was_first_reported(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: the day when the notice's case was opened was told, whatever came to it or left it since."""
    case, _ = published(newsroom)
    older = newsroom.send(**KING)
    report_earlier(newsroom, older)
    assert told(client)["first_reported"] == f"{now():%Y-%m-%d}"
    newsroom.act(joining.merge, newsroom.case_of(older), newsroom.hire(), case)
    assert told(client)["first_reported"] == "2026-03-02"
    assert "2 March 2026" in client.get("/log/news/corrections/1").text
    assert "2026-03-02" in client.get("/log/news/log.csv").text


def test_a_report_that_was_about_another_error_is_not_when_this_one_was_first_reported(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    case, first = published(newsroom)
    newsroom.send()
    with newsroom.db.write() as session:
        session.execute(update(Report).values(case_id=case))
        session.get_one(Case, case).created_at = EARLIER
    report_earlier(newsroom, first)
    assert told(client)["first_reported"] == "2026-03-02"
    with newsroom.db.read() as session:
        number = reports.by_token(session, first.token).id
    newsroom.act(parting.split, case, newsroom.hire(), number)
    assert told(client)["first_reported"] == f"{now():%Y-%m-%d}"
    assert "2 March 2026" not in client.get("/log/news/corrections/1").text


def test_what_is_seen_and_decided_where_a_notices_case_was_merged_is_told_with_the_notice(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: the article read wrong again, or was right all along, and the log said since when it reads right."""
    case, _ = published(newsroom)
    editor = newsroom.hire()
    newsroom.act(cases.reopen, case, editor)
    home = newsroom.case_of(newsroom.send(**KING))
    newsroom.act(joining.merge, case, editor, home)
    assert "2 readers" in client.get("/log/news/corrections/1").text
    see(newsroom, home, FixState.PRESENT, before="was opend in 1987")
    assert told(client)["reads_right_since"] is None
    newsroom.decide(home, editor, Resolution.NOT_AN_ERROR, retraction="It was right.")
    assert told(client)["reads_right_since"] is None
    with newsroom.db.read() as session:
        assert entries.verify(session, session.get_one(Site, newsroom.site.id)).entries == 3


def test_a_notice_is_said_to_be_looked_at_again_until_somebody_decides(newsroom: Newsroom, client: FlaskClient) -> None:
    """Kind: as soon as a look saw the article right, or right and then wrong, the log said nothing of it any more."""
    case, _ = published(newsroom)
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    fate = told(client)["fate"]
    assert fate.startswith("Since ")
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    assert told(client)["fate"] == fate
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    assert (told(client)["fate"], told(client)["reads_right_since"]) == (fate, None)
    newsroom.act(cases.mark_spam, case, newsroom.hire())
    assert told(client)["fate"] is None
    with newsroom.db.read() as session:
        kinds = [entry.kind for entry in session.query(Entry).order_by(Entry.id)]
    assert kinds == [EntryKind.PUBLISHED, EntryKind.REOPENED, EntryKind.FIXED, EntryKind.KEPT]


@pytest.mark.parametrize("resolution", NOTICES)
def test_only_a_correction_and_a_clarification_say_which_words_became_which(
    newsroom: Newsroom, client: FlaskClient, resolution: Resolution
) -> None:
    """Kind: the words that the desk's form fills in, a reader's wish among them, stood under “It should say” of any notice."""
    newsroom.change(Site, policy={"second_person": {"withdrawn": False}})
    newsroom.refresh()
    published(newsroom, resolution, notice="The bridge was opened in 1978.", early="It is said at once.")
    says_change = NOTICES[resolution] in (NoticeClass.CORRECTION, NoticeClass.CLARIFICATION)
    notice = told(client)
    assert (bool(notice["wrong"]), bool(notice["right"])) == (says_change, says_change)
    for path in ("", "/corrections/1", "/feed.atom", "/feed.json", "/log.csv", "/log.ndjson"):
        assert ("opend in 1987" in client.get(f"/log/news{path}").text) == says_change, path
    with newsroom.db.read() as session:
        assert entries.verify(session, session.get_one(Site, newsroom.site.id)).entries == 1


@pytest.mark.parametrize("is_removed", [False, True])
def test_the_log_that_an_earlier_version_wrote_is_valid(
    newsroom: Newsroom, client: FlaskClient, is_removed: bool
) -> None:
    """It told of every class which words became which, or that they went."""
    published(newsroom, notice="The bridge was opened in 1978.")
    with newsroom.db.write() as session:
        notice, entry = session.query(Correction).one(), session.query(Entry).one()
        if is_removed:
            entry.content = entry.content.replace(f'"right":"{notice.right}"', '"right":""')
            notice.right = ""
        notice.notice_class = NoticeClass.UPDATE
        entry.content = entry.content.replace('"class":"correction"', '"class":"update"')
        entry.hash = chain.digest(entry.content)
    with newsroom.db.read() as session:
        assert entries.verify(session, session.get_one(Site, newsroom.site.id)).entries == 1
    assert "opend in 1987" not in client.get("/log/news/corrections/1").text


def test_the_time_to_the_fix_is_of_what_was_mended(newsroom: Newsroom) -> None:
    """Kind: a case counted that was declined after all, and one that came back counted by its first fix."""
    case, _ = published(newsroom)
    other = newsroom.case_of(newsroom.send(**FERRY))
    editor = newsroom.hire()
    see(newsroom, other, FixState.PRESENT, before="leaves at nine")
    newsroom.decide(
        other, editor, Resolution.CORRECTED, wrong="nine", right="ten", notice="It leaves at ten, not at nine."
    )
    see(newsroom, other, FixState.APPLIED, after="leaves at ten")
    assert fixes(newsroom) == 2
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="It was right.")
    assert fixes(newsroom) == 1
    see(newsroom, other, FixState.PRESENT, before="leaves at nine")
    newsroom.decide(
        other, editor, Resolution.CORRECTED, wrong="nine", right="ten", notice="It leaves at ten, not at nine."
    )
    newsroom.act(cases.close, other, editor, "In print alone.")
    assert fixes(newsroom) == 0


def fixes(newsroom: Newsroom) -> int:
    """In how many cases of today the time to the fix is counted."""
    with newsroom.db.read() as session:
        site = session.get_one(Site, newsroom.site.id)
        today = now().date()
        return periods.over(session, [site], today - timedelta(days=1), today + timedelta(days=1)).fix.cases


def test_days_and_months_of_the_log_are_those_of_the_publications_clock(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: what a newsroom published, or was told of, in the first hours of a day stood in its log under the day before."""
    published(newsroom)
    night = datetime(2026, 9, 30, 21, 30, tzinfo=UTC)  # half past midnight on 1 October in Kyiv
    newsroom.change(Site, policy={"clock": {"zone": "Europe/Kyiv"}, "figures": True})
    newsroom.change(Correction, published_at=night)
    newsroom.change(Report, created_at=night - timedelta(days=1))
    newsroom.change(Case, fixed_at=night)
    notice = told(client)
    assert (notice["date"], notice["first_reported"]) == ("1 October 2026", "2026-09-30")
    page = client.get("/log/news/corrections/1").text
    assert "30 September 2026" in page
    assert "The article reads right since 1 October 2026" in page
    with newsroom.db.read() as session:
        assert log.months(session, session.get_one(Site, newsroom.site.id)) == ["2026-10"]
    assert "correction-1" in client.get("/log/news?month=2026-10").text
    assert "correction-1" not in client.get("/log/news?month=2026-09").text


def test_what_was_taken_back_by_a_process_whose_clock_is_behind_stays_in_the_log(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: a notice vanished from log, feeds and article that was taken back, as it seemed, before it was published."""
    case, _ = published(newsroom)
    newsroom.change(Correction, published_at=now() + timedelta(minutes=5))
    editor = newsroom.hire()
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="It was right.")
    assert told(client)["retracted"]["reason"] == "It was right."
    assert "It was right." in client.get("/log/news").text
    assert len(json.loads(client.get("/log/news/feed.json").get_data())["items"]) == 1


def both_public(newsroom: Newsroom) -> tuple[int, int, int]:
    """Two cases of one article whose notices are public, the second merged into the first; and who did it."""
    home, _ = published(newsroom)
    other = newsroom.case_of(newsroom.send(**KING))
    editor = newsroom.hire(Role.ADMIN)
    see(newsroom, other, FixState.PRESENT, before="by the king")
    said = {"wrong": "king", "right": "queen", "notice": "It was opened by the queen, not by the king."}
    newsroom.decide(other, editor, Resolution.CORRECTED, **said)
    see(newsroom, other, FixState.APPLIED, after="by the queen")
    make_public(newsroom)
    newsroom.act(cases.reopen, other, editor)
    newsroom.act(joining.merge, other, editor, home)
    return home, other, editor


def last_kinds(newsroom: Newsroom, notice: int) -> list[str]:
    """What the log says of a notice, in order."""
    with newsroom.db.read() as session:
        site = session.get_one(Site, newsroom.site.id)
        assert entries.verify(session, site).entries > 0
        query = session.query(Entry).where(Entry.correction_id == notice)
        return [entry.kind for entry in query.order_by(Entry.id)]


def test_a_notice_that_gave_its_place_up_has_it_again_once_its_case_is_taken_out(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: a case was taken out of another, and its notice stayed replaced by what is about another error."""
    _, other, editor = both_public(newsroom)
    gone = "was replaced by another one"
    assert gone in client.get("/log/news/corrections/2").text
    newsroom.act(cases.reopen, other, editor)
    assert last_kinds(newsroom, 2)[-3:] == [EntryKind.REPLACED, EntryKind.RESTORED, EntryKind.REOPENED]
    assert last_kinds(newsroom, 1)[-1] == EntryKind.PUBLISHED
    page = client.get("/log/news/corrections/2").text
    assert gone not in page
    notices = json.loads(client.get("/log/news/article.json?url=https://news.example/bridge").get_data())["notices"]
    assert [notice["retracted"] for notice in notices] == [None, None]
    assert notices[0]["fate"].startswith("Since ")


def test_what_was_taken_back_of_both_comes_back_with_neither(newsroom: Newsroom) -> None:
    home, other, editor = both_public(newsroom)
    newsroom.act(cases.reopen, home, editor)
    newsroom.decide(home, editor, Resolution.NOT_AN_ERROR, retraction="All was right.")
    newsroom.act(cases.reopen, other, editor)
    assert last_kinds(newsroom, 2)[-1] == EntryKind.REPLACED


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_fix_that_was_none_takes_back_what_was_public_because_of_it_whatever_the_clock_said(
    newsroom: Newsroom, minutes: int
) -> None:
    """Kind: times of the process that publishes and of that which decides were compared."""
    case, _ = published(newsroom)
    newsroom.change(Correction, published_at=now() + timedelta(minutes=minutes))
    newsroom.act(history.undo, case, newsroom.hire(Role.ADMIN))
    assert last_kinds(newsroom, 1)[-1] == EntryKind.RETRACTED


def test_to_undo_what_was_done_by_a_process_whose_clock_is_behind_takes_no_notice_back(newsroom: Newsroom) -> None:
    case, _ = published(newsroom)
    newsroom.change(Correction, created_at=now() + timedelta(minutes=5))
    editor = newsroom.hire(Role.ADMIN)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(history.undo, case, editor)
    assert last_kinds(newsroom, 1)[-2:] == [EntryKind.REOPENED, EntryKind.KEPT]


def test_what_became_of_a_notice_is_told_everywhere_where_it_is_shown(newsroom: Newsroom, client: FlaskClient) -> None:
    """Kind: the linked data of an article gave the words of a notice without that it is being looked at again."""
    case, _ = published(newsroom)
    newsroom.act(cases.reopen, case, newsroom.hire(Role.ADMIN))
    fate = told(client)["fate"]
    address = "url=https://news.example/bridge"
    (linked,) = json.loads(client.get(f"/log/news/article.json?{address}").get_data())["correction"]
    assert linked["text"].startswith(fate)
    assert "creativeWorkStatus" not in linked
    for path in ("", "/corrections/1", "/feed.atom", "/feed.rss", "/feed.json", "/log.csv", f"/article.html?{address}"):
        assert fate in client.get(f"/log/news{path}").text, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_noticed_an_error_is_not_told_where_its_only_reader_took_their_report_back(language: str) -> None:
    """The same sentence stands there where an editor opened the case, and where the reader who reported it was erased."""
    said = catalogue_in(language)("public.noticed_inside", date="2026").casefold()
    newsrooms = ("editor", "newsroom", "redaktion", "редакц", "redakc", "redac", "rédact", "redaz", "تحرير", "מערכת")
    assert [word for word in newsrooms if word in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_whose_place_an_earlier_one_took_is_not_said_to_have_given_it_to_a_later_one(language: str) -> None:
    """Where two cases are merged, the notice of the one that stays may be the older."""
    said = catalogue_in(language)("public.replaced", date="2026").casefold()
    later = (
        "later",
        "newer",
        "spätere",
        "neuere",
        "أحدث",
        "חדשה",
        "now",
        "yeni",
        "нов",
        "plus récent",
        "posterior",
        "reciente",
        "successiv",
    )
    assert [word for word in later if f" {word}" in said] == []
