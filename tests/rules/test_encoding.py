"""Pages in any encoding are read as browsers read them."""

import pytest

from corrections_service.rules.pages import visible_text
from tests.rules.page import read


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
