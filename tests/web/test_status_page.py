"""What a report's page tells of its answer, of an objection and of what the desk asked: what is so at this moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service import errors
from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import articles, cases, entries, log, looks, readers, reports
from corrections_service.services.reports import Submitted
from corrections_service.store.models import Article, Case, Delivery, DeliveryState, Editor, FixState, Site, now
from corrections_service.work import letters
from tests.services.newsroom import SILENT, Newsroom

SAID = catalogue_in("en")
CORRECTED = Decision(Resolution.CORRECTED, "opend", "opened", "It said “opend”. It should say “opened”.")


def page_of(app: Flask, sent: Submitted, query: str = "") -> LexborHTMLParser:
    """A report's page, as anybody with its link sees it."""
    return LexborHTMLParser(app.test_client(use_cookies=False).get(f"/r/{sent.token}{query}").text)


def text_of(page: LexborHTMLParser, selector: str) -> str:
    """What stands at one place, its blanks as single ones."""
    found = page.css_first(selector)
    return " ".join(found.text().split()) if found is not None else ""


def answer_row(page: LexborHTMLParser) -> str:
    """What the row of the answer says; "" where there is none."""
    rows = zip(page.css("dt"), page.css("dd"), strict=True)
    return next((value.text().strip() for name, value in rows if name.text() == SAID("pages.reply")), "")


def object_to(app: Flask, sent: Submitted, words: str) -> None:
    """Disagree on the page."""
    data = {"action": "appeal", "text": words}
    assert app.test_client(use_cookies=False).post(f"/r/{sent.token}", data=data).status_code == 303


def see(newsroom: Newsroom, case: int, state: FixState) -> None:
    """Let the article be looked at, and read so."""
    with newsroom.db.write() as session:
        looks.see_fix(session, session.get_one(Case, case), state, "It was opend.", "It was opened.")


