"""What looks like an edit and is none: a teaser, letters that were misread, time that passes, lines of something else."""

import pytest

from benchmarks import fix_kinds
from corrections_service.rules.doubts import is_misread, only_time_passed
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix, quote_at

PARAGRAPHS = [
    "The harbour master told the council on Monday that the old bridge was build in 1987.",
    "It will be closed for repairs in May, and nobody knows for how long.",
    "Robin Hansen, who leads the island's only school, was not asked.",
    "The children would have to take the early ferry, she said on the phone.",
    "The ferry company answered that its boats are full on weekdays.",
    "A second boat costs four million euros a year, which the town has not.",
    "Robin Olsen of the town hall promised a plan before the summer.",
    "Until then the bridge stays open for bicycles, as it was in the storm.",
]
FOOTER = (
    "<footer><ul><li>Most read<li>Ferry timetable changes<li>Seven bridges in one day</ul>"
    "<p>© The Harbour Post · To suggest a correction or clarification, write to us here.</p></footer>"
)
ENDINGS = [
    "...", "…", " ...", " […]", " [...]", "... Read more", "… Weiterlesen", "...</p><p>Subscribe to read on.",
    "…</p><p><a href=/s>Lire la suite</a>", "</p><p>Log in or register to continue reading.", "", "…</p><p>続きを読む",
]  # fmt: skip


def page(paragraphs):
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return visible_text(f"<header>The Harbour Post</header><article>{body}</article>{FOOTER}".encode())


def quotes_after(text, number, word):
    """Every second word after the cut, quoted."""
    for index in range(number, len(PARAGRAPHS)):
        words = PARAGRAPHS[index].split(" ")
        for at in range(word if index == number else 0, len(words), 2):
            start = text.index(PARAGRAPHS[index]) + len(" ".join(words[:at])) + (at > 0)
            yield quote_at(text, start, start + len(words[at]))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_short_article_that_is_cut_to_a_teaser_is_no_removal(ending):
    """Kind: what is missing is the tail after the cut, and the context runs into the footer."""
    text = page(PARAGRAPHS)
    told = []
    for number in range(8):
        words = PARAGRAPHS[number].split(" ")
        for word in (3, 7, len(words) - 1):
            now = page([*PARAGRAPHS[:number], " ".join(words[:word]) + ending])
            asked = list(quotes_after(text, number, word))
            told += [check_fix(quoted, now, remove=at % 2 == 1) for at, quoted in enumerate(asked)]
    wrong = [one for one in told if one.state is not Standing.UNCLEAR]
    assert len(told) > 500
    assert len(wrong) <= len(told) * 0.005


@pytest.mark.parametrize("number", [1, 3, 5, 6])
def test_a_sentence_that_an_editor_took_out_is_gone_though_its_line_ends_there(number):
    """The other side: what is fixed does not stop being seen."""
    text = page(PARAGRAPHS)
    taken = [*PARAGRAPHS[:number], *PARAGRAPHS[number + 1 :]]
    start = text.index(PARAGRAPHS[number])
    whole = quote_at(text, start, start + len(PARAGRAPHS[number]))
    assert check_fix(whole, page(taken)).state is Standing.GONE
    joined = [" ".join(PARAGRAPHS[:4]), " ".join(PARAGRAPHS[4:])]
    start = page(joined).index(PARAGRAPHS[number])
    quoted = quote_at(page(joined), start, start + len(PARAGRAPHS[number]))
    without = [one.replace(PARAGRAPHS[number], "").replace("  ", " ").strip() for one in joined]
    assert check_fix(quoted, page(without)).state is Standing.GONE


@pytest.mark.parametrize(
    ("right", "codec", "wrong"),
    [
        ("organización", "cp1252", "organizaciÃ³n"),
        ("Привет мир", "cp1251", ""),
        ("naïve façade", "cp1252", ""),
        ("größer", "cp1250", ""),
        ("“quoted”", "cp1252", ""),
        ("日本語の文", "cp1252", ""),
        ("ελληνικά", "cp1252", ""),
        ("organizaci\ufffdn", "utf-8", "organizaci\ufffdn"),
    ],
)
def test_words_that_were_read_in_the_wrong_encoding_are_never_called_changed(right, codec, wrong):
    """Kind: the browser shows other letters than the service reads."""
    seen = wrong or right.encode().decode(codec, "ignore")
    assert is_misread(seen)
    before, after = "The harbour master told the council on Monday about ", " and nobody in the room had an answer."
    text = f"{before}{right}{after}\nMore about ferries and bridges."
    quoted = Quote(seen, before, after)
    if seen != right:
        assert check_fix(quoted, text).state is Standing.UNCLEAR
    assert check_fix(quoted, text.replace(right, "something")).state is Standing.UNCLEAR
    assert check_fix(quoted, text.replace(right, "something"), "something").state is Standing.APPLIED


