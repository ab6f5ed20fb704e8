"""What docs/embedding says is so: its addresses are the service's, and what stands there for Flask runs as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from jinja2 import DictLoader
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from corrections_service.rules.cms import checked
from corrections_service.rules.embedding import embedding_in
from corrections_service.settings import Settings
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import NEVER, Case
from corrections_service.store.rows import table_of
from tests.databases import SECRET
from tests.measures import wait_for
from tests.running import ORIGIN, Service, running_service

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = sorted((DOCS / "embedding").glob("*.md"))
ADDRESS = re.compile(r"https://(?:token:SECRET@)?corrections\.example(/[\w./-]*)")
PATTERN = re.compile(r"pattern\s[^`]*`(https?://[^`]+)`")
ARTICLE = (
    '<!doctype html><html lang="en"><head><title>The bridge</title><link rel="canonical" href="{{ address }}"></head>'
    '<body><article><p>It was opend in 1987.</p>{% include "corrections.html" %}</article></body></html>'
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_addresses_that_a_page_names_are_the_service_s(page: Path, app: Flask) -> None:
    addresses = app.url_map.bind("corrections.example")

    def is_there(path: str) -> bool:
        try:
            addresses.match(path)
        except MethodNotAllowed:
            return True
        except HTTPException:
            return False
        return True

    named = {path.rstrip(".") for path in ADDRESS.findall(page.read_text("utf-8"))} - {"/embed/"}
    assert [path for path in named if not is_there(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_patterns_into_an_editor_that_a_page_names_are_taken(page: Path) -> None:
    for pattern in PATTERN.findall(page.read_text("utf-8")):
        assert checked(pattern) == pattern


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service of a newspaper."""
    with running_service(tmp_path / "data") as service:
        service.init()
        service.start()
        yield service


@pytest.fixture
def database(service: Service) -> Iterator[Database]:
    """What the service keeps."""
    database = open_database(Settings(data_dir=service.directory, secret_key=SECRET, base_url=service.base_url))
    yield database
    database.close()


def test_what_stands_there_for_flask_runs_as_it_stands(service: Service, database: Database) -> None:
    printed = service.console("token", "add", "the site", "--site", "News", "--scope", "articles:changed")
    text = (DOCS / "embedding/python.md").read_text("utf-8")
    for example, value in (
        ("https://corrections.example", service.base_url),
        ("SITEKEY", service.key),
        ("the token's secret", printed.strip().rpartition(" ")[2]),
    ):
        text = text.replace(example, value)
    (partial,) = re.findall(r"```jinja\n(.*?)```", text, re.DOTALL)
    shared, of_flask, _ = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    paper = Flask("paper")
    paper.jinja_loader = DictLoader({"article.html": ARTICLE, "corrections.html": partial})
    names: dict[str, object] = {"app": paper, "cached": lambda address, ask: ask(address)}
    exec(shared, names)
    exec(of_flask, names)

    address = f"{ORIGIN}/articles/the-bridge"
    tree = LexborHTMLParser(paper.test_client().get("/articles/the-bridge?utm_source=x", base_url=ORIGIN).text)
    embedding = embedding_in(tree, address)
    assert [(tag.address, tag.kind) for tag in embedding.tags] == [
        (f"{service.base_url}/embed/{service.key}.js", "module")
    ]
    assert embedding.canonicals == [address]
    link = urlsplit(str(tree.css("a[data-corrections-report]")[0].attributes["href"]))
    assert parse_qs(link.query) == {"url": [address]}

    service.post(url=address, exact="opend", suggestion="opened")

    def case() -> Case:
        with database.read() as session:
            return session.scalars(select(Case)).one()

    wait_for(lambda: case().fix_state is not None, "the first look, after which the service looks by itself much later")
    with database.write() as session:
        session.execute(update(table_of(Case)).values(recheck_at=NEVER))
    names["tell_of_change"](address)  # type: ignore[operator]
    wait_for(lambda: case().recheck_at != NEVER, "the service hears of the change")
    assert names["corrections_of"](address) == ""  # type: ignore[operator]
    service.stop()
    assert names["corrections_of"](address) == ""  # type: ignore[operator]
    names["tell_of_change"](address)  # type: ignore[operator]
