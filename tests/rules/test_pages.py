"""Pages: what a reader can read in them, in any encoding, and what they say about their article."""

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules import urls
from corrections_service.rules.pages import ArticleFacts, article_facts, read_article, visible_text
from corrections_service.rules.text import clean, fold

DATA = Path(__file__).resolve().parents[2] / "../shared/data/pages"
URL = "https://news.example/2026/bridge"


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
        "<dialog>no</dialog>",
        "<iframe>no</iframe>",
        "<!-- no -->",
        "<video>no</video>",
    ],
)
def test_what_nobody_sees_is_not_read(unseen):
    assert " ".join(read(f"<p>The tide{unseen} turns.</p>").split()) == "The tide turns."


def test_an_open_dialog_and_what_only_screen_readers_skip_are_read():
    assert read("<dialog open>now</dialog><p aria-hidden=true>too</p>") == "now\ntoo"


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


def test_without_a_declaration_utf_8_is_tried_first():
    assert read("<p>Brücke</p>".encode(), "text/html") == "Brücke"
    assert read("<p>Brücke</p>".encode("cp1252"), "text/html; charset=nonsense") == "Brücke"


def test_a_label_that_the_bytes_contradict_gives_way_to_utf_8():
    page = '<meta charset="shift_jis"><p>最終更新日は二月です</p>'.encode()
    assert visible_text(page) == "最終更新日は二月です"


def test_nested_and_endless_markup_is_read_in_bounded_time():
    began = time.process_time()
    for page in (
        b"<div>" * 1_000_000,
        b"<p>a" * 500_000,
        b"<b " + b"a=1 " * 500_000,
        b"<" * 5_000_000,
        b"<!--" * 500_000,
    ):
        visible_text(page)
        article_facts(page, URL)
    assert time.process_time() - began < 60
    assert "deep" in read("<div>" * 900 + "deep")


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
    ['<!-- {"@type": "Article", "headline": "Bridge"} -->', '//<![CDATA[\n{"@type": "Article", "headline": "Bridge",}\n//]]>',
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


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", URL),
        ('<link rel="canonical" href="https://news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge">', "https://news.example/bridge"),
        ('<link rel="CANONICAL" href="http://www.news.example/bridge">', "https://www.news.example/bridge"),
        ('<link rel="canonical" href="https://agency.example/bridge">', URL),
        ('<link rel="canonical" href="https://news.example/">', URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        ('<link rel="canonical" href="">', URL),
        ('<link rel="canonical" href="https://[broken">', URL),
        ('<meta property="og:url" content="https://news.example/bridge?utm_source=x">', "https://news.example/bridge"),
        ('<base href="https://agency.example/"><link rel="canonical" href="bridge">', URL),
    ],
)
def test_the_canonical_address_stays_on_the_site(head, found):
    assert article_facts(head.encode(), URL + "?utm_source=mail#part").canonical_url == found


@pytest.mark.parametrize(
    "date", ["yesterday", "0000-00-00", "2026-13-45", "9" * 400, "Mon, 99 Foo 2026 99:99:99 GMT", ""]
)
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
