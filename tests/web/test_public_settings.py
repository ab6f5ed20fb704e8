"""What a publication tells its readers besides its notices is chosen by its administrators, and nothing else is kept."""

from __future__ import annotations

import pytest
from flask import Flask

from corrections_service.rules.workflow import CHANGES_PAGE, Role
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom
from tests.web.test_desk import main
from tests.web.visitors import signed_in

PATH = "/settings/sites/news/telling"


@pytest.mark.parametrize("typed", ["1441", "-1", "soon", "١٥٠٠"])
def test_minutes_that_are_none_are_refused_and_kept_in_the_form(
    app: Flask, db: Database, newsroom: Newsroom, typed: str
) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    admin.get(PATH)
    answer = admin.post(PATH, cache_minutes=typed)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    newsroom.refresh()
    assert newsroom.site.policy == {}


def test_what_was_chosen_is_kept_and_taken_away_again(app: Flask, db: Database, newsroom: Newsroom) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    newsroom.change(Site, policy={"auto_close": True})
    admin.get(PATH)
    for minutes, policy in (("15", {"auto_close": True, "cache_minutes": 15}), ("", {"auto_close": True})):
        assert admin.post(PATH, cache_minutes=minutes).status_code == 303
        newsroom.refresh()
        assert newsroom.site.policy == policy
        assert f'value="{minutes}"' in admin.get(PATH).get_data(as_text=True)


def test_offices_are_kept_with_since_when_readers_are_told_and_a_wrong_line_stays_in_the_form(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    admin.get(PATH)
    answer = admin.post(PATH, offices="Subscriptions abo@news.example\nnobody")
    assert (answer.status_code, newsroom.site.policy) == (422, {})
    assert "Subscriptions abo@news.example\nnobody</textarea>" in answer.get_data(as_text=True)
    assert "and to nobody else" in app.test_client().get(f"/report/{newsroom.site.key}").get_data(as_text=True)
    assert admin.post(PATH, offices="Subscriptions <abo@news.example>").status_code == 303
    newsroom.refresh()
    since = newsroom.site.policy["offices_since"]
    assert newsroom.site.policy["offices"] == [{"name": "Subscriptions", "address": "abo@news.example"}]
    assert "may be passed on within the newsroom" in app.test_client().get(f"/report/{newsroom.site.key}").get_data(
        as_text=True
    )
    admin.post(PATH, offices="Letters letters@news.example")
    newsroom.refresh()
    assert newsroom.site.policy["offices_since"] == since
    admin.post(PATH, offices="")
    newsroom.refresh()
    assert newsroom.site.policy == {}


def test_what_another_matrix_would_change_is_shown_and_not_kept(app: Flask, db: Database, newsroom: Newsroom) -> None:
    path, rules = "/settings/sites/news", {"approver_corrected": "standards", "second_person_updated": "yes"}
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    admin.get(path)
    typed = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key", **rules}
    page = main(admin.post(path, **typed, action="preview"))
    shown = [[part.text(strip=True) for part in row.css("strong, ins")] for row in page.css(".differences li")]
    assert shown == [
        ["Correction", "standards or above, not the author alone"],
        ["Update", "editor or above, two people, not the author alone"],
    ]
    gone, sentences = ([part.text() for part in page.css(f"#differences ul[lang] {tag}")] for tag in ("del", "ins"))
    assert gone == ["Correction: editor", "Two people decide each of these: Withdrawn."]
    assert sentences == ["Correction: standards", "Two people decide each of these: Update and Withdrawn."]
    assert [choice.text(strip=True) for choice in page.css('[name="approver_corrected"] [selected]')] == ["standards"]
    newsroom.refresh()
    assert newsroom.site.policy == {}
    assert admin.post(path, **typed).status_code == 302
    page = main(admin.post(path, **typed, action="preview"))
    assert [note.text(strip=True) for note in page.css("#differences p")] == ["Nothing changes in who may decide."]
    text = main(admin.get("/log/news/policy")).text()
    assert sentences[1] in text


def test_a_sentence_that_would_leave_the_policy_page_is_shown_too(app: Flask, db: Database, newsroom: Newsroom) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    admin.get("/settings/sites/news")
    typed = {"origins": "https://news.example", "desk": "desk@news.example", "second_person_withdrawn": "no"}
    page = main(admin.post("/settings/sites/news", **typed, action="preview"))
    shown = [part.text() for part in page.css("#differences ul[lang] li")]
    assert shown == ["Two people decide each of these: Withdrawn."]


def test_a_decision_that_nobody_takes_is_offered_nowhere_and_refused_with_what_was_typed(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """Not at the case, by no key, in no saved answer and for no many cases at once; a key of another one stays its own."""
    admin, path = signed_in(app, db, newsroom.hire(Role.ADMIN)), "/settings/sites/news"
    number = newsroom.case_of(newsroom.send())
    admin.get(path)
    typed = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key"}
    none = {f"approver_{resolution.value}": "nobody" for resolution in CHANGES_PAGE}
    refused = admin.post(path, **typed, **none)
    assert refused.status_code == 422
    assert "Leave at least one decision that changes the article" in refused.get_data(as_text=True)
    without = {f"approver_{name}": "nobody" for name in ("fixed", "updated", "opinion")}
    page = main(admin.post(path, **typed, **without, action="preview"))
    assert [part.text(strip=True) for part in page.css(".differences ins")] == ["nobody: not offered"] * 3
    assert "Spelling and form: editor" in [part.text() for part in page.css("#differences ul[lang] del")]
    assert admin.post(path, **typed, **without).status_code == 302
    page = main(admin.get(path))
    assert len(page.css("#deciders option[value=nobody][selected]")) == 3
    page = main(admin.get(f"/cases/{number}"))
    keys = {box.attributes["value"]: box.parent.attributes["data-key"] for box in page.css("[name=resolution]")}
    assert not {"fixed", "updated", "opinion"} & set(keys)
    assert (keys["corrected"], keys["not_an_error"], keys["cannot_verify"]) == ("1 2", "3 1", "3 3")
    assert page.css_first("#resolution") is not None, "what is wrong with the choice leads to one that is there"
    refused = admin.post(f"/cases/{number}/decide", resolution="opinion", reason="Kept words.", version="1")
    assert refused.status_code == 422
    assert "News does not use this decision. Choose another one." in refused.get_data(as_text=True)
    assert "Kept words." in refused.get_data(as_text=True)
    page = main(admin.post("/bulk", case=[f"{number}:1"]))
    many = {box.attributes["value"]: box.attributes["data-key"] for box in page.css("[name=resolution]")}
    assert not {"fixed", "opinion"} & set(many)
    assert many["already_fixed"] == "2"
    policy = main(admin.get("/log/news/policy")).text()
    assert "Update" not in policy
    assert "Correction" in policy
