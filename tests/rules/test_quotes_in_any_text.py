"""Quotes in whatever text: every script and form, what nobody sees, many at once, hostile ones, real pages."""

import gzip
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import fix_quality
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import (
    Quote,
    Sighting,
    Standing,
    check_fix,
    check_fixes,
    quote_at,
)
from corrections_service.rules.text import fold
from tests.measures import passes_at_most
from tests.rules.articles import ARTICLE, quote, stands

PAGES = Path(__file__).resolve().parents[2] / "../shared/data/pages"


@pytest.mark.parametrize(
    ("shown", "remembered"),
    [
        ("The ﬁrst ﬂag", "The first flag"),
        ("Ｔｈｅ　ｆｉｒｓｔ flag", "The first flag"),
        ("The first\u2003flag", "The first flag"),
        ("the well‑known “flag”", 'the well-known "flag"'),
        ("the ﬂag‐bearer’s", "the flag-bearer's"),
        ("½ flag №3", "½ flag №3"),
        ("THE FIRST FLAG", "The first flag"),
        ("fla\u00adg\u200bs", "flags"),
    ],
)
def test_what_folding_makes_the_same_is_found_with_the_exact_span(shown, remembered):
    around = "Nobody in the old town knew who had made {} that hung over the gate for so many years."
    start = around.index("{")
    made = quote_at(around.format(remembered), start, start + len(remembered))
    found = check_fix(made, around.format(shown), "Something else")
    assert found.span == (start, start + len(shown))


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_forms_are_the_same_text(form):
    text = "Die Brücke über den Fluß wurde im Jahr ① gebaut, sagte José Ångström im Café, und ﬁel ein Jahr später um."
    found = check_fix(quote("José", article=text), unicodedata.normalize(form, text))
    assert found.state is Standing.PRESENT


@pytest.mark.parametrize(
    ("shown", "remembered"),
    [
        ("har\u00adbour mas\u00adter", "harbour master"),
        ("harbour\u00a0master", "harbour master"),
        ("harbour\u200b \ufeffmaster\u2060", "harbour master"),
        ("harbour\n   master", "harbour master"),
        ("harbour \U000e0061master", "harbour master"),
    ],
)
def test_what_nobody_sees_plays_no_part_and_spans_are_exact(shown, remembered):
    now = ARTICLE.replace("harbour master", shown)
    assert shown in now
    found = check_fix(quote(remembered), now)
    assert found.state is Standing.PRESENT
    assert found.span is not None
    assert fold(now[slice(*found.span)]).text == fold(remembered).text


def test_quotation_marks_and_dashes_are_one_kind_unless_they_are_what_changed():
    text = 'The mayor said: "We will not wait", and left the well-known room. Nobody in the old harbour answered her.'
    curly = text.replace('"We', "“We").replace('wait"', "wait”").replace("well-known", "well‑known")
    assert check_fix(quote("not wait", article=text), curly).state is Standing.PRESENT
    assert check_fix(quote('"We will not wait"', article=text), curly, "“We will not wait”").state is Standing.APPLIED


def test_case_alone_is_a_fix():
    now = ARTICLE.replace("harbour master told", "Harbour master told")
    assert stands(check_fix(quote("harbour"), now, "Harbour"), now) == (Standing.APPLIED, "Harbour")
    assert check_fix(quote("harbour"), ARTICLE, "Harbour").state is Standing.PRESENT


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("港の古い橋は一九八七年に建てられた。市長は月曜日に、修理のために五月から閉鎖されると発表した。", "五月", "六月"),
        ("ท่าเรือเก่าของเมืองสร้างขึ้นเมื่อปีพันเก้าร้อยแปดสิบเจ็ดและจะปิดซ่อมในเดือนพฤษภาคมนี้ตามที่นายกเทศมนตรีบอก", "พฤษภาคม", "มิถุนายน"),
        ("قال رئيس البلدية يوم الاثنين إن الجسر القديم بني عام 1987 وسيغلق للإصلاح في شهر أيار هذا العام.", "1987", "1978"),
        ("ראש העיר אמר ביום שני שהגשר הישן נבנה בשנת 1987 וייסגר לתיקונים בחודש מאי השנה, כך נמסר.", "1987", "1978"),
        ("Міський голова сказав у понеділок, що старий міст збудували 1987 року і закриють на ремонт у травні.", "травні", "червні"),
    ],
)  # fmt: skip
def test_scripts_of_every_kind_are_judged_alike(text, wrong, right):
    made = quote(wrong, article=text)
    assert stands(check_fix(made, text, right), text) == (Standing.PRESENT, wrong)
    now = text.replace(wrong, right)
    assert stands(check_fix(made, now, right), now) == (Standing.APPLIED, right)
    assert stands(check_fix(made, now), now) == (Standing.CHANGED, right)


def test_many_checks_of_one_text_are_the_checks_one_by_one():
    now = ARTICLE.replace("build", "built").replace("Robin Hansen", "Elisa Hansen")
    wished = [("build", "built", 0), ("Robin", "", 0), ("Robin", "Robyn", 1), ("May", "June", 0)]
    asked = [Sighting(quote(wrong, nth=nth), wish) for wrong, wish, nth in wished]
    assert check_fixes(asked, now) == [check_fix(one.quote, now, one.suggestion) for one in asked]
    assert check_fixes(asked, fold(now)) == check_fixes(asked, now)


