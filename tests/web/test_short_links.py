"""Short addresses of articles for paper: typed, scanned, never guessed (FEATURES A25)."""

from __future__ import annotations

import html
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import qrcode  # type: ignore[import-untyped]
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

from corrections_service import create_app
from corrections_service.rules import links as rules
from corrections_service.rules.workflow import Role
from corrections_service.services import links, sites
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Site
from tests.databases import SECRET
from tests.measures import wait_in
from tests.running import running_service
from tests.services.newsroom import Newsroom
from tests.web.visitors import OWN, Visitor, dump, signed_in

URL = "https://news.example/2026/the-bridge?id=7"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Whoever has the paper in hand."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def editor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Who asks for a short link."""
    return signed_in(app, db, newsroom.hire(Role.EDITOR))


def asked(editor: Visitor, newsroom: Newsroom, url: str = URL) -> str:
    """The path of the short address that an editor is shown."""
    path = f"/settings/sites/{newsroom.site.slug}/links"
    answer = editor.post(path, url=url)
    assert answer.status_code == 303, html.unescape(answer.get_data(as_text=True))
    shown = re.search(r'<code id="address">([^<]+)</code>', editor.get(answer.location).get_data(as_text=True))
    assert shown
    assert shown[1].startswith(f"{OWN}/a/")
    return shown[1].removeprefix(OWN)


