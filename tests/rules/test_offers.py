"""Who offers texts or links is told from who reports an error, whatever the error is about (B12)."""

from __future__ import annotations

import pytest

from corrections_service.rules.offers import is_offer
from tests.rules import sales_letters as letters


@pytest.mark.parametrize("words", letters.OFFERS)
def test_an_offer_is_known(words: str) -> None:
    assert is_offer(words.format(page=letters.PAGE))


@pytest.mark.parametrize("words", letters.CORRECTIONS)
def test_no_reader_s_correction_is_taken_for_an_offer(words: str) -> None:
    assert not is_offer(words.format(page=letters.PAGE))


def test_what_is_quoted_of_an_article_offers_nothing() -> None:
    assert not is_offer(
        "“Would you be interested in a guest post?”, asks the firm in the second paragraph. It never did."
    )
    assert not is_offer("")
