"""Pages: what a reader can read in them, in any encoding, and what they say about their article."""

import gzip
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules import urls
from corrections_service.rules.pages import ArticleFacts, article_facts, read_article, visible_text
from corrections_service.rules.text import clean, fold
from tests.browser import pages as browser_pages

DATA = Path(__file__).resolve().parents[2] / "../shared/data/pages"
URL = "https://news.example/2026/bridge"
SEEN = """() => {
    document.querySelectorAll("style, link, noscript, select, rt, rp, object").forEach(element => element.remove());
    document.querySelectorAll("details").forEach(details => details.open = true);
    return document.body.innerText;
}"""


def read(body, content_type="text/html; charset=utf-8"):
    return visible_text(body.encode() if isinstance(body, str) else body, content_type)


def real_pages():
    if not DATA.exists():
        pytest.skip("the real pages are not beside this repository")
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    for name, told in sorted(manifest.items()):
        yield name, told, gzip.decompress((DATA / name / "source.html.gz").read_bytes())


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


@pytest.mark.parametrize(
    ("encoding", "label", "words"),
    [
        ("utf-8", "utf-8", "Міст збудовано"),
        ("cp1251", "windows-1251", "Міст збудовано"),
        ("koi8-r", "koi8-r", "Мост построен"),
        ("cp1252", "iso-8859-1", "Brücke “gebaut” – 5 €"),
        ("shift_jis", "Shift_JIS", "橋は建てられた"),
        ("euc-jp", "euc-jp", "橋は建てられた"),
        ("iso2022_jp", "iso-2022-jp", "橋は建てられた"),
        ("gbk", "gb2312", "桥是建的"),
        ("big5", "big5", "橋是建的"),
        ("cp949", "euc-kr", "다리를 지었다"),
        ("cp1256", "windows-1256", "بني الجسر"),
        ("cp874", "tis-620", "สะพานสร้าง"),
        ("cp1252", "iso88591", "Brücke – 5 €"),
        ("iso8859-2", "latin2", "Łódź"),
        ("cp1254", "iso8859-9", "Köprü – inşa"),
        ("koi8-u", "koi8-ru", "Міст"),
        ("cp932", "x-sjis", "①㈱橋"),
        ("cp932", "Windows-31J", "①㈱橋"),
        ("euc_jis_2004", "x-euc-jp", "①橋"),
        ("gb18030", "x-gbk", "桥镕"),
        ("mac-roman", "x-mac-roman", "Brücke"),
    ],
)
def test_a_declared_encoding_is_read_in_the_header_or_in_the_page(encoding, label, words):
    page = f'<html><head><meta charset="{label}"></head><body><p>{words}</p></body></html>'.encode(encoding)
    assert visible_text(page) == words
    plain = f"<p>{words}</p>".encode(encoding)
    assert visible_text(plain, f'text/html; charset="{label}"') == words


def test_a_mark_at_the_start_wins_over_the_header_and_the_header_over_the_page():
    assert read("<p>Brücke</p>".encode("utf-8-sig"), "text/html; charset=iso-8859-1") == "Brücke"
    assert read("<p>Brücke</p>".encode("utf-16"), "text/html; charset=utf-8") == "Brücke"
    assert read("<meta charset=utf-8><p>Brücke</p>".encode("cp1252"), "text/html; charset=iso-8859-1") == "Brücke"


def test_signs_of_japanese_pages_are_those_that_a_browser_reads():
    assert visible_text("<p>5〜7時</p>".encode("euc-jp"), "text/html; charset=euc-jp") == "5～7時"
    assert visible_text("<p>5〜7時</p>".encode("iso2022_jp"), "text/html; charset=iso-2022-jp") == "5～7時"


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <meta charset=utf-8> --><meta charset=windows-1251>",
        "<script>'<meta charset=utf-8>'</script><meta charset=windows-1251>",
        "<meta data-charset=utf-8><meta http-equiv=content-type content='text/html; charset=windows-1251'>",
        "<meta charset=nonsense><meta charset=windows-1251>",
        "<script>" + "x" * 20_000 + "</script><meta charset=windows-1251>",
        "<?xml version='1.0' encoding='windows-1251'?>",
    ],
)
def test_an_encoding_is_read_where_browsers_look_for_it(head):
    assert visible_text(f"{head}<p>Міст</p>".encode("cp1251")) == "Міст"


