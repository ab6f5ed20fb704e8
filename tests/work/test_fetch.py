"""The article reader goes nowhere but to a site's own pages at public addresses (THREATS G)."""

from __future__ import annotations

import gzip
import ipaddress
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import fetch
from corrections_service.work.fetch import judge_ip, read_page
from tests.work.canaries import LOOPBACK, Canary


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


def test_a_server_that_drips_is_cut_off_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """G06."""
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-")
                    while True:
                        connection.sendall(b"a")
                        time.sleep(0.1)
                except OSError:
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(Unreachable, match="longer"):
            read_page(f"http://127.0.0.1:{port}/", origins=[f"http://127.0.0.1:{port}"], allowed=LOOPBACK)
        assert time.monotonic() - began < 3
        thread.join(5)


def test_a_proxy_in_the_environment_is_ignored(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G13."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK).body


def test_a_server_that_speaks_no_tls_where_it_should_is_refused(canary: Canary) -> None:
    """G09: there is no falling back to plain."""
    origin = canary.origin.replace("http://", "https://")
    with pytest.raises(Unreachable, match=r"certificate|reached"):
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
