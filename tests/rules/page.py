"""How tests read a page."""

from corrections_service.rules.pages import visible_text

URL = "https://news.example/2026/bridge"


def read(body, content_type="text/html; charset=utf-8"):
    return visible_text(body.encode() if isinstance(body, str) else body, content_type)
