"""The article reader goes nowhere but to a site's own pages at public addresses (THREATS G)."""

from __future__ import annotations

import gzip
import ipaddress
import json
import os
import re
import socket
import ssl
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import fetch
from corrections_service.work.fetch import Page, judge_ip, read_page
from tests.measures import PATIENCE, lasting, wait_for
from tests.running import free_port
from tests.work.canaries import LOOPBACK, Canary, listening
from tests.work.certificates import Authority


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


def test_loopback_is_refused_where_it_is_not_allowed(canary: Canary) -> None:
    with pytest.raises(Unreachable, match="network"):
        read_page(f"{canary.origin}/", origins=[canary.origin])
    assert canary.hits == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "017700000001",
        "0x7f.1",
        "①②⑦.⓪.⓪.①",
        "[::]",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25eth0]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fd00::1]",
    ],
)
def test_an_address_of_this_machine_or_network_is_refused_however_it_is_written(canary: Canary, host: str) -> None:
    """G01."""
    url = f"http://{host}:{canary.port}/"
    with pytest.raises(Unreachable):
        read_page(url, origins=[url.rstrip("/"), "http://localhost", f"http://localhost:{canary.port}", canary.origin])
    assert canary.hits == []


@pytest.mark.parametrize(
    "address",
    [
        "http://{ok}\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#@{ok}/",
        "http://{ok}%2f@127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "http://user:password@{ok}/",
        "http://127.0.0.1:{port}\t.{ok}/",
        "http://{ok}:99999/",
        "http://{ok}%00/",
        "file:///etc/hostname",
        "gopher://{ok}/",
        "",
    ],
)
def test_an_address_that_two_readers_read_differently_leads_nowhere_else(canary: Canary, address: str) -> None:
    """G02."""
    with pytest.raises(Unreachable):
        read_page(address.format(ok="news.invalid", port=canary.port), origins=["http://news.invalid"])
    assert canary.hits == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{port}/",
        "//127.0.0.2:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://evil.invalid/",
        "http://127.0.0.1:{port}@evil.invalid/",
    ],
)
def test_a_redirect_out_of_the_site_is_not_followed(canary: Canary, status: int, place: str) -> None:
    """G04."""
    canary.redirect(place.format(port=canary.port), status)
    with pytest.raises(Unreachable, match="outside"):
        read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK)
    assert canary.hits == ["/a"]


def test_a_redirect_inside_the_site_is_followed(canary: Canary) -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/old":
            handler.send_response(301)
            handler.send_header("Location", "/new")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            Canary.article(handler)

    canary.answer = moved
    assert read_page(f"{canary.origin}/old", origins=[canary.origin], allowed=LOOPBACK).url.endswith("/new")


def test_a_loop_of_redirects_ends_after_three(canary: Canary) -> None:
    canary.redirect("/again")
    with pytest.raises(Unreachable, match="too often"):
        read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK)
    assert len(canary.hits) == 4


def test_a_meta_refresh_is_not_followed(canary: Canary) -> None:
    body = b'<meta http-equiv="refresh" content="0; url=http://127.0.0.1/">'
    canary.answer = lambda handler: Canary.article(handler, body, Refresh="0; url=http://127.0.0.1/")
    assert read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK).body == body
    assert canary.hits == ["/a"]


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    addresses = ["93.184.216.34", "10.0.0.1"]
    assert not all(judge_ip(ipaddress.ip_address(one), []) for one in addresses)


@pytest.mark.parametrize("network", [str(one) for one in fetch.DENIED])
def test_every_special_network_is_denied(network: str) -> None:
    address = ipaddress.ip_network(network)[0]
    assert not judge_ip(address, [])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert judge_ip(ipaddress.ip_address(address), [])


