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
        request.blueprint not in ("embed", "reader", "public", "feeds", "api", "operations")
        and request.endpoint != "static"
    )
    secret = request.path.startswith(("/r/", "/unsubscribe/", "/act/", "/sign-in/", "/invitation/"))
    present = {name.lower() for name, _ in answer.headers}
    is_page, is_secure = answer.mimetype == "text/html", settings().base_url.startswith("https:")
    for name, value in common(is_page=is_page, is_secret=secret, is_secure=is_secure):
        if name.lower() not in present:
            answer.headers.add(name, value)
    if (is_desk or secret) and "no-store" not in answer.headers.get("Cache-Control", ""):
        answer.headers["Cache-Control"] = "no-store"
    return answer


def common(*, is_page: bool, is_secret: bool, is_secure: bool) -> list[tuple[str, str]]:
    """The headers that every answer has, unless it has its own."""
    always = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": PAGES if is_page else DATA,
        "Referrer-Policy": "no-referrer" if is_secret else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if is_secure:
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return list(always.items())
