"""Mail to corrections@ becomes reports, each about the article that it names, and what names none waits in sight (B12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from corrections_service.rules import offers
from corrections_service.rules.incoming import read
from corrections_service.rules.workflow import State
from corrections_service.services import blocks, cases, incoming, named
from corrections_service.settings import Settings
from corrections_service.store.models import (
    Article,
    BlockKind,
    Case,
    Delivery,
    Editor,
    Event,
    Letter,
    Place,
    Report,
    Site,
    now,
)
from corrections_service.work.mail import message_id
from tests.rules import programs_alone as alone
from tests.rules.replies import html_letter, text_letter
from tests.services.newsroom import Newsroom

LINK = "https://news.example/bridge"
DESK = {"To": "corrections@news.example"}
TEXT = "The bridge across the harbour was opend in 1987 by the king, who stayed for lunch."


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """Reports are stored as all are, which is tested on both databases."""
    return sqlite_settings


def take(newsroom: Newsroom, raw: bytes) -> Letter:
    """Take a letter in; what `text_letter` says that it answers is a mail that nobody here sent."""
    raw = raw.replace(b"<77.0123456789abcdef@corrections.example>", b"<some@other.example>")
    with newsroom.db.write() as session:
        letter = incoming.take_in(session, read(raw, host="corrections.example"), newsroom_settings(newsroom))
        assert letter is not None
        return letter


def newsroom_settings(newsroom: Newsroom) -> Settings:
    return Settings(secret_key="a secret of forty-two letters for the tests", base_url="http://corrections.example")


def only_report(newsroom: Newsroom) -> Report:
    with newsroom.db.read() as session:
        return session.scalars(select(Report)).one()


def test_a_letter_with_a_link_is_a_report_of_that_article_in_its_sender_s_words(newsroom: Newsroom) -> None:
    words = f"In your article the year is wrong, it was 1978.\n\n{LINK}?utm_source=mail."
    letter = take(newsroom, text_letter(f"{words}\n\nBest regards,\nAnn", subject="A wrong year", **DESK))
    assert letter.place is Place.CASE
    report = only_report(newsroom)
    assert (report.url, report.place) == (LINK, "A wrong year")
    assert report.comment == words
    assert newsroom.owed("receipt") == [("ann@readers.example", "owed")]
    assert newsroom.owed("case_new") == [(newsroom.site.desk, "owed")]
    with newsroom.db.read() as session:
        assert session.get_one(Letter, letter.id).case_id == report.case_id


@pytest.mark.parametrize("is_shadow", [False, True])
def test_what_a_blocked_sender_mails_is_set_aside_in_sight(newsroom: Newsroom, is_shadow: bool) -> None:
    """Kind: who was blocked wrote a mail instead, which came to the desk like any other."""
    editor = newsroom.hire()
    with newsroom.db.write() as session:
        site, actor = session.get_one(Site, newsroom.site.id), session.get_one(Editor, editor)
        address, until = "ann@readers.example", now() + timedelta(days=9)
        kind = BlockKind.ADDRESS
        blocks.add(session, site, kind, address, reason="Insults.", until=until, is_shadow=is_shadow, actor=actor)
    take(newsroom, text_letter(f"The year is wrong. {LINK}", subject="A wrong year", **DESK))
    report = only_report(newsroom)
    assert report.spam_reasons[-1] == blocks.REASON
    assert newsroom.look(report.case_id).state is State.SPAM
    assert newsroom.owed("case_new") == []


def test_a_link_that_only_the_html_has_is_found(newsroom: Newsroom) -> None:
    take(newsroom, html_letter(f'<p>The year in <a href="{LINK}?a=1&amp;b=2">this article</a> is wrong.</p>', **DESK))
    assert only_report(newsroom).url.startswith(LINK)


@pytest.mark.parametrize("marks", ["“{}”", "„{}“", "«{}»", '"{}"', "‘{}’"])
def test_what_is_in_quotation_marks_is_looked_for_in_the_article_where_it_stands_once(
    newsroom: Newsroom, marks: str
) -> None:
    quotation = marks.format("opend in 1987")
    take(newsroom, text_letter(f"You write {quotation}, which is misspelt. {LINK}", **DESK))
    with newsroom.db.write() as session:
        case = session.scalars(select(Case)).one()
        assert case.place == "opend in 1987"
        finding = named.look_up(named.named_words([case]), TEXT)[case.id]
        assert named.settle(session, case, finding)
        assert (case.exact, case.prefix[-8:]) == ("opend in 1987", "our was ")


def titled(newsroom: Newsroom, *headlines: str) -> None:
    """Let there be articles with these headlines."""
    for number, headline in enumerate(headlines):
        newsroom.send(url=f"https://news.example/{number}")
        with newsroom.db.write() as session:
            session.execute(update(Article).where(Article.url.endswith(f"/{number}")).values(headline=headline))


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Re: The bridge that waited", "It was 1978."),
        ("An error", "In “the Bridge  that waited” you write 1987."),
        ("AW: Fwd: the bridge that waited – wrong year", "It was 1978."),
    ],
)
def test_an_article_is_known_by_its_title(newsroom: Newsroom, subject: str, words: str) -> None:
    titled(newsroom, "The bridge that waited", "The ferry")
    assert take(newsroom, text_letter(words, subject=subject, **DESK)).place is Place.CASE
    with newsroom.db.read() as session:
        newest = session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
    assert (newest.url, newest.comment) == ("https://news.example/0", words)


def test_a_title_of_two_articles_and_a_word_that_stands_anywhere_are_no_article(newsroom: Newsroom) -> None:
    titled(newsroom, "The bridge that waited", "The bridge that waited", "News")
    assert take(newsroom, text_letter("News of the bridge that waited", **DESK)).place is Place.ASIDE


def test_an_article_is_known_by_the_mail_of_ours_that_is_answered_without_its_address(newsroom: Newsroom) -> None:
    newsroom.send(email="ann@readers.example")
    with newsroom.db.read() as session:
        own = session.scalars(select(Delivery).where(Delivery.template == "receipt")).one()
        id = message_id(own, "corrections.example")
    raw = text_letter("And the king is misspelt.", **DESK).replace(
        b"<77.0123456789abcdef@corrections.example>", id.encode()
    )
    assert take(newsroom, raw).place is Place.CASE
    with newsroom.db.read() as session:
        assert [report.url for report in session.scalars(select(Report))] == [LINK, LINK]


def test_what_a_colleague_answers_to_a_mail_to_the_desk_is_no_reader_s_report(newsroom: Newsroom) -> None:
    """Though its subject, which is ours, has a headline in it, and what it repeats a link."""
    titled(newsroom, "The bridge that waited")
    with newsroom.db.read() as session:
        own = session.scalars(select(Delivery).where(Delivery.template == "case_new")).one()
        ids = (
            message_id(own, "corrections.example"),
            "<digest.0123456789abcdef.0.0123456789abcdef@corrections.example>",
        )
    for id in ids:
        raw = text_letter(f"I take it.\n\n> {LINK}", subject="Re: Case 1: The bridge that waited", **DESK)
        raw = raw.replace(b"<77.0123456789abcdef@corrections.example>", id.encode())
        letter = take(newsroom, raw.replace(b"<en.1@", f"<{len(id)}@".encode()))
        assert (letter.place, letter.reason) in ((Place.ASIDE, incoming.TO_DESK),)
        with newsroom.db.write() as session:
            session.execute(delete(Letter))
    assert newsroom.count(Report) == 1


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (text_letter("Buy our watches! https://shop.example/", **DESK), Place.ASIDE),
        (text_letter("Please call me back.", **DESK), Place.ASIDE),
        (
            html_letter(f"<p>Offers, as in {LINK}</p>", **{"List-Unsubscribe": "<https://shop.example>"}, **DESK),
            Place.PROGRAM,
        ),
        (alone.postfix(), Place.PROGRAM),
        (alone.away_by_subject("de"), Place.PROGRAM),
        (text_letter("https://news.example.evil.test/bridge and http://news.example@evil.test/", **DESK), Place.ASIDE),
    ],
    ids=["spam", "no article", "newsletter", "bounce", "out of office", "another site"],
)
def test_what_is_no_report_is_kept_and_makes_none(newsroom: Newsroom, raw: bytes, place: Place) -> None:
    assert take(newsroom, raw).place is place
    assert newsroom.count(Report) == 0
    assert newsroom.count(Letter) == 1


def test_an_offer_is_set_aside_in_sight_and_one_click_brings_it_back(newsroom: Newsroom) -> None:
    words = f"Hi, do you accept guest posts? I read {LINK} and would like to buy a link. What is your price?"
    assert take(newsroom, text_letter(words, subject="Cooperation", **DESK)).place is Place.CASE
    report = only_report(newsroom)
    assert (report.comment, report.spam_reasons) == (words, [offers.OFFER])
    assert newsroom.owed("case_new") == []
    assert newsroom.look(report.case_id).state is State.SPAM
    newsroom.act(cases.not_spam, report.case_id, newsroom.hire())
    assert newsroom.look(report.case_id).state is State.NEW


def test_a_long_letter_is_kept_whole_and_what_came_with_it_is_named(newsroom: Newsroom) -> None:
    words = f"{LINK} " + "The year is wrong. " * 200
    take(newsroom, text_letter(words, **DESK))
    report = only_report(newsroom)
    assert len(report.comment) <= 1000
    with newsroom.db.read() as session:
        event = session.scalars(select(Event).where(Event.kind == "answered")).one()
        assert (event.data["text"], event.report_id) == (words.strip(), report.id)


@pytest.mark.parametrize("sender", ["Zoë <zoë@readers.example>", "root@localhost", "nobody"])
def test_a_letter_of_somebody_who_cannot_be_written_to_counts_all_the_same(newsroom: Newsroom, sender: str) -> None:
    raw = text_letter(f"The year is wrong. {LINK}", **DESK).replace(
        b"Ann Harbour <ann@readers.example>", sender.encode()
    )
    assert take(newsroom, raw).place is Place.CASE
    assert only_report(newsroom).comment
    assert newsroom.owed("receipt") == []


def test_the_same_letter_to_two_addresses_is_one_report(newsroom: Newsroom) -> None:
    raw = text_letter(f"The year is wrong. {LINK}", **DESK)
    take(newsroom, raw)
    with newsroom.db.write() as session:
        again = incoming.take_in(session, read(b"Received: from x\r\n" + raw), newsroom_settings(newsroom))
    assert again is None
    assert newsroom.count(Report) == 1


def test_one_address_cannot_fill_the_desk_and_nothing_of_it_is_lost(newsroom: Newsroom, monkeypatch: Any) -> None:
    monkeypatch.setattr(incoming, "MOST_REPORTS", "3/day")
    places = [take(newsroom, text_letter(f"Wrong {n}. {LINK}/{n}", **DESK)).place for n in range(5)]
    assert places == [Place.CASE] * 3 + [Place.ASIDE] * 2
    with newsroom.db.read() as session:
        assert {case.state for case in session.scalars(select(Case))} == {State.NEW}


NEWSLETTER = "> https://news.example/ferry\n> https://news.example/bridge\n> https://news.example/"


def test_which_of_many_pages_that_a_letter_repeats_is_meant_nobody_can_tell(newsroom: Newsroom) -> None:
    """Kind: a newsletter of ours that came back with a word about one of its articles; the first was taken for it."""
    assert take(newsroom, text_letter(f"The second is wrong.\n\n{NEWSLETTER}", **DESK)).place is Place.ASIDE
    assert take(newsroom, text_letter(f"It was 1978. {LINK}\n\n{NEWSLETTER}", **DESK)).place is Place.CASE
    assert only_report(newsroom).url == LINK


def test_the_one_page_that_a_letter_repeats_is_meant(newsroom: Newsroom) -> None:
    words = f"It was 1978.\n\n> {LINK}?utm_source=a\n> {LINK}\n> https://news.example/"
    assert take(newsroom, text_letter(words, **DESK)).place is Place.CASE
    assert only_report(newsroom).url == LINK


def test_a_group_that_keeps_the_desk_s_address_hands_letters_on(newsroom: Newsroom) -> None:
    """Kind: a group says of each letter that it went to many, also of one to corrections@ alone."""
    with newsroom.db.write() as session:
        incoming.choose_address(session.get_one(Site, newsroom.site.id), "corrections@news.example")
    group = {"List-Id": "Corrections <corrections.news.example>", "Precedence": "list", **DESK}
    assert take(newsroom, text_letter(f"It was 1978. {LINK}", **group)).place is Place.CASE
    other = {**group, "List-Id": "<offers.shop.example>"}
    assert take(newsroom, text_letter(f"Offers of the week. {LINK}", **other)).place is Place.PROGRAM