@pytest.mark.parametrize(
    "words",
    [
        "café », dit-il", "« Où est passé\u00a0» ?", "Ångström", "ESPAÑA", "Ø", "ÉTÉ À PARIS", "Київ", "СССР", "Рік", "naïve",
        "Đà Nẵng", "Übermaß", "ação", "ÇA VA", "Þórr", "日本語", "ελληνικά", "שלום", "مرحبا", "10 £", "20 °C", "§ 3", "»Åse«",
    ],
)  # fmt: skip
def test_words_of_every_language_are_not_taken_for_misread_ones(words):
    assert not is_misread(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Updated 5 minutes ago", "Updated 2 hours ago"), ("vor 5 Minuten", "vor 2 Stunden"), ("il y a 5 minutes", "il y a 2 heures"),
        ("hace 5 minutos", "hace 2 horas"), ("5 minuti fa", "2 ore fa"), ("há 5 minutos", "há 2 horas"), ("5 минут назад", "2 часа назад"),
        ("5 хвилин тому", "2 години тому"), ("5 分前", "2 時間前"), ("5分钟前", "2小时前"), ("5 dakika önce", "2 saat önce"),
        ("just now", "a minute ago"), ("an hour ago", "2 hours ago"), ("5m ago", "2h ago"), ("5 minuten geleden", "2 uur geleden"),
    ],
)  # fmt: skip
def test_time_that_passes_is_no_edit(one, other):
    assert only_time_passed(f"opened {one} by the king", f"opened {other} by the king")
    before, after = (
        "The harbour master told the council that the bridge was opened ",
        " by the king, who stayed for lunch.",
    )
    assert check_fix(Quote(one, before, after), before + other + after).state is Standing.UNCLEAR
    assert check_fix(Quote(one, before, after), before + other + after, other).state is Standing.APPLIED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 years ago", "6 years ago"),
        ("vor 5 Jahren", "vor 6 Jahren"),
        ("5 minutes", "6 minutes"),
        ("opend", "opened"),
        ("5 年前", "6 年前"),
    ],
)
def test_years_and_lengths_of_time_are_facts(one, other):
    assert not only_time_passed(one, other)


def test_a_stretch_of_lines_that_is_far_longer_than_the_words_is_unclear():
    """Kind: what stands between two brackets is something else, such as a menu."""
    before, after = (
        "The harbour master told the council on Monday that the bridge is ",
        "closed in May. Nobody had asked for that.",
    )
    between = "\nShare this\nFerry timetable changes and seven bridges\nRain until Friday in the north\nMore about the harbour\n"
    assert check_fix(Quote("safe and ", before, after), before + between + after).state is Standing.UNCLEAR
    assert check_fix(Quote("safe and ", before, after), f"{before}sound and {after}").state is Standing.CHANGED


SOMETHING_ELSE = [
    "Loading…", "404", "[Video]", "This content is not available in your region.",
    "Dieser Inhalt ist in Ihrer Region nicht verfügbar.", "Ce contenu n’est pas disponible.",
    "Цей вміст недоступний у вашому регіоні.", "The post could not be loaded. View on X.",
]  # fmt: skip


@pytest.mark.parametrize("number", range(2, len(SOMETHING_ELSE) + 2))
def test_what_stands_in_place_of_a_passage_that_was_not_shown_is_no_fix(number):
    """Kind: a part that was not loaded, not agreed to, or not for this place was told as corrected."""
    gone, text = PARAGRAPHS[number % 6 + 1], page(PARAGRAPHS)
    shown = page([SOMETHING_ELSE[number - 2] if one == gone else one for one in PARAGRAPHS])
    for words in (gone, *gone.split(" ")[1:-1]):
        start = text.index(gone) + gone.index(words)
        found = check_fix(quote_at(text, start, start + len(words)), shown)
        assert found.state is Standing.UNCLEAR, (words, found)


def test_a_paragraph_that_was_written_anew_or_taken_out_is_changed_or_gone():
    gone, text = PARAGRAPHS[3], page(PARAGRAPHS)
    quote = quote_at(text, text.index(gone), text.index(gone) + len(gone))
    anew = page([*PARAGRAPHS[:3], "On the phone she said that the children now have to take the bus.", *PARAGRAPHS[4:]])
    assert check_fix(quote, anew).state is Standing.CHANGED
    assert check_fix(quote, page([*PARAGRAPHS[:3], *PARAGRAPHS[4:]])).state is Standing.GONE
    quoted = f"Correction: an earlier version said “{gone}” That was wrong."
    assert check_fix(quote, page([*PARAGRAPHS[:3], *PARAGRAPHS[4:], quoted])).state is Standing.GONE


@pytest.mark.parametrize("remove", [False, True])
def test_a_paragraph_that_stands_elsewhere_on_the_page_is_not_gone(remove):
    """Kind: another arrangement of the same paragraphs was told as a correction."""
    moved, text = PARAGRAPHS[3], page(PARAGRAPHS)
    quote = quote_at(text, text.index(moved), text.index(moved) + len(moved))
    for order in ([*PARAGRAPHS[:3], *PARAGRAPHS[4:], moved], [moved, *PARAGRAPHS[:3], *PARAGRAPHS[4:]]):
        assert check_fix(quote, page(order), remove=remove).state in (Standing.UNCLEAR, Standing.PRESENT)


@pytest.mark.parametrize("line", ["Advertisement", "Read also: ten bridges to see", "The bridge today. Photo: A. Holm"])
def test_lines_that_come_between_the_words_are_no_fix(line):
    """Kind: an advertisement within a long quote was told as a correction."""
    text = page(PARAGRAPHS)
    start, end = text.index(PARAGRAPHS[2]), text.index(PARAGRAPHS[3]) + len(PARAGRAPHS[3])
    quote = quote_at(text, start, end)
    assert check_fix(quote, page([*PARAGRAPHS[:3], line, *PARAGRAPHS[3:]])).state is Standing.UNCLEAR
    mended = PARAGRAPHS[3].replace("early", "late")
    fixed = page([*PARAGRAPHS[:3], line, mended, *PARAGRAPHS[4:]])
    assert check_fix(quote, fixed).state is Standing.CHANGED


def test_kinds_of_pages_that_the_service_sees_otherwise_are_told_rightly():
    figures = fix_kinds.figures()
    assert figures["kinds_looks"] >= 50
    assert figures["kinds_said_fixed"] == 0
    assert figures["kinds_fixes_seen"] == 1.0
