"""How requests of webhooks are signed, and how their addresses are read and kept (H1)."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from corrections_service.rules.seals import SECOND_FACTOR, WEBHOOK, BadSeal, seal, unseal
from corrections_service.rules.urls import BadAddress
from corrections_service.rules.webhooks import WebhookKind, address_of, as_secret, sign

BODY = b'{"test": 2432232314}'


def test_a_signature_is_what_the_specification_s_own_libraries_make() -> None:
    """H1: the example that Standard Webhooks' libraries are tested with."""
    signature = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_signs_for_itself() -> None:
    new, old = as_secret(b"n" * 32), as_secret(b"o" * 32)
    signatures = sign("msg_1", 7, BODY, [new, old]).split(" ")
    by_hand = [hmac.new(key * 32, b"msg_1.7." + BODY, hashlib.sha256).digest() for key in (b"n", b"o")]
    assert signatures == [f"v1,{base64.b64encode(mac).decode()}" for mac in by_hand]


def test_what_is_sealed_is_read_with_any_key_that_is_still_known_and_no_other() -> None:
    sealed = seal({"url": "https://chat.example/T0/secret"}, ["first"], WEBHOOK)
    assert "secret" not in sealed
    assert unseal(sealed, ["second", "first"], WEBHOOK) == {"url": "https://chat.example/T0/secret"}
    for keys in (["second"], ["firs"]):
        with pytest.raises(BadSeal):
            unseal(sealed, keys, WEBHOOK)
    with pytest.raises(BadSeal):
        unseal("torn", ["first"], WEBHOOK)
    with pytest.raises(BadSeal):
        unseal(sealed, ["first"], SECOND_FACTOR)


def test_what_stands_in_an_address_for_another_place_is_taken_out_of_it() -> None:
    telegram = "https://api.telegram.org/bot12:ab/sendMessage?chat_id=-1001"
    assert address_of(WebhookKind.TELEGRAM, telegram) == {
        "url": "https://api.telegram.org/bot12:ab/sendMessage",
        "chat_id": "-1001",
    }
    room = "https://matrix.example/_matrix/client/v3/rooms/!a%3Amatrix.example/send/m.room.message"
    assert address_of(WebhookKind.MATRIX, f"{room}?access_token=syt_1") == {"url": room, "access_token": "syt_1"}
    plain = "https://hooks.example/in?team=2"
    assert address_of(WebhookKind.PLAIN, f"{plain}#part") == {"url": plain}


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (WebhookKind.PLAIN, "ftp://hooks.example/"),
        (WebhookKind.PLAIN, "https://user:word@hooks.example/"),
        (WebhookKind.PLAIN, "hooks.example"),
        (WebhookKind.TELEGRAM, "https://api.telegram.org/bot12:ab/sendMessage"),
        (WebhookKind.TELEGRAM, "https://api.telegram.org/bot12:ab/getMe?chat_id=1"),
        (WebhookKind.TELEGRAM, "https://api.telegram.org/bot12:ab/sendMessage?chat_id="),
        (WebhookKind.MATRIX, "https://m.example/rooms/!a/send/m.room.message?access_token=a%0D%0AX-Other:%20b"),
        (WebhookKind.MATRIX, "https://matrix.example/_matrix/client/v3/rooms/!a/send/m.room.message"),
    ],
)
def test_an_address_that_cannot_be_called_is_refused(kind: WebhookKind, address: str) -> None:
    with pytest.raises(BadAddress):
        address_of(kind, address)
