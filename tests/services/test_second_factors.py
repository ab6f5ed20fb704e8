"""A second factor: a code counts once and only in its half minute, a recovery code once; nobody's secret is in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from corrections_service import errors
from corrections_service.services import editors, second_factors
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor, now
from tests.services.authenticator import code_of
from tests.services.newsroom import Newsroom

KEYS = ["the first secret key of this service", "a former one"]
RFC_6238 = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (20000000000, "353130"),
]
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def ada(newsroom: Newsroom) -> int:
    """An editor."""
    return newsroom.hire(email="ada@news.example")


def switch_on(db: Database, number: int) -> tuple[str, list[str]]:
    """Set up an app that shows codes: its secret, and the recovery codes."""
    with db.write() as session:
        editor = editors.get(session, number)
        offered = second_factors.offer(editor, KEYS)
        secret = second_factors.secret_of(editor, offered, KEYS)
        assert secret is not None
        return secret, second_factors.switch_on(session, editor, offered, code_of(secret), KEYS)


def use(db: Database, number: int, code: str, keys: list[str] = KEYS) -> bool:
    """Whether a code lets this person in."""
    try:
        with db.write() as session:
            second_factors.use(session, editors.get(session, number), code, keys)
    except errors.InvalidFields:
        return False
    return True


@pytest.mark.parametrize(("at", "code"), RFC_6238)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert code_of(RFC_SECRET, datetime.fromtimestamp(at, UTC)) == code


def test_a_code_lets_in_once_in_its_half_minute_and_the_next_and_no_other(db: Database, ada: int) -> None:
    secret, _ = switch_on(db, ada)
    assert not use(db, ada, code_of(secret)), "the one that switched it on is used up"
    for minutes in (-2, -1, 1, 2):
        assert not use(db, ada, code_of(secret, now() + timedelta(minutes=minutes)))
    for wrong in ("", "1", "000000", "abcdef", "٠٠٠٠٠٠", code_of(RFC_SECRET), "\ud800", "1" * 40):
        assert not use(db, ada, wrong)
    later = code_of(secret, now() + timedelta(seconds=second_factors.STEP))
    assert use(db, ada, f"{later[:3]} {later[3:]}")
    assert not use(db, ada, later)


def test_a_recovery_code_lets_in_once_however_it_is_written(db: Database, ada: int) -> None:
    _, codes = switch_on(db, ada)
    assert len(set(codes)) == second_factors.CODES
    assert use(db, ada, codes[0].upper().replace("-", " "))
    assert not use(db, ada, codes[0])
    with db.write() as session:
        fresh = second_factors.new_codes(editors.get(session, ada))
    assert not use(db, ada, codes[1])
    assert use(db, ada, fresh[1])


def test_of_two_who_come_with_one_code_at_the_same_moment_one_is_let_in(db: Database, ada: int) -> None:
    secret, codes = switch_on(db, ada)
    for code in (code_of(secret, now() + timedelta(seconds=second_factors.STEP)), codes[3]):
        with ThreadPoolExecutor(4) as crowd:
            assert sorted(crowd.map(lambda same: use(db, ada, same), [code] * 4)) == [False, False, False, True]


def test_what_is_stored_lets_nobody_in(db: Database, ada: int) -> None:
    secret, codes = switch_on(db, ada)
    with db.read() as session:
        editor = session.get_one(Editor, ada)
        stored = f"{editor.second_factor} {editor.recovery_codes}"
    assert secret not in stored
    assert not [code for code in codes if code.replace("-", "") in stored]
    later = code_of(secret, now() + timedelta(seconds=second_factors.STEP))
    assert not use(db, ada, later, ["a key that never was this service's"])
    assert use(db, ada, codes[0], ["a key that never was this service's"]), "recovery codes need none"
    assert use(db, ada, later, ["another that came after", *KEYS])


def test_only_ones_own_offer_of_lately_can_be_switched_on(db: Database, newsroom: Newsroom, ada: int) -> None:
    other = newsroom.hire(email="bo@news.example")
    with db.write() as session:
        offered = second_factors.offer(editors.get(session, other), KEYS)
        editor = editors.get(session, ada)
        for foreign in (offered, "", "torn", editor.second_factor):
            assert second_factors.secret_of(editor, foreign, KEYS) is None
            with pytest.raises(errors.InvalidFields):
                second_factors.switch_on(session, editor, foreign, "000000", KEYS)
        mine = second_factors.offer(editor, KEYS)
        with pytest.raises(errors.InvalidFields):
            second_factors.switch_on(session, editor, mine, "000000", KEYS)
        assert editor.second_factor == ""


def test_its_owner_is_mailed_when_it_is_switched_on_and_off(db: Database, newsroom: Newsroom, ada: int) -> None:
    switch_on(db, ada)
    with db.write() as session:
        second_factors.switch_off(session, editors.get(session, ada))
        second_factors.switch_off(session, editors.get(session, ada))
    assert newsroom.owed("second_factor") == [("ada@news.example", "owed")] * 2
    assert not use(db, ada, "")
    with db.read() as session:
        assert [delivery.data for delivery in session.query(Delivery).order_by(Delivery.id)] == [
            {"is_on": True},
            {"is_on": False},
        ]
