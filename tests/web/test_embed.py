"""The script in the page, as browsers ask for it: what the loader knows, each module in each language, how long it is kept."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import subprocess
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from corrections_service.rules.catalogue import LANGUAGES, sentences
from corrections_service.services import sites
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from corrections_service.web import embed
from tests.laws.test_scripts import NODE
from tests.services.newsroom import Newsroom
from tests.web.visitors import OWN

MODULES = (
    *("article", "brightness", "dialog", "difference", "frames", "kept", "long", "options", "page"),
    *("personal", "pick", "place", "remove", "touch"),
)
TITLES = {language: sentences(language, "dialog")["title"] for language in LANGUAGES}
FIVE_MINUTES = "public, max-age=300"
SAID = """let all = "";
for await (const part of process.stdin) all += part;
const said = [];
for (const source of JSON.parse(all)) said.push((await import(`data:text/javascript,${encodeURIComponent(source)}`)).said());
console.log(JSON.stringify(said));"""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader's browser."""
    return app.test_client()


def told(client: FlaskClient, site: Site) -> dict[str, str]:
    """What the loader knows of its site."""
    body = client.get(f"/embed/{site.key}.js").get_data(as_text=True)
    found, _ = json.JSONDecoder().raw_decode(body, body.index('{"key":'))
    return dict(found)


def call_it(db: Database, site: Site, title: str, language: str = "en") -> None:
    """Give the site a title of its own in a language."""
    with db.write() as session:
        sites.choose_sentences(session.get_one(Site, site.id), language, {"title": title})


def test_the_loader_names_the_site_the_version_the_doors_and_what_is_off(
    app: Flask, db: Database, client: FlaskClient, site: Site
) -> None:
    script: embed.Script = app.extensions["reader_script"]
    assert told(client, site) == {
        "key": site.key,
        "version": script.version,
        "doors": "[data-corrections-report]",
        "off": "|",
    }
    with db.write() as session:
        sites.choose_ways_in(session.get_one(Site, site.id), ["link"], ["mistape", "orphus"])
    known = told(client, site)
    assert (known["off"], known["doors"]) == ("key button|", sites.ALL_DOORS)


def test_a_key_of_no_site_or_of_one_that_is_closed_is_not_found(db: Database, client: FlaskClient, site: Site) -> None:
    assert client.get(f"/embed/{site.key}x.js").status_code == 404
    with db.write() as session:
        session.get_one(Site, site.id).active = False
    assert client.get(f"/embed/{site.key}.js").status_code == 404


def test_any_page_may_load_each_part_and_is_given_no_cookie(client: FlaskClient, site: Site) -> None:
    version = told(client, site)["version"]
    for path in (f"{site.key}.js", f"{version}/en.js", *(f"{version}/{name}.js?lang=en" for name in MODULES)):
        answer = client.get(f"/embed/{path}", headers={"Origin": "https://news.example"})
        assert answer.status_code == 200, path
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_what_a_browser_has_already_is_not_sent_again(db: Database, client: FlaskClient, site: Site) -> None:
    version = told(client, site)["version"]
    for path in (f"{site.key}.js", f"{version}/dialog.js?lang=de", f"{version}/de.js"):
        first = client.get(f"/embed/{path}")
        again = client.get(f"/embed/{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(f"/embed/{path}", headers={"If-None-Match": '"another"'}).get_data() == first.get_data()
    known = client.get(f"/embed/{site.key}.js").headers["ETag"]
    with db.write() as session:
        sites.choose_ways_in(session.get_one(Site, site.id), ["key"], [])
    assert client.get(f"/embed/{site.key}.js", headers={"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br;q=0.1, gzip", True),
        ("br;q=0, gzip", False),
        ("gzip", False),
        ("*", False),
        ("identity", False),
        ("", False),
        (None, False),
    ],
)
def test_it_comes_packed_only_where_that_is_accepted(
    client: FlaskClient, site: Site, accepted: str | None, packed: bool
) -> None:
    version = told(client, site)["version"]
    for path in (f"{site.key}.js", f"{version}/dialog.js?lang=en", f"{version}/en.js"):
        plain = client.get(f"/embed/{path}").get_data()
        answer = client.get(f"/embed/{path}", headers={} if accepted is None else {"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == ("br" if packed else None)
        body = answer.get_data()
        assert (brotli.decompress(body) if packed else body) == plain
        assert len(body) < len(plain) or not packed


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        *((f"?lang={language}", language) for language in LANGUAGES),
        ("?lang=pt-BR", "pt"),
        ("?lang=pt_PT", "pt"),
        ("?lang=DE-at", "de"),
        ("?lang=%20uk%20", "uk"),
        ("?lang=iw", "he"),
        ("?lang=iw-IL", "he"),
        ("?lang=xx", "en"),
        ("?lang=engels", "en"),
        ("?lang=%00%ff%27%22%3C", "en"),
        ("?lang=" + "x" * 5000, "en"),
        ("?lang=", "en"),
        ("", "en"),
    ],
)
def test_a_module_is_in_the_nearest_language_that_there_is(
    client: FlaskClient, site: Site, asked: str, language: str
) -> None:
    answer = client.get(f"/embed/{told(client, site)['version']}/dialog.js{asked}")
    assert answer.headers["Cache-Control"] == embed.IMMUTABLE
    spoken = [one for one, title in TITLES.items() if title in answer.get_data(as_text=True)]
    assert spoken == [language]


