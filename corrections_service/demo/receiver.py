"""A program that the demo's service calls: the newspaper's page shows what came, and whether the service sent it."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest

from flask import Flask, Response, render_template, request

from corrections_service.rules.webhooks import sign

PATH, MOST = "/newsroom/calls", 50


@dataclass(frozen=True)
class Arrived:
    """A call that came, its body as it is read best, and whether its signature is right."""

    at: datetime
    id: str
    body: str
    is_genuine: bool


def add_receiver(app: Flask, secret: str) -> None:
    """Let the newspaper take calls, and show the last ones."""
    calls: deque[Arrived] = deque(maxlen=MOST)

    @app.post(PATH)
    def take() -> Response:
        id, timestamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
        body = request.get_data()
        signature = sign(id, int(timestamp) if timestamp.isdecimal() else 0, body, [secret])
        is_genuine = compare_digest(signature.encode(), request.headers.get("webhook-signature", "").encode())
        calls.appendleft(Arrived(datetime.now(UTC), id, _readable(body), is_genuine))
        return Response("Thank you.", mimetype="text/plain")

    @app.get(PATH)
    def show() -> str:
        return render_template("demo/calls.html", calls=calls)


def _readable(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body[:2000].decode("utf-8", "replace")
