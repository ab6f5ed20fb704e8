"""Real pages are read as they are shown, and hold what was found in them by hand."""

import gzip
import json
import re
from pathlib import Path

import pytest

from corrections_service.rules import urls
from corrections_service.rules.pages import article_facts, visible_text
from corrections_service.rules.text import fold
from tests.browser import pages as browser_pages

DATA = Path(__file__).resolve().parents[2] / "../shared/data/pages"
SEEN = """() => {
    document.querySelectorAll("style, link, noscript, select, rt, rp, object").forEach(element => element.remove());
    document.querySelectorAll("details").forEach(details => details.open = true);
    return document.body.innerText;
}"""


def real_pages():
    if not DATA.exists():
        pytest.skip("the real pages are not beside this repository")
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    for name, told in sorted(manifest.items()):
        yield name, told, gzip.decompress((DATA / name / "source.html.gz").read_bytes())


def test_real_pages_hold_what_was_found_in_them_by_hand():
    missing, asked = [], 0
    for name, _, source in real_pages():
        truth = DATA / name / "truth.json"
        if truth.exists():
            text = fold(visible_text(source)).text
            for words in json.loads(truth.read_text(encoding="utf-8")).get("with", []):
                asked += 1
                if fold(words).text not in text:
                    missing.append((name, words))
    assert asked >= 60
    assert not missing


def test_real_pages_are_decoded_and_name_their_canonical_address():
    for name, told, source in real_pages():
        text = visible_text(source)
        assert "\ufffd" not in text, name
        assert len(text) > 500, name
        if (told["canonical"] or "").startswith("http"):
            facts = article_facts(source, told["canonical"])
            assert facts.canonical_url == urls.canonical(told["canonical"]), name
            assert facts.headline, name


def test_every_paragraph_that_others_took_for_the_article_is_in_the_text_of_real_pages():
    missing, asked = [], 0
    for name, _, source in real_pages():
        text = fold(visible_text(source)).text
        article, truth = DATA / name / "article.html.gz", DATA / name / "truth.json"
        paragraphs = []
        if article.exists():
            paragraphs += re.split(r"<[^>]*>", gzip.decompress(article.read_bytes()).decode())
        if truth.exists():
            paragraphs += json.loads(truth.read_text(encoding="utf-8")).get("articleBody", "").splitlines()
        for paragraph in paragraphs:
            words = fold(visible_text(paragraph.encode(), "text/html; charset=utf-8")).text
            asked += 1
            if words not in text:
                missing.append((name, paragraph))
    print(f"{asked - len(missing)} of {asked} paragraphs")
    assert asked > 1_000
    assert not missing


def test_a_browser_without_style_sheets_shows_the_very_text_of_real_pages(browser):
    same, other = 0, []
    with browser_pages.served() as server:
        server.pages = (
            {f"/{name}": stored for name, stored in browser_pages.real_pages().items()} if DATA.exists() else {}
        )
        if not server.pages:
            pytest.skip("the real pages are not beside this repository")
        context = browser_pages.shut_off(browser, java_script_enabled=False)
        page = context.new_page()
        for path, stored in server.pages.items():
            page.goto(f"{server.origin}{path}", wait_until="domcontentloaded")
            seen = fold(page.evaluate(SEEN)).text
            text = fold(visible_text(stored.body, stored.content_type)).text
            same += seen == text
            other += [] if seen == text else [path]
        context.close()
    print(f"{same} of {same + len(other)} pages")
    assert not other