@pytest.mark.parametrize(
    "label", ["utf-7", "punycode", "idna", "unicode_escape", "rot13", "base64", "cp037", "undefined"]
)
def test_what_no_browser_reads_is_no_encoding(label):
    assert visible_text(b"<p>+ADw-b \\u0041</p>", f"text/html; charset={label}") == "+ADw-b \\u0041"


def test_utf_16_is_what_a_header_says_and_never_what_the_page_says_of_itself():
    assert visible_text("<p>Brücke</p>".encode("utf-16-le"), "text/html; charset=utf-16") == "Brücke"
    assert visible_text("<meta charset=utf-16le><p>Brücke</p>".encode()) == "Brücke"


def test_a_few_broken_bytes_leave_the_rest_of_a_page_readable():
    assert visible_text("<p>Міст збудовано".encode() + b" \xff</p>") == "Міст збудовано \ufffd"
    assert visible_text(b"<p>" + "ж".encode() * 2_500_000) == "ж" * 2_499_998


def test_what_was_encoded_twice_is_left_as_readers_see_it():
    assert read("<p>BrÃ¼cke</p>") == "BrÃ¼cke"


def test_without_a_declaration_utf_8_is_tried_first():
    assert read("<p>Brücke</p>".encode(), "text/html") == "Brücke"
    assert read("<p>Brücke</p>".encode("cp1252"), "text/html; charset=nonsense") == "Brücke"


def test_a_label_that_the_bytes_contradict_gives_way_to_utf_8():
    page = '<meta charset="shift_jis"><p>最終更新日は二月です</p>'.encode()
    assert visible_text(page) == "最終更新日は二月です"


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


def test_json_ld_says_most_about_an_article():
    page = """<html lang="en-GB"><title>Other</title><script type="application/ld+json">
    {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Post"}, {"@type": ["NewsArticle"],
     "headline": "The   bridge", "author": [{"name": "Ann Writer"}, {"name": "Bob Writer"}], "articleSection": ["City"],
     "datePublished": "2026-03-01T09:14:00+02:00", "dateModified": "2026-03-02"}]}</script>"""
    assert article_facts(page.encode(), URL) == ArticleFacts(
        canonical_url=URL,
        headline="The bridge",
        author="Ann Writer, Bob Writer",
        section="City",
        language="en-GB",
        published=datetime(2026, 3, 1, 7, 14, tzinfo=UTC),
        modified=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "script",
    ['<!-- {"@type": "Article", "headline": "Bridge"} -->', '\ufeff/* by hand */ {"@type": "Article", // ours\n "headline": "Bridge"}',
     '{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Bridge&quot;}', '{"@type": "Article", "headline": "<b>Bridge</b>"}',
     '{"@type": "WebPage", "mainEntity": {"@type": ["Thing", "ReportageNewsArticle"], "headline": ["Bridge"]}}',
     '[{"@type": "JobPosting", "headline": "Typist"}, {"@type": "BlogPosting", "headline": "Bridge"}]',
     '[{"@type": "ItemList", "list": [{"@type": "Article", "headline": "Other"}]}, {"@type": "Article", "headline": "Bridge"}]', '//<![CDATA[\n{"@type": "Article", "headline": "Bridge",}\n//]]>',
     '{"@type": "Article", "headline": "Bridge"};', '[{"@type": "http://schema.org/Article", "headline": "Bridge"}]'],
)  # fmt: skip
def test_json_ld_of_careless_templates_is_read(script):
    page = f'<script type="application/ld+json">{script}</script>'
    assert article_facts(page.encode(), URL).headline == "Bridge"


