"""Health, readiness and figures for machines that watch the service."""

from __future__ import annotations

import hmac
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict

from flask import Blueprint, Response, current_app, jsonify, request
from itsdangerous import BadSignature
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from corrections_service import errors
from corrections_service.front_door import SECONDS, Arrival, passes
from corrections_service.services import figures
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.web.access import database, public, settings
from corrections_service.web.peers import client_address, is_proxy

bp = Blueprint("operations", __name__)

PATIENCE = 4
"""Seconds that the database has for a write before the service says that it is not ready."""

RESERVE, SMALL_SHARE = 64 * 2**20, 20
"""Bytes that have to be left on the disk; of a small disk, a twentieth."""

SUM_SECONDS = 1
"""Sums that are made within so many are made for each who asks."""

_writer = ThreadPoolExecutor(1, thread_name_prefix="readiness")

THIS_MACHINE = ("127.0.0.1", "::1")


@bp.get("/healthz")
@public
def health() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readiness() -> Response:
    """The database takes a write within 4 seconds and its disk has room, else 503 with the reason; a mail server that is down does not count (P-23)."""
    try:
        check_space(settings())
        _wait_for_write()
    except errors.StorageBusy as error:  # in words for who runs the service, not for its readers
        answer = Response(f"not ready: {error.detail}\n", error.status, mimetype="text/plain")
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    return Response("ready\n", mimetype="text/plain")


@bp.route("/front-door", methods=["GET", "POST"])
@public
def front_door() -> Response:
    """How a request arrived here, for `corrections doctor --url` alone; changes nothing."""
    authorization = request.authorization
    try:
        passes(settings()).loads(authorization.token if authorization and authorization.token else "", max_age=SECONDS)
    except BadSignature:
        raise errors.NotFound() from None
    arrived = Arrival(
        host=request.host,
        peer=request.remote_addr or "",
        forwarded_for=request.headers.get("X-Forwarded-For", "")[-1000:],
        is_trusted=is_proxy(request, settings()),
        length=len(request.get_data()),
    )
    answer = jsonify(asdict(arrived))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/metrics")
@public
def metrics() -> Response:
    """The sums of P-05 for Prometheus; from this machine, or with the token."""
    _check_reader()
    registry = CollectorRegistry()
    for name, value in _sums().items():
        if isinstance(value, int):
            Gauge(f"corrections_{name}", name.replace("_", " "), registry=registry).set(value)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _sums() -> dict[str, object]:
    """The sums of P-05; of millions of reports they take seconds, and are made anew in a tenth of the time at most."""
    fresh_until, sums = current_app.extensions.get("sums", (0.0, {}))
    if time.monotonic() >= fresh_until:
        start_time = time.monotonic()
        with database().read(unhurried=True) as session:
            sums = figures.accounting(session)
        seconds = time.monotonic() - start_time
        if seconds > SUM_SECONDS:
            current_app.extensions["sums"] = time.monotonic() + 9 * seconds, sums
    return dict(sums)


def is_writable(store: Database) -> None:
    """Raises StorageBusy or StorageFull when the database takes no writes."""
    with store.write() as session:
        figures.touch(session)


def _wait_for_write() -> None:
    """Raises StorageBusy where the database takes no write in time; one is tried at a time, however many ask."""
    waiting: dict[str, Future[None]] = current_app.extensions.setdefault("readiness", {})
    write = waiting.get("write")
    if write is None or write.done():
        write = waiting["write"] = _writer.submit(is_writable, database())
    try:
        write.result(PATIENCE)
    except TimeoutError:
        raise errors.StorageBusy(f"The database has taken no write for {PATIENCE} seconds.") from None


def check_space(config: Settings) -> None:
    """Raises StorageFull when so little is left on the database's disk that writes will soon fail."""
    if not config.is_sqlite:
        return
    disk = shutil.disk_usage(config.data_dir)
    if disk.free < min(RESERVE, disk.total // SMALL_SHARE):
        raise errors.StorageFull(f"Only {disk.free // 2**20} MiB are left on the disk of DATA_DIR. Make room there.")


def _check_reader() -> None:
    token = settings().metrics_token
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(secret.encode(), token.encode()):
        return
    if "X-Forwarded-For" in request.headers or client_address(request, settings()) not in THIS_MACHINE:
        raise errors.NotFound()