def test_the_row_of_the_answer_stays_until_it_was_sent_then_says_when(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    assert answer_row(page_of(app, sent)) == SAID("pages.will_hear")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    late = newsroom.send(email="bob@readers.example")
    assert newsroom.case_of(late) == case
    for report in (sent, late):
        assert answer_row(page_of(app, report)) == SAID("pages.answer_owed")
    newsroom.act(cases.close, case, editor, "I saw it.")
    assert answer_row(page_of(app, late)) == SAID("pages.answer_owed")
    at = now()
    newsroom.change(Delivery, state=DeliveryState.SENT, sent_at=at)
    for report in (sent, late):
        assert answer_row(page_of(app, report)) == SAID("pages.answer_sent", when=SAID.moment(at))


def test_an_answer_that_failed_is_told_though_a_later_mail_went(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@readers.example")
    newsroom.decide(newsroom.case_of(sent), newsroom.hire(), Resolution.OPINION)
    newsroom.change(Delivery, state=DeliveryState.FAILED)
    assert answer_row(page_of(app, sent)) == SAID("pages.undelivered")


def test_an_earlier_answer_is_not_that_of_a_new_decision(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.change(Delivery, state=DeliveryState.SENT, sent_at=now())
    newsroom.act(cases.reopen, case, editor)
    assert answer_row(page_of(app, sent)) == SAID("pages.will_hear")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    assert answer_row(page_of(app, sent)) == SAID("pages.answer_owed")


def test_the_headline_that_was_read_stands_above_the_address_on_the_page_and_in_the_form(
    app: Flask, newsroom: Newsroom
) -> None:
    sent = newsroom.send(title="A reader's own words")
    client, form = app.test_client(use_cookies=False), f"/report/{newsroom.site.key}?url=https://news.example/bridge"
    link = "a[href='https://news.example/bridge']"
    for is_read in (False, True):
        if is_read:
            newsroom.change(Article, headline="The <b>bridge</b>", read_status="read")
        status, asked = page_of(app, sent), LexborHTMLParser(client.get(form).text)
        assert text_of(status, f"dd {link}") == ("The <b>bridge</b>" if is_read else "")
        assert text_of(status, "dd bdi") == "https://news.example/bridge"
        assert [part.text() for part in status.css("dd") if part.text() != part.text().strip()] == [], (
            "spaces are shown"
        )
        assert [one.text() for one in asked.css(f"form {link}[target]")] == ["The <b>bridge</b>"] * is_read
    newsroom.change(Article, read_status="failed")
    assert "The " not in text_of(page_of(app, sent), "dd")


def test_an_objection_is_shown_with_its_time_and_the_first_decision(app: Flask, newsroom: Newsroom) -> None:
    sent, other = newsroom.send(), newsroom.send()
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.decide(case, editor, Resolution.OPINION, reason="That is for everybody to judge.")
    object_to(app, sent, "It is <b>a year</b>.")
    page = page_of(app, sent)
    assert text_of(page, "h1") == SAID("pages.objection_stored")
    assert text_of(page_of(app, other), "h1") == SAID("pages.waiting")
    assert "editor@news.example" not in (page.html or "")
    newsroom.decide(case, newsroom.hire(email="second@news.example"), Resolution.NOT_AN_ERROR, reason="Checked.")
    later = page_of(app, sent)
    assert text_of(later, "h1") == SAID("mail.resolution_not_an_error")
    for shown in (page, later):
        told = text_of(shown, "#objection")
        assert "It is <b>a year</b>." in told
        assert SAID("mail.resolution_opinion") in told
        assert "That is for everybody to judge." in told
        assert shown.css_first("#objection time") is not None
    newsroom.act(cases.reopen, case, editor)
    assert text_of(page_of(app, sent), "h1") != SAID("pages.objection_stored")
    assert page_of(app, other).css_first("#objection") is None


def test_an_objection_that_somebody_took_up_is_looked_into(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send()
    case = newsroom.case_of(sent)
    newsroom.decide(case, newsroom.hire(), Resolution.OPINION)
    object_to(app, sent, "No.")
    newsroom.act(cases.claim, case, newsroom.hire(email="second@news.example"))
    assert text_of(page_of(app, sent), "h1") == SAID("pages.looking")


@pytest.mark.parametrize("by_mail", [False, True])
def test_answers_stand_under_the_questions(app: Flask, newsroom: Newsroom, *, by_mail: bool) -> None:
    sent, other = newsroom.send(email="ann@readers.example"), newsroom.send(email="bob@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.ask, case, editor, "Where did you read it?")
    page = page_of(app, sent)
    assert (SAID("pages.question") in text_of(page, "main"), len(page.css("textarea#answer"))) == (True, 1)
    if by_mail:
        with newsroom.db.write() as session:
            readers.answer_by_mail(session, reports.by_token(session, sent.token), "In the <i>atlas</i>.", ())
        query = "?answered=1"
    else:
        data = {"action": "answer", "text": "In the <i>atlas</i>."}
        answer = app.test_client(use_cookies=False).post(f"/r/{sent.token}", data=data)
        query = answer.location[answer.location.index("?") :]
    page = page_of(app, sent, query)
    assert text_of(page, "[role=status]") == SAID("pages.answer_stored")
    told = text_of(page, "main")
    assert SAID("pages.question_over") in told
    assert SAID("pages.question") not in [one.text() for one in page.css("h2")]
    assert told.index("Where did you read it?") < told.index("In the <i>atlas</i>.")
    assert text_of(page, "h3") == SAID("pages.answer")
    assert page.css("textarea#answer") == []
    theirs = page_of(app, other, query)
    assert "atlas" not in (theirs.html or "")
    assert page_of(app, other, query).css("[role=status]") == []
    newsroom.decide(case, editor, Resolution.OPINION)
    told = text_of(page_of(app, sent), "main")
    assert SAID("pages.question_over") in told
    assert "In the <i>atlas</i>." in told


def test_a_question_of_a_decided_case_was_asked(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.ask, case, editor, "Where?")
    newsroom.decide(case, editor, Resolution.OPINION)
    assert SAID("pages.question_over") in [one.text() for one in page_of(app, sent).css("h2")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_objected_and_answered_is_told_in_every_language(
    app: Flask, newsroom: Newsroom, language: str
) -> None:
    sent, said = newsroom.send(language=language, email="ann@readers.example"), catalogue_in(language)
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.ask, case, editor, "?")
    client = app.test_client(use_cookies=False)
    client.post(f"/r/{sent.token}", data={"action": "answer", "text": "!"})
    newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.change(Delivery, state=DeliveryState.SENT, sent_at=now())
    begin = " ".join(said("pages.answer_sent", when="|").split("|")[0].split())
    assert begin in text_of(page_of(app, sent), "dl")
    object_to(app, sent, "…")
    told = text_of(page_of(app, sent), "main")
    for name in ("objection_stored", "objection", "first_decision", "question_over", "answer"):
        assert " ".join(said(f"pages.{name}").split()) in told


def test_nobody_is_said_to_look_at_a_case_that_nobody_has(app: Flask, newsroom: Newsroom) -> None:
    """Kind: a case that was given back, opened again for nobody, or that came back by itself."""
    sent = newsroom.send()
    case, editor = newsroom.case_of(sent), newsroom.hire()

    def heading() -> str:
        return text_of(page_of(app, sent), "h1")

    newsroom.act(cases.claim, case, editor)
    assert heading() == SAID("pages.looking")
    newsroom.act(cases.release, case, editor)
    assert heading() == SAID("pages.waiting")
    newsroom.act(cases.claim, case, editor)
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    for state in (FixState.PRESENT, FixState.APPLIED, FixState.PRESENT):
        see(newsroom, case, state)
    newsroom.change(Case, assignee_id=None)
    assert newsroom.look(case).state is State.OPEN
    assert heading() == SAID("pages.waiting")
    with newsroom.db.read() as session:
        assert log.taken_up(session, articles.at(session, newsroom.site, "https://news.example/bridge")) == 0


def test_what_is_decided_is_checked_no_more(newsroom: Newsroom) -> None:
    case, editor = newsroom.case_of(newsroom.send()), newsroom.hire()
    newsroom.act(cases.claim, case, editor)
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    with newsroom.db.read() as session:
        assert log.taken_up(session, articles.at(session, newsroom.site, "https://news.example/bridge")) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_that_was_changed_is_not_said_to_be_changed_still(
    app: Flask, newsroom: Newsroom, language: str
) -> None:
    """Kind: a notice that waits for its time, while everybody reads the article as it is now."""
    sent = newsroom.send(language=language)
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.decide, case, editor, CORRECTED, publish_at=now() + timedelta(days=1))
    said = catalogue_in(language)
    for state, sentence in ((FixState.PRESENT, "pages.fixing"), (FixState.APPLIED, "pages.changed")):
        see(newsroom, case, state)
        assert text_of(page_of(app, sent), "h1") == " ".join(said(sentence).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wait", [None, timedelta(days=1)])
def test_of_a_note_that_will_be_published_nobody_is_told_that_the_article_is_changed(
    app: Flask, newsroom: Newsroom, language: str, wait: timedelta | None
) -> None:
    """Kind: a note says that a story is looked into, and nothing of the story has to change for it."""
    sent = newsroom.send(language=language)
    case, editor = newsroom.case_of(sent), newsroom.hire(Role.STANDARDS)
    note = Decision(Resolution.EDITORS_NOTE, notice="We look into this story.", early="It is said at once.")
    newsroom.act(cases.decide, case, editor, note, publish_at=wait and now() + wait)
    assert text_of(page_of(app, sent), "h1") == " ".join(catalogue_in(language)("pages.noting").split())


def test_nobody_is_offered_thanks_in_a_correction_that_will_not_be(app: Flask, newsroom: Newsroom) -> None:
    newsroom.change(Site, policy={"thanks": True})
    sent = newsroom.send()
    case, editor = newsroom.case_of(sent), newsroom.hire()
    assert page_of(app, sent).css_first("#thanks") is not None
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert page_of(app, sent).css_first("#thanks") is None
    with newsroom.db.write() as session, pytest.raises(errors.NotClosed):
        readers.offer_name(session, reports.by_token(session, sent.token), "Ann")
    newsroom.act(cases.reopen, case, editor)
    with newsroom.db.write() as session:
        readers.offer_name(session, reports.by_token(session, sent.token), "Ann")
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    page = page_of(app, sent)
    assert page.css_first("#thanks button[value=no_name]") is not None, "a name is taken away whatever was decided"
    assert page.css_first("#thanks button[value=name]") is None


def test_what_was_called_no_error_is_not_shown_as_mended(app: Flask, newsroom: Newsroom) -> None:
    """Kind: a correction that was taken back, whose article reads otherwise meanwhile."""
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    for state in (FixState.PRESENT, FixState.APPLIED):
        see(newsroom, case, state)
    assert "It was opened." in text_of(page_of(app, sent), "main")
    assert entries.right_since(newsroom.look(case)) is not None
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert "It was opened." not in text_of(page_of(app, sent), "main")
    assert entries.right_since(newsroom.look(case)) is None
    with newsroom.db.read() as session:
        values = letters.reader_values(session.get_one(Case, case), 1)
    assert (values["before"], values["after"]) == ("", "")


def test_who_has_withdrawn_is_asked_nothing_and_told_no_decision(app: Flask, newsroom: Newsroom) -> None:
    ann, bob = newsroom.send(email="ann@readers.example"), newsroom.send(email="bob@readers.example")
    case, editor = newsroom.case_of(ann), newsroom.hire()
    newsroom.act(cases.ask, case, editor, "Where?")
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, ann.token))
    assert page_of(app, ann).css_first("textarea") is None
    assert page_of(app, bob).css_first("textarea") is not None
    with newsroom.db.write() as session:
        row, actor = session.get_one(Case, case), session.get_one(Editor, editor)
        cases.decide(session, row, Decision(Resolution.OPINION), actor=actor, reason="It is a view.")
    assert "It is a view." in text_of(page_of(app, bob), "main")
    page = page_of(app, ann)
    assert text_of(page, "h1") == SAID("pages.withdrawn")
    assert "It is a view." not in text_of(page, "main")
