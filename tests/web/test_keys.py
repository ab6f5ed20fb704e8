"""The desk's keys as each person wants them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.web.keys import field_name
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in


def field_of(page: str, key: str) -> str:
    """The key that a person's page names for what this one does at first."""
    field = re.search(rf'<input[^>]*name="{field_name(key)}"[^>]*>', page)
    assert field is not None
    value = re.search(r'value="([^"]*)"', field[0])
    return value[1] if value else ""


def editor_of(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """An editor with the page of the account before them."""
    editor = signed_in(app, db, newsroom.hire(Role.EDITOR))
    editor.get("/account")
    return editor


def test_a_key_is_another_for_one_person_on_every_page(app: Flask, db: Database, newsroom: Newsroom) -> None:
    editor = editor_of(app, db, newsroom)
    colleague = signed_in(app, db, newsroom.hire(Role.EDITOR, "eve@news.example"))
    assert editor.post("/account/keys", **{field_name("e"): "Y"}).location == "/account#keys-choice"
    assert field_of(editor.get("/account").get_data(as_text=True), "e") == "y"
    chosen = 'data-keys="{&#34;e&#34;: &#34;y&#34;}"'
    assert chosen in editor.get("/queue").get_data(as_text=True)
    assert chosen not in colleague.get("/queue").get_data(as_text=True)


def test_one_key_does_one_thing(app: Flask, db: Database, newsroom: Newsroom) -> None:
    editor = editor_of(app, db, newsroom)
    answer = editor.post("/account/keys", **{field_name("e"): "j"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "“j” is taken: Down the list." in page
    assert field_of(page, "e") == "j", "what was typed stays"
    assert 'data-keys="{}"' in editor.get("/queue").get_data(as_text=True)


@pytest.mark.parametrize("key", ["?", "g", "X", "b"])
def test_a_key_that_the_desk_itself_hears_is_no_ones_own(
    app: Flask, db: Database, newsroom: Newsroom, key: str
) -> None:
    editor = editor_of(app, db, newsroom)
    answer = editor.post("/account/keys", **{field_name("e"): key})
    assert answer.status_code == 422
    assert "is taken: by the desk itself." in answer.get_data(as_text=True)


def test_what_was_chosen_leads_back_to_the_keys_themselves(app: Flask, db: Database, newsroom: Newsroom) -> None:
    editor = editor_of(app, db, newsroom)
    place = editor.post("/account/keys", **{field_name("e"): "y"}).location.partition("#")[2]
    page = editor.get("/account").get_data(as_text=True)
    assert re.search(rf'<section[^>]* id="{place}"', page)


def test_keys_are_switched_off_everywhere_and_on_again(app: Flask, db: Database, newsroom: Newsroom) -> None:
    editor = editor_of(app, db, newsroom)
    for switch, is_off in (("off", True), ("on", False)):
        editor.post("/account/keys", single=switch)
        assert (" data-keys-off" in editor.get("/queue").get_data(as_text=True)) is is_off