def drawn(picture: str) -> list[list[bool]]:
    """The dark modules of a QR code in SVG, row by row, the quiet zone too."""
    root = ElementTree.fromstring(picture)
    size = int(root.attrib["viewBox"].split()[2])
    ground, dark = (one.attrib for one in root)
    assert ground == {"fill": "#fff", "d": f"M0 0h{size}v{size}H0z"}
    places = {(int(y), int(x)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", dark["d"])}
    return [[(y, x) in places for x in range(size)] for y in range(size)]


def test_an_editor_gets_a_short_link_that_leads_readers_to_the_form(
    editor: Visitor, newsroom: Newsroom, client: FlaskClient
) -> None:
    path = asked(editor, newsroom, f"{URL}&utm_source=mail#top")
    assert re.fullmatch(r"/a/[0-9A-HJKMNP-TV-Z]{12}", path)
    answer = client.get(path)
    form = urlsplit(answer.location)
    assert (answer.status_code, form.netloc, form.path) == (303, "", f"/report/{newsroom.site.key}")
    assert parse_qs(form.query) == {"url": [URL]}
    assert URL in html.unescape(client.get(answer.location).get_data(as_text=True))
    assert asked(editor, newsroom) == path
    assert newsroom.count(Article) == 1
    assert asked(editor, newsroom, "https://news.example/another") != path


def test_a_code_may_be_typed_as_people_type(editor: Visitor, newsroom: Newsroom, client: FlaskClient) -> None:
    code = asked(editor, newsroom).removeprefix("/a/")
    look_alikes = code.translate(str.maketrans("10", "lo"))
    for typed in (code.lower(), look_alikes, f"{code[:4]}-{code[4:8]}-{code[8:]}", f"{code[:6]} {code[6:]}"):
        assert client.get(f"/a/{typed}").status_code == 303, typed


def test_the_picture_is_the_qr_code_of_the_address(editor: Visitor, newsroom: Newsroom, client: FlaskClient) -> None:
    path = asked(editor, newsroom)
    answer = client.get(f"{path}.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    usual = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    usual.add_data(f"{OWN}{path}")
    found = drawn(answer.get_data(as_text=True))
    assert found == usual.get_matrix()
    edge = [*found[:4], *found[-4:], *(row[:4] for row in found), *(row[-4:] for row in found)]
    assert not any(map(any, edge))


def test_ten_thousand_guesses_hit_nothing_and_all_look_alike(
    app: Flask, db: Database, editor: Visitor, newsroom: Newsroom, client: FlaskClient
) -> None:
    """Letters at random, codes of neighbouring articles with a borrowed signature, single letters changed, nonsense."""
    codes = [asked(editor, newsroom, f"https://news.example/{number}")[3:] for number in range(20)]
    chance, letters = random.Random(7), "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    guesses = {"".join(chance.choices(letters, k=12)) for _ in range(9000)}
    guesses |= {one[:6] + other[6:] for one in codes for other in codes}
    guesses |= {one[:at] + letter + one[at + 1 :] for one in codes[:2] for at in range(12) for letter in letters}
    guesses |= {
        "",
        "0",
        "0" * 12,
        codes[0][:-1],
        f"{codes[0]}0",
        codes[0] * 500,
        "é" * 12,
        "٣" * 12,
        "%2e%2e",
        "1" * 5000,
    }
    guesses -= set(codes)
    assert len(guesses) >= 10_000
    accepted = [rules.number_in(guess, [SECRET]) for guess in guesses]
    assert [number for number in accepted if number is not None] == []
    before = dump(db)
    with db.write() as session:
        gone = rules.code_of(999, SECRET)
        other = sites.create(session, name="Closed", origins=["https://closed.example"], desk="desk@news.example")
        closed = rules.code_of(links.add(session, other, "https://closed.example/a"), SECRET)
        other.active = False
    wrong = [*chance.sample(sorted(guesses - {""}), 100), gone, closed, codes[0] * 500]
    for end in ("", ".svg"):
        answers = [client.get(f"/a/{guess}{end}") for guess in wrong]
        assert {(one.status_code, one.get_data(), str(one.headers)) for one in answers} == {
            (404, answers[0].get_data(), str(answers[0].headers))
        }
    assert before.keys() == dump(db).keys()


def test_a_wrong_code_is_answered_to_a_reader_without_a_cookie_and_in_their_language(
    app: Flask, db: Database, editor: Visitor, client: FlaskClient
) -> None:
    """A09."""
    answer = client.get("/a/4F2K7QAB12CD", headers={"Accept-Language": "uk"})
    assert answer.status_code == 404
    assert '<html lang="uk"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in editor.get("/a/4F2K7QAB12CD").headers


def test_whoever_looks_changes_nothing(db: Database, editor: Visitor, newsroom: Newsroom, client: FlaskClient) -> None:
    path = asked(editor, newsroom)
    settings = f"/settings/sites/{newsroom.site.slug}/links"
    before = dump(db)
    for method in ("GET", "HEAD"):
        assert {client.open(path, method=method).status_code for _ in range(3)} == {303}
        assert client.open(f"{path}.svg", method=method).status_code == 200
        for query in ("", "?url=https://news.example/new", "?article=1", "?article=999", "?article=x"):
            assert editor.client.open(settings + query, method=method).status_code in (200, 404)
    for method in ("POST", "PUT", "DELETE"):
        assert client.open(path, method=method, data={"url": URL}).status_code == 405
    assert dump(db) == before


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a",
        "https://news.example.evil.example/a",
        "https://news.example@evil.example/",
        "//evil.example",
        "/a",
        "javascript:alert(1)",
        "https://news.example:8443/a",
        "",
        "https://news.example/" + "x" * 2048,
        "https://news.example/" + "ж" * 2000,
    ],
)
def test_only_addresses_of_the_site_get_a_short_link(
    db: Database, editor: Visitor, newsroom: Newsroom, url: str
) -> None:
    before = dump(db)
    answer = editor.post(f"/settings/sites/{newsroom.site.slug}/links", url=url)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert 'id="url-wrong"' in page
    assert f'value="{url}"' in page
    assert dump(db) == before


def test_an_editor_sees_no_article_of_another_site(editor: Visitor, newsroom: Newsroom, neighbour: Newsroom) -> None:
    with neighbour.db.write() as session:
        theirs = links.add(session, session.merge(neighbour.site), "https://gazette.example/a")
    assert editor.get(f"/settings/sites/{newsroom.site.slug}/links?article={theirs}").status_code == 404
    assert editor.get(f"/settings/sites/{neighbour.site.slug}/links?article={theirs}").status_code == 404


def test_what_is_printed_leads_there_after_the_secret_key_changed(
    database_settings: Settings, db: Database, site: Site
) -> None:
    with db.write() as session:
        number = links.add(session, session.merge(site), URL)
    printed = links.short_address(number, database_settings).removeprefix(OWN)
    fresh, between = "another secret key, as long as it has to be", "one that was used for a while, between the two"
    for fallbacks, status in (([SECRET], 303), ([between, SECRET], 303), ([], 404)):
        changed = database_settings.model_copy(update={"secret_key": fresh, "secret_key_fallbacks": fallbacks})
        client = create_app(changed, database=db).test_client(use_cookies=False)
        assert client.get(printed, base_url=OWN).status_code == status
        now = links.short_address(number, changed).removeprefix(OWN)
        assert now != printed
        assert client.get(now, base_url=OWN).status_code == 303


def test_numbers_of_any_size_are_read_back() -> None:
    for number in (1, 2, 1000, 2**30 - 1, 2**30, 2**31 - 1):
        code = rules.code_of(number, SECRET)
        assert len(code) == (12 if number < 2**30 else 13)
        assert rules.number_in(code, ["no", SECRET]) == number
        assert rules.number_in(code, ["no"]) is None


def test_an_editor_copies_the_link_and_downloads_its_picture(tmp_path: Path, browser: Browser) -> None:
    """In a real browser under the pages' policy; without script the button is not there, and all the rest is."""
    with running_service(tmp_path / "data") as service:
        service.init()
        service.start()
        with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
            page = context.new_page()
            page.goto(service.sign_in)
            page.locator("main button").click()
            page.goto(f"{service.base_url}/settings/")
            page.get_by_role("link", name="Short links").click()
            page.get_by_label("Address of the article").fill(URL)
            page.get_by_role("button", name="Make the short link").click()
            address = page.locator("#address").inner_text()
            wait_in(page, "document.querySelector('main img').naturalWidth > 0")
            page.get_by_role("button", name="Copy the link").click()
            expect(page.get_by_role("button", name="Copied")).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()") == address
            with page.expect_download() as loaded:
                page.get_by_role("link", name="Download the QR code").click()
            assert loaded.value.suggested_filename == f"{address.rpartition('/')[2]}.svg"
            assert drawn(loaded.value.path().read_text("utf-8"))
            made, kept = urlsplit(page.url).query, context.storage_state()
        for scheme, script in (("light", True), ("dark", False)):
            chosen: dict[str, Any] = {"color_scheme": scheme, "java_script_enabled": script, "storage_state": kept}
            with browser.new_context(**chosen, viewport={"width": 360, "height": 740}) as context:
                other = context.new_page()
                for path in ("", "/words?lang=ar", f"/links?{made}"):
                    other.goto(f"{service.base_url}/settings/sites/news{path}")
                    if script:
                        assert Axe().run(other).response["violations"] == []
                        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
                assert other.get_by_role("button", name="Copy the link").is_visible() == script


def test_the_console_prints_the_short_address_and_draws_its_code(tmp_path: Path) -> None:
    with running_service(tmp_path / "data") as service:
        service.init()
        picture = tmp_path / "bridge.svg"
        address = service.console("link", URL, "--site", "News", "--qr", str(picture)).strip()
        assert re.fullmatch(re.escape(service.base_url) + r"/a/[0-9A-Z]{12}", address)
        usual = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
        usual.add_data(address)
        assert drawn(picture.read_text("utf-8")) == usual.get_matrix()
        assert service.console("link", URL, "--site", "news").strip() == address
        service.start()
        status, headers = service.exchange("GET", urlsplit(address).path)
        assert (status, headers["Location"]) == (
            303,
            f"/report/{service.key}?url=https%3A%2F%2Fnews.example%2F2026%2Fthe-bridge%3Fid%3D7",
        )
