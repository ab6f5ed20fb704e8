"""Which article a report is about, where a page does not plainly say so: apps, pages of one article, lists, cards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Pages, dialog_of, highlight
from tests.browser.sending import sent, stored
from tests.running import Service

WORDS = "the king opend the bridge"
PARAGRAPH = f"<p id=said>The story says {WORDS} in the rain.</p>"
GO = """([to, title]) => { history.pushState({}, "", to); document.title = title;
    document.querySelector("#app").innerHTML = `<h1>${title}</h1><p id=said>The story says the king opend the bridge in the rain.</p>` }"""


def page_of(body: str, head: str = "") -> str:
    """A page with a title."""
    return f'<!doctype html><html lang="en"><head><title>News</title>{head}</head><body>{body}</body></html>'


def report_on(page: Page, service: Service, words: str = WORDS, where: str = "#said") -> dict[str, object]:
    """What is stored of a report of these words."""
    highlight(page, words, where)
    page.keyboard.press("Control+Enter")
    return stored(service, sent(page, dialog_of(page)))


APP = page_of("<article id=app><h1>One</h1><p>First.</p></article>", '<link rel=canonical href="?id=1">')


@pytest.mark.parametrize("to", ["?id=2", "?id=2&utm_source=home", "?article=the-second", "?id=1&story=7"])
def test_an_article_chosen_by_query_is_not_the_one_whose_canonical_address_is_left_over(
    visit: Callable[..., Page], service: Service, to: str
) -> None:
    """An app that changes the address without a load; the canonical address stays the first article's."""
    page = visit(APP)
    page.evaluate(GO, [to, "Two"])
    report = report_on(page, service)
    assert str(report["url"]).endswith(to.partition("&utm")[0])
    assert report["title"] == "Two"


def test_a_query_that_was_loaded_counts_more_than_another_articles_canonical_address(
    visit: Callable[..., Page], service: Service
) -> None:
    """The same parameter with another value is another article, also where nothing changed without a load."""
    page = visit(APP)
    page.goto(page.url + "?id=2")
    page.evaluate("document.querySelector('#app').innerHTML = `" + PARAGRAPH + "`")
    assert str(report_on(page, service)["url"]).endswith("?id=2")


def test_an_app_that_keeps_its_canonical_address_up_to_date_is_believed(
    visit: Callable[..., Page], service: Service, pages: Pages
) -> None:
    """Without what the address has besides."""
    page = visit(APP)
    page.evaluate(GO, ["/story/two?from=front", "Two"])
    page.evaluate("document.querySelector('link[rel=canonical]').href = '/story/two'")
    assert report_on(page, service)["url"] == f"{pages.origin}/story/two"


@pytest.mark.parametrize("route", ["#/a/2", "#!/a/2", "#!a=2", "#article/2", "#?id=2", "#id=2"])
def test_an_article_chosen_by_the_fragment_is_an_article_of_its_own(
    visit: Callable[..., Page], service: Service, route: str
) -> None:
    """Two articles of one app were one, and the second reader told that another had said it already."""
    page = visit(page_of("<article id=app><h1>One</h1><p>First.</p></article>"))
    page.evaluate(GO, [route, "Two"])
    assert str(report_on(page, service)["url"]).endswith(route)
    page.keyboard.press("Escape")
    page.evaluate(GO, [route.replace("2", "3"), "Three"])
    assert str(report_on(page, service)["url"]).endswith(route.replace("2", "3"))


@pytest.mark.parametrize("place", ["#comments", "#said", "#a/2", "#:~:text=king", "#xtor=RSS-1"])
def test_a_place_on_the_page_is_no_article(visit: Callable[..., Page], service: Service, place: str) -> None:
    """One article is not split by where its reader came in."""
    page = visit(page_of(f"<article><h1>One</h1>{PARAGRAPH}<p id='a/2'>More.</p></article>"))
    plain = page.url
    page.goto(plain + place)
    assert report_on(page, service)["url"] == plain


@pytest.mark.parametrize("query", ["?page=2", "?slide=3", "?page=2&utm_source=mail"])
def test_a_page_of_a_longer_article_is_that_article_and_the_words_stand_where_they_were_read(
    visit: Callable[..., Page], service: Service, pages: Pages, query: str
) -> None:
    """The canonical address is page 1; the address that was read is kept beside it."""
    html = page_of(f"<p>Page 2</p>{PARAGRAPH}", "<link rel=canonical href=OWN>")
    page = visit(html)
    own = page.url
    pages.put(own.removeprefix(f"{pages.origin}/with"), html.replace("OWN", own))
    page.goto(own + query)
    report = report_on(page, service)
    assert (report["url"], report["page_url"]) == (own, own + query.partition("&utm")[0])


