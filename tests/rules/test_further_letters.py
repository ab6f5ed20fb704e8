"""Letters in the languages around the eleven, and of programs that name themselves below, are read as those are (B12, D5, D7)."""

from __future__ import annotations

import pytest

from corrections_service.rules.incoming import Sort, read
from tests.rules.replies import OURS, PAPER, QUOTE, REPEATED, html_letter, text_letter

AT = f"{PAPER} <{OURS}>"

BELOW = {
    "a program's name": f"Sent from Spark\nOn Nov 30, 2026 at 9:02 AM +0100, {AT}, wrote:\n{QUOTE}",
    "Chinese": (
        f'------------------ 原始邮件 ------------------\n发件人: "{PAPER}" <{OURS}>;\n'
        f'发送时间: 2026年11月30日(星期一) 上午9:02\n收件人: "Ann"<ann@readers.example>;\n\n{REPEATED}'
    ),
    "Dutch": "Groeten,\nJan\n\nVerstuurd vanaf mijn iPhone",
    "a company's notice in Dutch": (
        "Met vriendelijke groet,\n\nAnna de Haven\n\nDit bericht is vertrouwelijk en uitsluitend bestemd voor de "
        "geadresseerde. Bent u niet de geadresseerde, verwijder dit bericht dan."
    ),
    "thanks in Arabic": "مع خالص الشكر والتقدير\nرامي الخوري",
    "Swedish": "Hälsningar\nAnna\n\nSkickat från min iPhone",
    "Danish": f"Venlig hilsen\nAnne\n\nFra: {AT}\nSendt: 30. november 2026 09:02\nTil: Anne\nEmne: A\n\n{REPEATED}",
    "Czech": f"S pozdravem\nJan\n\nOd: {AT}\nOdesláno: 30. listopadu 2026 9:02\nKomu: Jan\nPředmět: A\n\n{REPEATED}",
    "Finnish": f"Lähettäjä: {AT}\nLähetetty: 30. marraskuuta 2026 9.02\nVastaanottaja: A\nAihe: B\n\n{REPEATED}",
    "a broken line in Romanian": f"În lun., 30 nov. 2026 la 09:02, {PAPER} <\n{OURS}> a scris:\n\n{QUOTE}",
    "a broken line in Greek": f"Στις Δευ 30 Νοε 2026 στις 9:02 π.μ., ο χρήστης {PAPER} <\n{OURS}> έγραψε:\n\n{QUOTE}",
}
"""What stands below an answer."""

SAID = {
    "a letter's way": "Sent from the archive in 1978, the letter says that the king opened the bridge.\n\nI hold a copy.",
    "a way in Norwegian": "Sendt fra Bergen til Oslo i 1978, står det i brevet, og jeg har en kopi av det.\n\nSe der.",
    "a sign of mailboxes that are files": ">From where I stood I saw it: 1978.\n\nThe king was there, too.",
    "thanks in Norwegian": "Takk\n\nBroen ble åpnet i 1978, ikke 1987, og det står på skiltet ved siden av den.",
}
"""What somebody says that begins like what a program or a greeting adds."""

BY_WORDS = {
    "Dutch": "Bedankt voor uw bericht. Ik ben afwezig tot en met 7 december.",
    "Swedish": "Hej! Jag är på semester till och med 7 december.",
    "Danish": "Tak for din mail. Jeg er på ferie og er tilbage den 7. december.",
    "Finnish": "Hei! Olen lomalla 7.12. asti.",
    "who has left": "Guten Tag,\n\nich arbeite nicht mehr bei der Hafen AG. Bitte wenden Sie sich an die Zentrale.",
    "a desk for questions": "##- Please type your reply above this line -##\n\nYour request (12345) has been received.",
    "another": "Dear Ann,\n\nWe would like to acknowledge that we have received your request.",
}
"""What programs answer that say it in words alone."""


@pytest.mark.parametrize("kind", BELOW)
def test_what_stands_below_an_answer_is_known(kind: str) -> None:
    mail = read(text_letter(f"It was 1978.\n\n{BELOW[kind]}\n"))
    assert (mail.sort, mail.words) == (Sort.PERSON, "It was 1978.")


@pytest.mark.parametrize("kind", SAID)
def test_what_is_said_is_not_cut(kind: str) -> None:
    assert read(text_letter(SAID[kind])).words == SAID[kind].lstrip(">")


@pytest.mark.parametrize("kind", BY_WORDS)
def test_what_a_program_answers_in_words_alone_is_known_by_them(kind: str) -> None:
    mail = read(text_letter(BY_WORDS[kind], subject="Re: A question"))
    assert (mail.sort, mail.by_words) == (Sort.AUTOMATIC, True)


def test_who_tells_of_a_holiday_and_answers_is_a_person() -> None:
    words = "It was 1978. I am on holiday until Friday, so I can send the photo only then."
    assert read(text_letter(f"{words}\n\nOn 30/11/2026 09:02, {AT} wrote:\n{QUOTE}")).words == words


def test_a_receipt_in_dutch_is_a_receipt() -> None:
    words = "Uw bericht is gelezen op maandag 30 november 2026 9:15:00."
    subject = "Gelezen: A question"
    assert read(text_letter(words, subject=subject)).sort is Sort.READ


def test_a_page_s_program_that_names_itself_is_left_out() -> None:
    mail = read(
        html_letter(
            '<div name="messageBodySection"><div>It was 1978.</div></div><div name="messageSignatureSection"><br>'
            '<div>Sent from <a href="https://app.example">Spark</a></div></div>'
        )
    )
    assert mail.words == "It was 1978."


def test_a_bounce_in_plain_words_names_the_address_and_no_message_s_number() -> None:
    number = "<742.880c42d048dd5b8c@corrections.example>"
    words = "Delivery has failed to these recipients or groups:\n\nann@readers.example\n\n'550 5.1.10 RecipientNotFound'\n\n"
    about = {"From": "postmaster@readers.example", "Return-Path": "<>", "subject": "Undeliverable: A question"}
    mail = read(text_letter(f"{words}Original message headers:\n\nMessage-ID: {number}\n", **about))
    assert [failure.address for failure in mail.failures] == ["ann@readers.example"]
    assert number in mail.about


@pytest.mark.parametrize("charset", ["us-ascii", "utf-8", ""])
@pytest.mark.parametrize("codec", ["windows-1251", "koi8-u", "utf-8"])
def test_cyrillic_is_read_whatever_a_program_says_of_it(charset: str, codec: str) -> None:
    words = "Міст відкрито 1978 року, це точно. Мост открыт тогда же."
    label = f"; charset={charset}" if charset else ""
    head = f"From: ann@readers.example\r\nTo: {OURS}\r\nMessage-ID: <1@x>\r\nContent-Type: text/plain{label}\r\n\r\n"
    assert read(head.encode() + words.encode(codec)).words == words