def test_what_is_no_page_is_not_read(canary: Canary) -> None:
    canary.answer = lambda handler: Canary.article(handler, kind="application/pdf")
    with pytest.raises(Unreachable, match="no HTML"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_a_packed_bomb_is_cut_off(canary: Canary) -> None:
    """G07."""
    bomb = gzip.compress(b"a" * 200_000_000)
    canary.answer = lambda handler: Canary.article(handler, bomb, Content_Encoding="gzip")
    with pytest.raises(Unreachable, match="larger"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_a_page_that_never_ends_is_cut_off(canary: Canary) -> None:
    """G06."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"a" * 65536)
        except OSError:
            return

    canary.answer = endless
    with pytest.raises(Unreachable, match="larger"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_a_server_that_speaks_no_tls_where_it_should_is_refused(canary: Canary) -> None:
    """G09: there is no falling back to plain."""
    origin = canary.origin.replace("http://", "https://")
    with pytest.raises(Unreachable, match="speaks no TLS"):
        read_page(f"{origin}/", origins=[origin], allowed=LOOPBACK)
    assert canary.hits == []


@pytest.mark.parametrize(
    "found",
    [
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["93.184.216.34", "::1"],
        ["2002:7f00:1::", "93.184.216.34"],
        ["2002:808:808::"],
        ["::ffff:93.184.216.34"],
        ["64:ff9b::808:808"],
    ],
)
def test_one_denied_address_in_a_names_answer_refuses_them_all(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    """G05: the name system's answer is an attacker's."""
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, canary.port)) for one in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(Unreachable, match="network"):
        read_page(f"http://news.invalid:{canary.port}/", origins=[f"http://news.invalid:{canary.port}"])
    assert canary.hits == []


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G05: DNS rebinding; the connection goes to the address that was judged."""
    asked: list[str] = []

    def answer(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        place = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    genuine = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: (answer if host == "news.invalid" else genuine)(host, *more, **named),
    )
    origin = f"http://news.invalid:{canary.port}"
    assert read_page(f"{origin}/", origins=[origin], allowed=["127.0.0.1/32"]).body
    assert asked == ["news.invalid"]


def test_a_page_cannot_lead_on_by_itself(canary: Canary) -> None:
    """G04: neither a meta refresh nor a Refresh header is followed, nor a script run; more than three hops are not."""
    body = b'<meta http-equiv="refresh" content="0;url=/other"><script>fetch("/x")</script>'
    canary.answer = lambda handler: Canary.article(handler, body, Refresh="0;url=/more")
    assert read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK).body == body
    assert canary.hits == ["/a"]
    canary.redirect("/a")
    with pytest.raises(Unreachable, match="often"):
        read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK)
    assert len(canary.hits) == 1 + 1 + fetch.REDIRECTS
    canary.redirect("http://127.0.0.1\\@evil.invalid/")
    with pytest.raises(Unreachable):
        read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=LOOPBACK)


