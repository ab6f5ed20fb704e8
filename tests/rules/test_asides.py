"""Words for screen readers alone are in no quote where the page's own styles hide them, and in it where they don't."""

import pytest

from corrections_service.rules import sentences
from corrections_service.rules.marks import ALL
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix, quote_at

BEFORE = "The harbour has had this crossing for longer than anybody remembers, and it was always free."
AFTER = "He stayed for lunch and left on the evening train, which was two hours late, as the paper wrote."
REST = "".join(f"<p>Sentence {number} of the article says nothing that anybody doubts.</p>" for number in range(9))
BESIDE = {
    "a name": ('<span class="visually-hidden">', ""),
    "a name of WordPress": ('<span class="screen-reader-text">', ""),
    "its own style": ('<span style="position:absolute; left:-9999px">', ""),
    "cannot be selected": ('<span style="user-select: none">', ""),
    "the page's styles": ('<span class="x7">', "<style>.x7 { clip: rect(1px, 1px, 1px, 1px) }</style>"),
}
kinds = pytest.mark.parametrize("kind", BESIDE)


def page(said):
    return visible_text(f"<article><p>{BEFORE} {said} {AFTER}</p>{REST}</article>".encode())


def said(word, kind, aside=" (opens in a new window)"):
    opening, style = BESIDE[kind]
    return f"{style}The bridge was <a href=/x>{word}{opening}{aside}</span></a> in 1987 by the king."


def quoted(text, words):
    at = text.index(words)
    return quote_at(text, at, at + len(words))


@kinds
@pytest.mark.parametrize("words", ["opend", "was opend in 1987", "The bridge was opend in 1987 by the king."])
def test_a_quote_without_them_is_found_and_its_fix_is_seen(kind, words):
    quote = quoted(page("The bridge was opend in 1987 by the king."), words)
    found = check_fix(quote, page(said("opend", kind)), words.replace("opend", "opened"))
    assert found.state is Standing.PRESENT
    assert check_fix(quote, page(said("opened", kind)), words.replace("opend", "opened")).state is Standing.APPLIED


@kinds
def test_a_quote_with_them_is_found_and_its_fix_is_seen(kind):
    """The page may be styled otherwise than its names say."""
    words = "was opend (opens in a new window) in 1987"
    quote = quoted(page("The bridge was opend (opens in a new window) in 1987 by the king."), words)
    wish = words.replace("opend", "opened")
    assert check_fix(quote, page(said("opend", kind)), wish).state is Standing.PRESENT
    assert check_fix(quote, page(said("opened", kind)), wish).state is Standing.APPLIED


@kinds
def test_a_misspelled_word_that_stands_in_them_alone_is_seen_and_its_fix_too(kind):
    quote = quoted(page("The bridge was opened (opens in a new widnow) in 1987 by the king."), "widnow")
    assert check_fix(quote, page(said("opened", kind, " (opens in a new widnow)")), "window").state is Standing.PRESENT
    assert check_fix(quote, page(said("opened", kind, " (opens in a new window)")), "window").state is Standing.APPLIED


@kinds
def test_the_same_words_put_into_them_are_no_fix(kind):
    """What nobody sees is not what readers were told of."""
    quote = quoted(page("The bridge was opend in 1987 by the king."), "opend")
    assert check_fix(quote, page(said("opend", kind, " opened")), "opened").state is Standing.PRESENT


@kinds
def test_nobody_is_shown_the_marks(kind):
    text = page(said("opend", kind))
    found = check_fix(Quote("opend", " The bridge was ", " in 1987 by the king."), text)
    assert found.state is Standing.PRESENT
    assert found.span is not None
    assert not any(mark in sentences.at(text, found.span) for mark in ALL)


@pytest.mark.parametrize(
    "mark",
    ['<sup><a href="#note-1">1</a></sup>', '<a href="#note-1"><sup>1</sup></a>', "*", "<sup>[1]</sup>"],
    ids=["link", "in a link", "asterisk", "bracketed"],
)
@pytest.mark.parametrize("words", ["1987", "The bridge was opened in 1987 by the king."], ids=["word", "sentence"])
def test_a_mark_that_leads_to_a_note_is_no_fix(mark, words):
    """Kind: a note was set to the wrong words, which stand as they did, and readers were told of a correction."""
    quote = quoted(page("The bridge was opened in 1987 by the king."), words)
    noted = page(f"The bridge was opened in 1987{mark} by the king.")
    for wish in ("", words.replace("1987", "1989")):
        assert check_fix(quote, noted, wish).state in (Standing.PRESENT, Standing.UNCLEAR)
    fixed = page(f"The bridge was opened in 1989{mark} by the king.")
    assert check_fix(quote, fixed, words.replace("1987", "1989")).state in (Standing.APPLIED, Standing.CHANGED)
