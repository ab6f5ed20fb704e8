"""What was read wrongly once is read right: no words of others are an answer, no program's, and no answer is lost (D5, D7)."""

from __future__ import annotations

import pytest

from corrections_service.rules.incoming import Sort, read
from tests.rules import strange_letters as strange
from tests.rules.replies import QUOTE, REPEATED, text_letter


@pytest.mark.parametrize("kind", strange.WRITTEN)
def test_an_answer_is_what_its_writer_said_and_nothing_that_comes_with_it(kind: str) -> None:
    mail = read(strange.written(kind))
    assert (mail.sort, mail.words) == (Sort.PERSON, strange.WRITTEN[kind][0])


@pytest.mark.parametrize("head", strange.BELOW)
def test_an_answer_below_our_words_is_parted_from_whatever_stands_above_them(head: str) -> None:
    mail = read(text_letter(f"{strange.BELOW[head]}\n{QUOTE}\n\nIn 1978.\n"))
    assert (mail.sort, mail.words) == (Sort.PERSON, "In 1978.")


@pytest.mark.parametrize("head", strange.UNMARKED)
def test_what_is_repeated_is_parted_though_nothing_marks_it_and_no_date_stands_above_it(head: str) -> None:
    """Kind: a program that says of what it repeats only when, only who wrote it, or only that it is there."""
    mail = read(text_letter(f"Yes, May 4.\n\n{strange.UNMARKED[head]}\n\n{REPEATED}\n"))
    assert (mail.sort, mail.words) == (Sort.PERSON, "Yes, May 4.")


@pytest.mark.parametrize("kind", strange.BETWEEN)
def test_the_line_above_a_quotation_is_its_writer_s_where_it_tells_of_another(kind: str) -> None:
    body, words = strange.BETWEEN[kind]
    mail = read(text_letter(body))
    assert (mail.sort, mail.words) == (Sort.PERSON if words else Sort.EMPTY, words)


def test_our_own_words_are_no_answer_though_nothing_marks_them() -> None:
    mail = read(text_letter(strange.WRITTEN["yahoo"][1]))
    assert (mail.sort, mail.words) == (Sort.EMPTY, "")


@pytest.mark.parametrize("kind", strange.SAID_SO)
def test_what_a_person_says_is_not_taken_for_a_signature_a_notice_or_a_program_s_words(kind: str) -> None:
    words = strange.SAID_SO[kind]
    mail = read(text_letter(f"{words}\n\n{strange.ASKED}"))
    assert (mail.sort, mail.words) == (Sort.PERSON, words)


@pytest.mark.parametrize("subject", strange.REPORTED)
def test_what_answers_nothing_is_no_automatic_answer(subject: str) -> None:
    raw = text_letter(strange.REPORTED[subject], subject=subject).replace(b"In-Reply-To", b"X-Before")
    assert (read(raw).sort, read(raw).words) == (Sort.PERSON, strange.REPORTED[subject])


@pytest.mark.parametrize("words", strange.AWAY)
def test_who_answers_without_a_sign_of_being_a_program_is_known_by_what_it_says(words: str) -> None:
    assert read(text_letter(words, subject="Re: A question")).sort is Sort.AUTOMATIC


@pytest.mark.parametrize("words", strange.THIRD_PERSON)
@pytest.mark.parametrize("below", ["", f"\n\n{strange.ASKED}"], ids=["alone", "above ours"])
def test_what_is_said_of_others_is_a_person_s_though_programs_say_it_of_themselves(words: str, below: str) -> None:
    """Kind: an answer about an article in which somebody is on leave, or an address is no longer in use."""
    mail = read(text_letter(f"{words}{below}"))
    assert (mail.sort, mail.words) == (Sort.PERSON, words)


@pytest.mark.parametrize("words", strange.ABOVE_OURS)
def test_who_repeats_our_words_is_a_person_whatever_they_say_of_a_mailbox(words: str) -> None:
    mail = read(text_letter(f"{words}\n\n{strange.ASKED}"))
    assert (mail.sort, mail.words) == (Sort.PERSON, words)


@pytest.mark.parametrize("words", strange.AWAY)
def test_what_only_its_words_say_to_be_a_program_s_is_known_for_a_guess(words: str) -> None:
    assert read(text_letter(words)).by_words
    assert not read(text_letter(words, **{"Auto-Submitted": "auto-replied"})).by_words
    assert not read(text_letter(words, subject="Automatic reply: A question")).by_words


@pytest.mark.parametrize("kind", strange.PACKED)
def test_what_is_attached_to_an_answer_or_how_it_is_packed_loses_none_of_it(kind: str) -> None:
    sort, raw = strange.PACKED[kind]
    assert (read(raw).sort, read(raw).words) == (sort, "The programme says 1978.")


def test_a_receipt_that_is_not_marked_as_one_is_known() -> None:
    assert read(strange.told_as_read()).sort is Sort.READ


@pytest.mark.parametrize("kind", strange.BOUNCES)
def test_a_bounce_names_the_one_address_that_it_is_about(kind: str) -> None:
    mail = read(strange.BOUNCES[kind])
    assert mail.sort is Sort.BOUNCE
    assert [failure.address for failure in mail.failures] == ["ann@readers.example"]
