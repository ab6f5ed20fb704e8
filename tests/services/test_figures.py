"""The sums come out, whatever happened (P-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from corrections_service.rules.workflow import Resolution
from corrections_service.services import cases, figures, forgetting, joining, reports
from corrections_service.store.database import Database
from corrections_service.store.models import Case
from tests.services.newsroom import FERRY, Newsroom


def sums(newsroom: Newsroom) -> dict[str, Any]:
    with newsroom.db.read() as session:
        found: dict[str, Any] = figures.accounting(session)
    parts = ("open", "resolved", "merged", "quarantined", "erased")
    assert found["accepted"] == sum(found[part] for part in parts), found
    turned_away = sum(found["rejected"].values()) + sum(found["refused"].values())
    assert found["attempts"] == found["accepted"] + turned_away, found
    return found


def test_nothing_adds_up_to_nothing(newsroom: Newsroom) -> None:
    assert sums(newsroom)["attempts"] == 0


def test_each_report_is_counted_in_one_place_at_every_moment(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    first = newsroom.send(email="ann@example.org")
    newsroom.send()
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.send(website="spam", url="https://news.example/x")
    ages = {"oldest_owed_seconds": 0, "oldest_new_seconds": 0, "oldest_open_seconds": 0}
    assert sums(newsroom) | {"mails_owed": 0} | ages == {
        "attempts": 4,
        "accepted": 4,
        "rejected": {},
        "refused": {},
        "open": 3,
        "resolved": 0,
        "merged": 0,
        "quarantined": 1,
        "erased": 0,
        "mails_owed": 0,
        **ages,
    }
    for reason in ("too-many-reports", "too-many-reports", "invalid-fields"):
        newsroom.db.intake(figures.count_refusal, reason=reason)
    assert (sums(newsroom)["rejected"], sums(newsroom)["refused"]) == ({"invalid-fields": 1}, {"too-many-reports": 2})
    newsroom.act(joining.merge, ferry, editor, newsroom.case_of(first))
    assert sums(newsroom)["open"] == 3
    newsroom.decide(newsroom.case_of(first), editor, Resolution.OPINION)
    assert (sums(newsroom)["open"], sums(newsroom)["resolved"]) == (0, 3)
    with newsroom.db.write() as session:
        forgetting.erase(session, reports.by_token(session, first.token))
    assert (sums(newsroom)["resolved"], sums(newsroom)["erased"], sums(newsroom)["accepted"]) == (2, 1, 4)


def test_the_age_of_what_nobody_looked_at_is_told(newsroom: Newsroom) -> None:
    case_id = newsroom.case_of(newsroom.send())
    with newsroom.db.write() as session:
        session.get_one(Case, case_id).created_at -= timedelta(hours=2)
    before = sums(newsroom)
    newsroom.act(cases.claim, case_id, newsroom.hire())
    after = sums(newsroom)
    assert before["oldest_new_seconds"] >= 7200
    assert after["oldest_new_seconds"] == 0
    assert after["oldest_open_seconds"] >= before["oldest_open_seconds"] >= 7200


def test_a_touch_writes_and_leaves_no_trace(db: Database) -> None:
    with db.write() as session:
        figures.touch(session)
    with db.read() as session:
        assert figures.accounting(session)["attempts"] == 0