@settings(deadline=None)
@given(st.data())
def test_whatever_is_quoted_is_found_again_where_it_was(data):
    start = data.draw(st.integers(0, len(ARTICLE) - 2))
    end = data.draw(st.integers(start + 1, min(len(ARTICLE), start + 200)))
    made = quote_at(ARTICLE, start, end)
    found = check_fix(made, ARTICLE)
    if ARTICLE[start:end].strip():
        assert found.state is Standing.PRESENT
        assert found.span is not None
        assert ARTICLE[slice(*found.span)].split() == ARTICLE[start:end].split()


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_gets_an_answer_with_a_span_within_it(text, exact, prefix, suffix, suggestion):
    found = check_fix(Quote(exact, prefix, suffix), text, suggestion)
    if found.span is not None:
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
    assert (found.span is None) == (found.state in (Standing.UNCLEAR,) or found.reason == "passage gone")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda word: fold(word).text))
def test_a_suggestion_put_in_by_hand_is_never_called_present(suggestion):
    now = ARTICLE.replace("was build in", f"was {suggestion} in")
    found = check_fix(quote("build"), now, suggestion)
    if fold(suggestion).text != fold("build").text:
        assert found.state is not Standing.PRESENT or "build" in fold(suggestion).text


@pytest.mark.parametrize(
    ("words", "around", "text"),
    [
        ("a" * 9, "a" * 300, "a" * 200_000),
        ("a" * 2000, "b" * 300, "a" * 200_000),
        ("ab" * 1000, "ba" * 150, "ab" * 100_000),
        ("the cat sat", "dog the cat " * 25, "the cat the dog sat " * 10_000),
        ("a" + "\u0301" * 1999, "e\u0301" * 150, "a" + "\u0301" * 200_000),
        ("ﷺ" * 2000, "ﷺ" * 300, "ﷺ" * 100_000),
        ("\u00ad" * 2000, "\u200b" * 300, "\u00ad" * 200_000),
        ("x y z " * 60_000, "q " * 60_000, "x y z " * 60_000 + "!"),
    ],
    ids=["one letter", "a long run", "two letters", "three words", "Zalgo", "ligatures", "invisible", "a huge quote"],
)
def test_hostile_quotes_on_hostile_texts_take_bounded_time(words, around, text):
    asked = [Sighting(Quote(words, around, around + "!"), "b")] * 50
    passes_at_most(300, lambda: check_fixes(asked, text), text)


OWN = "".join(
    f"Boat {number} of the old harbour came back with {number * 7 % 90} boxes of fish. " for number in range(90)
)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "The old ferry left the harbour at six and came back at nine. " * 3_300,
        OWN[1_000:1_700] * 1_000,
        OWN.replace(" ", "") * 35,
        OWN * 35,
        OWN.replace("of", "from the fleet of") * 30,
        "".join(f"{number} boats of the harbour sold {number * 13 % 997} boxes. " for number in range(110_000)),
    ],
    ids=["one letter", "one sentence", "one passage", "no spaces", "itself", "itself, edited", "5 MB"],
)
@pytest.mark.parametrize("words", ["Boat", "aaaa"])
def test_fifty_cases_are_checked_at_once_against_whatever_text(words, text):
    if words == "aaaa":
        asked = [
            Sighting(Quote("a" * (number % 9 + 1) + "b" * (number % 2), "a" * 300, "a" * 300), "b")
            for number in range(50)
        ]
    else:
        asked = [Sighting(quote_at(OWN, at, at + 4), "Ship") for at in range(350, 2_850, 50)]
    page = fold(text)
    passes_at_most(45 if len(text) < 1_000_000 else 6, lambda: check_fixes(asked, page), text)


def test_real_documents_before_and_after_a_fix_are_judged_rightly():
    if not (fix_quality.DATA / "drift.jsonl.gz").exists():
        pytest.skip("the documents before and after a fix are not beside this repository")
    for context in fix_quality.CONTEXTS:
        answers: Counter[tuple[str, Standing]] = Counter()
        for trial in fix_quality.trials(context):
            answers[trial.known, fix_quality.answer(trial)] += 1
        figures = fix_quality.figures(answers)
        assert figures["clear"] >= 0.995
        assert figures["said_fixed_of_present"] <= 0.001
        if context == "echoed":
            continue  # an echo of a passage that the article has lost since may outweigh what is left of it
        assert figures["said_present_of_fixed"] <= 0.001
        assert figures["rewritten_and_fixed"] >= 0.8
        assert figures["rewritten_said_present"] == 0
        assert figures["gone_said_present"] == 0


def test_sentences_of_real_pages_are_found_where_they_stand():
    if not PAGES.exists():
        pytest.skip("the real pages are not beside this repository")
    asked = found = 0
    for source in sorted(PAGES.glob("*/source.html.gz")):
        text = visible_text(gzip.decompress(source.read_bytes()))
        page = fold(text)
        for start in range(0, max(0, len(text) - 200), max(200, len(text) // 20)):
            end = start + 60
            if text[start:end].strip():
                asked += 1
                check = check_fix(quote_at(text, start, end), page)
                found += check.state is Standing.PRESENT
    assert asked >= 700
    assert found / asked >= 0.995
