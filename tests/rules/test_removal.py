"""Deleting can be said: what a wish that words go means for the check of the fix and for grouping."""

from __future__ import annotations

import pytest

from corrections_service.rules.grouping import Verdict, same_error, stands_doubled
from corrections_service.rules.quotes import Quote, Sighting, Standing, check_fix, quote_at

BEFORE = "A farmer told it to everybody who came by. "
AFTER = " Nobody has seen either of them since, and the farmer has sold the field to his brother."
FOX = f"{BEFORE}The fox jumps over the the lazy dog.{AFTER}"
CLAIM = f"{BEFORE}The fox is brown. The fox was paid for it. The dog is lazy.{AFTER}"
ARABIC = "قال المزارع لكل من مرّ به إن الثعلب قفز فوق فوق الكلب الكسول، ولم يره أحد منذ ذلك الحين في الحقل القديم."
UKRAINIAN = "Фермер розповідав усім, хто проходив повз, що лисиця стрибає через через ледачого пса біля старої хати."
CHINESE = "农夫对每一个路过的人说，狐狸跳过了了那只懒狗，从那以后再也没有人在那块老田里见过它们。"


def quote(article: str, words: str, nth: int = 0) -> Quote:
    """The quote of the nth of these words in an article."""
    at = -1
    for _ in range(nth + 1):
        at = article.index(words, at + 1)
    return quote_at(article, at, at + len(words))


def state(made: Quote, now: str) -> Standing:
    """What a wish that the words go is judged to be."""
    return check_fix(made, now, remove=True).state


@pytest.mark.parametrize("nth", [0, 1], ids=["the first marked", "the second marked"])
def test_a_doubled_word_of_which_one_is_gone_is_applied(nth: int) -> None:
    made = quote_at(FOX, FOX.index("the the") + 4 * nth, FOX.index("the the") + 4 * nth + 3)
    assert state(made, FOX) is Standing.PRESENT
    now = FOX.replace("the the", "the")
    found = check_fix(made, now, remove=True)
    assert found.state is Standing.APPLIED
    assert found.span is not None
    assert now[: found.span[0]].rstrip().endswith(("over", "over the"))
    assert state(made, FOX.replace("over the the lazy dog", "over some lazy dogs")) is Standing.CHANGED
    assert state(made, FOX.replace("The fox jumps over the the lazy dog.", "")) is Standing.GONE


@pytest.mark.parametrize(
    ("text", "doubled", "rewritten"),
    [(ARABIC, "فوق", "بجانب"), (UKRAINIAN, "через", "біля"), (CHINESE, "了", "着")],
    ids=["Arabic", "Ukrainian", "Chinese"],
)
def test_a_doubled_word_is_judged_alike_in_every_script(text: str, doubled: str, rewritten: str) -> None:
    second = text.index(doubled, text.index(doubled) + 1)
    made = quote_at(text, second, second + len(doubled))
    assert state(made, text) is Standing.PRESENT
    assert state(made, text[:second].rstrip() + text[second + len(doubled) :]) is Standing.APPLIED
    assert state(made, text[:second] + rewritten + text[second + len(doubled) :]) is Standing.CHANGED


def test_a_sentence_taken_out_is_applied_and_one_written_anew_is_changed() -> None:
    made = quote(CLAIM, "The fox was paid for it.")
    assert state(made, CLAIM) is Standing.PRESENT
    assert state(made, CLAIM.replace("The fox was paid for it. ", "")) is Standing.APPLIED
    assert state(made, CLAIM.replace("was paid for it", "did it for nothing")) is Standing.CHANGED
    assert (
        state(made, CLAIM.replace("The fox is brown. The fox was paid for it. The dog is lazy.", "")) is Standing.GONE
    )


def test_words_to_take_out_that_stand_among_new_ones_are_present() -> None:
    made = quote(CLAIM, "was paid for it")
    assert state(made, CLAIM.replace("was paid for it", "was paid for it in cash")) is Standing.PRESENT


def test_a_page_that_ends_before_the_words_or_never_held_them_tells_nothing() -> None:
    made = quote(FOX, "the lazy")
    assert state(made, FOX[: FOX.index(" the the")]) is not Standing.APPLIED
    assert (
        state(made, "Subscribe to read on. It costs one coin a month, and you can stop when you like.")
        is Standing.UNCLEAR
    )
    assert state(Quote("the"), FOX.replace("the the", "the")) is Standing.UNCLEAR


def test_an_empty_suggestion_alone_is_no_wish() -> None:
    made = quote(FOX, "lazy ")
    now = FOX.replace("lazy ", "")
    assert check_fix(made, now, "").state is Standing.GONE
    assert check_fix(made, now, "", remove=True).state is Standing.APPLIED


def test_who_wants_the_words_gone_and_who_wants_others_mean_one_error() -> None:
    made = quote(CLAIM, "was paid for it")
    gone, other, bare = Sighting(made, remove=True), Sighting(made, "was never paid for it"), Sighting(made)
    assert same_error(gone, gone).verdict is Verdict.SAME
    assert same_error(gone, Sighting(made, "did it for nothing")).verdict is Verdict.SAME
    assert same_error(gone, bare).verdict is Verdict.SAME
    assert same_error(gone, Sighting(quote(CLAIM, "lazy"), remove=True)).verdict is Verdict.DIFFERENT
    assert same_error(gone, other).verdict is not Verdict.DIFFERENT


def test_whichever_of_two_doubled_words_should_go_it_is_one_error() -> None:
    at = FOX.index("the the")
    first, second = (
        Sighting(quote_at(FOX, at, at + 3), remove=True),
        Sighting(quote_at(FOX, at + 4, at + 7), remove=True),
    )
    both = Sighting(quote_at(FOX, at, at + 7), "the")
    wide = Sighting(quote(FOX, "jumps over the the lazy"), "jumps over the lazy")
    for one in (first, second, both, wide):
        for other in (first, second, both, wide):
            assert same_error(one, other).verdict is Verdict.SAME, (one, other)
    for one in (first, second, both):
        assert same_error(one, Sighting(quote(FOX, "dog"), "cat")).verdict is Verdict.DIFFERENT
        assert same_error(one, Sighting(quote(FOX, "jumps"), remove=True)).verdict is Verdict.DIFFERENT
    assert stands_doubled(first.quote)
    assert stands_doubled(second.quote)
    assert not stands_doubled(quote(FOX, "lazy"))
    assert not stands_doubled(quote(f"{BEFORE}They breathe the air.{AFTER}", "the", 2))


def test_a_comma_that_goes_with_the_words_is_no_other_change() -> None:
    article = f"{BEFORE}The fox, who was paid for it, jumps over the lazy dog.{AFTER}"
    made = quote(article, "who was paid for it")
    assert state(made, article.replace(", who was paid for it,", "")) is Standing.APPLIED
    assert state(made, article.replace("The fox, who was paid for it, jumps", "The fox, jumps")) is Standing.APPLIED
