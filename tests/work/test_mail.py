"""Mails as a real mail server gets them: complete, harmless, threaded, each once (THREATS C07, C08, C10, H07, P-10, P-13)."""

from __future__ import annotations

import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.demo.mailbox import Mail
from corrections_service.rules import catalogue
from corrections_service.rules.text import one_line
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import answers, cases, corrections, history, outbox
from corrections_service.store.models import Article, Case, Delivery, Editor, Site, now
from corrections_service.work import deliveries
from corrections_service.work.letters import right_to_left, unlink
from tests.work.postroom import Desk

BASE = "http://corrections.example"
HOSTILE = Path(__file__).parents[2] / "../shared/data/hostile/crlf.json"
OURS = {
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "in-reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "message-id",
    "mime-version",
    "references",
    "subject",
    "to",
    "x-corrections-case",
}


def links(mail: Mail) -> set[str]:
    """What can be clicked in the HTML part."""
    return {str(one.attributes["href"]) for one in LexborHTMLParser(mail.part("html")).css("[href]")}


def test_the_desk_reads_in_one_mail_what_is_wrong_where_and_what_to_do(desk: Desk) -> None:
    number = desk.report(comment="I measured it.", source_url="https://example.org/tables", email="ann@example.org")
    mail, receipt = desk.mails()
    said = mail.message
    assert mail.rcpt_tos == ("desk@news.example",)
    assert said["Subject"] == f"Case {number}: The bridge – “2.4 kilometres”"
    assert said["X-Corrections-Case"] == str(number)
    assert said["Auto-Submitted"] == "auto-generated"
    assert said["List-Unsubscribe"].startswith(f"<{BASE}/unsubscribe/")
    assert said["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<case\.\d+\.[0-9a-f]{16}@corrections\.example>", said["Message-ID"])
    words = mail.part("plain")
    assert "It flows at [2.4 kilometres] a second." in words
    assert "2.4 [-kilometres-]{+metres+}" in words
    for part in ("2.4 metres", "I measured it.", "asked to hear", "this change touches a", f"{BASE}/cases/{number}"):
        assert part in words
    page = mail.part("html")
    assert "<del" in page
    assert "<ins" in page
    assert f"{BASE}/cases/{number}" in links(mail)
    assert receipt.rcpt_tos == ("ann@example.org",)


def test_the_passage_is_the_articles_own_without_its_menu_and_is_said_to_be_cut_only_where_it_is(desk: Desk) -> None:
    menu, rest = "City Culture Transport Islands City ", " opens on Monday, say reports. It is long and w"
    desk.report(exact="The bridge", suggestion="A bridge", prefix=menu, suffix=rest)
    assert f"\n    {menu}[The bridge] opens on Monday, say reports.\n" in _lines(desk.mails()[0])
    number = desk.report(
        exact="say", suggestion="said", prefix=f"{menu}The bridge opens on Monday, ", suffix=" reports. It is"
    )
    with desk.db.write() as session:
        article = session.get_one(Case, number).article
        article.words = (
            "City\nCulture\nTransport\nIslands\nCity\nThe bridge opens on Monday, say reports. It is long and wide."
        )
    assert "\n    The bridge opens on Monday, [say] reports.\n" in _lines(desk.mails()[1])


def _lines(mail: Mail) -> str:
    return mail.part("plain").replace("\r\n", "\n")


def test_no_mail_carries_a_link_that_a_reader_made_or_anything_remote(desk: Desk) -> None:
    hostile = (
        'https://evil.test/x www.evil.test a@evil.test <img src="http://evil.test/p.gif"> <a href="//evil.test">x</a>'
    )
    hostile += " <style>@import url(http://evil.test/s.css)</style> {{7*7}} <form action=http://evil.test>"
    said = dict.fromkeys(("exact", "prefix", "suffix", "suggestion", "comment", "title"), hostile)
    desk.report(**said, source_url="https://evil.test/proof", url="https://news.example/a?u=https://evil.test")
    desk.report(place=hostile, exact="", suggestion="http://evil.test/2", comment=hostile)
    for mail in desk.mails():
        page, words = mail.part("html"), mail.part("plain")
        assert all(one.startswith(f"{BASE}/") for one in links(mail))
        assert LexborHTMLParser(page).css("img, form, script, link, iframe, [src], [background]") == []
        assert all(
            "@import" not in one.text() and "url(" not in one.text() for one in LexborHTMLParser(page).css("style")
        )
        assert all("url(" not in str(one.attributes["style"]) for one in LexborHTMLParser(page).css("[style]"))
        for text in (page, words):
            assert "://evil" not in text
            assert re.search(r"\bevil\.test", text) is None
            assert "49" not in re.sub(r"[0-9a-f]{16}|/unsubscribe/\S+", "", text)


