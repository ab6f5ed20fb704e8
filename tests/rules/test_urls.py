"""Addresses as browsers read them: parsed or refused, one canonical form, and on a site's hosts or not."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules import urls
from corrections_service.rules.urls import (
    BadAddress,
    belongs_to,
    canonical,
    host_matches,
    is_near,
    is_page_of,
    is_twin,
    origin_allowed,
    own_address,
    parse,
)

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"
SITE = ["https://news.example"]


def hostile(name):
    if not (HOSTILE / name).exists():
        pytest.skip("the hostile addresses are not beside this repository")
    return json.loads((HOSTILE / name).read_text(encoding="utf-8"))


def parsed(address):
    try:
        return parse(address)
    except BadAddress:
        return None


@pytest.mark.parametrize(
    ("form", "host"),
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("017700000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("①②⑦.⓪.⓪.①", "127.0.0.1"),
        ("[::]", "[::]"),
        ("[::ffff:7f00:1]", "[::ffff:7f00:1]"),
        ("[64:ff9b::7f00:1]", "[64:ff9b::7f00:1]"),
        ("[2002:7f00:1::]", "[2002:7f00:1::]"),
        ("[fe80::1%25eth0]", None),
        ("LOCALHOST", "localhost"),
    ],
)
def test_every_way_to_write_a_host_is_read_as_browsers_do_and_is_not_the_sites(form, host):
    found = parsed(f"http://{form}/article")
    assert (found.host if found else None) == host
    assert not belongs_to(f"http://{form}/article", SITE)


@pytest.mark.parametrize(
    "address",
    [
        "http://news.example@evil.example/",
        "http://news.example:pass@evil.example/",
        "http://@news.example/",
        "http://news.example%2f@evil.example/",
        "http:news.example",
        "https:/news.example",
        "https:///news.example",
        "https://ne\tws.example/",
        "https://news.example\n/",
        " https://news.example/",
        "https://news.example/ ",
        "https://news.example:99999/",
        "https://news.example%00/",
        "https://news.example\x00/",
        "https://",
        "https://./",
        "//news.example/",
        "news.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://news.example/",
        "blob:https://news.example/1",
        "",
        "https://news.example/" + "a" * urls.LONGEST,
    ],
)
def test_what_parsers_disagree_about_is_refused(address):
    assert parsed(address) is None
    assert not belongs_to(address, SITE)


@pytest.mark.parametrize("address", ["http://evil.example#@news.example", "http://evil。example/?news.example"])
def test_the_host_is_the_one_a_browser_would_ask(address):
    assert parse(address).host == "evil.example"
    assert not belongs_to(address, SITE)
    assert parse("http://news.example\\@evil.example/").host == "news.example"


def test_the_sites_address_is_the_sites_with_any_scheme_but_its_port():
    assert belongs_to("https://news.example/a?b#c", SITE)
    assert belongs_to("http://NEWS.example./a", SITE)
    assert not belongs_to("https://news.example:8443/a", SITE)
    assert belongs_to("http://127.0.0.1:8001/a", ["http://127.0.0.1:8001"])
    assert not belongs_to("https://news.example.evil.example/", SITE)
    assert not belongs_to("https://evilnews.example/", SITE)


def test_a_wildcard_stands_for_whole_labels():
    assert host_matches("www.news.example", "*.news.example")
    assert host_matches("a.b.news.example", "*.news.example")
    assert not host_matches("news.example", "*.news.example")
    assert not host_matches("evilnews.example", "*.news.example")
    assert not host_matches(".news.example", "*.news.example")


@pytest.mark.parametrize("origin", ["https://news.example", "HTTPS://NEWS.EXAMPLE"])
def test_the_sites_own_origin_is_allowed(origin):
    assert origin_allowed(origin, SITE)


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", "*", "http://news.example", "https://news.example.", "https://news.example:443", "https://news.example/",
        "https://news.example:8443", "https://news.example.evil.example", "https://evilnews.example", "https://a@news.example",
        "https://news.example https://evil.example", "https://news.example, https://evil.example", "https://news。example",
        "https://news.example\x00", "https://xn--news-.example", "file://", "https://sub.news.example", "https://[::1]",
    ],
)  # fmt: skip
def test_any_other_origin_is_refused(origin):
    assert not origin_allowed(origin, SITE)


def test_one_article_has_one_address():
    assert canonical("HTTPS://News.Example:443/a/../b?utm_source=x&b=2&a=1&fbclid=abc#part") == (
        "https://news.example/b?a=1&b=2"
    )
    assert canonical("https://news.example./a?b=2&a=1") == canonical("https://news.example/a?a=1&b=2")
    assert canonical("https://news.example/a?id=7&page=2", keep_query=["id"]) == "https://news.example/a?id=7"


@pytest.mark.parametrize(
    "query",
    ["email=ann@example.org", "u=ann%40example.org", "token=abc", "session_id=1", "x=eyJhbGciOi.eyJzdWIiOjE.SflKxwRJSMeKKF2QT4",
     "r=123e4567-e89b-12d3-a456-426614174000", "s=d41d8cd98f00b204e9800998ecf8427e", "gclid=1", "_ga=1.2", "mc_eid=5"],
)  # fmt: skip
def test_what_names_a_person_or_their_way_is_dropped(query):
    assert canonical(f"https://news.example/a?{query}&id=7") == "https://news.example/a?id=7"


@pytest.mark.parametrize(
    "query", ["id=1234567890", "p=the-long-name-of-an-article", "q=%D0%BC%D1%96%D1%81%D1%82", "v="]
)
def test_what_may_name_the_article_stays(query):
    assert canonical(f"https://news.example/a?{query}") == f"https://news.example/a?{query}"


@pytest.mark.parametrize(
    "route",
    ["#/a/2", "#!/a/2", "#!2", "#a/2", "#?id=2", "#id=2", "#story_id=2", "#/a/2?id=3", "#posts/2?x=1", "#news=a"],
)
def test_a_fragment_that_an_app_routes_by_names_an_article_of_its_own(route):
    """Two articles of one app are never one: what is told to a reader of the second would be false."""
    page = "https://news.example/app"
    assert canonical(page + route) == page + route
    assert canonical(canonical(page + route)) == page + route
    assert canonical(page + route.replace("2", "7")) != canonical(page + route) or "2" not in route


@pytest.mark.parametrize(
    "place",
    [
        "#",
        "#top",
        "#section-2",
        "#/",
        "#!",
        "#!/",
        "#comments/",
        "#:~:text=a/b",
        "#xtor=RSS-1",
        "#utm_source=a",
        "#t=30",
        "#a=b/c",
    ],
)
def test_a_place_on_a_page_splits_no_article(place):
    assert canonical(f"https://news.example/a{place}") == "https://news.example/a"


def test_a_route_keeps_nothing_that_names_a_person_or_a_place_in_it():
    page = "https://news.example/app"
    assert canonical(f"{page}#/a?token=abc&id=3:~:text=x") == f"{page}#/a?id=3"
    assert canonical(f"{page}#access_token=abc&id=3") == f"{page}#id=3"
    assert canonical(f"{page}#!email=ann@example.org&id=3") == f"{page}#!id=3"


@pytest.mark.parametrize(
    ("page", "article", "is_page"),
    [
        ("/s?page=2", "/s", True), ("/s/2", "/s", True), ("/s/page/2/", "/s/", True), ("/s?id=1&slide=2", "/s?id=1", True),
        ("/s", "/s", False), ("/s?id=2", "/s", False), ("/s?page=2", "/s?id=1", False), ("/s?id=2&page=2", "/s?id=1", False),
        ("/", "/s", False), ("/2", "/", False), ("/s2", "/s", False), ("/s/other", "/s", False), ("/s#/2", "/s", False),
        ("/s?page=1234567", "/s", False),
    ],
)  # fmt: skip
def test_only_another_page_of_an_article_is_a_page_of_it(page, article, is_page):
    assert is_page_of(f"https://news.example{page}", f"https://news.example{article}") is is_page
    assert not is_page_of(f"https://other.example{page}", f"https://news.example{article}")


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused_and_a_canonical_one_is_stable(text):
    for address in (text, f"https://news.example/{text}", f"https://{text}", f"https://news.example/#!/{text}"):
        if parsed(address):
            try:
                once = canonical(address)
                assert canonical(once) == once
            except BadAddress:
                assert len(parse(address).href) > len(address)
        assert origin_allowed(address, SITE) in (True, False)


def test_the_web_platforms_cases_are_read_as_the_platform_reads_them_or_refused():
    asked = agreed = 0
    for case in hostile("urls.json"):
        if not isinstance(case, dict) or "input" not in case or case.get("base"):
            continue
        found = parsed(case["input"])
        asked += 1
        agreed += found is None or (not case.get("failure") and found.host == case["hostname"])
        assert not belongs_to(case["input"], SITE)
    assert asked >= 300
    assert agreed / asked >= 0.995


def test_no_redirect_trick_is_an_address_on_the_site():
    for trick in hostile("open_redirect.json"):
        found = parsed(trick)
        assert found is None or not belongs_to(trick, SITE)


@given(
    st.from_regex(
        r"https?://[a-z]{1,5}(\.[a-z]{1,5}){1,3}(:[1-9][0-9]{1,3})?/[a-z/]{0,9}(\?[a-z]=[0-9])?", fullmatch=True
    )
)
def test_an_address_elsewhere_has_its_like_at_the_site_itself(address):
    for owned in (SITE, ["https://*.news.example"], ["http://localhost:8000", "https://news.example"]):
        assert belongs_to(own_address(address, owned), owned)


@pytest.mark.parametrize(
    ("origin", "twin", "near"),
    [
        ("https://www.news.example", True, True),
        ("http://news.example", True, True),
        ("https://staging.news.example", False, True),
        ("https://news.example:8443", False, True),
        ("https://evilnews.example", False, False),
        ("https://news.example.evil.test", False, False),
        ("https://example", False, False),
    ],
)
def test_an_origin_is_told_by_how_near_it_is_to_the_sites(origin, twin, near):
    for owned in (["https://news.example"], ["https://www.news.example"], ["https://*.news.example"]):
        assert (is_twin(origin, owned), is_near(origin, owned)) == (twin, near)
