"""What no person wrote is known for what it is, in every language and of every server, and is never taken for an answer."""

from __future__ import annotations

import pytest

from corrections_service.rules.incoming import Sort, read
from tests.measures import passes_at_most
from tests.rules import programs_alone as alone
from tests.rules.replies import SAID, html_letter, text_letter

HOST, SENDER = "corrections.example", "corrections@gazette.example"


def sort_of(raw: bytes) -> Sort:
    return read(raw, host=HOST, sender=SENDER).sort


@pytest.mark.parametrize("language", alone.AWAY)
@pytest.mark.parametrize("write", [alone.away_by_header, alone.away_by_subject, alone.away_by_words])
def test_who_is_out_of_office_has_not_answered_in_any_language(write, language: str) -> None:
    assert sort_of(write(language)) is Sort.AUTOMATIC


@pytest.mark.parametrize("program", alone.SIGNS)
def test_what_a_program_answered_is_known_by_each_header_that_programs_set(program: str) -> None:
    assert sort_of(text_letter("Thank you for your message.", **alone.SIGNS[program])) is Sort.AUTOMATIC


@pytest.mark.parametrize(
    "write", [alone.postfix, alone.exchange, alone.gmail_bounce, alone.sendmail, alone.exim, alone.qmail, alone.domino]
)
def test_a_bounce_of_every_server_names_the_address_the_mail_and_why(write) -> None:
    mail = read(write(), host=HOST, sender=SENDER)
    assert mail.sort is Sort.BOUNCE
    failure = mail.failures[0]
    assert (failure.address, failure.for_good) == ("ann@readers.example", True)
    assert failure.reason
    assert alone.ORIGINAL in mail.about


@pytest.mark.parametrize(
    "subject",
    [
        "Undeliverable: A question",
        "Non remis : Une question",
        "No se puede entregar: Una pregunta",
        "Non recapitabile: Una domanda",
        "Não entregue: Uma pergunta",
        "Niedostarczone: Pytanie",
        "Teslim edilemedi: Bir soru",
        "Не доставлено: Запитання",
        "לא ניתן למסירה: שאלה",
        "تعذر التسليم: سؤال",
    ],
)
def test_a_bounce_is_known_in_the_language_of_its_server(subject: str) -> None:
    assert sort_of(alone.exchange(subject)) is Sort.BOUNCE
    body = "ann@readers.example\n550 5.1.1 user unknown\n"
    raw = alone._plain_bounce(body, subject)
    assert [failure.address for failure in read(raw).failures] == ["ann@readers.example"]


def test_a_server_that_goes_on_trying_has_not_refused_the_address() -> None:
    mail = read(alone.delayed(), host=HOST)
    assert mail.sort is Sort.BOUNCE
    assert [failure.for_good for failure in mail.failures] == [False]
    assert sort_of(alone.relayed()) is Sort.AUTOMATIC


@pytest.mark.parametrize(
    "subject", ["Read: A question", "Gelesen: Eine Frage", "Lu : Une question", "تمت القراءة: سؤال"]
)
def test_that_a_mail_was_opened_is_no_answer(subject: str) -> None:
    assert sort_of(alone.read_receipt(subject)) is Sort.READ


def test_an_invitation_a_newsletter_and_our_own_mail_are_no_answers() -> None:
    assert sort_of(alone.invitation()) is Sort.CALENDAR
    assert sort_of(alone.newsletter()) is Sort.LIST
    assert sort_of(alone.own_mail()) is Sort.LOOP
    assert sort_of(alone.own_id()) is Sort.LOOP
    assert sort_of(text_letter("hi", From=f"The Harbour Gazette <{SENDER.upper()}>")) is Sort.LOOP


@pytest.mark.parametrize("language", SAID)
def test_what_a_person_wrote_is_a_person_s_whatever_it_is_about(language: str) -> None:
    for subject in (
        "Re: Undeliverable promises of the mayor",
        "AW: Re: Abwesenheit des Ministers war am Montag nicht am Dienstag",
    ):
        assert sort_of(text_letter(SAID[language], subject=subject)) is Sort.PERSON
    assert (
        sort_of(text_letter(SAID[language], **{"Auto-Submitted": "no", "X-Auto-Response-Suppress": "All"}))
        is Sort.PERSON
    )


BROKEN = {
    "nothing": b"",
    "no headers": b"\r\n\r\nhello",
    "noise": bytes(range(256)) * 40,
    "a header of a megabyte": b"From: " + b"a" * 1_000_000 + b"\r\n\r\nhi",
    "comments in comments": b"From: " + b"(" * 5000 + b"\r\nTo: " + b"a@b.example, " * 5000 + b"\r\n\r\nhi",
    "100,000 headers": b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\nhi",
    "no end of a part": b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nhi',
    "no boundary": b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\nhi",
    "no type": b"From: a@b.example\r\nContent-Type: ; ; =\r\nContent-Transfer-Encoding: none\r\n\r\nhi",
    "a wrong encoding": b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!****\xff",
    "a wrong date": b"From: a@b.example\r\nDate: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nhi",
    "a wrong encoded word": b"From: =?x?q?=FF?= <a@b.example>\r\nSubject: =?utf-8?b?*?= =?\r\n\r\nhi",
    "a NUL": b"From: a@b.example\r\nSubject: a\x00b\r\n\r\nh\x00i",
    "300 parts deep": b"From: a@b.example\r\n"
    + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(300))
    + b"\r\nhi",
    "1,000 mails in a mail": b"From: a@b.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 1000 + b"hi",
    "50,000 parts": b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    + b"--x\r\n\r\nhi\r\n" * 50_000,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_no_bytes_make_reading_fail_or_take_long(kind: str) -> None:
    passes_at_most(4000, lambda: read(BROKEN[kind], host=HOST), BROKEN[kind] or b"x" * 10_000)
    assert len(read(BROKEN[kind]).whole) < 100_000


def test_a_mail_of_25_mib_is_read_for_what_it_says() -> None:
    base = text_letter("It was 1978.").replace(b"\r\n\r\n", b"\r\nContent-Disposition: inline\r\n\r\n", 1)
    large = b"\r\n".join([b"QUJD" * 19] * 340_000)
    raw = (
        b'From: ann@readers.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nIt was 1978.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + large + b"\r\n--b\r\n"
        b'Content-Type: image/png\r\nContent-Disposition: attachment; filename="after.png"\r\n\r\nx\r\n--b--\r\n'
    )
    assert len(raw) > 25 * 1024 * 1024
    mail = read(raw)
    assert (mail.sort, mail.words, mail.attached) == (Sort.PERSON, "It was 1978.", ("film.mp4", "after.png"))
    assert read(base).words == "It was 1978."


@pytest.mark.parametrize(
    "letter", ["a", ">", "-", "_", " ", ":", "\n", "Am ", "On 10:15 ", "a@", "From: a\n", "<div>", "x,"]
)
def test_no_text_makes_parting_it_take_long(letter: str) -> None:
    for write in (text_letter, html_letter):
        raw = write(letter * (200_000 // len(letter)))
        assert read(raw).sort in (Sort.PERSON, Sort.EMPTY)
