"""What a site chooses for its readers: the ways into the dialog, captions of earlier systems, words of its own."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest
from flask import Flask
from playwright.sync_api import Browser

from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.catalogue import LANGUAGES, sentences
from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.settings import MailTls, Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, DeliveryState, Site
from tests.services.newsroom import Newsroom
from tests.web.test_second_factors import service
from tests.web.visitors import Visitor, dump, signed_in

SITE = {"origins": "https://news.example", "desk": "desk@news.example", "desk_mail": "on"}
HOSTILE = """</script><img src=x onerror=alert(1)> "' \\ ` ${alert(1)} \u2028 --> {{ 7 * 7 }}"""


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Who may change the site."""
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def stored(newsroom: Newsroom) -> Site:
    with newsroom.db.read() as session:
        return session.get_one(Site, newsroom.site.id)


def told(admin: Visitor, newsroom: Newsroom) -> dict[str, str]:
    """What the loader in the page is told."""
    loader = admin.client.get(f"/embed/{newsroom.site.key}.js").get_data(as_text=True)
    found, _ = json.JSONDecoder().raw_decode(loader, loader.index('{"key":'))
    return dict(found)


def module(admin: Visitor, newsroom: Newsroom, language: str) -> str:
    """The dialog's module, as the page loads it."""
    version = told(admin, newsroom)["version"]
    answer = admin.client.get(f"/embed/{version}/dialog.js?lang={language}")
    assert "immutable" in answer.headers["Cache-Control"]
    return answer.get_data(as_text=True)


def test_a_site_chooses_its_ways_in(admin: Visitor, newsroom: Newsroom) -> None:
    path = f"/settings/sites/{newsroom.site.slug}"
    page = admin.get(path).get_data(as_text=True)
    assert page.count('name="ways_in"') == len(re.findall(r'name="ways_in"[^>]* checked', page)) == 3
    assert not re.search(r'name="doors"[^>]* checked', page)
    assert (told(admin, newsroom)["off"], told(admin, newsroom)["doors"]) == ("|", "[data-corrections-report]")
    chosen = {**SITE, "ways_in": ["key", "link"], "doors": ["orphus", "mistape"]}
    assert admin.post(path, **chosen).status_code == 302
    policy = stored(newsroom).policy
    assert (policy["ways_in"], policy["doors"]) == (["key", "link"], ["mistape", "orphus"])
    assert told(admin, newsroom)["off"] == "button|"
    assert {".mistape_caption", "#orphus"} < set(told(admin, newsroom)["doors"].split(","))
    page = admin.get(path).get_data(as_text=True)
    checked = re.findall(r'name="(?:ways_in|doors)" value="(\w+)"[^>]* checked', page)
    assert checked == ["key", "link", "mistape", "orphus"]
    assert admin.post(path, **{**SITE, "ways_in": list(sites.WAYS_IN)}).status_code == 302
    assert not {"ways_in", "doors"} & set(stored(newsroom).policy)


