"""What a mail's writer said is kept whole, and nothing else of it; what no person said is no answer (B12, D5, D7)."""

from __future__ import annotations

import pytest

from corrections_service.rules.incoming import Sort, read
from tests.rules import kept_letters as kept
from tests.rules.replies import QUOTE, html_letter, text_letter


@pytest.mark.parametrize("kind", kept.SIGNED)
def test_nobody_s_telephone_and_no_wish_is_an_answer(kind: str) -> None:
    mail = read(text_letter(f"It was 1978.\n\n{kept.SIGNED[kind]}\n\n{kept.AT} wrote:\n{QUOTE}"))
    assert (mail.sort, mail.words) == (Sort.PERSON, "It was 1978.")


@pytest.mark.parametrize("kind", kept.SAID_BELOW)
def test_what_is_said_below_a_rule_or_a_greeting_is_said(kind: str) -> None:
    assert read(text_letter(kept.SAID_BELOW[kind])).words == kept.SAID_BELOW[kind]


@pytest.mark.parametrize("program", kept.REPEATED_BY)
def test_what_is_repeated_is_known_by_the_initials_before_it_and_the_line_above_it(program: str) -> None:
    assert read(text_letter(kept.REPEATED_BY[program])).words == "1978."


@pytest.mark.parametrize("kind", kept.IN_PAGES)
def test_a_page_repeats_what_its_program_put_below(kind: str) -> None:
    mail = read(html_letter(kept.IN_PAGES[kind]))
    assert (mail.words, "In which year was the bridge opened?" in mail.rest) == ("1978.", True)


def test_what_a_page_repeats_is_told_beside_what_it_says() -> None:
    mail = read(kept.blockquote())
    assert (mail.words, mail.rest) == ("Your article says:\nIt is of 1978.", "> the bridge of 1987")


@pytest.mark.parametrize("kind", kept.PACKED)
def test_words_are_read_however_they_are_packed(kind: str) -> None:
    raw, words = kept.PACKED[kind]
    assert read(raw).words == words


@pytest.mark.parametrize("kind", kept.ALONE)
def test_what_no_person_said_is_known_for_what_it_is(kind: str) -> None:
    sort, raw = kept.ALONE[kind]
    assert read(raw, host="corrections.example").sort is sort


@pytest.mark.parametrize(
    "words",
    [
        "Ann here. I'm protecting myself from receiving junk mail.\n\nClick the link below. You have to do this only once.",
        "Please click here to complete the verification process, so that I get your mail.",
    ],
)
def test_a_program_that_asks_who_writes_to_click_answers_in_nobody_s_name(words: str) -> None:
    mail = read(text_letter(words))
    assert (mail.sort, mail.by_words) == (Sort.AUTOMATIC, True)


GREETED = "{}\n\nВы писали 23 ноября 2026 г., 10:15:22:\n\nN> What year?\n\nВ 1978 году.\n\n-- \nС уважением,\n Ann"


@pytest.mark.parametrize(
    "greeting", ["Здравствуйте, Harbour.", "Hello The,", "Добрий день, Редакціє!", "Hallo Gazette,"]
)
def test_the_greeting_that_a_program_puts_above_each_answer_is_no_part_of_it(greeting: str) -> None:
    mail = read(text_letter(GREETED.format(greeting), **{"X-Mailer": "The Bat! (v10.5) Professional"}))
    assert mail.words == "В 1978 году."
    assert greeting in mail.rest, "nothing is lost"
    by_hand = read(text_letter(GREETED.format(greeting)))
    assert by_hand.words.startswith(greeting), "who greets by hand has said it"


@pytest.mark.parametrize("words", ["Hello Ann,", "Hello again, it was 1978.\nI was there.", "In 1978,\n\nI think."])
def test_what_only_looks_like_such_a_greeting_stays(words: str) -> None:
    assert read(text_letter(words, **{"X-Mailer": "The Bat! (v10.5)"})).words == words


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_a_mail_arrived_tells_of_no_failure(action: str) -> None:
    """Kind: words that stand in a report of either sort; what the report's fields say counts."""
    mail = read(kept.delivered(action), host="corrections.example")
    assert (mail.sort, mail.failures) == (Sort.AUTOMATIC, ())


def test_a_group_that_hands_a_letter_on_in_our_name_says_who_wrote_it() -> None:
    raw = text_letter(
        "It was 1978.",
        From="'Ann Harbour' via Corrections <corrections@gazette.example>",
        **{"X-Original-From": "Ann Harbour <ann@readers.example>", "List-Id": "<corrections.gazette.example>"},
    )
    mail = read(raw, host="corrections.example", sender="corrections@gazette.example")
    assert (mail.sort, mail.sender) == (Sort.LIST, "ann@readers.example")
    assert mail.list_id == "corrections.gazette.example"


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("See <https://news.example/\nbridge>.", ("https://news.example/bridge",)),
        ("In news.example/bridge, it was 1978.", ("https://news.example/bridge",)),
        (
            "https://safe.example/?url=https%3A%2F%2Fnews.example%2Fbridge&data=1",
            ("https://safe.example/?url=https%3A%2F%2Fnews.example%2Fbridge&data=1", "https://news.example/bridge"),
        ),
        ("Write to ann@news.example/x.", ()),
    ],
)
def test_a_page_is_known_however_a_mail_names_it(words: str, links: tuple[str, ...]) -> None:
    assert read(text_letter(words)).links == links


def test_a_page_that_only_a_repeated_mail_names_is_told_apart() -> None:
    plain = read(text_letter("See https://news.example/a\n\n> https://news.example/b\n"))
    assert (plain.links, plain.other_links) == (("https://news.example/a",), ("https://news.example/b",))
    page = '<p><a href="https://news.example/a?x=1&amp;y=2">here</a></p><blockquote><a href="https://news.example/b">b</a></blockquote>'
    mail = read(html_letter(page))
    assert (mail.links, mail.other_links) == (("https://news.example/a?x=1&y=2",), ("https://news.example/b",))
