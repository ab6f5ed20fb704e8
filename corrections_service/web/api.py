"""The API for pages and programs: a reader's report comes in here."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, current_app, g, request

from corrections_service import errors
from corrections_service.rules.fields import NewReport
from corrections_service.services import sites
from corrections_service.services.reports import Fields, Submitted
from corrections_service.store.models import Site
from corrections_service.web import answers, arrivals
from corrections_service.web.access import database, public, settings
from corrections_service.web.arrivals import REFUSED, Refusal
from corrections_service.web.openapi import Answer, described
from corrections_service.web.peers import block_of
from corrections_service.web.refusals import Refusals

bp = Blueprint("api", __name__)


@bp.post("/api/v1/reports", provide_automatic_options=False)
@public
@described(
    {
        HTTPStatus.CREATED: Answer("Stored.", answers.Stored),
        HTTPStatus.OK: Answer("It was stored before.", answers.Stored, {"Idempotency-Replayed": {"const": "true"}}),
    },
    [
        errors.MalformedBody,
        errors.OriginNotAllowed,
        errors.MethodNotAllowed,
        errors.TooLarge,
        errors.UnsupportedMediaType,
        errors.InvalidFields,
        errors.IdReused,
        errors.TooManyReports,
        errors.StorageBusy,
        errors.StorageFull,
    ],
    takes=NewReport,
)
def create_report() -> Response:
    """Store a report; 201 with its reference, 200 when the same came before."""
    # Ahead of this `arrivals` has judged it: what arrives here was refused.
    raise _refused()


@bp.route("/api/v1/reports", methods=["OPTIONS"])
@public
@described({HTTPStatus.NO_CONTENT: Answer("It may.")}, [errors.OriginNotAllowed])
def preflight_report() -> Response:
    """Answer a browser that asks whether a page may send a report (CORS)."""
    if not origin_known():
        raise errors.OriginNotAllowed()
    answer = Response(status=HTTPStatus.NO_CONTENT)
    answer.headers["Access-Control-Allow-Methods"] = "POST"
    answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
    answer.headers["Access-Control-Max-Age"] = "7200"
    return answer


def _refused() -> Exception:
    """Why the report of this request was not stored; nothing keeps it, or a refused body would be held by its error."""
    refusal: Refusal = request.environ.pop(REFUSED, Refusal())
    g.report, g.origin_known = refusal.values or {}, refusal.site_known
    return refusal.error or errors.NotFound()


@bp.after_request
def share_with_origin(answer: Response) -> Response:
    """Let the page read the answer when its origin is one of a site's; never with credentials."""
    if request.path == "/api/v1/reports":
        answer.vary.add("Origin")
        if answer.status_code != HTTPStatus.FORBIDDEN and origin_known():
            answer.headers.extend(arrivals.shared(request.headers["Origin"]))
    return answer


def origin_known() -> bool:
    """Whether the request's origin is one of any active site's."""
    origin = request.headers.get("Origin")
    if not origin or g.get("origin_known"):
        return bool(origin)
    with database().read() as session:
        return sites.knows_origin(session, origin)


def store(site: Site, fields: Fields) -> Submitted:
    """Store a report durably, counting it against its sender's limit in the same transaction."""
    return arrivals.store(database(), settings(), site, fields, _block())


def count_refusal(error: errors.CorrectionsError) -> None:
    """Keep how many reports were refused and why, so that the numbers add up (P-05)."""
    refusals: Refusals = current_app.extensions["refusals"]
    refusals.count(error.code, _block())


def _block() -> str:
    """The network that this request comes from."""
    return block_of(request, settings())
