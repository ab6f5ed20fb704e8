"""The article reader keeps to a site's robots.txt (RFC 9309), and none can hold it up (THREATS G11)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import fetch, robots
from corrections_service.work.robots import may_read, pause, read_robots
from tests.measures import passes_at_most
from tests.work.canaries import LOOPBACK, Canary

SITE = "https://news.example"


def may(rules: str, path: str) -> bool:
    """Whether a group for everybody with these rules lets a path be read."""
    return may_read(f"User-agent: *\n{rules}", SITE + path)


def test_the_name_in_a_robots_txt_is_the_one_that_the_article_reader_sends() -> None:
    assert fetch.USER_AGENT.startswith(f"{robots.OUR_NAME}/")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /a", "/a", False),
        ("Disallow: /a", "/about", False),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /A", "/a", True),
        ("Allow: /a/b\nDisallow: /a", "/a/b/c", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Disallow: /a/b\nAllow: /a", "/a/b", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /*.pdf", "/a/b.pdf?c=1", False),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?c=1", True),
        ("Disallow: /*.pdf$", "/a.pdf/b.pdf", False),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*b*c", "/a-b-c-d", False),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /a*ab$", "/ab", True),
        ("Disallow: *", "/a", False),
        ("Disallow: /*\nAllow: /$", "/", True),
        ("Disallow: /*\nAllow: /$", "/a", False),
        ("Disallow: /*?print=", "/a?print=1", False),
        ("Disallow: /*?print=", "/a", True),
        ("Disallow: /cafés", "/caf%C3%A9s/1", False),
        ("Disallow: /caf%c3%a9s", "/cafés/1", False),
        ("Disallow: /%7Eann", "/~ann/", False),
        ("Disallow: /~ann", "/%7eann/", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /%2A", "/a", True),
        ("Disallow: /%2A", "/*", False),
        ("Disallow: /a%24", "/a$", False),
        ("Disallow: /a%24", "/a", True),
        ("Disallow: private", "/private", True),
        ("Disallow: /a # not this", "/a", False),
        ("# Disallow: /a", "/a", True),
        ("  disALLOW  :  /a  ", "/a", False),
        ("Disallow /a", "/a", True),
        ("Noindex: /a", "/a", True),
        ("Sitemap: https://news.example/sitemap.xml\nDisallow: /a", "/a", False),
    ],
)
def test_the_longest_rule_decides_and_of_two_equal_ones_the_kind_one(rules: str, path: str, allowed: bool) -> None:
    assert may(rules, path) is allowed


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: corrections-service\nDisallow: /", False),
        ("User-agent: Corrections-Service/2.0 (reader)\nDisallow: /", False),
        ("User-agent: corrections\nDisallow: /", True),
        ("User-agent: corrections-service-two\nDisallow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent:\nDisallow: /", True),
        ("Disallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: corrections-service\nAllow: /", True),
        ("User-agent: corrections-service\nDisallow: /b\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: corrections-service\n\nUser-agent: otherbot\n\n\nDisallow: /", False),
        ("User-agent: corrections-service\nSitemap: /s.xml\nUser-agent: otherbot\nDisallow: /", False),
        ("User-agent: corrections-service\nCrawl-delay: 5\nUser-agent: otherbot\nDisallow: /", True),
        ("User-agent: corrections-service\nAllow: /b\nUser-agent: *\nDisallow: /", True),
        ("User-agent: corrections-service\nDisallow: /b\nUser-agent: CORRECTIONS-SERVICE\nDisallow: /a", False),
        ("User-agent: *\nDisallow: /b\nUser-agent: *\nDisallow: /a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", False),
        ("User-agent: *\rDisallow: /a", False),
        ("\n\n  User-agent : *\n\tDisallow\t:\t/a", False),
        ("<!doctype html><title>Not found</title><p>User-agent: *", True),
    ],
)
def test_the_groups_for_the_article_reader_count_else_those_for_everybody(rules: str, allowed: bool) -> None:
    assert may_read(rules, f"{SITE}/a") is allowed


@pytest.mark.parametrize(
    ("rules", "seconds"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\ncrawl-delay : 2.5 # slowly", 2.5),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: corrections-service\nDisallow: /b", 0),
        ("User-agent: otherbot\nCrawl-delay: 10", 0),
        ("User-agent: *\nCrawl-delay: 99999999", 300),
        ("User-agent: *\nCrawl-delay: inf", 300),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay:", 0),
        (f"User-agent: *\nCrawl-delay: {'9' * 400_000}", 300),
    ],
)
def test_the_pause_that_is_asked_for_is_kept_up_to_five_minutes(rules: str, seconds: float) -> None:
    assert pause(rules) == seconds


@pytest.mark.parametrize(
    "rules",
    [
        "\n".join(f"User-agent: a{number}" for number in range(12_000))
        + "\n"
        + "\n".join(f"Disallow: /{number}" for number in range(24_000)),
        "User-agent: *\nDisallow: /" + "*a" * 250_000 + "$",
        "User-agent: *\n" + f"Disallow: /{'*a' * 40}b$\n" * 5_500,
        "User-agent: *\n" + "Disallow: *\n" * 40_000,
        "User-agent: *\nDisallow: /" + "%" * 500_000,
        "User-agent: *\nDisallow: /" + "é" * 250_000,
        " " * 500_000,
        "a" * 500_000,
        "a " * 250_000 + ":",
        "User-agent: " + "*" * 500_000,
        "\n" * 500_000,
        ":" * 500_000,
    ],
    ids=[
        "names-and-rules",
        "stars",
        "many-stars",
        "all",
        "percent",
        "accents",
        "blank",
        "a",
        "a-blank",
        "name",
        "n",
        ":",
    ],
)
def test_no_robots_txt_of_half_a_megabyte_takes_long(rules: str) -> None:
    passes_at_most(250, lambda: (may_read(rules, SITE + "/" + "a" * 2_000), pause(rules)), rules)


def test_an_address_that_is_none_is_not_for_the_robots_txt_to_judge() -> None:
    assert may_read("User-agent: *\nDisallow: /", "file:///etc/hostname")


def test_a_robots_txt_is_read_from_the_top_of_the_host(canary: Canary) -> None:
    rules = b"\xef\xbb\xbfUser-agent: *\nDisallow: /draf\xff\0\n"
    canary.answer = lambda handler: Canary.article(handler, rules, kind="text/plain")
    read = read_robots(f"{canary.origin}/articles/1?a=b#c", origins=[canary.origin], allowed=LOOPBACK)
    assert read == "User-agent: *\nDisallow: /draf\ufffd\n"
    assert canary.hits == ["/robots.txt"]
    assert canary.headers[0]["User-Agent"].startswith(robots.OUR_NAME)


def test_of_an_endless_robots_txt_half_a_megabyte_is_looked_at(canary: Canary) -> None:
    body = b"User-agent: *\nDisallow: /a\n" + b"# more\n" * 400_000
    canary.answer = lambda handler: Canary.article(handler, body, kind="text/plain")
    read = read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK)
    assert len(read) == 500 * 1024
    assert not may_read(read, f"{canary.origin}/a")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_host_that_has_no_robots_txt_lets_everything_be_read(canary: Canary, status: int) -> None:
    canary.says(b"HTTP/1.1 %d No\r\nContent-Length: 26\r\n\r\nUser-agent: *\nDisallow: /\n" % status)
    assert read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK) == ""


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_host_that_cannot_say_its_robots_txt_is_not_read(canary: Canary, status: int) -> None:
    canary.says(b"HTTP/1.1 %d No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n" % status)
    with pytest.raises(Unreachable, match=rf"robots\.txt cannot be read .*{status}") as told:
        read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK)
    assert told.value.retry_after == (120 if status in (429, 503) else None)


def test_a_host_that_does_not_answer_for_its_robots_txt_is_not_read(canary: Canary) -> None:
    canary.says(b"")
    with pytest.raises(Unreachable, match=r"robots\.txt cannot be read"):
        read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://evil.invalid/a", "nonsense", ""])
def test_no_other_host_is_asked_for_a_robots_txt(canary: Canary, url: str) -> None:
    with pytest.raises(Unreachable):
        read_robots(url, origins=[canary.origin], allowed=LOOPBACK)
    with pytest.raises(Unreachable, match="network"):
        read_robots(canary.origin, origins=[canary.origin])
    assert canary.hits == []


def test_a_redirect_of_a_robots_txt_is_followed_inside_the_site_and_is_none_outside(canary: Canary) -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/robots.txt":
            canary.redirect("/rules.txt")
            redirect, canary.answer = canary.answer, moved  # before who is redirected comes back
            redirect(handler)
        else:
            Canary.article(handler, b"User-agent: *\nDisallow: /", kind="text/plain")

    canary.answer = moved
    assert not may_read(read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK), canary.origin)
    canary.redirect("http://evil.invalid/robots.txt")
    assert read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK) == ""
    canary.redirect("/robots.txt")
    assert read_robots(canary.origin, origins=[canary.origin], allowed=LOOPBACK) == ""
