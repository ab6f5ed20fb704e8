"""Attachments: a reader adds a picture or a PDF on their report's page; editors of its case look at what was drawn of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import attachments, history, limits, reports
from corrections_service.store.database import Database
from corrections_service.web import access
from corrections_service.web.access import BUSY, PARTS_BYTES, TOO_LARGE, read, requires, settings, write
from corrections_service.web.peers import block_of
from corrections_service.web.reader import status_page
from corrections_service.work import attachments as drawing

bp = Blueprint("attachments", __name__)

TRIES = "30/hour"
"""How many files one address block may have read, unless LIMIT_REPORTS is off."""

MOST_PARTS = 5

PICTURE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}

_ADDRESS = re.compile(r"/r/([\w-]{1,100})/attachments", re.ASCII)


def is_upload(database: Database) -> Callable[[dict[str, Any]], bool]:
    """What says whether a request may send a file: for a report that there is, of a publication that wishes for them."""

    def judged(environ: dict[str, Any]) -> bool:
        address = _ADDRESS.fullmatch(environ["PATH_INFO"])
        if address is None or environ["REQUEST_METHOD"] != "POST":
            return False
        with database.read() as session:
            report = reports.by_token(session, address[1])
            return bool(report.case.site.policy.get("attachments"))

    return judged


@bp.post("/r/<token>/attachments")
@access.reader
def add(token: str) -> AnyResponse:
    """Add a picture or a PDF to a report: it is drawn anew, and nothing else of the file is kept."""
    try:
        attachments.check_room(read(), reports.by_token(read(), token))
        if not drawing.can_draw():
            raise errors.NotFound()
        content = _content()
        if settings().limit_reports != "off":
            _count_try()
        access.end_reading()
        pictures = drawing.drawn(content, settings())
        with write() as session:
            attachments.add(session, reports.by_token(session, token), pictures)
    except errors.AttachmentRefused as error:
        page = make_response(status_page(reports.by_token(read(), token), failure=error), error.status)
        if error.retry_after is not None:
            page.headers["Retry-After"] = str(error.retry_after)
        return page
    return redirect(f"/r/{token}?attached=1", HTTPStatus.SEE_OTHER)


@bp.get("/cases/<int:number>/attachments/<int:picture>")
@requires(Role.EDITOR)
def show(number: int, picture: int) -> Response:
    """One picture that a reader added to a report of the case, as the service drew it."""
    me = access.signed_in()
    case = history.get(read(), number, me)
    drawn = attachments.seen_by(read(), case, picture, me)
    return Response(drawn.content, mimetype=drawn.type, headers=PICTURE_HEADERS)


def _count_try() -> None:
    """Count a file against its sender's network. Raises AttachmentLimit."""
    with write() as session:
        until = limits.take(session, "attachment", block_of(request, settings()), TRIES)
    if until is not None:
        raise errors.AttachmentLimit(retry_after=limits.too_many(until).retry_after)


def _content() -> bytes:
    """The file that was sent, held in memory alone; b"" for none. Raises AttachmentTooLarge, AttachmentBusy."""
    if BUSY in request.environ:
        raise errors.AttachmentBusy()
    if TOO_LARGE in request.environ or (request.content_length or 0) > access.UPLOAD_BYTES:
        raise errors.AttachmentTooLarge()
    parser = FormDataParser(
        stream_factory=lambda *_, **__: io.BytesIO(),
        max_form_memory_size=PARTS_BYTES,
        max_content_length=access.UPLOAD_BYTES,
        max_form_parts=MOST_PARTS,
    )
    try:
        _, _, files = parser.parse(
            request.stream, request.mimetype, request.content_length, dict(request.mimetype_params)
        )
    except RequestEntityTooLarge:
        raise errors.AttachmentTooLarge() from None
    file = files.get("file")
    return file.stream.read(attachments.MOST_BYTES + 1) if file is not None else b""
