"""Pages: what a reader can read in them, whatever they are made of."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules.pages import ArticleFacts, article_facts, read_article, visible_text
from corrections_service.rules.text import clean, fold
from tests.rules.page import URL, read


def test_blocks_are_lines_and_inline_elements_are_not():
    assert read("<h1>Bridge</h1><p>Seven <b>brid</b>ges in<br>one <a href=/x>day</a>.</p>") == (
        "Bridge\nSeven bridges in\none day."
    )


def test_white_space_is_single_spaces_and_entities_are_characters():
    assert read("<p>Tom &amp; Ann\n\t said&nbsp;&laquo;no&raquo; &#x2026;</p>") == "Tom & Ann said «no» …"


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>var a = 'no';</script>",
        "<style>p { color: red }</style>",
        "<template><p>no</p></template>",
        "<noscript>no</noscript>",
        "<textarea>no</textarea>",
        "<select><option>no</select>",
        "<span hidden>no</span>",
        '<span style="color:red; DISPLAY : none">no</span>',
        '<span style="visibility:hidden">no</span>',
        '<span style="display:inline;display:none !important">no</span>',
        "<dialog>no</dialog>",
        "<object>no</object>",
        "<noembed>no</noembed>",
        "<svg><title>no</title><desc>no</desc><style>no</style></svg>",
        "<math><semantics><annotation>no</annotation></semantics></math>",
        "<iframe>no</iframe>",
        "<!-- no -->",
        "<video>no</video>",
    ],
)
def test_what_nobody_sees_is_not_read(unseen):
    assert " ".join(read(f"<p>The tide{unseen} turns.</p>").split()) == "The tide turns."


def test_an_open_dialog_what_only_screen_readers_skip_and_what_opens_are_read():
    assert read("<dialog open>now</dialog><p aria-hidden=true>too</p>") == "now\ntoo"
    assert read("<details><summary>More</summary>later</details>") == "More\nlater"


@pytest.mark.parametrize(
    "page",
    [
        "<p style='display:none;display:block'>The tide turns.</p>",
        "<p style='content-visibility:auto;backface-visibility:hidden'>The tide turns.</p>",
        "<p style='--display:none'>The tide turns.</p>",
        "<body style='visibility:hidden'><p>The tide turns.</p>",
        "<html style='display:none'><body hidden><p>The tide turns.</p>",
        "<style>p { display: none }</style><p>The tide turns.</p>",
    ],
)
def test_what_is_shown_after_all_or_hidden_by_style_sheets_alone_is_read(page):
    assert read(page) == "The tide turns."


def test_badly_nested_elements_keep_their_words_in_order():
    assert read("<b>1<i>2</b>3</i><p>4<font>5<p>6<a href=x>7<a href=y>8</font>9") == "123\n45\n6789"
    assert read("<table>1<tr><td><b>2<td>3</table><b>4<p>5</b>6") == "1\n2\n3\n4\n56"


def test_numbers_of_characters_are_read_as_browsers_read_them():
    assert read("<p>&#128;5 &#x96; &#147;so&#148;&#133; &#0;&#xD800;&#x110000;</p>") == "€5 – “so”… \ufffd\ufffd\ufffd"
    assert read("<p>Q&ampA &notin; &copy2026 &bogus; &lt;b&gt; &amp;amp;</p>") == "Q&A ∉ ©2026 &bogus; <b> &amp;"


def test_signs_that_nobody_sees_are_left_for_comparing_to_drop():
    assert (
        read("<p>light&shy;house ligh<wbr>thouse zero&#8203;width</p>") == "light\u00adhouse lighthouse zero\u200bwidth"
    )
    assert fold(read("<p>light&shy;house</p>")).text == "lighthouse"


def test_marked_sections_are_text_in_drawings_alone():
    assert read("<p>a<![CDATA[b]]></p><svg><text><![CDATA[c < d]]></text></svg>") == "a\nc < d"


def test_markup_that_is_shown_as_such_is_read_as_such():
    assert read("<p>&lt;b&gt;<xmp><b>bold</b></xmp><plaintext><i>") == "<b>\n<b>bold</b>\n<i>"
    assert article_facts(b"<title>What <b> means</title>", URL).headline == "What <b> means"
    assert article_facts(b"<meta property=og:title content='What <b> means'>", URL).headline == "What <b> means"


def test_the_reading_above_a_word_is_no_part_of_the_sentence():
    assert read("<p><ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>を渡る</p>") == "橋を渡る"


def test_tables_and_lists_are_read_cell_by_cell():
    assert read("<table><tr><td>1<td>2<tr><td>3</table><ul><li>a<li>b</ul>") == "1\n2\n3\na\nb"


HOSTILE = {
    "nested": "b'<div>' * 1_000_000",
    "nested and closed": "(b'<div>' * 900 + b'x' + b'</div>' * 900) * 500",
    "flat": "b'<p><b></b></p>' * 357_000",
    "paragraphs": "b'<p>a' * 1_250_000",
    "attributes": "b'<b ' + b''.join(b'a%x ' % at for at in range(1_000_000))",
    "one attribute": "b'<b ' + b'a=1 ' * 1_250_000",
    "attributes of the body": "b''.join(b'<body ' + b''.join(b'a%x ' % (at * 40 + i) for i in range(40)) + b'>' for at in range(20_000))",
    "two attributes": "b''.join(b'<b a%x b%x>' % (at, at) for at in range(340_000))",
    "attributes in tags": "b''.join(b'<b a%x <x b%x=\">\" c%x d%x><' % ((at,) * 4) for at in range(180_000))",
    "a line": "b'a' * 50_000_000",
    "tables": "b'<table><tr><td>' * 333_000",
    "letters in a table": "b'<table>' + b'x<b>' * 1_249_000",
    "unclosed": "b'<p><b><i><u><a href=x>' * 227_000",
    "formatting": "b''.join(b'<b id=%d><p>' % at for at in range(200_000)) + b'</b>' * 200_000",
    "formatting again": "b'<p>' + b''.join(b'<b id=%d>' % at for at in range(900)) + b'</p><p>x' * 600_000",
    "ends of others": "b'<div></x>' * 555_000",
    "brackets": "b'<' * 5_000_000",
    "comments": "b'<!--' * 1_250_000",
    "short comments": "b'<!-->' * 1_000_000",
    "titles in a drawing": "b'<svg><title>' + b'<div>' * 990_000",
    "options": "b'<select><button><selectedcontent></selectedcontent></button>' + b'<option selected>x<b>y</b>' * 190_000",
    "data": "b'<script type=application/ld+json>' + b'[' * 4_900_000",
    "articles": "b'<script type=application/ld+json>[' + b'{\"@type\":\"Article\"},' * 235_000 + b'{}]</script>'",
    "noise in data": "b'<script type=application/ld+json>' + b'/*' * 1_200_000 + b', ' * 1_200_000",
    "properties": "b'<i itemprop=author itemscope>x' * 160_000",
    "links": "b'<link rel=canonical href=https://news.example/sport/>' * 90_000",
    "marks": "b'e' + '\\u0301\\u0316'.encode() * 1_200_000",
    "zeros": "bytes(5_000_000)",
    "declarations": "b'<meta ' * 830_000",
}
LAUGHS = """<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY file SYSTEM "file:///etc/hostname">]>
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&c; &file;</p></body></html>"""


@pytest.fixture(scope="module")
def spent():
    """What reading each hostile page in a process of its own let that grow by, in MiB; it takes 50 plain passes at most."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux says how large a process has been")
    script = f"""if True:
        import sys
        from corrections_service.rules.pages import read_article
        from tests.measures import passes_at_most
        def largest():
            return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
        page = eval(sys.stdin.read())
        read_article(b"<p>a", "{URL}")
        size = largest()
        passes_at_most(50, lambda: read_article(page, "{URL}"), page)
        print((largest() - size) / 1024)"""

    def spent(page):
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, input=page, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return float(done.stdout)

    return spent