@pytest.mark.parametrize("packed", ["gzip, gzip, gzip", "br", "zstd", "deflate, gzip"])
def test_what_is_packed_otherwise_than_asked_is_refused(canary: Canary, packed: str) -> None:
    """G07."""
    canary.answer = lambda handler: Canary.article(handler, b"x", Content_Encoding=packed)
    with pytest.raises(Unreachable, match="packed"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_headers_without_end_and_long_marks_are_no_trouble(canary: Canary) -> None:
    """G06: too many headers are refused; a long ETag is cut."""

    def many(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for number in range(500):
            handler.send_header(f"X-{number}", "a")
        handler.end_headers()

    canary.answer = many
    with pytest.raises(Unreachable):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
    canary.answer = lambda handler: Canary.article(handler, Last_Modified="x" * 9000, ETag="y" * 9000)
    page = read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
    assert (len(page.etag), len(page.last_modified)) == (500, 64)


def test_addresses_of_the_url_standards_own_tests_lead_to_the_site_or_nowhere(canary: Canary) -> None:
    """G03: whatever is made of an address, only the site's own host is ever asked."""
    listed = Path(__file__).resolve().parents[2] / "../shared/data/hostile/urls.json"
    if not listed.is_file():
        pytest.skip("../shared/data/hostile is not here")
    cases = [one for one in json.loads(listed.read_text("utf-8")) if isinstance(one, dict)]
    assert len(cases) > 300
    for one in cases:
        with pytest.raises(Unreachable):
            read_page(str(one["input"]), origins=["http://news.invalid"], allowed=LOOPBACK)
    assert canary.hits == []


def read(canary: Canary, path: str = "/", *, etag: str = "", last_modified: str = "") -> Page:
    """Read a page of a canary that is the whole site."""
    url, origins = f"{canary.origin}{path}", [canary.origin]
    return read_page(url, origins=origins, allowed=LOOPBACK, etag=etag, last_modified=last_modified)


def steps(canary: Canary, *places: tuple[int, str]) -> None:
    """Answer /0, /1 and so on with redirects of these kinds to these places, then with an article."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(handler.path[1:])
        if number < len(places):
            status, place = places[number]
            canary.redirect(place, status)
            canary.answer(handler)
            canary.answer = answer
        else:
            Canary.article(handler)

    canary.answer = answer


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([], ""),
        ([301], "/1"),
        ([308], "/1"),
        ([301, 308], "/2"),
        ([308, 301, 308], "/3"),
        ([302], ""),
        ([303], ""),
        ([307], ""),
        ([301, 302], ""),
        ([307, 308], ""),
        ([301, 303, 301], ""),
    ],
)
def test_only_permanent_redirects_say_where_an_article_moved(
    canary: Canary, statuses: list[int], moved_to: str
) -> None:
    steps(canary, *((status, f"/{number + 1}") for number, status in enumerate(statuses)))
    page = read(canary, "/0")
    assert page.url == f"{canary.origin}/{len(statuses)}"
    assert page.moved_to == (f"{canary.origin}{moved_to}" if moved_to else "")


def test_an_article_that_moved_and_has_not_changed_says_both(canary: Canary) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(304 if handler.path == "/1" else 301)
        handler.send_header("Location", "/1")
        handler.end_headers()

    canary.answer = answer
    page = read(canary, "/0", last_modified="Tue, 03 Mar 2026 10:00:00 GMT")
    assert (page.unchanged, page.moved_to, page.body) == (True, f"{canary.origin}/1", b"")


def test_a_redirect_to_another_origin_of_the_site_is_followed(canary: Canary) -> None:
    with listening(Canary()) as other, listening(Canary()) as stranger:
        steps(canary, (301, f"{other.origin}/a"))
        site = [canary.origin, other.origin]
        page = read_page(f"{canary.origin}/0", origins=site, allowed=LOOPBACK)
        assert page.url == page.moved_to == f"{other.origin}/a"
        steps(canary, (301, f"{stranger.origin}/a"))
        with pytest.raises(Unreachable, match="outside the site"):
            read_page(f"{canary.origin}/0", origins=site, allowed=LOOPBACK)
        other.redirect(f"{stranger.origin}/a")
        steps(canary, (301, f"{other.origin}/a"))
        with pytest.raises(Unreachable, match="outside the site"):
            read_page(f"{canary.origin}/0", origins=site, allowed=LOOPBACK)
        assert stranger.hits == []


@pytest.mark.parametrize(
    ("place", "leads_to"),
    [
        (b"1", "/1"),
        (b"?a=b", "/0?a=b"),
        (b"/a b", "/a%20b"),
        ("/café".encode(), "/caf%C3%A9"),
        (b"/caf\xe9", "/caf%C3%A9"),
        (b"/caf%C3%A9", "/caf%C3%A9"),
        (b"/../../etc/passwd", "/etc/passwd"),
        (b"/a#b", "/a"),
        (b"\\a", "/a"),
    ],
)
def test_a_redirects_place_is_read_as_browsers_read_it(canary: Canary, place: bytes, leads_to: str) -> None:
    """G04."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if len(canary.hits) > 1:
            Canary.article(handler)
        else:
            handler.close_connection = True
            handler.wfile.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n")

    canary.answer = answer
    assert read(canary, "/0").body
    assert canary.hits == ["/0", leads_to]


def test_a_redirects_place_adds_no_header(canary: Canary) -> None:
    """G04."""
    canary.says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /1\r\n\tX-Added: yes\r\n\r\n")
    with pytest.raises(Unreachable):
        read(canary, "/0")
    assert all(hit.startswith("/1") for hit in canary.hits[1:])
    assert not any("X-Added" in headers for headers in canary.headers)


@pytest.mark.parametrize(
    "place",
    [
        b"http://[::1",
        b"http://",
        b"http://a b/",
        b"\\\\evil.invalid/",
        b"javascript:alert(1)",
        b"/" + b"a" * 60_000,
        b"http:///a",
    ],
)
def test_a_redirect_that_leads_to_no_address_is_not_followed(canary: Canary, place: bytes) -> None:
    """G04."""
    canary.says(b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n")
    with pytest.raises(Unreachable, match=r"outside the site|to what is no address"):
        read(canary, "/a")
    assert canary.hits == ["/a"]


def test_a_redirect_without_a_place_is_told_as_that(canary: Canary) -> None:
    """False causes: nothing redirects too often."""
    canary.says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(Unreachable, match="does not say where to"):
        read(canary, "/a")


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
    canary.answer = lambda handler: _say_to_one_who_may_hang_up(handler, said)
    with pytest.raises(Unreachable) as caught:
        read(canary)
    assert len(caught.value.detail) < 200
    assert caught.value.detail.endswith(".")
    assert not re.search(r"Error|Exception|object at|Pool\(", caught.value.detail)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * 4_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n" + b"a" * 400_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nnot so",
        b"HTTP/1.1 404 No\r\n\r\n" + b"a" * 400_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 500,
    ],
    ids=["endless", "packed", "broken", "missing", "headers"],
)
def test_no_connection_is_left_open_after_a_bad_answer(canary: Canary, said: bytes) -> None:
    """G06: not even as long as somebody keeps the reason."""
    canary.answer = lambda handler: _say_to_one_who_may_hang_up(handler, said)
    opened, reasons = len(os.listdir("/dev/fd")), []
    for _ in range(9):
        with pytest.raises(Unreachable) as caught:
            read(canary)
        reasons.append(caught)
    wait_for(lambda: len(os.listdir("/dev/fd")) <= opened, "the end of all connections")


def _say_to_one_who_may_hang_up(handler: BaseHTTPRequestHandler, said: bytes) -> None:
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(said)


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """The origin of a server that does with one connection what it is told, until the reader hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until_the_reader_hangs_up(connection: socket.socket, piece: bytes = b"") -> None:
    """Send a piece ten times a second, or only wait."""
    connection.settimeout(0.1)
    while True:
        connection.sendall(piece)
        with suppress(TimeoutError):
            if not connection.recv(4096):
                return


SLOW = {
    "says nothing": (b"", b""),
    "drips its status": (b"", b"H"),
    "drips a header": (b"HTTP/1.1 200 OK\r\nX-", b"a"),
    "drips headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "drips its body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
    "drips chunks": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "drips after the end": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n"
    ),
    "says that it goes on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "stops in its body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>", b""),
}  # fmt: skip


@pytest.mark.parametrize(("first", "piece"), SLOW.values(), ids=SLOW.keys())
def test_a_slow_server_is_cut_off_wherever_it_is_slow(
    monkeypatch: pytest.MonkeyPatch, first: bytes, piece: bytes
) -> None:
    """G06."""
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 1.0)

    def serve(connection: socket.socket) -> None:
        connection.sendall(first)
        until_the_reader_hangs_up(connection, piece)

    told = pytest.raises(Unreachable, match=r"longer than|in time")
    with server(serve) as origin, lasting(fetch.TOTAL_SECONDS), told:
        read_page(origin, origins=[origin], allowed=LOOPBACK)


def test_a_server_that_never_shakes_hands_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """G06."""
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.5)
    with server(until_the_reader_hangs_up) as origin:
        secure = origin.replace("http:", "https:")
        with pytest.raises(Unreachable, match="in time"):
            read_page(secure, origins=[secure], allowed=LOOPBACK)


def test_slow_hosts_do_not_hold_another_up(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G06: four pages are read at a time."""
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", PATIENCE)
    told: list[str] = []
    let_go = threading.Event()

    def hold(_connection: socket.socket) -> None:
        let_go.wait()

    def try_to_read(origin: str) -> None:
        with pytest.raises(Unreachable) as caught:
            read_page(origin, origins=[origin], allowed=LOOPBACK)
        told.append(caught.value.detail)

    with ExitStack() as stack:
        slow = [stack.enter_context(server(hold)) for _ in range(3)]
        threads = [threading.Thread(target=try_to_read, args=(origin,)) for origin in slow]
        for thread in threads:
            thread.start()
        stack.callback(let_go.set)
        assert read(canary).body
        assert told == []
        let_go.set()
        for thread in threads:
            thread.join()
    assert len(told) == 3


def name_resolves(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], list[str]], name: str = "news.invalid") -> None:
    """Have one name lead where `ask` says; all others lead where they do."""
    genuine = socket.getaddrinfo

    def answer(host: str, port: int, *more: object, **named: object) -> list[object]:
        if host == name:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ask()]
        return list(genuine(host, port, *more, **named))  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_a_slow_name_is_given_up_in_time_and_holds_nobody_up(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G05: the system's resolver may take half a minute."""
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.5)
    answered = threading.Event()

    def ask() -> list[str]:
        answered.wait()
        return ["127.0.0.1"]

    name_resolves(monkeypatch, ask)
    slow = f"http://news.invalid:{canary.port}"
    try:
        with pytest.raises(Unreachable, match="could not be looked up in time"):
            read_page(slow, origins=[slow], allowed=LOOPBACK)
        assert read(canary).body
    finally:
        answered.set()
    assert canary.hits == ["/"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (socket.EAI_NONAME, "leads nowhere"),
        (socket.EAI_AGAIN, r"could not be looked up \(no\); it is asked again later"),
        (socket.EAI_FAIL, r"could not be looked up \(no\); it is asked again later"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_so_and_a_resolver_that_is_away_is_another_cause(
    monkeypatch: pytest.MonkeyPatch, error: int, told: str
) -> None:
    """G05, and false causes."""

    def ask() -> list[str]:
        raise socket.gaierror(error, "no")

    name_resolves(monkeypatch, ask)
    with pytest.raises(Unreachable, match=told):
        read_page("http://news.invalid", origins=["http://news.invalid"])


def test_the_last_of_a_thousand_addresses_counts_as_well(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G05."""
    name_resolves(monkeypatch, lambda: [f"93.184.{one // 250}.{one % 250 + 1}" for one in range(1_000)] + ["127.0.0.1"])
    origin = f"http://news.invalid:{canary.port}"
    with pytest.raises(Unreachable, match="network"):
        read_page(origin, origins=[origin])
    assert canary.hits == []


def test_an_address_of_version_6_is_read_where_it_is_allowed() -> None:
    try:
        made = Canary("::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening(made) as canary:
        with pytest.raises(Unreachable, match="network"):
            read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
        assert canary.hits == []
        assert read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=["::1/128"]).body
        assert canary.headers[0]["Host"] == f"[::1]:{canary.port}"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The one authority that this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    name_resolves(monkeypatch, lambda: ["127.0.0.1"])
    return made


def read_safely(tls: ssl.SSLContext, name: str = "news.invalid") -> tuple[Page | str, list[str]]:
    """The page that a server shows, or why not, and what it was asked for."""
    with listening(Canary(tls=tls)) as canary:
        origin = f"https://{name}:{canary.port}"
        try:
            return read_page(f"{origin}/a", origins=[origin], allowed=LOOPBACK), canary.hits
        except Unreachable as told:
            return told.detail, canary.hits


@pytest.mark.parametrize("name", ["news.invalid", "127.0.0.1"])
def test_a_server_that_a_known_authority_vouches_for_is_read(authority: Authority, name: str) -> None:
    page, hits = read_safely(authority.server(name), name)
    assert isinstance(page, Page)
    assert hits == ["/a"]


@pytest.mark.parametrize(
    ("names", "days", "self_signed", "told"),
    [
        (["news.invalid"], (-9, -1), False, "has expired"),
        (["news.invalid"], (1, 9), False, "not valid yet"),
        (["other.invalid"], (-9, 9), False, "another host name"),
        (["news.invalid.evil.invalid"], (-9, 9), False, "another host name"),
        (["*.news.invalid"], (-9, 9), False, "another host name"),
        (["news.invalid"], (-9, 9), True, "No known authority"),
    ],
)
def test_a_bad_certificate_is_refused_and_the_editor_reads_why(
    authority: Authority, names: list[str], days: tuple[int, int], self_signed: bool, told: str
) -> None:
    """G09."""
    reason, hits = read_safely(authority.server(*names, days=days, self_signed=self_signed))
    assert isinstance(reason, str)
    assert told in reason
    assert hits == []


def test_a_certificate_for_another_address_or_of_an_unknown_authority_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    """G09."""
    reason, hits = read_safely(authority.server("127.0.0.2"), "127.0.0.1")
    assert (reason, hits) == ("The server's certificate is for another address; install one for this address.", [])
    reason, hits = read_safely(Authority(tmp_path, "Another authority").server("news.invalid"))
    assert str(reason).startswith("No known authority vouches")
    assert hits == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_refused(authority: Authority, version: ssl.TLSVersion) -> None:
    """G09."""
    tls = authority.server("news.invalid")
    _speak_only(tls, version)
    lax = ssl.create_default_context(cafile=str(authority.file))
    _speak_only(lax, version)
    with listening(Canary(tls=tls)) as canary, socket.create_connection(("127.0.0.1", canary.port), 5) as plain:
        try:
            with lax.wrap_socket(plain, server_hostname="news.invalid") as spoken:
                assert spoken.version() == version.name.replace("_", ".")
        except ssl.SSLError:
            pytest.skip(f"the OpenSSL here speaks no {version.name}")
    reason, hits = read_safely(tls)
    assert "old versions of TLS" in str(reason)
    assert hits == []


def _speak_only(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")


def test_what_the_environment_says_of_proxies_and_passwords_is_ignored(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """G13."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret\ndefault login ann password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with listening(Canary()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        assert read(canary, "/a").body
        assert proxy.hits == []
    assert canary.hits == ["/a"]
    assert "Authorization" not in canary.headers[0]


def test_a_port_where_nobody_listens_is_told_so() -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unreachable, match=r"cannot be reached.*refused"):
        read_page(origin, origins=[origin], allowed=LOOPBACK)
