"""What somebody typed in several lines stands in several lines in the HTML of a mail, too (D3)."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service.demo.mailbox import Mail
from corrections_service.services import cases, offices, readers
from corrections_service.store.models import Case, Editor, Report
from tests.work.postroom import Desk
from tests.work.test_offices import case as case
from tests.work.test_offices import decide, later, to

LINES = "First, it was 1978.\n\nSecond, it was a Monday."


def keeps_lines(mail: Mail) -> bool:
    """Whether each element that holds such lines keeps them."""
    paragraphs = LexborHTMLParser(mail.part("html")).css("p")
    styles = [node.attributes.get("style") or "" for node in paragraphs if "First, it was" in node.text()]
    return bool(styles) and all("white-space: pre-line" in style for style in styles)


def test_a_reader_s_comment_and_answer_and_an_editor_s_question_keep_their_lines(desk: Desk) -> None:
    number = desk.report(email="ann@readers.example", comment=LINES)
    desk.mails()
    with desk.db.write() as session:
        cases.ask(session, session.get_one(Case, number), LINES, actor=session.get_one(Editor, desk.editor.id))
    mails = later(desk)
    with desk.db.write() as session:
        readers.answer(session, session.scalars(select(Report)).one(), LINES)
    mails += later(desk)
    shown = [*to(desk.mails(), "desk@news.example"), *to(mails, "ann@readers.example")]
    assert len(shown) >= 3
    assert [mail.message["Subject"] for mail in shown if "First" in mail.part("html") and not keeps_lines(mail)] == []
    assert sum("First" in mail.part("html") for mail in shown) >= 3


def test_of_several_reports_that_an_office_gets_each_stands_below_its_number(desk: Desk, case: int) -> None:
    for number in range(offices.MOST):
        desk.report(email=f"r{number}@readers.example", comment=LINES)
    decide(desk, case)
    mail = to(later(desk), "abo@news.example")[0]
    assert keeps_lines(mail)
    page = LexborHTMLParser(mail.part("html"))
    assert len([node for node in page.css("hr + h2.case") if node.text().startswith("Report ")]) > 1
