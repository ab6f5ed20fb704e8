"""Which directive of a Content-Security-Policy keeps the script, or what it sends, from a page (W3C CSP 3)."""

from __future__ import annotations

import pytest

from corrections_service.rules import policies

SCRIPT, PAGE = "https://corrections.example/embed/key.js", "https://news.example/bridge"


def blocking(policy: str, *, wanted: str = SCRIPT, page: str = PAGE, marks: tuple[str, ...] = ()) -> str:
    return policies.blocking(policies.split(policy), policies.SCRIPT, [wanted], page, marks)


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "img-src 'none'",
        "script-src https://corrections.example",
        "script-src corrections.example",
        "script-src *",
        "script-src https:",
        "script-src http:",
        "script-src *.example",
        "script-src https://corrections.example:443",
        "script-src https://corrections.example:*",
        "script-src https://corrections.example/embed/",
        "SCRIPT-SRC HTTPS://Corrections.Example",
        "default-src 'none'; script-src https://corrections.example",
        "script-src 'none'; script-src-elem https://corrections.example",
        "script-src https://corrections.example; script-src 'none'",
        "default-src *, script-src https:",
    ],
)
def test_a_policy_that_names_the_service_lets_the_script_load(policy: str) -> None:
    assert blocking(policy) == ""


@pytest.mark.parametrize(
    ("policy", "directive"),
    [
        ("default-src 'self'", "default-src"),
        ("script-src 'none'", "script-src"),
        ("script-src", "script-src"),
        ("script-src 'self' https://other.example", "script-src"),
        ("script-src http://corrections.example:8080", "script-src"),
        ("script-src https://corrections.example:8443", "script-src"),
        ("script-src https://corrections.example/other/", "script-src"),
        ("script-src *.corrections.example", "script-src"),
        ("script-src-elem 'self'; script-src *", "script-src-elem"),
        ("script-src *, script-src 'self'", "script-src"),
        ("script-src 'nonce-abc'", "script-src"),
        ("script-src 'strict-dynamic' https://corrections.example 'nonce-abc'", "script-src 'strict-dynamic'"),
        ("script-src <b>; default-src *", "script-src"),
    ],
)
def test_the_directive_that_blocks_is_named(policy: str, directive: str) -> None:
    assert blocking(policy) == directive


def test_the_marks_of_a_tag_let_it_in_whatever_else_is_said() -> None:
    policy = "script-src 'strict-dynamic' 'nonce-abc' 'sha384-xyz'"
    assert blocking(policy, marks=("nonce-abc",)) == ""
    assert blocking(policy, marks=("", "sha384-xyz")) == ""
    assert blocking(policy, marks=("nonce-other",)) == "script-src 'strict-dynamic'"


def test_self_is_the_page_s_origin_or_the_same_host_made_safe() -> None:
    assert blocking("script-src 'self'", wanted="https://news.example/embed/key.js") == ""
    assert blocking("script-src 'self'", wanted="https://news.example/a.js", page="http://news.example/") == ""
    assert blocking("script-src 'self'", wanted="http://news.example/a.js") == "script-src"
    assert blocking("script-src news.example", wanted="http://news.example/a.js") == "script-src"
