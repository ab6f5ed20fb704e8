"""A web server that counts who comes: what it must not be asked for shows as a hit."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = ["127.0.0.0/8"]


class Canary:
    """A web server on loopback that counts who comes and answers as it is told."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.hits: list[str] = []
        self.methods: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = self.article
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.methods.append(self.command)
                canary.headers.append(dict(self.headers))
                canary.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                canary.hits.append(self.path)
                canary.answer(self)

            do_POST = do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            daemon_threads = True

        self.server = Server((host, 0), Handler)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        name = f"[{host}]" if ":" in host else host
        self.origin = f"{'https' if tls else 'http'}://{name}:{self.port}"

    @staticmethod
    def article(handler: BaseHTTPRequestHandler, body: bytes = b"<p>An article.</p>", **headers: str) -> None:
        """Answer with a page."""
        handler.send_response(200)
        handler.send_header("Content-Type", headers.pop("kind", "text/html; charset=utf-8"))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def says(self, raw: bytes) -> None:
        """Answer everything with these bytes, then hang up."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            handler.wfile.write(raw)

        self.answer = answer

    def redirect(self, place: str, status: int = 302) -> None:
        """Answer everything with a redirect to a place."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", place)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.answer = answer


@contextmanager
def listening(made: Canary) -> Iterator[Canary]:
    """A canary that answers until the block ends."""
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