@pytest.mark.parametrize("ways", [[], ["door"], ["KEY"]])
def test_one_way_in_stays_open_and_what_was_typed_is_kept(
    admin: Visitor, newsroom: Newsroom, db: Database, ways: list[str]
) -> None:
    before = dump(db)
    path = f"/settings/sites/{newsroom.site.slug}"
    typed = {
        **SITE,
        "origins": "https://other.example",
        "ways_in": ways,
        "doors": "mistape",
        "approver_updated": "admin",
    }
    answer = admin.post(path, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Leave readers at least one way in." in page
    assert "https://other.example</textarea>" in page
    assert re.search(r'id="door-mistape"[^>]* checked', page)
    assert '<option value="admin" selected>' in page
    assert dump(db) == before


def test_a_site_says_what_takes_two_people_and_which_words_hide_an_error(
    app: Flask, admin: Visitor, newsroom: Newsroom
) -> None:
    path = f"/settings/sites/{newsroom.site.slug}"
    chosen = {**SITE, "ways_in": list(sites.WAYS_IN)}
    answers = {"second_person_corrected": "yes", "second_person_withdrawn": "no", "author_alone_corrected": "yes"}
    assert admin.post(path, **chosen, **answers, soft_words="smoothed \n\nsmoothed\nbrushed  up").status_code == 302
    policy = stored(newsroom).policy
    assert policy["second_person"] == {"corrected": True, "withdrawn": False}
    assert (policy["author_alone"], policy["soft_words"]) == ({"corrected": True}, ["smoothed", "brushed up"])
    page = admin.get(path).get_data(as_text=True)
    assert "smoothed\nbrushed up</textarea>" in page
    picked = re.findall(
        r'id="((?:second|author)_\w+)" name="\w+">(?:(?!</select>).)*?value="(\w+)" selected', page, re.DOTALL
    )
    assert dict(picked) == answers
    assert '<option value="">yes (default)' in page
    answer = admin.post(path, **chosen, soft_words="fine\n–")
    assert (answer.status_code, "fine\n–</textarea>" in answer.get_data(as_text=True)) == (422, True)
    assert admin.post(path, **chosen, soft_words="").status_code == 302
    assert not {"second_person", "author_alone", "soft_words"} & set(stored(newsroom).policy)


def test_the_settings_show_the_line_whose_bytes_are_pinned(admin: Visitor, newsroom: Newsroom) -> None:
    page = html.unescape(admin.get(f"/settings/sites/{newsroom.site.slug}").get_data(as_text=True))
    assert f'/report/{newsroom.site.key}">Report an error</a>' in page, "which readers read, in the site's language"
    assert sites.embed_tag(newsroom.site, "http://corrections.example") in page
    pinned = re.search(r'integrity="sha384-([^"]+)" src="http://corrections\.example(/embed/[^"]+)"', page)
    assert pinned
    body = admin.client.get(html.unescape(pinned[2])).get_data()
    assert base64.b64encode(hashlib.sha384(body).digest()).decode() == pinned[1]


def test_a_site_says_it_in_its_own_words(admin: Visitor, newsroom: Newsroom) -> None:
    shared = told(admin, newsroom)["version"]
    path = f"/settings/sites/{newsroom.site.slug}/words"
    assert 'placeholder="Повідомити про помилку"' in admin.get(f"{path}?lang=uk").get_data(as_text=True)
    typed = {"title": "Напишіть нам", "known.few": "Ще {0}.", "kinds.1": "Неправда"}
    assert admin.post(path, lang="uk", send="  ", **typed).location == f"{path}?lang=uk&section=dialog"
    usual = sentences("uk", "dialog")
    assert sites.own_section(stored(newsroom), "uk") == {
        "title": "Напишіть нам",
        "known": {**usual["known"], "few": "Ще {0}."},
        "kinds": [usual["kinds"][0], "Неправда", *usual["kinds"][2:]],
    }
    assert set(stored(newsroom).policy["words"]["uk"]) == {"dialog.title", "dialog.known", "dialog.kinds"}
    said = module(admin, newsroom, "uk")
    assert "Напишіть нам" in said
    assert usual["title"] not in said
    assert usual["cancel"] in said
    assert sentences("en", "dialog")["title"] in module(admin, newsroom, "en")
    assert "Напишіть нам" in admin.client.get(f"/report/{newsroom.site.key}?lang=uk").get_data(as_text=True)
    page = admin.get(f"{path}?lang=uk").get_data(as_text=True)
    assert dict(re.findall(r'name="([\w.]+)" value="([^"]+)" placeholder', page)) == typed
    assert told(admin, newsroom)["version"] != shared
    assert admin.post(path, lang="uk").status_code == 302
    assert "words" not in stored(newsroom).policy
    assert told(admin, newsroom)["version"] == shared


def test_a_site_says_anything_to_its_readers_in_its_own_words(admin: Visitor, newsroom: Newsroom) -> None:
    path = f"/settings/sites/{newsroom.site.slug}/words"
    for section, key in (("pages", "article"), ("mail", "receipt"), ("public", "corrections")):
        usual = sentences("en", section)[key]
        said = f"{usual} (so we say)"
        assert f'placeholder="{html.escape(usual)}"' in admin.get(f"{path}?lang=en&section={section}").get_data(True)
        assert admin.post(path, lang="en", section=section, **{key: said}).status_code == 302
        assert sites.own_section(stored(newsroom), "en", section) == {key: said}
    assert {key.partition(".")[0] for key in stored(newsroom).policy["words"]["en"]} == {"pages", "mail", "public"}
    assert "(so we say)" in admin.client.get(f"/log/{newsroom.site.slug}").get_data(as_text=True)


@pytest.mark.parametrize("action", ["preview", "usual"])
def test_a_preview_keeps_nothing_and_refuses_what_would_not_fit(
    admin: Visitor, newsroom: Newsroom, db: Database, action: str
) -> None:
    newsroom.send(email="ann@readers.example", language="en")
    newsroom.change(Delivery, state=DeliveryState.SENT)
    path = f"/settings/sites/{newsroom.site.slug}/words"
    assert admin.post(path, lang="en", section="mail", receipt_title="Kept").status_code == 302
    before = dump(db)
    typed = {"lang": "en", "section": "mail", "receipt_title": f"We have it {HOSTILE}"}
    answer = admin.post(path, action=action, **typed)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "<img src=x" not in answer.get_data(as_text=True)
    mail = page.partition('class="sample-mail"')[2].partition("</pre>")[0]
    assert ("We have it" in mail) is (action == "preview")
    assert "Kept" not in page
    assert not re.search(r"/(r|unsubscribe)/\w", page), "a reader's own link is nobody else's"
    refused = admin.post(path, action=action, lang="en", section="mail", receipt="No reference.")
    assert refused.status_code == (422 if action == "preview" else 200)
    assert dump(db) == before


def test_words_are_tried_by_a_mail_to_who_asks_for_it_and_to_nobody_else(
    database_settings: Settings, db: Database, newsroom: Newsroom
) -> None:
    """As it would arrive, and as it is typed: nothing of it is kept, and no reader's own link goes along."""
    path = f"/settings/sites/{newsroom.site.slug}/words"
    with Mailbox() as mailbox:
        config = {"mail_server": "127.0.0.1", "mail_port": mailbox.port, "mail_tls": MailTls.NONE}
        admin = signed_in(service(database_settings, db, **config), db, newsroom.hire(Role.ADMIN))
        typed = {
            "lang": "en",
            "section": "mail",
            "receipt_title": f"We have it {HOSTILE}",
            "recipient": "x@evil.example",
        }
        button = "Send a test mail to admin@news.example"
        assert button in admin.get(path + "?section=mail").get_data(as_text=True)
        assert button not in admin.get(path).get_data(as_text=True)
        assert "No mail has gone" in admin.post(path, action="try", **typed).get_data(as_text=True)
        newsroom.send(email="ann@readers.example", language="en")
        newsroom.change(Delivery, state=DeliveryState.SENT)
        before = dump(db)
        assert "The mail server took it" in admin.post(path, action="try", **typed).get_data(as_text=True)
        (mail,) = mailbox.messages()
        assert mail.rcpt_tos == ("admin@news.example",)
        assert "We have it" in mail.part("plain")
        assert "We have it" in mail.part("html")
        assert "<img src=x" not in mail.part("html")
        assert not re.search(r"/(r|unsubscribe)/\w", mail.part("plain") + mail.part("html"))
        assert mail.message["List-Unsubscribe"] is None
        assert "ann@readers.example" not in mail.message.as_string()
        mailbox.refuse, mailbox.refusal = "rcpt", "554 5.7.1 Relay <denied>"
        assert "554 5.7.1 Relay &lt;denied&gt;" in admin.post(path, action="try", **typed).get_data(as_text=True)
        assert admin.post(path, action="try", **typed | {"receipt": "No reference."}).status_code == 422
        assert dump(db) == before


def test_the_words_of_one_language_are_not_anothers(admin: Visitor, newsroom: Newsroom, neighbour: Newsroom) -> None:
    path = f"/settings/sites/{newsroom.site.slug}/words"
    for language, title in (("en", "Tell us"), ("he", "כתבו לנו"), ("de", "Schreiben Sie uns")):
        assert admin.post(path, lang=language, title=title).status_code == 302
    assert admin.post(path, lang="de", title="").status_code == 302
    kept = stored(newsroom)
    assert {one: sites.own_section(kept, one) for one in LANGUAGES if sites.own_section(kept, one)} == {
        "en": {"title": "Tell us"},
        "he": {"title": "כתבו לנו"},
    }
    assert 'dir="rtl"' in admin.get(f"{path}?lang=he").get_data(as_text=True)
    assert sites.own_section(stored(neighbour), "en") == {}


@pytest.mark.parametrize(
    ("field", "words", "reason"),
    [
        ("title", "x" * 301, "At most 300 characters"),
        ("title", "x" * 5000, "At most 300 characters"),
        ("title", "\u200b", "Nothing of this can be seen."),
        ("stored", "Thank you.", "Keep {0} in it."),
        ("stored", "Thank you: {1}", "Keep {0} in it."),
        ("stored", "Thank you: {0} {reference}", "Leave {reference} out."),
        ("title", "Tell {0}", "Leave {0} out."),
        ("known.other", "Others did.", "Keep {0} in it."),
        ("copy", "Copy {0}", "Leave {0} out."),
    ],
)
def test_words_that_would_not_fit_are_named_and_what_was_typed_is_kept(
    admin: Visitor, newsroom: Newsroom, db: Database, field: str, words: str, reason: str
) -> None:
    before = dump(db)
    typed = {"lang": "en", "send": "Send it", field: words}
    answer = admin.post(f"/settings/sites/{newsroom.site.slug}/words", **typed)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f'<span id="{field}-wrong" class="error">{reason}' in page
    assert f'<a href="#{field}">' in page
    assert page.count('class="error"') == 1
    assert 'value="Send it"' in page
    assert f'value="{words}"' in page
    assert dump(db) == before


def test_a_plural_form_may_name_the_number_or_not_where_the_usual_one_does_not(
    admin: Visitor, newsroom: Newsroom
) -> None:
    for one in ("{0} told us.", "Somebody told us."):
        assert admin.post(f"/settings/sites/{newsroom.site.slug}/words", lang="en", **{"known.one": one}).location
        assert sites.own_section(stored(newsroom), "en")["known"]["one"] == one  # type: ignore[index]


def test_hostile_words_are_words_in_the_script_and_on_the_pages(
    admin: Visitor, newsroom: Newsroom, browser: Browser
) -> None:
    path = f"/settings/sites/{newsroom.site.slug}/words"
    assert admin.post(path, lang="en", title=HOSTILE, cancel=HOSTILE).status_code == 302
    said = str(sites.own_section(stored(newsroom), "en")["title"])
    assert "<img src=x onerror" in said
    for page in (path, f"/report/{newsroom.site.key}?lang=en"):
        shown = admin.client.get(page).get_data(as_text=True)
        assert "<img src=x" not in shown
        assert said in html.unescape(shown)
    script = module(admin, newsroom, "en")
    with browser.new_context() as context:
        page_of_script = context.new_page()
        exported = page_of_script.evaluate(
            """async source => Object.keys(await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"}))))""",
            script,
        )
        assert exported
