"""The demo's newspaper carries its errors, publishes edits at once, and trusts no edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corrections_service.demo.newspaper import ERRORS, ORDER, article_paths, create_newspaper, edit
from corrections_service.rules.pages import article_facts, visible_text

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def paper(tmp_path: Path) -> FlaskClient:
    service = "http://127.0.0.1:8000"
    return create_newspaper(
        directory=tmp_path,
        embed_url=f"{service}/embed/k.js",
        report_url=f"{service}/report/k",
        log_url=f"{service}/log/g",
    ).test_client()


@pytest.mark.parametrize(("slug", "wrong", "right", "kind"), ERRORS)
def test_every_error_stands_once_in_its_article(
    paper: FlaskClient, slug: str, wrong: str, right: str, kind: str
) -> None:
    words = visible_text(paper.get(f"/articles/{slug}").data)
    assert words.count(wrong) == 1
    assert wrong != right
    assert kind in ("spelling", "fact", "name")


def test_there_are_articles_in_four_languages_with_three_errors_each(paper: FlaskClient) -> None:
    facts = [article_facts(paper.get(path).data, f"http://localhost{path}") for path in article_paths()]
    assert {one.language for one in facts} == {"en", "uk", "ar", "de"}
    assert all(one.headline and one.author and one.published for one in facts)
    assert all(sum(error[0] == slug for error in ERRORS) >= 3 for slug in ORDER)


def test_an_edit_is_published_at_once_and_can_be_taken_back(paper: FlaskClient, tmp_path: Path) -> None:
    slug, wrong, right, _ = ERRORS[0]
    before = paper.get(f"/articles/{slug}")
    edit(tmp_path, slug, wrong, right)
    after = paper.get(f"/articles/{slug}", headers={"If-None-Match": before.headers["ETag"]})
    assert right in visible_text(after.data)
    assert paper.get(f"/articles/{slug}", headers={"If-None-Match": after.headers["ETag"]}).status_code == 304
    paper.post(f"/newsroom/{slug}", data={"action": "restore"}, headers=OURS)
    assert wrong in visible_text(paper.get(f"/articles/{slug}").data)


def test_a_hostile_edit_is_only_text(paper: FlaskClient) -> None:
    slug = ORDER[1]
    paper.post(f"/newsroom/{slug}", data={"text": "<script>alert(1)</script>", "action": "save"}, headers=OURS)
    assert b"<script>alert" not in paper.get(f"/articles/{slug}").data


def test_an_edit_from_another_site_is_refused(paper: FlaskClient) -> None:
    answer = paper.post(f"/newsroom/{ORDER[1]}", data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
