"""Sending what is in the dialog, and what the service stored of it."""

from __future__ import annotations

import sqlite3

from playwright.sync_api import Locator, Page, expect

from corrections_service.rules.references import number_of
from tests.browser.pages import (
    REFERENCE,
    send_by_key,
)
from tests.running import Service


def stored(service: Service, reference: str) -> dict[str, object]:
    """The report that the service stored under a reference."""
    match = REFERENCE.search(reference)
    assert match, reference
    with sqlite3.connect(f"file:{service.directory}/corrections.sqlite?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute("SELECT * FROM report WHERE id = ?", [number_of(match[0])]).fetchone()
    connection.close()
    return dict(row)


def sent(page: Page, dialog: Locator) -> str:
    """Send what is in the dialog, once it is there; what it says then."""
    expect(dialog.locator("[name=suggestion]")).to_be_visible()
    send_by_key(page)
    status = dialog.locator("[role=status]")
    expect(status).to_contain_text(REFERENCE)
    return status.inner_text()