def test_a_loader_of_before_gets_the_present_module_for_five_minutes(client: FlaskClient, site: Site) -> None:
    version = told(client, site)["version"]
    assert client.get(f"/embed/{site.key}.js").headers["Cache-Control"] == FIVE_MINUTES
    for name in MODULES:
        present = client.get(f"/embed/{version}/{name}.js?lang=fr")
        assert present.headers["Cache-Control"] == embed.IMMUTABLE
        for old in ("0123456789abcdef", "before", version.upper(), version[:-1]):
            answer = client.get(f"/embed/{old}/{name}.js?lang=fr")
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FIVE_MINUTES)
            assert answer.get_data() == present.get_data()


@pytest.mark.parametrize("name", ["embed", "quote", "DIALOG", "dialog.min", "xx", "server.d", "..%2Fdialog"])
def test_a_module_that_there_is_not_is_not_found(client: FlaskClient, site: Site, name: str) -> None:
    for version in (told(client, site)["version"], "0123456789abcdef"):
        assert client.get(f"/embed/{version}/{name}.js?lang=en").status_code == 404


def test_a_site_s_own_sentence_is_in_its_modules_alone_under_a_version_of_its_own(
    db: Database, client: FlaskClient, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    shared = told(client, newsroom.site)["version"]
    call_it(db, newsroom.site, "Tell the Daily News")
    own = told(client, newsroom.site)["version"]
    assert own != shared
    assert own.endswith(f"-{newsroom.site.key}")
    assert told(client, neighbour.site)["version"] == shared
    for version, language, title in (
        (own, "en", "Tell the Daily News"),
        (own, "de", TITLES["de"]),
        (shared, "en", TITLES["en"]),
    ):
        answer = client.get(f"/embed/{version}/dialog.js?lang={language}")
        assert answer.headers["Cache-Control"] == embed.IMMUTABLE
        body = answer.get_data(as_text=True)
        assert [one for one in ("Tell the Daily News", *TITLES.values()) if one in body] == [title]

    call_it(db, newsroom.site, "Write to the Daily News")
    assert told(client, newsroom.site)["version"] not in (own, shared)
    late = client.get(f"/embed/{own}/dialog.js?lang=en")
    assert "Write to the Daily News" in late.get_data(as_text=True)
    assert late.headers["Cache-Control"] == FIVE_MINUTES
    call_it(db, newsroom.site, "")
    assert told(client, newsroom.site)["version"] == shared


def test_a_version_of_a_site_that_there_is_not_is_not_found(client: FlaskClient, site: Site) -> None:
    version = told(client, site)["version"]
    assert client.get(f"/embed/{version}-nobody/dialog.js?lang=en").status_code == 404
    assert client.get(f"/embed/{version}-nobody/en.js").status_code == 404


def test_all_of_it_in_one_file_is_there_at_the_present_version_alone(
    db: Database, client: FlaskClient, site: Site
) -> None:
    version = told(client, site)["version"]
    for language in LANGUAGES:
        answer = client.get(f"/embed/{version}/{language}.js?site={site.key}&lang=en")
        assert answer.headers["Cache-Control"] == embed.IMMUTABLE
        body = answer.get_data(as_text=True)
        assert [one for one, title in TITLES.items() if title in body] == [language]
    call_it(db, site, "Tell the Daily News")
    own = told(client, site)["version"]
    assert "Tell the Daily News" in client.get(f"/embed/{own}/en.js").get_data(as_text=True)
    call_it(db, site, "Write to the Daily News")
    for old in ("0123456789abcdef", version[:-1], own):
        assert client.get(f"/embed/{old}/en.js?site={site.key}").status_code == 404


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_the_pinned_line_holds_the_hash_of_exactly_what_is_served(
    app: Flask, db: Database, client: FlaskClient, site: Site, language: str
) -> None:
    """A18 (W3C Subresource Integrity): also after the site chose words and ways of its own."""
    script: embed.Script = app.extensions["reader_script"]
    with db.write() as session:
        session.get_one(Site, site.id).language = "he"

    def asked() -> str:
        """What the line asks for, whose bytes it knows."""
        with db.read() as session:
            line = embed.whole_tag(script, session.get_one(Site, site.id), OWN, language)
        found = re.fullmatch(
            r'<script type="module" async crossorigin integrity="sha384-([^"]+)" src="([^"]+)"></script>', line
        )
        assert found
        address = html.unescape(found[2]).removeprefix(OWN)
        plain = client.get(address).get_data()
        assert found[1] == base64.b64encode(hashlib.sha384(plain).digest()).decode()
        assert brotli.decompress(client.get(address, headers={"Accept-Encoding": "br"}).get_data()) == plain
        assert address.partition("?")[0].endswith(f"/{language or 'he'}.js")
        return address.partition("?")[2]

    assert asked() == f"site={site.key}"
    call_it(db, site, "Tell us", language or "he")
    with db.write() as session:
        sites.choose_ways_in(session.get_one(Site, site.id), ["link"], [])
    assert asked() == f"site={site.key}&off=key,button"


def said(kept: list[Any]) -> list[Any]:
    """What a module says whose sentences these are, once each where it uses them once and where it uses them twice."""
    sources = [
        embed.minified("export const{}={}".format(*embed.alone(source, {"title": words}, {})))
        for words in kept
        for source in (
            "export const said = () => [words.title][0];",
            "export const said = () => words.title && words.title;",
        )
    ]
    command = [NODE, "--input-type=module", "--eval", SAID]
    asked = json.dumps(sources, ensure_ascii=False)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Any] = json.loads(done.stdout)
    return found


HOSTILE = [
    "\"'`",
    "\\",
    "\\n \\u0041 \\${x} \\",
    "'); alert(1); ('",
    "${x}",
    "`${alert(1)}`",
    "</script><script>alert(1)</script>",
    "<!-- --> ]]> */ // /*",
    "one\u2028two\u2029three\u0085four",
    "one\ntwo\r\nthree\tfour",
    "{0} {{ 7 * 7 }} %s $& $1",
    "👩‍👩‍👧 \ufeff e\u0301 \u202e",
    "__proto__",
    'words.title import { a } from "./a.js";',
    'import { a } from "./a.js";',
]


def test_words_stay_what_they_are_whatever_is_in_them() -> None:
    """Every sentence of each language, and a site's own with all that means something in a script or a page."""
    usual = [one for language in LANGUAGES for one in sentences(language, "dialog").values()]
    kept = [*usual, *HOSTILE, HOSTILE, {str(at): one for at, one in enumerate(HOSTILE)}]
    assert said(kept) == [words for words in kept for _ in range(2)]


def test_a_sentence_may_speak_of_what_a_script_is_made_of() -> None:
    for words in ("We export cheese", "export const a = 1;"):
        assert said([words]) == [words, words]
