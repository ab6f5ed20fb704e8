"""Where a request comes from, and under which name it asks (THREATS C19, H10, J)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corrections_service.settings import Settings
from corrections_service.web.peers import client_address


@pytest.mark.parametrize("host", ["evil.test", "corrections.example.evil.test", "evil.test:80", "[::1", "a b", "", "@"])
def test_another_name_is_refused_and_never_repeated(client: FlaskClient, host: str) -> None:
    """H10, C19."""
    for path in ("/login", "/api/v1/reports", "/log/news", "/nothing"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)
    forwarded = client.get("/queue", headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"})
    assert "evil" not in str(forwarded.headers)


@pytest.mark.parametrize(
    ("peer", "said", "seen"),
    [
        ("198.51.100.7", "1.2.3.4", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 5.5.5.5, 4.4.4.4, 3.3.3.3, 2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, " * 12_000 + "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_a_sender_is_who_the_last_trusted_proxy_saw(
    app: Flask, database_settings: Settings, peer: str, said: str, seen: str
) -> None:
    """J01, J02."""
    config = database_settings.model_copy(update={"trusted_proxies": ["10.0.0.0/8"]})
    with app.test_request_context(
        "/", headers={"X-Forwarded-For": said}, environ_base={"REMOTE_ADDR": peer}
    ) as context:
        assert client_address(context.request, config) == seen
        assert client_address(context.request, database_settings) == peer.removeprefix("::ffff:")


def test_every_address_there_is_is_no_proxy(database_settings: Settings) -> None:
    """J03."""
    for everything in ("0.0.0.0/0", "::/0"):
        with pytest.raises(ValueError, match="every address"):
            Settings(**{**database_settings.model_dump(), "trusted_proxies": [everything]})


def test_figures_for_machines_are_for_this_machine(client: FlaskClient) -> None:
    """J08: not for those whom a proxy on this machine lets through."""
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 404
    assert client.get("/healthz").get_data() == b"ok\n"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
