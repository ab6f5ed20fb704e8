"""Servers that answer the article reader in every way, and how a test reads from them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from corrections_service.work.fetch import Page, read_page
from tests.work.canaries import LOOPBACK, Canary


def read(canary: Canary, path: str = "/", *, etag: str = "", last_modified: str = "") -> Page:
    """Read a page of a canary that is the whole site."""
    url, origins = f"{canary.origin}{path}", [canary.origin]
    return read_page(url, origins=origins, allowed=LOOPBACK, etag=etag, last_modified=last_modified)


def say_to_one_who_may_hang_up(handler: BaseHTTPRequestHandler, said: bytes) -> None:
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(said)


def name_resolves(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], list[str]], name: str = "news.invalid") -> None:
    """Have one name lead where `ask` says; all others lead where they do."""
    genuine = socket.getaddrinfo

    def answer(host: str, port: int, *more: object, **named: object) -> list[object]:
        if host == name:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ask()]
        return list(genuine(host, port, *more, **named))  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