@pytest.mark.parametrize("letter", ["m", "&", "я", "م", "😀"])
def test_the_longest_report_and_the_longest_digest_stay_below_100_kb(desk: Desk, letter: str) -> None:
    def long(length: int, number: int = 0) -> str:
        return " ".join(letter * (3 + (at + number) % 5) for at in range(length))[: length - 3] + f" {number}"

    said = {
        "exact": long(2000),
        "suggestion": long(2000, 1),
        "comment": long(1000),
        "prefix": long(300),
        "suffix": long(300),
    }
    desk.report(**said)
    assert len(desk.mails()) == 1
    for number in range(30):
        desk.report(**said | {"exact": long(2000, number + 2), "url": f"https://news.example/{number}"})
    single, digest = desk.mails()
    assert "30 new cases" in digest.message["Subject"]
    for mail in (single, digest):
        assert len(mail.raw) <= 100_000
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


def crlf_values() -> list[str]:
    controls = ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029", "\0"]
    made = [f"a{one}Bcc: victim@evil.test{one}{one}b" for one in controls]
    made += ["=?utf-8?q?=0ABcc:_victim@evil.test?=", "x" * 10_000, "\u202egnp.exe\u2066", "я" * 400]
    return made + (json.loads(HOSTILE.read_text("utf-8")) if HOSTILE.exists() else [])


def test_no_text_of_a_reader_or_a_site_becomes_a_header(desk: Desk) -> None:
    for number, value in enumerate(crlf_values()):
        with desk.db.write() as session:
            session.get_one(Site, desk.site.id).name = f"News {value}"[:200].replace("\0", "")
        url = f"https://news.example/{number}"
        plain = value.replace("\0", "")
        desk.report(url=url, title=plain[:300], exact=plain[:2000] + "!", comment=plain[:1000], suggestion=f"{number}")
        mail = desk.mails()[-1]
        assert mail.rcpt_tos == ("desk@news.example",)
        names = [name.lower() for name in mail.message]
        assert set(names) <= OURS
        assert len(names) == len(set(names))
        subject = str(mail.message["Subject"])
        assert len(subject) <= 200
        assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", subject) is None
        assert b"\nBcc:" not in mail.raw.partition(b"\r\n\r\n")[0]
    assert len(desk.mailbox.messages()) == len(crlf_values())


@pytest.mark.parametrize(
    "body", [".", "a\n.\nb", "a\r.\rb", "a\r\n.\r\nMAIL FROM:<x@evil.test>\r\nb", "x" * 1000, "\r\r\n\n\r"]
)
def test_a_body_never_ends_a_message_early(desk: Desk, body: str) -> None:
    desk.report(comment=body, suggestion=body[:900], exact="dots")
    (mail,) = desk.mails()
    lines = mail.raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    assert b"\r" not in mail.raw.replace(b"\r\n", b"")
    assert "Look and decide" in mail.part("plain")
    assert mail.rcpt_tos == ("desk@news.example",)


def test_a_receipt_has_only_fixed_words_whatever_was_typed(desk: Desk) -> None:
    desk.report(
        email="ann@example.org", exact="zebra", suggestion="quagga", comment="okapi", title="gnu", prefix="eland "
    )
    desk.report(
        email="bob@example.org", exact="lion", suggestion="puma", comment="lynx", title="ocelot", prefix="tiger "
    )
    receipts = [mail for mail in desk.mails() if mail.message["Subject"] == "Your report to News"]
    receipts.sort(key=lambda mail: mail.rcpt_tos)  # they go over several connections at once
    assert [mail.rcpt_tos for mail in receipts] == [("ann@example.org",), ("bob@example.org",)]
    fixed = {re.sub(r"/r/\S+|[0-9A-Z]{4}-[0-9A-Z]{2}", "", mail.part("plain")) for mail in receipts}
    assert len(fixed) == 1
    for mail in receipts:
        assert links(mail) == {re.search(rf"{BASE}/r/\S+", mail.part("plain")).group()}  # type: ignore[union-attr]


