"""The yardstick of a page: its template, filled with constants, by `python -m benchmarks.constants PORT`.

The page that the environment names in `PAGE` is made once as the service makes it, for whom `COOKIE` stands; from then on
nothing is asked of the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from flask import g, template_rendered
from jinja2 import Template

from benchmarks.bare import serve
from corrections_service import create_app
from corrections_service.settings import read_settings
from corrections_service.store.database import open_database
from corrections_service.web import practice


def create() -> Callable[..., Iterable[bytes]]:
    """A WSGI application that answers all with the page."""
    settings = read_settings()
    app = create_app(settings, database=open_database(settings))
    filled: list[tuple[Template, dict[str, Any], str]] = []

    def keep(_app: object, template: Template, context: dict[str, Any]) -> None:
        """Keep what the page was made of, and as constants what the template itself asks for."""
        me, site = context["editor"](), practice.own_site()
        constants = {"editor": lambda: me, "is_unknown": lambda: True, "practice_site": lambda: site}
        filled.append((template, {**context, **constants}, g.language))

    with template_rendered.connected_to(keep, app):
        visitor = app.test_client(use_cookies=False)
        page = visitor.get(os.environ["PAGE"], base_url=settings.base_url, headers={"Cookie": os.environ["COOKIE"]})
    ((template, context, language),) = filled
    app.extensions["database"] = None

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with app.request_context(environ):
            g.language = language
            body = template.render(context)
            assert abs(len(body.encode()) - len(page.data)) < 500, "this is not the page"
            return app.response_class(body)(environ, start_response)

    return answer


if __name__ == "__main__":
    serve("benchmarks.constants:create", int(sys.argv[1]))