@pytest.mark.parametrize("name", HOSTILE)
def test_no_markup_takes_more_than_fifty_plain_passes_and_128_mebibytes(name, spent):
    mebibytes = spent(HOSTILE[name])
    print(f"{name}: {mebibytes:.0f} MiB")
    assert mebibytes < (64 if name in ("nested", "nested and closed", "flat") else 128)


def test_a_document_type_defines_no_entities_and_reads_no_files():
    assert read(LAUGHS).splitlines()[-1] == "&c; &file;"
    assert read(LAUGHS, "application/xhtml+xml").splitlines()[-1] == "&c; &file;"


def test_a_page_of_the_largest_kind_is_read_to_its_end():
    assert read("<div>" * 900 + "deep").endswith("deep")
    assert read(f"<svg>{'<path d=M0/>' * 9_000}</svg><p>end").endswith("end")
    assert read("<p><span>line</p>" * 9_000 + "<p>end").endswith("end")
    assert read(f"<script>if (a <b) {{ {'x = y / z; ' * 9_000} }}</script><p>end").endswith("end")
    assert read(f"<img src='data:image/png;base64,{'A+/=' * 500_000}'><p>end").endswith("end")


def test_marks_stacked_on_a_letter_are_cut_where_no_language_stacks_more():
    assert read("<p>Z" + "\u0301" * 500 + "algo") == clean("Z" + "\u0301" * 30 + "algo")


def test_an_article_read_at_once_is_its_text_and_its_facts():
    page = "<meta charset=koi8-r><title>Мост</title><link rel=canonical href=/bridge><p>Мост построен".encode("koi8-r")
    assert read_article(page, URL) == (visible_text(page), article_facts(page, URL))
    assert read_article(page, URL, "text/html; charset=koi8-u")[1].headline == "Мост"


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=shift_jis", "text/html; charset=\x00"]))
def test_any_bytes_are_some_clean_text_and_some_facts(body, content_type):
    text = visible_text(b"<p>" + body, content_type)
    assert clean(text) == text
    assert isinstance(article_facts(body, URL, content_type), ArticleFacts)


NAMES = "a b i font nobr code p div span ul li dl dt dd h1 section article button form ruby pre blockquote body html x".split()
TAGS = st.builds(lambda name, end, rest: f"<{end}{name}{rest}>", st.sampled_from(NAMES), st.sampled_from(["", "/"]),
                 st.sampled_from(["", " id=x", ' class="a > b"', " /", " data-a='<i>'"]))  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(TAGS, st.integers(100, 999).map(lambda number: f" w{number} "))))
def test_however_elements_are_nested_every_word_is_read_once_and_in_order(pieces):
    page = "".join(pieces)
    assert read(page).split() == re.findall(r"w\d+", page)