def test_one_address_gets_one_receipt_a_day(desk: Desk) -> None:
    for number in range(5):
        desk.report(email="ann@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
    assert sum(mail.rcpt_tos == ("ann@example.org",) for mail in desk.mails()) == 1


def test_the_answer_leads_to_the_public_notice(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    desk.decide(number)
    answer = next(mail for mail in desk.mails() if "answer" in _lines(mail) or "You were right" in _lines(mail))
    with desk.db.read() as session:
        notice = session.get_one(Case, number).corrections[0]
        address = f"{BASE}/log/{notice.site.slug}/corrections/{notice.id}"
    assert address in links(answer)
    assert f"The published notice: {address}" in _lines(answer)


def test_the_answer_quotes_the_article_and_the_editor_and_nothing_that_the_reader_typed(desk: Desk) -> None:
    typed = {"comment": "zebra", "suggestion": "2.4 metres or so", "exact": "2.4 kilometres, quagga", "title": "okapi"}
    number = desk.report(email="ann@example.org", source_url="https://evil.test/", **typed)
    _, receipt = desk.mails()
    desk.decide(number, reason="You were right: see https://news.example/tables")
    answer = desk.mails()[-1]
    assert answer.rcpt_tos == ("ann@example.org",)
    for part in (answer.part("plain"), answer.part("html")):
        for words in ("flows at 2.4 kilometres a second", "flows at 2.4 metres a second", "You were right: see"):
            assert words in part
        for words in ("zebra", "quagga", "okapi", "or so", "evil"):
            assert words not in part
    assert "What became of your report" in answer.message["Subject"]
    assert answer.message["In-Reply-To"] == answer.message["References"] == receipt.message["Message-ID"]
    assert len(desk.mails()) == 3


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_a_reader_is_written_to_in_the_language_of_the_report(desk: Desk, language: str) -> None:
    number = desk.report(email="ann@example.org", language=language)
    new, receipt = desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.ask(session, case, "1 / 2?", actor=actor)
        session.query(Delivery).filter_by(template="case_asked").one().next_at = now()
    question = desk.mails()[-1]
    desk.decide(number, reason="3.")
    answer = desk.mails()[-1]
    said = catalogue.catalogue_in(language)
    (reference,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{2}", receipt.part("plain"))
    assert LexborHTMLParser(new.part("html")).css('html[lang="en"][dir="ltr"]')
    for mail, subject, sentence in (
        (receipt, "receipt_subject", "receipt_title"),
        (question, "asked_subject", "asked_link"),
        (answer, "resolved_subject", "resolution_corrected"),
    ):
        page = LexborHTMLParser(mail.part("html"))
        assert page.css(f'html[lang="{language}"][dir="{said.direction}"]')
        assert mail.message["Subject"] == one_line(said(f"mail.{subject}", site="News", reference=reference))
        assert said(f"mail.{sentence}") in page.css(".paper")[0].text()
        assert said(f"mail.{sentence}") in mail.part("plain")
        unquoted = re.sub(r"The (river|bridge)[^\n]*|https?://\S+", "", mail.part("plain"))
        assert re.findall(r"[A-Za-z][A-Za-z .’]{7,}", unquoted) == []
    assert [mail.rcpt_tos for mail in (receipt, question, answer)] == [("ann@example.org",)] * 3


@pytest.mark.parametrize("language", ["ar", "he"])
def test_the_text_part_of_a_right_to_left_language_reads_from_the_right(desk: Desk, language: str) -> None:
    """Every sentence, also one that begins with the publication's own name; addresses and quotations as they are."""
    number = desk.report(email="ann@example.org", language=language)
    desk.mails()
    desk.decide(number)
    for mail in [mail for mail in desk.mails() if mail.rcpt_tos == ("ann@example.org",)]:
        for line in mail.part("plain").splitlines():
            strong = [kind for kind in map(unicodedata.bidirectional, line) if kind in ("L", "R", "AL")]
            if {"R", "AL"} & set(strong) and not line.startswith(" "):
                assert strong[0] != "L", line


def test_a_sentence_that_begins_with_a_foreign_name_still_reads_from_the_right() -> None:
    text = "News: שלום\nhttps://news.example\n    News שלום\nשלום News\n2 שלום"
    assert right_to_left(text) == "\u200fNews: שלום\nhttps://news.example\n    News שלום\nשלום News\n2 שלום"


def test_a_report_without_a_language_is_answered_in_the_articles_and_else_in_the_sites(desk: Desk) -> None:
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).language = "pl-PL"
    number = desk.report(email="ann@example.org", language="ja")
    assert desk.mails()[-1].message["Subject"] == "Twoje zgłoszenie do News"
    with desk.db.write() as session:
        session.get_one(Case, number).article.language = "de"
    desk.decide(number)
    assert "Sie hatten recht." in desk.mails()[-1].part("plain")


def test_everyone_who_asked_hears_once_and_a_decision_can_be_undone_unheard(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    desk.report(email="bob@example.org")
    desk.report()
    before = len(desk.mails())
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.OPINION), actor=actor, reason="A matter of taste.")
        history.undo(session, case, actor=actor)
    assert len(desk.mails()) == before
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.OPINION), actor=actor, reason="A matter of taste.")
        for delivery in session.query(Delivery).filter_by(template="case_resolved"):
            delivery.next_at = now() - corrections.UNDO
    answers = desk.mails()[before:]
    assert sorted(mail.rcpt_tos[0] for mail in answers) == ["ann@example.org", "bob@example.org"]
    assert all("A matter of taste." in mail.part("plain") for mail in answers)


