"""The web application, put together."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, render_template, request
from flask_babel import Babel
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from corrections_service import errors, shipped
from corrections_service.rules.catalogue import phrase
from corrections_service.settings import Settings, check_serving, read_settings
from corrections_service.store.database import Database, open_database
from corrections_service.web import (
    access,
    account,
    accounts,
    admin,
    answers,
    api,
    arrivals,
    attachments,
    background,
    batches,
    blocks,
    cases,
    cms,
    dashboard,
    decisions,
    desk,
    display,
    embed,
    feeds,
    figures,
    finding,
    headers,
    keys,
    language,
    letters,
    links,
    live,
    mail_choices,
    mail_links,
    operations,
    owners,
    passkeys,
    practice,
    programs,
    public,
    public_settings,
    publications,
    reader,
    refusals,
    saved_answers,
    second_factors,
    session_list,
    sessions,
    setup,
    start,
    urgency,
    webhooks,
)

log = structlog.get_logger()


PARTS = (
    api,
    programs,
    embed,
    reader,
    attachments,
    public,
    feeds,
    account,
    accounts,
    second_factors,
    session_list,
    passkeys,
    keys,
    mail_choices,
    mail_links,
    dashboard,
    figures,
    live,
    batches,
    finding,
    cases,
    decisions,
    admin,
    background,
    urgency,
    owners,
    links,
    cms,
    public_settings,
    saved_answers,
    blocks,
    letters,
    webhooks,
    start,
    publications,
    setup,
    practice,
    operations,
)
"""The files that have addresses."""


def wire(settings: Settings | None, database: Database | None) -> Flask:
    """The application with all its pages. Raises ConfigurationError."""
    settings = settings or read_settings()
    check_serving(settings)
    app = Flask(
        "corrections_service",
        template_folder=str(shipped("templates")),
        static_folder=str(shipped("static")),
    )
    app.jinja_options = display.JINJA
    app.url_map.converters["int"] = access.Number
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # what is not English is as long as it is
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SECRET_KEY_FALLBACKS"] = settings.secret_key_fallbacks
    app.extensions["reader_script"], app.extensions["loads_not_kept"] = embed.build(settings), {}
    Babel(app)
    display.init_display(app)
    language.init_language(app)
    desk.init_desk(app)
    app.add_template_global(keys.own_keys, "own_keys")
    app.add_template_global(keys.are_off, "keys_are_off")
    app.add_template_global(practice.own_site, "practice_site")
    app.before_request(note_start)  # first, for who is turned away at the door is logged too
    database = database or open_database(settings)
    sessions.init_sessions(app, settings)
    accounts.init_accounts(app, settings)
    passkeys.init_passkeys(app)
    access.init_access(app, settings, database)
    app.after_request(headers.protect)
    app.extensions["refusals"] = refusals.Refusals(database, settings.limit_reports)
    app.extensions["is_upload"] = attachments.is_upload(database)
    app.wsgi_app = app.extensions["arrivals"] = arrivals.Arrivals(app, settings)  # type: ignore[assignment, method-assign]
    for part in PARTS:
        app.register_blueprint(part.bp)
    app.after_request(log_answer)
    app.register_error_handler(errors.CorrectionsError, show_failure)
    app.register_error_handler(HTTPException, show_http_failure)
    app.register_error_handler(Exception, show_accident)
    return app


def note_start() -> None:
    """Remember when a request began."""
    g.began = time.monotonic()


def log_answer(answer: Response) -> Response:
    """Say of each request its route, status and time, and why one was refused; never where from or what it said (P-24)."""
    if not structlog.is_configured():  # an application inside another program: its standard output is not ours
        return answer
    fields = {"method": request.method, "route": str(request.url_rule), "status": answer.status_code}
    if "refused" in g:
        log.info("refused", **fields, reason=g.refused)
    else:
        log.debug("answered", **fields, ms=round((time.monotonic() - g.began) * 1000, 1))
    return answer


def show_failure(error: errors.CorrectionsError) -> Response:
    """Say what failed: problem+json to programs (RFC 9457), a page to people."""
    g.refused = error.code
    for_programs = request.path.startswith("/api/") or request.path.endswith(".json")
    answer = problem(error) if for_programs else page(error)
    answer.status_code = error.status
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.TokenNeeded):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="corrections"'
    if request.path == "/api/v1/reports" and request.method == "POST":
        api.count_refusal(error)
    return answer


def problem(error: errors.CorrectionsError) -> Response:
    """The failure as application/problem+json."""
    detail, fields = reader.explain(error, g.get("report", {}))
    body = answers.Problem(
        type=f"urn:corrections:{error.code}",
        title=error.title,
        status=int(error.status),
        detail=detail,
        errors=[answers.Wrong(field=name, detail=detail) for name, detail in fields.items()],
    )
    answer = answers.as_json(body, error.status)
    answer.mimetype = "application/problem+json"
    return answer


def page(error: errors.CorrectionsError) -> Response:
    """The failure as a page: what failed, whether work is safe, what to do."""
    for_readers = request.path.startswith(sessions.WITHOUT_SESSION)
    html = reader.error_page(error) if for_readers else _desk_page(error)
    return Response(html, mimetype="text/html")


def _desk_page(error: errors.CorrectionsError) -> str:
    title, detail = language.title(error), language.failure(error)
    return render_template("dashboard/error.html", error=error, title=title, detail=detail)


def show_http_failure(error: HTTPException) -> Response:
    """Flask's own failures, in our words."""
    failure: Callable[[], errors.CorrectionsError]
    if isinstance(error, NotFound):
        failure = errors.NotFound
    elif isinstance(error, MethodNotAllowed):
        failure = errors.MethodNotAllowed
    elif isinstance(error, RequestEntityTooLarge):
        failure = errors.TooLarge
    elif error.code is not None and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
        failure = errors.BadRequest
    else:
        return show_accident(error)
    answer = show_failure(failure())
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def show_accident(error: Exception) -> Response:
    """Something nobody foresaw: a number to find it in the log, and no more."""
    number = uuid.uuid4().hex[:8]
    log.exception("accident", number=number, route=str(request.url_rule), exc_info=error)
    return show_failure(errors.CorrectionsError(phrase("desk.frame.error", number=number)))