def test_meta_elements_and_microdata_speak_where_json_ld_is_silent():
    page = """<meta property="og:title" content="Bridge"><meta name="author" content="Ann Writer">
    <meta property="article:published_time" content="Sun, 01 Mar 2026 09:14:00 GMT"><meta property="og:locale" content="uk_UA">
    <span itemprop="articleSection">City</span>"""
    facts = article_facts(page.encode(), URL)
    assert (facts.headline, facts.author, facts.section, facts.language) == ("Bridge", "Ann Writer", "City", "uk-UA")
    assert facts.published == datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


def test_of_many_articles_the_page_is_the_one_with_its_address():
    page = """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "Other", "url": "https://news.example/other"},
    {"@type": "NewsArticle", "headline": "Bridge", "mainEntityOfPage": {"@id": "http://NEWS.example/2026/bridge#main"}}]</script>"""
    assert article_facts(page.encode(), URL).headline == "Bridge"


def test_authors_are_named_where_the_article_points_to_them():
    page = """<script type="application/ld+json">{"@graph": [{"@type": "Article", "author": [{"@id": "#ann"}]},
    {"@type": "Person", "@id": "#ann", "name": "Ann Writer"}]}</script>"""
    assert article_facts(page.encode(), URL).author == "Ann Writer"
    named = '<script type="application/ld+json">{"@type": "Article", "author": ["Ann &amp; Sons", {"name": "Bob"}]}</script>'
    assert article_facts(named.encode(), URL).author == "Ann & Sons, Bob"
    nested = '<p itemprop="author" itemscope>By <b itemprop="name">Ann Writer</b>, our reporter</p>'
    assert article_facts(nested.encode(), URL).author == "Ann Writer"
    assert article_facts(b'<meta property="article:author" content="https://social.example/ann">', URL).author is None


def test_an_empty_meta_element_leaves_the_word_to_the_next():
    page = '<meta name="author" content=""><meta name="author" content="Ann Writer"><meta property="x" name="og:title" content="Bridge">'
    facts = article_facts(page.encode(), URL)
    assert (facts.author, facts.headline) == ("Ann Writer", "Bridge")


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("<html lang=uk>", "uk"),
        ("<html lang='' xml:lang=de-CH>", "de-CH"),
        ("<html lang='not a language'><meta property=og:locale content=pl_PL>", "pl-PL"),
        ("<meta http-equiv=content-language content='fr, en'>", "fr"),
        ("<p lang=es>", None),
    ],
)
def test_a_language_is_that_of_the_whole_page(page, language):
    assert article_facts(page.encode(), URL).language == language


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", URL),
        ('<link rel="canonical" href="https://news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="//news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href=" \n/bri\ndge ">', "https://news.example/bridge"),
        ('<link rel="CANONICAL" href="http://www.news.example/bridge">', "https://www.news.example/bridge"),
        ('<link rel="canonical" href="https://NEWS.example.:443/bridge#top">', "https://news.example/bridge"),
        ('<link rel="canonical" href="https://news.example:8443/bridge">', "https://news.example:8443/bridge"),
        ('<link rel="canonical" href="/bridge?utm_medium=x&amp;id=7&amp;a=1">', "https://news.example/bridge?a=1&id=7"),
        ('<link rel="canonical" href="https://agency.example/bridge">', URL),
        ('<link rel="canonical" href="https://news.example.evil.example/bridge">', URL),
        ('<link rel="canonical" href="https://news.example/">', URL),
        ('<link rel="canonical" href="https://news.example">', URL),
        ('<link rel="canonical" href="/2026/">', URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        ('<link rel="canonical" href="">', URL),
        ('<link rel="canonical">', URL),
        ('<link rel="canonical" href="https://[broken">', URL),
        ('<link rel="canonical" href="https://user@news.example/bridge">', URL),
        ('<link rel="alternate" href="/bridge">', URL),
        ('<link rel="canonical" href="/"><link rel="canonical" href="/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge"><link rel="canonical" href="/2/bridge">', "https://news.example/bridge"),
        ('<meta property="og:url" content="https://news.example/bridge?utm_source=x">', "https://news.example/bridge"),
        (
            '<meta property="og:url" content="/other"><link rel="canonical" href="/bridge">',
            "https://news.example/bridge",
        ),
        ('<meta property="og:url" content="/bridge"><link rel="canonical" href="/">', "https://news.example/bridge"),
        ('<base href="https://agency.example/"><link rel="canonical" href="bridge">', URL),
        ('<base href="/old/"><link rel="canonical" href="bridge">', "https://news.example/old/bridge"),
    ],
)
def test_the_canonical_address_stays_on_the_site(head, found):
    assert article_facts(head.encode(), URL + "?utm_source=mail#part").canonical_url == found


