"""The article reader follows a site from page to page as browsers do, and never out of it (THREATS G04)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import fetch
from corrections_service.work.fetch import read_page
from tests.work.canaries import LOOPBACK, Canary, listening
from tests.work.servers import read


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


def steps(canary: Canary, *places: tuple[int, str]) -> None:
    """Answer /0, /1 and so on with redirects of these kinds to these places, then with an article."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(handler.path[1:])
        if number < len(places):
            status, place = places[number]
            canary.redirect(place, status)
            redirect, canary.answer = canary.answer, answer  # before who is redirected comes back
            redirect(handler)
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
