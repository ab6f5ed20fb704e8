"""The newspaper's own program shows what it is told, and whether the service sent it."""

from __future__ import annotations

from flask import Flask

from corrections_service import shipped
from corrections_service.demo.receiver import PATH, add_receiver
from corrections_service.rules.webhooks import as_secret, sign

SECRET = as_secret(b"s" * 32)
BODY = b'{"type": "case.new", "data": "<b>words</b>"}'


def test_what_came_is_shown_with_whether_it_is_genuine_and_nothing_of_it_is_markup() -> None:
    """H1."""
    app = Flask(__name__, template_folder=str(shipped("templates")))
    add_receiver(app, SECRET)
    client = app.test_client()
    assert "No call yet" in client.get(PATH).get_data(as_text=True)
    signed = {"webhook-id": "msg_1", "webhook-timestamp": "7", "webhook-signature": sign("msg_1", 7, BODY, [SECRET])}
    assert client.post(PATH, data=BODY, headers=signed).status_code == 200
    page = client.get(PATH).get_data(as_text=True)
    assert "Genuine" in page
    assert "&lt;b&gt;words&lt;/b&gt;" in page
    for headers in ({}, {**signed, "webhook-id": "msg_2"}, {**signed, "webhook-timestamp": "soon"}):
        assert client.post(PATH, data=b"\xff<i>", headers=headers).status_code == 200
    page = client.get(PATH).get_data(as_text=True)
    assert page.count("Not signed") == 3
    assert "<i>" not in page
