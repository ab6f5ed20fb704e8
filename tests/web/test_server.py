"""What the server itself makes of requests, at the level of bytes (THREATS A10, B07, B09, H10, J02)."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ORIGIN, Service, running_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as it is served, on SQLite, behind a proxy on this machine."""
    directory: Path = tmp_path_factory.mktemp("server")
    with running_service(directory, trusted_proxies='["127.0.0.1/32"]') as started:
        started.init()
        started.start()
        yield started


def said(service: Service, *pieces: bytes, seconds: float = 5) -> bytes:
    """All that the server answers to these bytes until it closes, or says no more."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=seconds) as connection:
        answer = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
        return answer


def post(service: Service, body: bytes, *headers: str, version: str = "1.1") -> bytes:
    """The bytes of one POST of a report."""
    lines = [f"POST /api/v1/reports HTTP/{version}", f"Host: 127.0.0.1:{service.port}", f"Origin: {ORIGIN}"]
    lines += ["Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def statuses(answer: bytes) -> list[int]:
    """The status of each answer in these bytes."""
    return [int(one) for one in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


def good(service: Service) -> bytes:
    """A good report."""
    return json.dumps(service.report()).encode()


def chunked(body: bytes, size: int, extension: bytes = b"") -> bytes:
    """The body in chunks."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n"


def test_lengths_that_do_not_agree_smuggle_nothing(service: Service) -> None:
    """B07: each request has one answer or none, and what was hidden in a body is never taken for a request."""
    body, before = good(service), service.stats()["accepted"]
    hidden = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n\r\n".encode()
    both = post(
        service,
        b"0\r\n\r\n" + hidden,
        f"Content-Length: {5 + len(hidden)}",
        "Transfer-Encoding: chunked",
        "Connection: close",
    )
    twice = post(service, body, f"Content-Length: {len(body)}", "Content-Length: 3", "Connection: close")
    spelled = post(service, chunked(body, 99), "Transfer-Encoding: xchunked", "Content-Length: 4", "Connection: close")
    for attempt in (both, twice, spelled):
        answers = statuses(said(service, attempt))
        assert len(answers) <= 1, attempt[:200]
        assert not [one for one in answers if one < 400 or one >= 500], answers
    short = said(service, post(service, body, f"Content-Length: {len(body) - 9}", "Connection: close"))
    assert statuses(short)[:1] == [400]
    assert 201 not in statuses(short)
    assert service.stats()["accepted"] == before


def test_two_requests_on_one_connection_have_two_answers(service: Service) -> None:
    """B07: pipelined, in HTTP/1.0, in chunks of one byte, with extensions, and with 100-continue."""
    first, second = good(service), good(service)
    pipelined = post(service, first, f"Content-Length: {len(first)}") + post(
        service, second, f"Content-Length: {len(second)}", "Connection: close"
    )
    assert statuses(said(service, pipelined)) == [201, 201]
    for size, extension in ((1, b""), (100, b";a=b"), (4096, b"")):
        body = good(service)
        sent = post(service, chunked(body, size, extension), "Transfer-Encoding: chunked", "Connection: close")
        assert statuses(said(service, sent)) == [201], (size, extension)
    body = good(service)
    old = post(service, body, f"Content-Length: {len(body)}", version="1.0")
    assert statuses(said(service, old)) == [201]
    waiting = post(service, body, f"Content-Length: {len(body)}", "Expect: 100-continue", "Connection: close")
    assert statuses(said(service, waiting))[-1] == 200


def test_a_body_over_the_limit_ends_the_connection_soon(service: Service) -> None:
    """B09: 413 whether its length is told or it never ends; nothing is stored."""
    huge = post(service, b"x" * 65536, f"Content-Length: {50 * 2**20}", "Connection: close")
    assert statuses(said(service, huge))[:1] in ([413], [])
    endless = post(service, b"", "Transfer-Encoding: chunked", "Connection: close")
    answer = said(service, endless, *[b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 200)
    assert statuses(answer)[:1] in ([413], [])
    exact = good(service)
    exact += b" " * (64 * 1024 - len(exact))
    assert statuses(said(service, post(service, exact, f"Content-Length: {len(exact)}", "Connection: close"))) == [201]
    more = exact + b" "
    assert statuses(said(service, post(service, more, f"Content-Length: {len(more)}", "Connection: close"))) == [413]


def test_other_verbs_and_broken_requests_are_refused_and_never_echoed(service: Service) -> None:
    """A10, B07: TRACE, CONNECT, unknown verbs, header blocks without end."""
    host = f"Host: 127.0.0.1:{service.port}\r\nConnection: close\r\nX-Canary: zebra\r\n\r\n"
    for verb in ("TRACE", "CONNECT", "PROPFIND", "FOO", "get", "TRACK"):
        answer = said(service, f"{verb} /api/v1/reports HTTP/1.1\r\n{host}".encode())
        assert all(400 <= one < 500 for one in statuses(answer)), (verb, statuses(answer))
        assert b"zebra" not in answer
    for broken in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\x00 HTTP/1.1\r\n\r\n"):
        assert all(400 <= one < 600 for one in statuses(said(service, broken, seconds=2)))
    flood = f"GET /healthz HTTP/1.1\r\nX-A: {'a' * 200_000}\r\n{host}".encode()
    assert statuses(said(service, flood)) in ([], [400], [431])
    assert statuses(said(service, f"GET /healthz HTTP/1.1\r\n{host}".encode())) == [200]


def test_a_name_that_is_not_ours_makes_no_link(service: Service) -> None:
    """H10: in the Host header, in two of them, or in an absolute address."""
    own = f"127.0.0.1:{service.port}"
    for lines in (
        ["GET /login HTTP/1.1", "Host: evil.test"],
        ["GET /login HTTP/1.1", f"Host: {own}", "Host: evil.test"],
        ["GET /login HTTP/1.1", "Host: evil.test", f"Host: {own}"],
        ["GET http://evil.test/login HTTP/1.1", f"Host: {own}"],
        ["GET /queue HTTP/1.1", f"Host: {own}", "X-Forwarded-Host: evil.test"],
    ):
        answer = said(service, "\r\n".join([*lines, "Connection: close", "", ""]).encode())
        assert b"evil" not in answer, (lines, answer[:300])


def test_a_header_that_looks_like_the_proxys_does_not_pass_for_it(service: Service) -> None:
    """J01, J02, J08: whoever came through a proxy is not on this machine, whatever the headers say.

    `X_Forwarded_For` is never taken for `X-Forwarded-For`.
    """
    own = f"Host: 127.0.0.1:{service.port}"
    for lines in (
        ["X-Forwarded-For: 198.51.100.7"],
        ["X-Forwarded-For: 198.51.100.7", "X_Forwarded_For: 127.0.0.1, 127.0.0.1"],
        ["X_Forwarded_For: 127.0.0.1", "X-Forwarded-For: 198.51.100.7"],
        ["X-Forwarded-For: 198.51.100.7", "X_Forwarded_For: 127.0.0.1"],
        ["X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 198.51.100.7"],
    ):
        asked = ["GET /metrics HTTP/1.1", own, *lines, "Connection: close", "", ""]
        assert statuses(said(service, "\r\n".join(asked).encode())) == [404], lines