def test_the_message_id_is_the_same_for_every_try(desk: Desk) -> None:
    desk.report()
    desk.mailbox.refuse = "data"
    assert desk.mails() == []
    with desk.db.write() as session:
        delivery = session.query(Delivery).one()
        assert (delivery.attempts, delivery.last_error) == (1, "451 4.3.0 Try again later")
        tried = desk.work.mailer.compose([delivery]).msgId
        delivery.next_at = now()
    desk.mailbox.refuse = None
    (mail,) = desk.mails()
    assert mail.message["Message-ID"] == tried
    assert len(desk.mails()) == 1


def test_a_burst_is_one_mail_and_no_case_is_told_twice(desk: Desk) -> None:
    numbers = [desk.report(exact=f"wrong {number}", suggestion=f"right {number}") for number in range(25)]
    (digest,) = desk.mails()
    assert digest.message["Subject"] == "25 new cases at News: The bridge and others"
    assert f"{BASE}/cases/{numbers[0]}" in digest.part("plain")
    assert "and 10 more in the queue" in digest.part("plain")


def test_jobs_at_the_same_time_tell_each_case_of_a_burst_once(desk: Desk) -> None:
    numbers = [desk.report(exact=f"wrong {number}", suggestion=f"right {number}") for number in range(8)]
    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(deliveries.deliver, [desk.work] * len(numbers)))
    told = [re.findall(r"/cases/(\d+)\b", mail.part("plain")) for mail in desk.mailbox.messages()]
    assert sorted(int(one) for mail in told for one in mail) == numbers
    if desk.db.is_sqlite:
        assert len(told) == 1


def test_two_jobs_of_one_worker_do_not_take_each_others_mails(desk: Desk) -> None:
    for number in range(3):
        desk.report(exact=f"wrong {number}", suggestion=f"right {number}")
    with desk.db.write() as session:
        first, _, third = (one.id for one in session.query(Delivery).order_by(Delivery.id))
        (mine,) = outbox.claim(session, "worker", limit=1)
        outbox.claim(session, "worker", limit=1)
        assert outbox.companions(session, mine, "worker", claimed=[first]) == [third]


def test_one_click_ends_the_mails_and_looking_changes_nothing(desk: Desk, app: Flask) -> None:
    number = desk.report(email="ann@example.org")
    told, receipt = desk.mails()
    visit = app.test_client()

    def path(mail: Mail) -> str:
        return str(mail.message["List-Unsubscribe"]).strip("<>").removeprefix(BASE)

    for mail in (told, receipt):
        assert [visit.get(path(mail)).status_code for _ in range(10)] == [200] * 10
        assert visit.post(path(mail), data={"x": "y"}).status_code == 400
    with desk.db.read() as session:
        assert not session.get_one(Site, desk.site.id).policy.get("desk_mail_off")
        assert len(answers.reports_to_answer(session, session.get_one(Case, number))) == 1
    for mail in (told, receipt):
        for _ in range(2):
            assert visit.post(path(mail), data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert visit.post(path(mail)[:-1], data={"List-Unsubscribe": "One-Click"}).status_code == 404
    desk.decide(number)
    desk.report(exact="another", suggestion="other")
    _, _, stopped = desk.mails()
    assert "ed@news.example" in stopped.rcpt_tos, "of the desk's mail every administrator is told"


def test_a_question_and_its_answer_stay_in_the_readers_thread(desk: Desk) -> None:
    number = desk.report(email="ann@example.org", comment="zebra")
    _, receipt = desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.ask(session, case, "Where did you see it?", actor=actor)
        session.query(Delivery).filter_by(template="case_asked").update({"next_at": now()})
    question = desk.mails()[-1]
    assert "Where did you see it?" in question.part("plain")
    assert question.message["In-Reply-To"] == receipt.message["Message-ID"]
    assert "zebra" not in question.part("plain") + question.part("html")


def test_links_in_text_are_made_harmless_and_words_stay_readable() -> None:
    assert "://" not in unlink("https://evil.test/x")
    assert "evil.test" not in unlink("see evil.test")
    assert unlink("It flows at 2.4 m. And stops.") == "It flows at 2.4 m. And stops."
    assert unlink("www.evil.test").replace("\u2060", "") == "www.evil.test"


def test_an_article_that_could_not_be_read_lends_no_words_to_the_answer(desk: Desk) -> None:
    number = desk.report(email="ann@example.org", title="zebra")
    desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        assert session.get_one(Article, case.article_id).headline == "zebra"
        cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
        session.query(Delivery).filter_by(template="case_resolved").update({"next_at": now()})
    answer = desk.mails()[-1]
    assert "zebra" not in answer.part("plain") + answer.part("html")
