"""The same error or another: what is changed decides, and where; offsets, case and spacing do not."""

import gzip
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.grouping import Sighting, Verdict, fingerprint, same_error
from corrections_service.rules.quotes import Quote
from tests.rules.sightings import ARTICLE, sighting

DATA = Path(__file__).resolve().parents[2] / "../shared/data"


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


WORDY = (
    "Nobody spoke. The committee had ment to publish its figures before the sommer, but a fire in the archive"
    " destroyed half of all the papers that it had collected. The minister said nothing. Two days later the"
    " comittee met again."
)


@pytest.mark.parametrize(
    ("recast", "anew", "other", "change", "expected"),
    [
        ("had ment to publish its figures", "wanted its numbers out", "sommer", "summer", Verdict.UNSURE),
        ("a fire in the archive", "flames in the old cellar", "collected", "gathered", Verdict.UNSURE),
        ("destroyed half of all the papers that", "burnt most papers, which", "had ment", "had meant", Verdict.UNSURE),
        ("collected.", "brought together at last.", "half of all", "half of", Verdict.UNSURE),
        # a change of two words puts something right; so does one word in a whole sentence
        ("its figures", "the numbers", "sommer", "summer", Verdict.DIFFERENT),
        (WORDY[14:174], WORDY[14:174].replace("sommer", "summer"), "had ment", "had meant", Verdict.DIFFERENT),
        # nor does a sentence written anew cast doubt on the next one
        ("The minister said nothing.", "There was no answer.", "comittee", "committee", Verdict.DIFFERENT),
        ("Nobody spoke.", "All of them kept silent.", "had ment", "had meant", Verdict.DIFFERENT),
    ],
)
def test_a_sentence_that_one_reader_writes_anew_is_shown_beside_what_another_changes_in_it(
    recast, anew, other, change, expected
):
    assert verdict(sighting(recast, anew, article=WORDY), sighting(other, change, article=WORDY)) is expected


def test_three_words_of_a_very_long_sentence_are_not_the_sentence_written_anew():
    article = "It was known that " + ", ".join(f"the {number}th guest came late" for number in range(40)) + "."
    one = sighting("20th guest came late", "20th visitor was there early", article=article)
    assert verdict(one, sighting("24th", "24rd", article=article, context=300)) is Verdict.DIFFERENT


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


SCRIPTS = {
    "no spaces": "町の議会は月曜日に新しい橋の計画を話し合い、費用は三億円になると発表した。市長は来年の春までに工事を始めたいと話した。",
    "thai": "สภาเทศบาลประชุมเมื่อวันจันทร์เพื่อหารือเรื่องสะพานใหม่ข้ามแม่น้ำและค่าใช้จ่ายทั้งหมดของโครงการนี้",
    "right to left": "اجتمع مجلس المدينة يوم الاثنين لمناقشة خطة الجسر الجديد فوق النهر، وقال الاعضاء إن الكلفة ستزيد كثيرا هذا العام",
    "points": "מועצת העיר נפגשה בְּיוֹם שֵׁנִי כדי לדון בגשר החדש מעל הנהר ובמחיר של כל העבודות בשנה הקרובה",
    "vowel signs": "नगर परिषद की बैठक सोमवार को नदी पर बने नए पुल की योजना पर हुई और सदस्यों ने कहा कि खर्च बहुत बढ़ेगा",
    "syllables": "시의회는 월요일에 강 위의 새 다리에 관한 계획을 논의하고 비용이 크게 늘어날 것이라고 밝혔다 그리고 다시 모인다",
}


