"""Short names of reports and addresses: readable aloud, one to one, and showing nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.references import number_of, recipient_mark, reference_of


@given(st.integers(0, 2**50))
def test_a_reference_is_read_back_as_its_number(number):
    assert number_of(reference_of(number)) == number


@given(st.integers(0, 2**30 - 1))
def test_a_reference_is_six_letters_with_a_hyphen_before_the_last_two(number):
    reference = reference_of(number)
    assert len(reference) == 7
    assert reference[-3] == "-"
    assert not set(reference) & set("ILOU")


def test_references_in_a_row_do_not_look_alike():
    references = [reference_of(number) for number in range(1, 1001)]
    assert len(set(references)) == 1000
    assert len({reference[:2] for reference in references}) > 300


@pytest.mark.parametrize("spoken", ["{}", " {} ", "{}\t"])
def test_case_spaces_and_lookalike_letters_are_forgiven(spoken):
    for number in (1, 7, 12_345, 2**30 + 5):
        reference = spoken.format(reference_of(number)).strip()
        assert number_of(reference.lower()) == number
        assert number_of(reference.replace("-", " ").replace("0", "O").replace("1", "l")) == number


@pytest.mark.parametrize("text", ["", "-", "4F2K", "4F2K-7U", "4F2K-7!", "ﬀﬀ-ﬀﬀ", "\x00" * 6, "ıııııı"])
def test_what_is_no_reference_is_none(text):
    assert number_of(text) is None


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text):
    number = number_of(text)
    assert number is None or number >= 0


def test_an_address_has_one_mark_that_does_not_show_it():
    mark = recipient_mark("Ann@Example.org", "a secret")
    assert mark == recipient_mark(" ann@example.org ", "a secret")
    assert len(mark) == 16
    assert mark != recipient_mark("bob@example.org", "a secret")
    assert mark != recipient_mark("ann@example.org", "another secret"), "a hash of the address alone could be guessed"
    assert "ann" not in mark
