"""The same error or another: what is changed decides, and where; offsets, case and spacing do not."""

import gzip
import json
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.grouping import Sighting, Verdict, fingerprint, rank, same_error
from corrections_service.rules.quotes import Quote

DATA = Path(__file__).resolve().parents[2] / "../shared/data"
ARTICLE = (
    "The city council met on Monday to recieve the report about the new bridge over the river. Members said"
    " that the bridge, which was build in 1987, needs repairs soon. The council will recieve a second report"
    " in May, when the cost are known, and vote on a plan"
    " that includes the old harbour and teh market square."
)


def sighting(exact, suggestion="", *, nth=0, context=300, article=ARTICLE):
    """Return what the snippet would send for the nth occurrence of these words."""
    start = -1
    for _ in range(nth + 1):
        start = article.index(exact, start + 1)
    end = start + len(exact)
    return Sighting(Quote(exact, article[max(0, start - context) : start], article[end : end + context]), suggestion)


def verdict(one, other):
    """Return the verdict on two sightings, which must not depend on their order."""
    assert same_error(one, other).verdict is same_error(other, one).verdict
    return same_error(one, other).verdict


@pytest.mark.parametrize("context", [16, 32, 300])
def test_the_same_change_with_other_words_selected_is_the_same(context):
    one = sighting("recieve the report", "receive the report", context=context)
    assert verdict(one, sighting("to recieve", "to receive", context=context)) is Verdict.SAME
    assert verdict(one, sighting("recieve", "receive", context=context)) is Verdict.SAME
    assert verdict(one, sighting("recieve", "get", context=context)) is Verdict.SAME


@pytest.mark.parametrize("context", [16, 32, 300])
def test_overlapping_highlights_with_different_changes_are_different(context):
    one = sighting("was build in 1987, needs", "was built in 1987, needs", context=context)
    other = sighting("was build in 1987, needs", "was build in 1978, needs", context=context)
    assert verdict(one, other) is Verdict.DIFFERENT


@pytest.mark.parametrize("context", [32, 300])
def test_the_same_word_at_another_place_is_different(context):
    one, other = (sighting("recieve", "receive", nth=nth, context=context) for nth in (0, 1))
    assert verdict(one, other) is Verdict.DIFFERENT


def test_changes_side_by_side_are_for_the_editor_to_judge():
    one, other = sighting("cost are", "costs are"), sighting("are known", "is known")
    assert verdict(one, other) is Verdict.UNSURE


def test_one_report_that_changes_more_than_the_other_is_for_the_editor_to_judge():
    both = sighting("build in 1987, needs repairs", "built in 1987, needs repair")
    assert verdict(both, sighting("build", "built")) is Verdict.UNSURE


def test_without_suggestions_the_same_passage_is_the_same_and_overlapping_ones_are_unsure():
    assert verdict(sighting("was build in"), sighting("was build in")) is Verdict.SAME
    assert verdict(sighting("was build in"), sighting("build in 1987, needs repairs")) is Verdict.UNSURE
    assert verdict(sighting("was build in"), sighting("teh market")) is Verdict.DIFFERENT


def test_a_highlight_without_a_suggestion_joins_the_change_of_its_words():
    assert verdict(sighting("was build in"), sighting("was build in", "was built in")) is Verdict.SAME
    assert verdict(sighting("build"), sighting("was build in", "was built in")) is Verdict.SAME
    assert verdict(sighting("needs"), sighting("was build in", "was built in")) is Verdict.DIFFERENT


def test_a_change_elsewhere_in_the_context_does_not_hide_the_place():
    later = ARTICLE.replace("The city council", "The council of the city").replace("teh market", "the market")
    one, other = sighting("build", "built"), sighting("build", "built", article=later)
    assert verdict(one, other) is Verdict.SAME


