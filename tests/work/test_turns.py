"""The mail about a case goes to whose turn it is: the owner of a new one, who has one that came back, who is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.owners import Owner
from corrections_service.rules.pages import ArticleFacts
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import (
    articles,
    cases,
    clocks,
    corrections,
    editors,
    looks,
    outbox,
    people,
    proposals,
    readers,
    routing,
    sites,
)
from corrections_service.store.models import Article, Case, Delivery, Editor, FixState, Report, Site, now
from corrections_service.work.mail import read_unsubscribe_token
from tests.work.postroom import Desk


def hire(desk: Desk, email: str) -> int:
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        return editors.add(session, email, site=site, role=Role.EDITOR, name=email.partition("@")[0].title()).id


def own(desk: Desk, owner: int, **words: str) -> None:
    """Say whose matter some cases are."""
    rule = Owner(section=words.get("section", ""), author="", kind="", owner=owner, deputy=None)
    with desk.db.write() as session:
        routing.choose(session.get_one(Site, desk.site.id), [rule])


def at_once(desk: Desk) -> None:
    """Let the time be over in which what was done can be undone unseen."""
    with desk.db.write() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.next_at = now() - corrections.UNDO


def pass_by(desk: Desk, time: timedelta) -> None:
    """Let what is owed have been owed for so long."""
    with desk.db.write() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.created_at = now() - time
    at_once(desk)


def looked_at(desk: Desk, case: int) -> None:
    """Let the service have read the article, of which it knows the headline and what stands there."""
    facts = ArticleFacts(canonical_url="https://news.example/bridge", headline="The bridge over the harbour")
    with desk.db.write() as session:
        article = session.get_one(Case, case).article
        articles.record_reading(session, article, facts, "Start News Sport\nIt flows at 2.4 kilometres a second.")


def looked_at_in_vain(desk: Desk, case: int) -> None:
    with desk.db.write() as session:
        articles.record_failure(session, session.get_one(Case, case).article, "The newspaper is away.")


def long_past(desk: Desk, _case: int) -> None:
    """Let nobody have looked at the article for as long as a mail waits for that."""
    pass_by(desk, routing.FIRST_LOOK)


def by_hand(desk: Desk, _case: int) -> None:
    """Let somebody let the mail go."""
    with desk.db.write() as session:
        outbox.hasten(session, Delivery.template == outbox.DESK_TEMPLATE)


@pytest.mark.parametrize("happens", [looked_at, looked_at_in_vain, long_past, by_hand])
def test_the_first_mail_about_an_article_waits_until_it_was_looked_at_or_for_seconds(
    desk: Desk, happens: Callable[[Desk, int], None]
) -> None:
    """Else it begins with the page's menu, as the reader's browser gave the words, and lacks the headline."""
    case = desk.report_unread(title="", prefix="Start News Sport It flows at ")
    assert desk.mails() == []
    with desk.db.read() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.next_at <= delivery.created_at + routing.FIRST_LOOK
        assert (delivery.attempts, delivery.claimed_by) == (0, None)
    happens(desk, case)
    at_once(desk)
    (mail,) = desk.mails()
    if happens is looked_at:
        assert "The bridge over the harbour" in mail.message["Subject"]
        assert "Start News" not in mail.part("plain")


def test_a_known_article_s_next_case_is_mailed_at_once(desk: Desk) -> None:
    desk.report()
    desk.report_unread(exact="a second", suggestion="a minute")
    assert "2" in desk.mails()[0].message["Subject"]


def test_a_new_case_is_mailed_to_its_owner_and_another_one_to_the_desk(desk: Desk) -> None:
    """Also where both are due at one moment and would be one mail."""
    mia = hire(desk, "mia@news.example")
    own(desk, mia, section="Sport")
    for name in ("sport", "politics"):
        desk.report_unread(url=f"https://news.example/{name}")
    assert desk.mails() == [], "they wait for the first look at their articles"
    with desk.db.write() as session:
        for article in session.scalars(select(Article)):
            article.section, article.read_at = article.url.rpartition("/")[2].title(), now()
    at_once(desk)
    desk.mails()
    mails = {mail.rcpt_tos: mail.part("plain") for mail in desk.mails()}
    assert set(mails) == {("mia@news.example",), ("desk@news.example",)}
    assert "/sport" in mails["mia@news.example",]
    with desk.db.read() as session:
        assert {case.assignee_id for case in session.scalars(select(Case))} == {mia, None}


def test_a_mail_waits_no_longer_than_some_minutes_for_an_article_that_cannot_be_read(desk: Desk) -> None:
    own(desk, hire(desk, "mia@news.example"), section="Sport")
    desk.report_unread()
    assert desk.mails() == []
    pass_by(desk, routing.FIRST_LOOK)
    assert desk.mails() == []
    pass_by(desk, routing.FOR_OWNERS)
    assert [mail.rcpt_tos for mail in desk.mails()] == [("desk@news.example",)]


def test_who_is_named_reads_the_note_and_who_is_given_a_case_hears_from_whom(desk: Desk) -> None:
    number, mia = desk.report(), hire(desk, "mia@news.example")
    before = len(desk.mails())
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.note(session, case, "@mia Is <b>this</b> so?", actor=actor)
        people.assign(session, case, mia, actor=actor)
    assert len(desk.mails()) == before, "what is done can be undone unseen at first"
    at_once(desk)
    named, given = desk.mails()[before:]
    assert named.message["Subject"] == f"Case {number} names you: The bridge"
    assert "Ed names you in a note:" in named.part("plain")
    assert "@mia Is <b>this</b> so?" in named.part("plain")
    assert "&lt;b&gt;" in named.part("html")
    assert given.message["Subject"] == f"Case {number} is yours now: The bridge"
    assert given.message["In-Reply-To"] == named.message["Message-ID"]


@pytest.mark.parametrize("has_editor", [True, False])
def test_what_came_back_or_was_answered_is_mailed_to_its_editor_or_the_desk(desk: Desk, has_editor: bool) -> None:
    number = desk.report(email="ann@example.org")
    desk.decide(number)
    with desk.db.write() as session:
        case = session.get_one(Case, number)
        case.assignee_id = desk.editor.id if has_editor else None
        session.flush()
        session.expire(case)
        looks.see_fix(session, case, FixState.PRESENT, before="The river flows at 2.4 kilometres a second.")
        cases.ask(session, case, "Where?", actor=session.get_one(Editor, desk.editor.id))
        case.assignee_id = desk.editor.id if has_editor else None
        readers.answer(session, session.scalars(select(Report)).one(), "See https://evil.example for it.")
    at_once(desk)
    to = "ed@news.example" if has_editor else "desk@news.example"
    mails = [mail for mail in desk.mails() if mail.rcpt_tos == (to,)][-2:]
    assert [str(mail.message["Subject"]) for mail in mails] == [
        f"Case {number} came back: The bridge that waited",
        f"Case {number} was answered: The bridge that waited",
    ]
    assert "evil" in mails[1].part("plain")
    assert "https://evil.example" not in mails[1].part("plain"), "links of readers are harmless"


@pytest.mark.parametrize("was_seen_fixed", [True, False])
def test_what_was_called_fixed_already_and_never_was_seen_so_came_back_from_nowhere(
    desk: Desk, was_seen_fixed: bool
) -> None:
    """Its editor reads that the words stand there, and not that they stand there again."""
    number = desk.report()
    wrong, right = "The river flows at 2.4 kilometres a second.", "The river flows at 2.4 metres a second."
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        looks.see_fix(session, case, FixState.PRESENT, before=wrong, passage="2.4 kilometres")
        cases.decide(session, case, Decision(Resolution.ALREADY_FIXED), actor=actor)
        if was_seen_fixed:
            looks.see_fix(session, case, FixState.APPLIED, after=right, passage="2.4 metres")
        looks.see_fix(session, case, FixState.PRESENT, before=wrong, passage="2.4 kilometres")
        assert case.state is State.OPEN
    at_once(desk)
    said = " ".join(desk.mails()[-1].part("plain").split())
    assert ("stand in the article again" in said) is was_seen_fixed
    assert ("were never seen corrected" in said) is not was_seen_fixed


def test_of_a_case_that_was_closed_by_hand_nobody_reads_that_it_was_called_fixed_already(desk: Desk) -> None:
    number = desk.report()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        looks.see_fix(session, case, FixState.UNREACHABLE)
        cases.decide(session, case, Decision(Resolution.FIXED, why_silent="A unit."), actor=actor)
        cases.close(session, case, "It could not be read.", actor=actor)
        looks.see_fix(session, case, FixState.PRESENT, before="It flows at 2.4 kilometres.", passage="2.4 kilometres")
        assert case.state is State.OPEN
    at_once(desk)
    said = " ".join(desk.mails()[-1].part("plain").split())
    assert "were never seen corrected" in said
    assert "fixed already" not in said


def test_an_appeal_is_mailed_to_the_desk_for_another_person(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
        readers.appeal(session, session.scalars(select(Report)).one(), "It is metres.")
    at_once(desk)
    mail = next(mail for mail in desk.mails() if "questioned" in mail.message["Subject"])
    assert mail.rcpt_tos == ("desk@news.example",)
    assert "It is metres." in mail.part("plain")


def ask_and_answer(desk: Desk, number: int, answer: str) -> None:
    """Ask the reader of a case, who answers."""
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.ask(session, case, "Where?", actor=actor)
        case.assignee_id = None
        readers.answer(session, session.scalars(select(Report).where(Report.case_id == number)).one(), answer)


def test_what_a_reader_answers_is_mailed_without_personal_details(desk: Desk) -> None:
    """I4: a mail is kept by whoever gets it; the words themselves stand at the case."""
    number = desk.report(email="ann@example.org")
    ask_and_answer(desk, number, "Call me: +44 20 7946 0958, or canary@example.org")
    at_once(desk)
    mail = next(mail for mail in desk.mails() if "answered" in mail.message["Subject"])
    for part in ("plain", "html"):
        assert "Call me" in mail.part(part)
        assert "7946" not in mail.part(part)
        assert "canary" not in mail.part(part)


def test_a_desk_that_wants_no_mail_is_mailed_of_no_turn_and_its_administrator_is(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    at_once(desk)
    desk.mails()
    with desk.db.write() as session:
        sites.mail_desk(session, session.get_one(Site, desk.site.id), is_wished=False)
    before = len(desk.mails())
    ask_and_answer(desk, number, "At the bridge.")
    with desk.db.write() as session:
        case = session.get_one(Case, number)
        case.remind_at, case.due_at = now(), now()
        clocks.remind(session)
    at_once(desk)
    assert {mail.rcpt_tos for mail in desk.mails()[before:]} == {("ed@news.example",)}, "what was answered is not asked"
    with desk.db.write() as session:
        session.get_one(Case, number).assignee_id = desk.editor.id
    with desk.db.write() as session:
        readers.appeal(session, _decided(session, number, desk), "It is metres.")
        session.get_one(Case, number).assignee_id = desk.editor.id
    at_once(desk)
    assert all(mail.rcpt_tos != ("desk@news.example",) for mail in desk.mails()[before:])


def _decided(session: Session, number: int, desk: Desk) -> Report:
    """The report of a case that was declined just now."""
    actor = session.get_one(Editor, desk.editor.id)
    cases.decide(session, session.get_one(Case, number), Decision(Resolution.NOT_AN_ERROR), actor=actor)
    return session.scalars(select(Report).where(Report.case_id == number)).one()


def test_a_desk_gets_so_many_mails_an_hour_of_whatever_sort_and_can_stop_them_all_by_one(desk: Desk) -> None:
    """P-11."""
    most = desk.work.settings.limit_desk_mails
    numbers = [desk.report(email="ann@example.org", url=f"https://news.example/{at}") for at in range(most + 3)]
    at_once(desk)
    desk.mails()
    for number in numbers:
        with desk.db.write() as session:
            readers.appeal(session, _decided(session, number, desk), "It is metres.")
    at_once(desk)
    of_desk = [mail for mail in desk.mails() if mail.rcpt_tos == ("desk@news.example",)]
    assert len(of_desk) == most
    token = str(of_desk[-1].message["List-Unsubscribe"]).rpartition("/")[2].rstrip(">")
    site_id, report_id, mark = read_unsubscribe_token(token, desk.work.settings)
    with desk.db.write() as session:
        assert report_id == 0
        assert sites.is_desk(session, site_id, mark)


def test_who_may_approve_a_notice_is_mailed_and_who_wrote_it_hears_what_became_of_it(desk: Desk) -> None:
    number, writer = desk.report(), hire(desk, "mia@news.example")
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        approver = editors.add(session, "noor@news.example", site=site, role=Role.ADMIN, name="Noor").id
    decision = Decision(Resolution.WITHDRAWN, notice="The story was wrong from its first line.", early="In print.")
    desk.mails()
    with desk.db.write() as session:
        proposals.propose(session, session.get_one(Case, number), decision, actor=session.get_one(Editor, writer))
    at_once(desk)
    asked = {mail.rcpt_tos: mail.part("plain") for mail in desk.mails()}["noor@news.example",]
    assert "Mia asks you to approve a public notice on this case." in asked
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, approver)
        proposals.send_back(session, case, "Say what was wrong.", actor=actor)
    at_once(desk)
    back = {mail.rcpt_tos: mail.part("plain") for mail in desk.mails()}["mia@news.example",]
    assert "Noor sent your notice back:" in back
    assert "Say what was wrong." in back


def test_an_answer_is_mailed_with_what_was_asked_and_a_question_with_its_article(desk: Desk) -> None:
    """Days later nobody knows by heart which question that was, nor a reader of several reports which of them."""
    number = desk.report(email="ann@example.org", prefix="", suffix="")
    looked_at(desk, number)
    ask(desk, number, "In which year was that measured?")
    question = desk.mails()[-1]
    for kind in ("plain", "html"):
        assert "The bridge over the harbour" in question.part(kind)
        assert "https://news.example/bridge" in question.part(kind)
        assert "2.4 metres" not in question.part(kind), "nothing that a reader typed"
    with desk.db.write() as session:
        readers.answer(session, session.scalars(select(Report)).one(), "In 1978.")
    ask(desk, number, "And by whom?")
    answered = next(mail for mail in desk.mails() if "was answered" in mail.message["Subject"])
    for kind in ("plain", "html"):
        assert "In which year was that measured?" in answered.part(kind)
        assert "And by whom?" not in answered.part(kind)


def ask(desk: Desk, number: int, question: str) -> None:
    with desk.db.write() as session:
        cases.ask(session, session.get_one(Case, number), question, actor=session.get_one(Editor, desk.editor.id))
    at_once(desk)


@pytest.mark.parametrize(("language", "words"), [("en", "يبلغ طول النموذج"), ("ar", "It flows at")])
def test_a_passage_is_set_in_its_own_direction_whatever_the_mail_s_is(desk: Desk, language: str, words: str) -> None:
    """The line at its side, too, which no program sets by `dir="auto"`."""
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).language = language
    desk.report(exact=words, prefix="", suffix="", suggestion="")
    page = desk.mails()[0].part("html")
    passage = page[page.index('<p class="passage"') :].partition(">")[0]
    side, direction = ("right", "rtl") if language == "en" else ("left", "ltr")
    assert f'dir="{direction}"' in passage
    assert f"border-{side}: 3px" in passage
    assert 'class="passage" dir="auto"' not in page


def test_what_people_write_in_several_lines_is_set_off_from_what_the_service_says(desk: Desk) -> None:
    number = desk.report(email="ann@example.org", exact="2.4\nkilometres", suggestion="", comment="One.\nTwo.")
    ask(desk, number, "Three.\n\nFour.")
    with desk.db.write() as session:
        readers.answer(session, session.scalars(select(Report)).one(), "Five.\nSix.")
    at_once(desk)
    text = "\n".join(mail.part("plain").replace("\r", "") for mail in desk.mails())
    for words in ("[2.4", "kilometres]", "One.", "Two.", "Three.", "Four.", "Five.", "Six."):
        lines = [line for line in text.split("\n") if words in line]
        assert lines, words
        assert all(line.startswith("    ") for line in lines), lines


def test_a_digest_shows_the_words_next_to_the_passage_and_none_by_half(desk: Desk) -> None:
    before, after = "It is said there that " * 12, " and so on and on" * 14
    quoted = ("the king", "the mayor", "the harbour", "the ferry", "the bridge", "the tide", "the gale", "the crew")
    for number, words in enumerate(quoted):
        desk.report(
            exact=words, prefix=f"{before}by night ", suffix=f" by day{after}", url=f"https://news.example/{number}"
        )
    text = desk.mails()[0].part("plain")
    for words in quoted:
        line = next(line for line in text.splitlines() if f"[{words}]" in line)
        assert re.fullmatch(r" {4}… (?:\w+ )+by night \[[\w ]+\] by day(?: and| so| on)+ …", line), line
        assert line.split()[1] in before.split(), line
