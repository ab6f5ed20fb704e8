"""Headers: what every answer says of how it may be shown and kept."""

from __future__ import annotations

from flask import Response, request

from corrections_service.web.access import settings

PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
DATA = "default-src 'none'; sandbox; frame-ancestors 'none'"


def protect(answer: Response) -> Response:
    """The headers of every answer."""
    is_desk = (
        request.blueprint not in ("embed", "reader", "public", "api", "operations") and request.endpoint != "static"
    )
    secret = request.path.startswith(("/r/", "/unsubscribe/", "/sign-in/", "/invitation/"))
    present = {name.lower() for name, _ in answer.headers}
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": PAGES if answer.mimetype == "text/html" else DATA,
        "Referrer-Policy": "no-referrer" if secret else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items():
        if name.lower() not in present:
            answer.headers.add(name, value)
    if is_desk or secret:
        answer.headers["Cache-Control"] = "no-store"
    if settings().base_url.startswith("https:"):
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return answer
