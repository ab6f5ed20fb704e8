"""Sentences are true at the moment they are read: figures come from the settings, and nothing is told that is over."""

from __future__ import annotations

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import Resolution
from corrections_service.settings import Settings
from corrections_service.store.models import Delivery, DeliveryState
from tests.applications import application
from tests.services.newsroom import Newsroom


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("days", [7, 90])
def test_how_long_an_address_is_kept_is_told_as_it_is_set(
    newsroom: Newsroom, database_settings: Settings, language: str, days: int
) -> None:
    """In the dialog and on the plain page."""
    settings = database_settings.model_copy(update={"retention_contact_days": days})
    app = app_of(newsroom, settings)
    client, told = app.test_client(), catalogue_in(language).days(days)
    page = client.get(f"/report/{newsroom.site.key}?lang={language}").text
    hint = LexborHTMLParser(page).css_first("[id=email-hint]")
    assert hint is not None
    assert told.replace("\u00a0", " ") in hint.text().replace("\u00a0", " ")
    script = app.extensions["reader_script"]
    dialog = script.module("dialog", language, {}).body.decode()
    assert told in dialog
    assert "{days}" not in dialog
    assert catalogue_in(language).days(30) not in dialog
    assert script.version != app_of(newsroom, database_settings).extensions["reader_script"].version


def app_of(newsroom: Newsroom, settings: Settings) -> Flask:
    """The service with these settings."""
    app = application(settings, newsroom.db)
    app.config["SERVER_NAME"] = settings.host
    return app


def test_after_erasing_the_status_page_says_so_and_offers_nothing_more(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@example.org", comment="I was there.")
    client = app.test_client()
    assert client.post(f"/r/{sent.token}", data={"action": "erase"}).status_code == 303
    page = LexborHTMLParser(client.get(f"/r/{sent.token}?new=1").text)
    assert [one.text() for one in page.css("h1")] == [catalogue_in("en")("pages.erased")]
    assert page.css("form, details, dl") == []


@pytest.mark.parametrize("resolution", [Resolution.NOT_AN_ERROR, Resolution.OUT_OF_SCOPE])
def test_after_an_answer_nobody_is_told_to_wait_for_one(app: Flask, newsroom: Newsroom, resolution: Resolution) -> None:
    """Nor after taking the report back."""
    first, second = newsroom.send(email="ann@example.org"), newsroom.send(email="bob@example.org")
    client, waits = app.test_client(), catalogue_in("en")("pages.will_hear")
    assert waits in client.get(f"/r/{first.token}").text
    client.post(f"/r/{second.token}", data={"action": "withdraw"})
    assert waits not in client.get(f"/r/{second.token}").text
    newsroom.decide(newsroom.case_of(first), newsroom.hire(), resolution)
    answered = client.get(f"/r/{first.token}").text
    assert waits not in answered
    assert catalogue_in("en")(f"mail.resolution_{resolution}") in answered


def test_who_cannot_be_mailed_to_is_not_told_to_wait_for_mail(app: Flask, newsroom: Newsroom) -> None:
    """A receipt or an answer that failed for good: the page says so, until it is sent again; before and after it is decided."""
    sent = newsroom.send(email="ann@example.org")
    client, said = app.test_client(), catalogue_in("en")
    told, waits = said("pages.undelivered"), said("pages.will_hear")
    for state, is_failed in ((DeliveryState.OWED, False), (DeliveryState.FAILED, True), (DeliveryState.SENT, False)):
        newsroom.change(Delivery, state=state)
        page = client.get(f"/r/{sent.token}").text
        assert (told in page, waits in page) == (is_failed, not is_failed), state
    newsroom.decide(newsroom.case_of(sent), newsroom.hire(), Resolution.NOT_AN_ERROR)
    newsroom.change(Delivery, state=DeliveryState.FAILED)
    page = client.get(f"/r/{sent.token}").text
    assert (told in page, waits in page) == (True, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_that_something_was_passed_on_which_was_not(language: str) -> None:
    passed_on = ("passed", "передали", "przekaza", "weitergegeben", "transmis", "remitido", "encaminhado", "inoltrat")
    told = catalogue_in(language)("mail.resolution_out_of_scope")
    assert not any(word in told for word in (*passed_on, "ilettik", "أحلناه", "העברנו"))
