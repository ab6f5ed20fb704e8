"""Answers from six mail programs in eleven languages: what was said is found, and nothing that was repeated or signed."""

from __future__ import annotations

import pytest

from corrections_service.rules.incoming import Sort, read
from corrections_service.rules.quoted import own_words
from tests.rules.replies import (
    APPLE,
    OURS,
    PAPER,
    PROGRAMS,
    QUOTE,
    REPEATED,
    SAID,
    html_letter,
    letter,
    text_letter,
)


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_of_every_program_in_every_language_is_what_was_said_and_no_more(program: str, language: str) -> None:
    mail = read(PROGRAMS[program](language), host="corrections.example")
    assert (mail.sort, mail.words) == (Sort.PERSON, SAID[language])
    assert mail.sender == "ann@readers.example"
    assert mail.recipients == (OURS,)
    assert mail.about == ("<77.0123456789abcdef@corrections.example>",)


def test_what_is_answered_between_the_lines_is_kept_in_order() -> None:
    head = APPLE["en"].format(who=PAPER, at=OURS)
    body = f"Hello,\n\n{head}\n> In which year?\nIn 1978.\n> Who opened it?\nThe king.\n\n-- \nAnn"
    assert own_words(body).own_text == "Hello,\n\nIn 1978.\nThe king."


@pytest.mark.parametrize(
    "said",
    [
        "In 2024 the minister wrote:\nThe bridge is safe.\nThat is wrong.",
        "Thanks,\nbut the year is still wrong. It must be 1978 as the programme of that day says.",
        "Please look:\n- the year is 1978\n- the king was not there",
        "It says: from 9 to 5.\nTo me: that is wrong.",
        "To: the editor\nYour headline is wrong.",
        "--- see page 3 ---\nThe name is Müller.",
        "At 10:30 he wrote 'no' and you print 'yes'.",
        "Danke\n\nDas Jahr stimmt aber noch immer nicht, es war 1978 und nicht 1987.",
        "1) 1978\n2) the king",
        "<b>1978</b> & not 1987",
    ],
)
def test_what_a_person_wrote_is_never_taken_for_a_quotation_or_a_signature(said: str) -> None:
    assert own_words(said).own_text == said


def test_all_that_is_cut_is_told_beside_what_was_said() -> None:
    mail = read(PROGRAMS["outlook"]("de"))
    assert REPEATED.split("\n")[2].strip() in mail.rest
    assert "Hafenstraße" in mail.rest
    assert SAID["de"].split("\n")[1] in mail.whole


def test_a_company_s_notice_is_no_answer() -> None:
    notice = (
        "This e-mail and its attachments are confidential; if you are not the intended recipient delete it at once."
    )
    assert own_words(f"It was 1978.\n\n{notice}").own_text == "It was 1978."
    assert own_words(f"1978.\n\nVG\nAnna\n\n---\nGmbH & Co. KG\n{notice}").own_text == "1978."


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8", "us-ascii", "x-unknown", "", "utf-16"])
def test_words_are_read_whatever_their_mail_says_of_their_bytes(charset: str) -> None:
    head = b"From: ann@readers.example\r\nSubject: =?utf-8?q?Br=C3=BCcke?=\r\nContent-Type: text/plain"
    head += f"; charset={charset}".encode() if charset else b""
    for codec in ("utf-8", "windows-1252") if charset != "utf-16" else ("utf-16-le",):
        body = "Die Brücke heißt anders – „so“.".encode(codec)
        mail = read(head + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body)
        assert (mail.words, mail.subject) == ("Die Brücke heißt anders – „so“.", "Brücke")


def test_bytes_in_a_header_that_nobody_encoded_are_read() -> None:
    mail = read("From: Zoë Müller <zoe@readers.example>\r\nSubject: Brücke\r\n\r\nhi".encode())
    assert (mail.name, mail.sender, mail.subject) == ("Zoë Müller", "zoe@readers.example", "Brücke")


def test_lines_that_only_the_program_broke_are_whole_again() -> None:
    message = letter()
    message.set_content("It was opened \nin 1978.\n\n-- \nAnn\n")
    message.set_param("format", "flowed")
    assert read(message.as_bytes()).words == "It was opened in 1978."


def test_a_mail_that_is_signed_says_what_stands_in_it() -> None:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nIt was 1978.\n- -- so it is\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAd\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    assert read(text_letter(body)).words == "It was 1978.\n-- so it is"
    message = letter()
    message.set_content("It was 1978.\n")
    message.add_attachment(b"MIIF", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    mail = read(message.as_bytes().replace(b"multipart/mixed", b"multipart/signed"))
    assert (mail.sort, mail.words, mail.attached) == (Sort.PERSON, "It was 1978.", ())


def test_attachments_are_named_and_left_out_also_with_a_name_in_any_writing() -> None:
    message = letter()
    message.set_content("See the photograph.\n")
    message.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="Brücke 1978.jpg")
    message.add_attachment("notes of that day", filename="notes.txt")
    message.add_attachment(b"..", maintype="application", subtype="octet-stream", filename="../../etc/\u202egpj.exe")
    mail = read(message.as_bytes())
    assert mail.words == "See the photograph."
    assert mail.attached[:2] == ("Brücke 1978.jpg", "notes.txt")
    assert len(mail.attached) == 3
    assert "\u202e" not in mail.attached[2]
    assert "notes of that day" not in mail.whole


def test_html_alone_is_read_without_its_styles_and_scripts() -> None:
    mail = read(html_letter("<style>p{}</style><script>steal()</script><p>It was <b>1978</b>.</p><p hidden>no</p>"))
    assert mail.words == "It was 1978."


def test_an_empty_text_beside_html_is_no_answer_and_the_html_is() -> None:
    message = letter()
    message.set_content("\u200b \n")
    message.add_alternative("<p>It was 1978.</p>", subtype="html")
    assert read(message.as_bytes()).words == "It was 1978."


@pytest.mark.parametrize("body", ["", " \n\n\u200b\n", QUOTE, f"-- \nAnn\n{QUOTE}"])
def test_a_mail_that_says_nothing_itself_is_empty(body: str) -> None:
    assert read(text_letter(body)).sort is Sort.EMPTY
