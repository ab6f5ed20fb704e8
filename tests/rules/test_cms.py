"""An address in the CMS, made of an article's: what is filled in is a value and nothing more (C4, H3)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from corrections_service.rules.cms import BadPattern, article_id, checked, edit_address

ARTICLE = "https://news.example/2024/11/29/bridge-98765"


ENCODED = "https%3A%2F%2Fnews.example%2F2024%2F11%2F29%2Fbridge-98765"


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("https://cms.example/edit?url={url}", f"https://cms.example/edit?url={ENCODED}"),
        ("https://cms.example/edit{path}", "https://cms.example/edit/2024/11/29/bridge-98765"),
        ("https://cms.example/edit/{path}", "https://cms.example/edit/2024/11/29/bridge-98765"),
        ("https://cms.example{path}?edit=1", "https://cms.example/2024/11/29/bridge-98765?edit=1"),
        ("https://cms.example/post.php?post={id}&action=edit", "https://cms.example/post.php?post=98765&action=edit"),
        ("https://cms.example/#/desk/{id}", "https://cms.example/#/desk/98765"),
        ("http://localhost:8080/edit?u={url}", f"http://localhost:8080/edit?u={ENCODED}"),
        ("http://127.0.0.1/edit?u={url}", f"http://127.0.0.1/edit?u={ENCODED}"),
        ("http://[::1]/edit?u={url}", f"http://[::1]/edit?u={ENCODED}"),
        ("  https://cms.example/{id}\n", "https://cms.example/98765"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, address: str) -> None:
    assert edit_address(pattern, ARTICLE) == address


@pytest.mark.parametrize(
    "article",
    [
        "https://news.example/a?x=1&y=2#here",
        "https://news.example/caf%C3%A9/100%25",
        "https://news.example/%2e%2e%2fadmin",
        "https://news.example/a%26b%3Dc",
        "https://news.example/новини/міст",
        "https://news.example/a'b\"c<d>",
        "https://news.example/a&post=1&action=trash",
        "https://news.example/%zz/%",
        "https://news.example/javascript:alert(1)",
    ],
)
def test_what_is_filled_in_is_one_value_and_changes_nothing_around_it(article: str) -> None:
    made = urlsplit(edit_address("https://cms.example/edit?url={url}&action=edit", article))
    assert (made.netloc, made.path, made.fragment) == ("cms.example", "/edit", "")
    assert parse_qs(made.query) == {"url": [article], "action": ["edit"]}
    made = urlsplit(edit_address("https://cms.example/edit?at={path}&action=edit", article))
    assert (made.netloc, made.path, made.fragment) == ("cms.example", "/edit", "")
    assert parse_qs(made.query, keep_blank_values=True).keys() == {"at", "action"}
    made = urlsplit(edit_address("https://cms.example/edit/{path}", article))
    assert (made.netloc, made.query, made.fragment) == ("cms.example", "", "")
    assert made.path.startswith("/edit/")


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "https://cms.example/",
        "javascript:alert({id})",
        "JaVaScRiPt:alert('{url}')",
        "java\tscript:{id}",
        "\x01javascript:{id}",
        "data:text/html,{url}",
        "vbscript:{url}",
        "blob:https://cms.example/{id}",
        "file:///{path}",
        "//cms.example/{id}",
        "/edit/{id}",
        "https:/cms.example/{id}",
        "https:\\\\cms.example/{id}",
        "http://cms.example/{id}",
        "http://10.0.0.1/{id}",
        "http://127.0.0.1.evil.example/{id}",
        "http://localhost.evil.example/{id}",
        "https://{id}.cms.example/",
        "https://{id}/",
        "https://{url}",
        "https://cms.example{id}",
        "https://cms.example:{id}/",
        "https://cms.example@{id}/",
        "https://me:secret@cms.example/{id}",
        "https://cms.example/{slug}",
        "https://cms.example/{}",
        "https://cms.example/{{id}}",
        "https://cms.example/{id",
        "https://cms.example/id}{id}",
        "https://cms.example/{0.__class__}/{id}",
        "https://cms.example\\{id}",
        "https://cms example/{id}",
        "https://cms.example/" + "a" * 500 + "{id}",
    ],
)
def test_a_pattern_that_leads_elsewhere_is_refused_with_a_sentence(pattern: str) -> None:
    with pytest.raises(BadPattern) as refused:
        checked(pattern)
    assert str(refused.value)[-1] in ".;"
    assert edit_address(pattern, ARTICLE) == ""


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://news.example/?p=12", "12"),
        ("https://news.example/story?article_id=a-9&page=2", "a-9"),
        ("https://news.example/news/98765/the-bridge", "98765"),
        ("https://news.example/news/the-bridge-98765", "98765"),
        ("https://news.example/news/the-bridge-98765.html", "98765"),
        ("https://news.example/98765-the-bridge", "98765"),
        ("https://news.example/2024/11/29/the-bridge", ""),
        ("https://news.example/2024/11/29/98765", "98765"),
        ("https://news.example/2024/11/1234/the-bridge", "1234"),
        ("https://news.example/world/the-bridge", ""),
        ("https://news.example/news/articles/c4gx9zq8pw2o", "c4gx9zq8pw2o"),
        ("https://news.example/a/123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("https://news.example/", ""),
        ("https://news.example/sport/euro-24", ""),
    ],
)
def test_the_number_of_an_article_is_found_in_its_address(address: str, number: str) -> None:
    assert article_id(address) == number


def test_there_is_no_link_where_the_address_does_not_hold_what_the_pattern_asks_for() -> None:
    assert edit_address("https://cms.example/{id}", "https://news.example/world/the-bridge") == ""
    assert edit_address("https://cms.example/?u={url}&id={id}", "https://news.example/world/the-bridge") == ""
    assert edit_address("https://cms.example/?u={url}", "no address") == ""