@pytest.mark.parametrize(
    ("page", "link", "found"),
    [
        ("http://news.example/bridge", "https://news.example/bridge", "https://news.example/bridge"),
        ("https://amp.news.example/bridge-1", "https://www.news.example/bridge-1", "https://www.news.example/bridge-1"),
        ("https://news.example/bridge-1/amp", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/bridge-1/page/2/", "/bridge-1/", "https://news.example/bridge-1/"),
        ("https://news.example/bridge-1/seite-3", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/bridge-1/index.html", "/bridge-1/", "https://news.example/bridge-1/"),
        ("https://news.example/bridge-1?print=1", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/?p=123", "/", "https://news.example/?p=123"),
        ("https://news.example/?p=123", "/2026/bridge-1", "https://news.example/2026/bridge-1"),
        (
            "https://news.example/view.html?idx=123&page=1",
            "/view.html",
            "https://news.example/view.html?idx=123&page=1",
        ),
        (
            "https://news.example/view.html?idx=123&page=1",
            "/view.html?idx=123",
            "https://news.example/view.html?idx=123",
        ),
        ("https://news.example/sport/cup/final-won", "/sport/", "https://news.example/sport/cup/final-won"),
        ("https://news.example/2026/final-won", "/sport", "https://news.example/2026/final-won"),
        ("https://news.example/node/123", "/city/bridge-opens", "https://news.example/city/bridge-opens"),
        ("https://news.example/", "https://news.example/", "https://news.example/"),
        ("https://news.example/sport/", "/sport/", "https://news.example/sport/"),
        ("no address", "/bridge", ""),
        ("https://news.example/read?id=2", "?id=1", "https://news.example/read?id=2"),
        ("https://news.example/read?id=2", "/story?id=1", "https://news.example/read?id=2"),
        ("https://news.example/read?story=the-king", "/read", "https://news.example/read?story=the-king"),
        ("https://news.example/read?id=2&page=2", "?id=2&page=1", "https://news.example/read?id=2&page=1"),
        ("https://news.example/app#/a/2", "/app", "https://news.example/app#/a/2"),
        ("https://news.example/app#/a/2", "/bridge-1", "https://news.example/app#/a/2"),
    ],
)
def test_a_front_is_no_article_and_a_view_of_an_article_is_that_article(page, link, found):
    assert article_facts(f'<link rel="canonical" href="{link}">'.encode(), page).canonical_url == found


@pytest.mark.parametrize(
    "date",
    ["2026-03-01T09:14:00+02:00", "2026-03-01T07:14:00Z", "2026-03-01 09:14:00 +0200", "2026-03-01T07:14:00.123456789Z",
     "2026/3/1 7:14", "2026.03.01 07:14", "2026-03-01 07:14 UTC", "20260301T071400Z", "2026-03-01T09:14+02", "1772349240",
     "1772349240000", "Sun, 01 Mar 2026 02:14:00 EST", "1 March 2026 07:14:00", "Sun, 01 Mar 2026 09:14:00 +0200 (EET)"],
)  # fmt: skip
def test_dates_are_read_as_sites_write_them(date):
    for page in (
        f'<meta property="article:published_time" content="{date}">',
        f'<p itemprop="datePublished" content="{date}">yesterday</p>',
        f"<article><time datetime='{date}'>yesterday</time></article>",
        f'<script type="application/ld+json">{{"@type": "Article", "datePublished": {{"@value": "{date}"}}}}</script>',
    ):
        when = article_facts(page.encode(), URL).published
        assert when is not None
        assert when.replace(microsecond=0) == datetime(2026, 3, 1, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    ["yesterday", "0000-00-00", "2026-13-45", "9" * 400, "Mon, 99 Foo 2026 99:99:99 GMT", "", "0001-01-01T00:00:00",
     "1970-01-01T00:00:00Z", "01/03/2026", "Mar 1, 2026 19:14 pm", "9999-12-31T23:59:59-10:00", "2026", "10:30"],
)  # fmt: skip
def test_a_date_that_is_none_is_none(date):
    page = f'<meta property="article:published_time" content="{date}">'
    assert article_facts(page.encode(), URL).published is None


def test_real_pages_hold_what_was_found_in_them_by_hand():
    missing, asked = [], 0
    for name, _, source in real_pages():
        truth = DATA / name / "truth.json"
        if truth.exists():
            text = fold(visible_text(source)).text
            for words in json.loads(truth.read_text(encoding="utf-8")).get("with", []):
                asked += 1
                if fold(words).text not in text:
                    missing.append((name, words))
    assert asked >= 60
    assert not missing


def test_real_pages_are_decoded_and_name_their_canonical_address():
    for name, told, source in real_pages():
        text = visible_text(source)
        assert "\ufffd" not in text, name
        assert len(text) > 500, name
        if (told["canonical"] or "").startswith("http"):
            facts = article_facts(source, told["canonical"])
            assert facts.canonical_url == urls.canonical(told["canonical"]), name
            assert facts.headline, name


def test_every_paragraph_that_others_took_for_the_article_is_in_the_text_of_real_pages():
    missing, asked = [], 0
    for name, _, source in real_pages():
        text = fold(visible_text(source)).text
        article, truth = DATA / name / "article.html.gz", DATA / name / "truth.json"
        paragraphs = []
        if article.exists():
            paragraphs += re.split(r"<[^>]*>", gzip.decompress(article.read_bytes()).decode())
        if truth.exists():
            paragraphs += json.loads(truth.read_text(encoding="utf-8")).get("articleBody", "").splitlines()
        for paragraph in paragraphs:
            words = fold(visible_text(paragraph.encode(), "text/html; charset=utf-8")).text
            asked += 1
            if words not in text:
                missing.append((name, paragraph))
    print(f"{asked - len(missing)} of {asked} paragraphs")
    assert asked > 1_000
    assert not missing


def test_a_browser_without_style_sheets_shows_the_very_text_of_real_pages(browser):
    same, other = 0, []
    with browser_pages.served() as server:
        server.pages = (
            {f"/{name}": stored for name, stored in browser_pages.real_pages().items()} if DATA.exists() else {}
        )
        if not server.pages:
            pytest.skip("the real pages are not beside this repository")
        context = browser_pages.shut_off(browser, java_script_enabled=False)
        page = context.new_page()
        for path, stored in server.pages.items():
            page.goto(f"{server.origin}{path}", wait_until="domcontentloaded")
            seen = fold(page.evaluate(SEEN)).text
            text = fold(visible_text(stored.body, stored.content_type)).text
            same += seen == text
            other += [] if seen == text else [path]
        context.close()
    print(f"{same} of {same + len(other)} pages")
    assert not other