@pytest.mark.parametrize(
    "written",
    [
        str.upper,
        lambda text: text.replace(" ", "\u00a0\n "),
        lambda text: text.replace("e", "e\u200b").replace("o", "\u2060o"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("'", "’").replace('"', "“"),
        lambda text: text.replace("i", "i\u00ad"),
    ],
)
def test_case_spacing_marks_forms_and_invisible_characters_do_not_matter(written):
    article = ARTICLE.replace("the old harbour", 'the café "Étoile" and the town\'s harbour')
    one = sighting("includes the café", "includes a café", article=article)
    quote = Quote(*(written(part) for part in (one.quote.exact, one.quote.prefix, one.quote.suffix)))
    assert verdict(one, Sighting(quote, written(one.suggestion))) is Verdict.SAME
    assert fingerprint(one.quote) == fingerprint(quote)


def test_a_place_without_words_is_unsure_unless_it_is_the_same_report():
    place = Sighting(Quote("", "before it", "after it"), "a caption")
    assert verdict(place, place) is Verdict.SAME
    assert verdict(place, sighting("build", "built")) is Verdict.UNSURE
    assert verdict(Sighting(Quote("")), Sighting(Quote(""))) is Verdict.UNSURE
    assert verdict(Sighting(Quote("\u200b ")), sighting("build")) is Verdict.UNSURE


def test_too_little_context_is_unsure_rather_than_the_same():
    assert verdict(Sighting(Quote("recieve"), "receive"), sighting("recieve", "receive")) is Verdict.UNSURE


def test_a_fingerprint_is_of_the_passage_and_not_of_what_is_far_from_it():
    near, far = sighting("build", context=60), sighting("build", context=300)
    assert fingerprint(near.quote) == fingerprint(far.quote)
    assert len(fingerprint(near.quote)) == 32
    assert fingerprint(sighting("recieve").quote) != fingerprint(sighting("recieve", nth=1).quote)
    assert len({fingerprint(Quote("a", "b", "")), fingerprint(Quote("a", "", "b")), fingerprint(Quote("ab"))}) == 3


def test_ranking_puts_the_same_first_and_looks_at_no_more_than_its_limit():
    mine = sighting("recieve", "receive")
    others = [
        sighting("build", "built"),
        sighting("to recieve", "to get"),
        sighting("recieve the", "receive a"),
    ]
    found = rank(mine, others)
    assert [index for index, _ in found] == [1, 2, 0]
    assert found[0][1].verdict is Verdict.SAME
    assert len(rank(mine, others * 100, limit=200)) == 200
    assert rank(mine, []) == []


texts = st.text() | st.lists(st.sampled_from(["a", "the ", "word ", "東", "\u200b", "é", "\n"]), max_size=40).map(
    "".join
)
sightings = st.builds(Sighting, st.builds(Quote, texts, texts, texts), texts)


@given(sightings, sightings)
def test_any_two_sightings_get_one_verdict_whatever_their_order(one, other):
    assert verdict(one, other) in Verdict
    assert verdict(one, one) is not Verdict.DIFFERENT


@given(st.data())
def test_overlapping_windows_of_one_article_are_compared_by_the_words_they_change(data):
    places = [at for at, letter in enumerate(ARTICLE) if letter == " "]
    first, second = (data.draw(st.sampled_from(range(5, len(places) - 6))) for _ in range(2))
    one, other = (
        Sighting(
            Quote(ARTICLE[places[at] + 1 : places[at + 1]], ARTICLE[: places[at] + 1], ARTICLE[places[at + 1] :]),
            "quite another",
        )
        for at in (first, second)
    )
    expected = {0: {Verdict.SAME}, 1: {Verdict.UNSURE}}.get(abs(first - second), {Verdict.DIFFERENT})
    assert verdict(one, other) in expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Sighting(Quote("ab c" * 2_500), "ba d" * 2_500), Sighting(Quote("ab c" * 2_499), "c ba" * 2_500)),
        (Sighting(Quote("本社" * 5_000), "社本" * 5_000), Sighting(Quote("本社" * 4_990), "社的" * 5_000)),
        (Sighting(Quote("a" * 10_000), "b" * 10_000), Sighting(Quote("a" * 9_999), "c" * 10_000)),
        (
            Sighting(Quote("é" * 10_000, "a" * 300, "a" * 300)),
            Sighting(Quote("e" * 10_000, "a" * 300, "a" * 300)),
        ),
    ],
)
def test_two_quotes_of_10_000_characters_are_compared_within_50_ms(one, other):
    assert min(_seconds(one, other) for _ in range(3)) < 0.05


def _seconds(one, other):
    fresh = [
        Sighting(
            Quote(seen.quote.exact, seen.quote.prefix + str(time.monotonic_ns()), seen.quote.suffix),
            seen.suggestion,
        )
        for seen in (one, other)
    ]
    start = time.process_time()
    same_error(*fresh)
    return time.process_time() - start


@pytest.mark.parametrize("context", [32, 300])
def test_labelled_pairs_of_real_corrections_are_told_apart(context):
    if not (DATA / "duplicates_pairs.jsonl.gz").exists():
        pytest.skip("the set of duplicate pairs is not beside this repository")
    found = Counter((pair["label"], same_error(*sides).verdict) for pair, sides in _labelled_pairs(context))
    merged = found["same", Verdict.SAME] + found["different", Verdict.SAME]
    same = sum(count for (label, _), count in found.items() if label == "same")
    assert found["same", Verdict.SAME] / merged >= 0.995
    assert found["same", Verdict.SAME] / same >= 0.95


def _labelled_pairs(context):
    def lines(name):
        return map(json.loads, (DATA / name).read_text(encoding="utf-8").splitlines())

    articles = {doc["doc"]: " ".join(doc["paragraphs"]) for doc in lines("duplicates_docs.jsonl")}
    reports = {report["rid"]: report for line in lines("duplicates_sentences.jsonl") for report in line["reports"]}
    with gzip.open(DATA / "duplicates_pairs.jsonl.gz", "rt", encoding="utf-8") as pairs:
        for pair in map(json.loads, pairs):
            yield pair, [_as_sent(reports[pair[side]], articles, context) for side in "ab"]


def _as_sent(report, articles, context):
    article, start, end = articles[report["doc"]], report["start"], report["end"]
    if context <= 32 or article[start:end] != report["quote"]:
        return Sighting(Quote(report["quote"], report["prefix"], report["suffix"]), report["suggestion"])
    prefix, suffix = article[max(0, start - context) : start], article[end : end + context]
    return Sighting(Quote(report["quote"], prefix, suffix), report["suggestion"])