@pytest.mark.parametrize("context", [16, 32, 300])
@pytest.mark.parametrize(
    ("script", "word", "right", "wider", "wider_right", "elsewhere", "elsewhere_right"),
    [
        ("no spaces", "三億円", "四億円", "費用は三億円になる", "費用は四億円になる", "来年の春", "来年の秋"),
        ("thai", "สะพานใหม่", "สะพานเก่า", "เรื่องสะพานใหม่ข้าม", "เรื่องสะพานเก่าข้าม", "ค่าใช้จ่าย", "ค่าใช้สอย"),
        ("right to left", "الاعضاء", "الأعضاء", "وقال الاعضاء إن", "وقال الأعضاء إن", "كثيرا", "قليلا"),
        ("points", "שֵׁנִי", "שְׁלִישִׁי", "בְּיוֹם שֵׁנִי כדי", "בְּיוֹם שְׁלִישִׁי כדי", "הקרובה", "הבאה"),
        ("vowel signs", "सोमवार", "मंगलवार", "बैठक सोमवार को", "बैठक मंगलवार को", "खर्च", "ख़र्च"),
        ("syllables", "월요일에", "화요일에", "시의회는 월요일에 강", "시의회는 화요일에 강", "비용이", "예산이"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_script_is_compared_by_what_is_changed(
    script, word, right, wider, wider_right, elsewhere, elsewhere_right, context, form
):
    article = SCRIPTS[script]
    one = sighting(word, right, article=article, context=context)
    other = sighting(wider, wider_right, article=article, context=context)
    quote = Quote(*(unicodedata.normalize(form, part) for part in (other.quote.exact, *_sides(other.quote))))
    assert verdict(one, Sighting(quote, unicodedata.normalize(form, wider_right))) is Verdict.SAME
    third = sighting(elsewhere, elsewhere_right, article=article, context=context)
    assert verdict(one, third) is Verdict.DIFFERENT
    assert verdict(third, Sighting(quote, wider_right)) is Verdict.DIFFERENT


def _sides(quote):
    return quote.prefix, quote.suffix


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # the whole sentence with one word changed, and the one word
        (("The council will recieve a second report in May", "The council will receive a second report in May"),
         ("recieve a", "receive a"), Verdict.SAME),
        (("The council will recieve a second report in May", "The council will recieve a third report in May"),
         ("recieve a", "receive a"), Verdict.DIFFERENT),
        # what is only typed otherwise
        (("which was build in 1987", "which was ‘built’ in 1987"), ("build", "'built'"), Verdict.SAME),
        (("vote on a plan", "vote – on a plan"), ("vote on", "vote - on"), Verdict.SAME),
        (("recieve the", "re\u00adceive the"), ("recieve", "receive"), Verdict.SAME),
        # a suggestion that says nothing, or what is there already, is none
        (("teh market", ""), ("teh market", " \n\t"), Verdict.SAME),
        (("teh market", "teh market"), ("teh market", ""), Verdict.SAME),
        (("old harbour", ""), ("teh market", "the market"), Verdict.DIFFERENT),
        (("the old harbour and teh market square", ""), ("teh", "the"), Verdict.UNSURE),
        # words put in at one place, and at another
        (("when the", "when all the"), ("the cost", "all the cost"), Verdict.SAME),
        (("when the", "just when the"), ("the cost", "the whole cost"), Verdict.UNSURE),
        (("May, when", "May, just when"), ("cost are", "cost all are"), Verdict.DIFFERENT),
    ],
)  # fmt: skip
def test_suggestions_are_compared_by_what_they_change(one, other, expected):
    assert verdict(sighting(*one), sighting(*other)) is expected


def test_a_passage_that_is_cut_at_2_000_characters_is_compared_by_what_it_changes():
    article = "".join(f"On day {number} the mayor of the town wrote a letter. " for number in range(80))
    long = Sighting(Quote(article[:2000], "", article[2000:2300]), article[:2000].replace("day 7 ", "night 7 "))
    assert verdict(long, sighting("day 7 the", "night 7 the", article=article)) is Verdict.SAME
    assert verdict(long, sighting("day 8 the", "night 8 the", article=article)) is Verdict.DIFFERENT
    assert verdict(long, sighting("day 70 the", "night 70 the", article=article)) is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("before", "after"), [("\udd21", "\ud83d"), ("\u0301", "e"), ("\u200d👩", "👩\u200d"), ("\ufe0f", "\u1100")]
)
def test_context_that_is_cut_within_a_character_does_not_hide_the_place(before, after):
    one, other = sighting("build", "built"), sighting("was build in", "was built in")
    cut = Quote(other.quote.exact, before + other.quote.prefix[-60:], other.quote.suffix[:60] + after)
    assert verdict(one, Sighting(cut, other.suggestion)) is Verdict.SAME
    assert len(fingerprint(cut)) == 32


def test_words_of_their_own_in_a_text_that_repeats_itself_are_found():
    rows = "".join(f"home guests draw {'' if row != 30 else 'posponed until spring '}" for row in range(60))
    one = sighting("posponed", "postponed", article=rows)
    assert verdict(one, sighting("draw posponed until", "draw postponed until", article=rows)) is Verdict.SAME
    assert verdict(one, sighting("spring home", "summer home", article=rows)) is Verdict.DIFFERENT


def test_a_place_without_words_is_unsure_unless_it_is_the_same_report():
    place = Sighting(Quote("", "before it", "after it"), "a caption")
    assert verdict(place, place) is Verdict.SAME
    assert verdict(place, sighting("build", "built")) is Verdict.UNSURE
    assert verdict(Sighting(Quote("")), Sighting(Quote(""))) is Verdict.UNSURE
    assert verdict(Sighting(Quote("\u200b ")), sighting("build")) is Verdict.UNSURE


def test_too_little_context_is_unsure_rather_than_the_same():
    assert verdict(Sighting(Quote("recieve"), "receive"), sighting("recieve", "receive")) is Verdict.UNSURE


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


@pytest.mark.parametrize("context", [32, 300])
def test_labelled_pairs_of_real_corrections_are_told_apart(context):
    if not (DATA / "duplicates_pairs.jsonl.gz").exists():
        pytest.skip("the set of duplicate pairs is not beside this repository")
    found = Counter((pair["label"], same_error(*sides).verdict) for pair, sides in _labelled_pairs(context))
    merged = found["same", Verdict.SAME] + found["different", Verdict.SAME]
    same = sum(count for (label, _), count in found.items() if label == "same")
    assert found["same", Verdict.SAME] / merged >= 0.995
    assert found["same", Verdict.SAME] / same >= 0.95
    if context == 300:
        ambiguous, different = (
            sum(count for (label, _), count in found.items() if label == name) for name in ("ambiguous", "different")
        )
        assert found["ambiguous", Verdict.UNSURE] / ambiguous >= 0.5
        assert found["different", Verdict.DIFFERENT] / different >= 0.93


def _labelled_pairs(context):
    def lines(name):
        return map(json.loads, (DATA / name).read_text(encoding="utf-8").splitlines())

    articles = {doc["doc"]: "\n\n".join(doc["paragraphs"]) for doc in lines("duplicates_docs.jsonl")}
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