CARD = '<{tag} class=card><h2><a href="{to}">{name}</a></h2><p>Nothing.</p></{tag}>'
CARDS = {
    "articles": CARD.format(tag="article", to="/first", name="First story")
    + f'<article><h2><a href="/second">Second story</a></h2>{PARAGRAPH}</article>',
    "boxes": f"<h1>News</h1><div>{CARD.format(tag='div', to='/first', name='First story')}"
    f'<div class=card><h3><a href="/second">Second story</a></h3>{PARAGRAPH}</div></div>',
    "a list": f"<ul>{CARD.format(tag='li', to='/first', name='First story')}"
    f'<li><h3><a href="/second#top">Second story</a></h3>{PARAGRAPH}</li></ul>',
    "wholly links": '<section><a href="/first"><h3>First story</h3><p>Nothing.</p></a>'
    f'<a href="/second"><h3>Second story</h3>{PARAGRAPH}</a></section>',
    "named by data": '<div data-url="/first"><b>First story</b><p>Nothing.</p></div>'
    f'<div data-url="/second"><h3>Second story</h3>{PARAGRAPH}</div>',
    "microdata": '<article itemscope itemid="/first"><h2>First story</h2></article>'
    f'<article itemscope itemid="/second"><h2>Second story</h2>{PARAGRAPH}</article>',
    "a picture's link too": CARD.format(tag="article", to="/first", name="First story")
    + f'<article><a href="/second"><img alt=""></a><h2><a href="/second">Second story</a></h2>{PARAGRAPH}'
    '<a href="/tag/bridges">Bridges</a></article>',
}


@pytest.mark.parametrize("kind", CARDS)
def test_words_in_a_card_are_about_the_cards_article(
    visit: Callable[..., Page], service: Service, pages: Pages, kind: str
) -> None:
    """A front page or a list; where the words were read is kept beside it."""
    page = visit(page_of(CARDS[kind]))
    report = report_on(page, service)
    assert (report["url"], report["title"]) == (f"{pages.origin}/second", "Second story")
    assert (report["page_url"], report["several"]) == (page.url, 0)


def test_words_in_a_headline_that_is_one_link_are_about_its_article(
    visit: Callable[..., Page], service: Service, pages: Pages
) -> None:
    """The lines of a list, and nothing but links."""
    page = visit(page_of(f'<ul><li><a href="/first">First</a><li id=said><a href="/second">Why {WORDS}</a></ul>'))
    assert report_on(page, service)["url"] == f"{pages.origin}/second"


NOT_CARDS = {
    "a link in an article": f'<article><h1>One</h1><p id=said>He said <a href="/other">{WORDS}</a> in the rain.</p></article>',
    "related stories below": f'<main><h1>One</h1>{PARAGRAPH}<section><article><h3><a href="/x">X</a></h3></article>'
    '<article><h3><a href="/y">Y</a></h3></article></section></main>',
    "a comment": '<article><h1>One</h1></article><section id=comments><article class=comment><h4><a href="/user/1">A</a></h4></article>'
    f'<article class=comment><h4><a href="/user/2">B</a></h4>{PARAGRAPH}</article></section>',
    "a link to another site": f'<article><h1><a href="https://other.example/">One</a></h1>{PARAGRAPH}</article>',
    "a subhead that is a link": f'<article><h1>One</h1><h2><a href="/x">X</a></h2>{PARAGRAPH}<h2><a href="/y">Y</a></h2></article>',
    "a menu beside": f'<nav><ul><li><a href="/sport">Sport</a><li><a href="/city">City</a></ul></nav><main><h1>One</h1>{PARAGRAPH}</main>',
    "an address of a program": f'<main data-url="/api/track"><h1>One</h1>{PARAGRAPH}</main>',
}


@pytest.mark.parametrize("kind", NOT_CARDS)
def test_an_articles_own_words_are_its_own(visit: Callable[..., Page], service: Service, kind: str) -> None:
    """No link of a page takes a report away from it."""
    page = visit(page_of(NOT_CARDS[kind]))
    report = report_on(page, service)
    assert (report["url"], report["several"], report["page_url"]) == (page.url, 0, "")


def test_where_no_card_names_its_article_it_is_said_that_the_page_has_several(
    visit: Callable[..., Page], service: Service
) -> None:
    """Rather than one that may be wrong."""
    page = visit(page_of(f"<article><h2>First</h2><p>No.</p></article><article><h2>Second</h2>{PARAGRAPH}</article>"))
    report = report_on(page, service)
    assert (report["url"], report["several"]) == (page.url, 1)


def test_the_corrections_shown_in_an_app_are_not_those_of_a_left_over_address(
    visit: Callable[..., Page], pages: Pages
) -> None:
    """The public log in the page asks for the article that is read."""
    page = visit(page_of("<article id=app></article>", '<link rel=canonical href="?id=1">'))
    page.evaluate(GO, ["?id=2", "Two"])
    with page.expect_request("**/article.json*") as asked:
        page.evaluate(
            """document.body.insertAdjacentHTML("beforeend", "<div data-corrections-log></div>"); dispatchEvent(new Event("load"))"""
        )
    assert asked.value.url.endswith("%3Fid%3D2")
    expect(page.locator("[data-corrections-log]")).to_have_attribute("aria-busy", "false")
