"""The article reader reads a site's pages whatever a server sends, and says why where there is none (THREATS G06, G07, G11)."""

from __future__ import annotations

import gzip
import re
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work.fetch import read_page
from tests.work.canaries import LOOPBACK, Canary
from tests.work.servers import read, say_to_one_who_may_hang_up


def test_a_page_of_the_site_is_read(canary: Canary) -> None:
    page = read_page(f"{canary.origin}/articles/1#top", origins=[canary.origin], allowed=LOOPBACK)
    assert page.body == b"<p>An article.</p>"
    assert canary.hits == ["/articles/1"]
    assert not {"Cookie", "Authorization", "Referer"} & set(canary.headers[0])


def test_a_page_that_has_not_changed_is_not_sent_again(canary: Canary) -> None:
    def unchanged(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(304)
        handler.send_header("ETag", '"a"')
        handler.end_headers()

    canary.answer = unchanged
    page = read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK, etag='"a"')
    assert page.unchanged
    assert canary.headers[0]["If-None-Match"] == '"a"'


def test_what_is_no_page_is_not_read(canary: Canary) -> None:
    canary.answer = lambda handler: Canary.article(handler, kind="application/pdf")
    with pytest.raises(Unreachable, match="no HTML"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


@pytest.mark.parametrize("packed", ["gzip, gzip, gzip", "br", "zstd", "deflate, gzip"])
def test_what_is_packed_otherwise_than_asked_is_refused(canary: Canary, packed: str) -> None:
    """G07."""
    canary.answer = lambda handler: Canary.article(handler, b"x", Content_Encoding=packed)
    with pytest.raises(Unreachable, match="packed"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "no page"),
        (401, "sign in"),
        (403, "keeps the article reader out"),
        (404, "no page at this address"),
        (410, "taken down for good"),
        (418, "no page"),
        (429, "less often"),
        (451, "legal"),
        (500, "fault"),
        (503, "busy"),
        (206, "no page"),
        (204, "no page"),
        (300, "no page"),
        (304, "no page"),
    ],
)
def test_an_editor_reads_why_there_is_no_page(canary: Canary, status: int, told: str) -> None:
    canary.says(b"HTTP/1.1 %d Oh\r\nContent-Type: text/html\r\n\r\n<p>An article." % status)
    with pytest.raises(Unreachable, match=rf"{told}.*|.*{told}") as caught:
        read(canary)
    assert f"{status}" in caught.value.detail
    assert caught.value.detail.endswith(".")


def in_ten_minutes() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wait", "least", "most"),
    [
        ("120", 120, 120),
        (" 120 ", 120, 120),
        ("0", 1, 1),
        ("999999999", 86_400, 86_400),
        ("9" * 5_000, 86_400, 86_400),
        ("in ten minutes", 500, 600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400, 86_400),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1, 1),
        ("Wednesday, 21-Oct-15 07:28:00 GMT", 1, 1),
        ("Wed Oct 21 07:28:00 2015", 1, 1),
    ],
)
def test_how_long_a_server_asks_to_wait_is_told(canary: Canary, status: int, wait: str, least: int, most: int) -> None:
    """G11."""
    said = in_ten_minutes() if wait == "in ten minutes" else wait
    canary.says(f"HTTP/1.1 {status} Later\r\nRetry-After: {said}\r\n\r\n".encode())
    with pytest.raises(Unreachable) as caught:
        read(canary)
    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after <= most


@pytest.mark.parametrize(
    "wait",
    ["-5", "soon", "", "1.5", "99 red balloons", "Wed, 99 Oct 2015", "0x10", "²"],
)
def test_a_wait_that_cannot_be_read_is_none(canary: Canary, wait: str) -> None:
    canary.says(b"HTTP/1.1 503 Later\r\nRetry-After: " + wait.encode() + b"\r\n\r\n")
    with pytest.raises(Unreachable) as caught:
        read(canary)
    assert caught.value.retry_after is None


@pytest.mark.parametrize("status", [404, 403, 500, 302])
def test_only_who_is_too_busy_is_given_time(canary: Canary, status: int) -> None:
    canary.says(b"HTTP/1.1 %d Oh\r\nRetry-After: 120\r\nLocation: http://evil.invalid/\r\n\r\n" % status)
    with pytest.raises(Unreachable) as caught:
        read(canary)
    assert caught.value.retry_after is None


def test_the_marks_of_the_last_look_are_sent_and_those_of_this_one_are_told(canary: Canary) -> None:
    """G11."""
    modified = "Tue, 03 Mar 2026 10:00:00 GMT"
    canary.answer = lambda handler: Canary.article(handler, ETag='W/"caf\xe9"', Last_Modified=modified)
    page = read(canary)
    assert not {"If-None-Match", "If-Modified-Since"} & set(canary.headers[0])
    assert (page.etag, page.last_modified, page.unchanged) == ('W/"caf\xe9"', modified, False)
    read(canary, etag=page.etag, last_modified=page.last_modified)
    assert canary.headers[1]["If-None-Match"] == page.etag
    assert canary.headers[1]["If-Modified-Since"] == modified
    read(canary, etag='"a"\r\nX-Added: yes', last_modified="\nX-Added: yes")
    assert "X-Added" not in canary.headers[2]


def test_a_server_cannot_say_that_nothing_changed_where_nothing_was_known(canary: Canary) -> None:
    canary.says(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    with pytest.raises(Unreachable, match="304"):
        read(canary)
    assert read(canary, etag='"a"').unchanged


HTML = b"<p>An article.</p>"


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: TEXT/HTML ;Charset=Utf-8\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\ncontent-type:application/xhtml+xml\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type:\r\n\r\n" + HTML,
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML,
        b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + HTML,
        b"HTTP/1.1 200\r\nContent-Type: text/html\r\nContent-Length: 18\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 18\r\n\r\n" + HTML + b"HTTP/1.1 200 OK\r\n\r\nmore",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;a=b\r\n<p>\r\nf\r\nAn article.</p>\r\n0\r\nX-After: yes\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: GZIP\r\n\r\n" + gzip.compress(HTML),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(HTML[:5]) + gzip.compress(HTML[5:]),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate\r\n\r\n" + zlib.compress(HTML),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate\r\n\r\n" + zlib.compress(HTML)[2:-4],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        + b"%x\r\n" % len(gzip.compress(HTML)) + gzip.compress(HTML) + b"\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_a_page_is_read_however_a_server_puts_it(canary: Canary, said: bytes) -> None:
    canary.says(said)
    assert read(canary).body == HTML


def test_the_content_type_is_told_with_its_charset(canary: Canary) -> None:
    canary.says(b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; Charset=Windows-1250\r\n\r\n" + HTML)
    assert read(canary).content_type == "Text/HTML; Charset=Windows-1250"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"hello",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 ok OK\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10000000000\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + b"9" * 100_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n" + HTML,
        b"HTTP/1.1 200 " + b"a" * 1_000_000 + b"\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 100_000 + b"\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain, text/html\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.7",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_in_a_sentence(canary: Canary, said: bytes) -> None:
    """G06."""
    canary.answer = lambda handler: say_to_one_who_may_hang_up(handler, said)
    with pytest.raises(Unreachable) as caught:
        read(canary)
    assert len(caught.value.detail) < 200
    assert caught.value.detail.endswith(".")
    assert not re.search(r"Error|Exception|object at|Pool\(", caught.value.detail)
