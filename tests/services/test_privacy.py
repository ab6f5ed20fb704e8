"""What is kept of people, and for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import editors, limits, privacy
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Attempt, Case, Event, Purpose, Reader, Report, Salt, Token, now
from tests.services.newsroom import FERRY, Newsroom

NOBODY = {"addresses": 0, "attempts": 0, "tokens": 0, "reports": 0}


def count(db: Database, block: str = "192.0.2.0/24", rule: str = "3/hour", action: str = "report") -> None:
    db.intake(privacy.count, action=action, block=block, rule=rule)


def purge(newsroom: Newsroom, settings: Settings, *, force: bool = False) -> dict[str, int]:
    return privacy.purge(newsroom.db, settings, force=force)


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_counts_as_one_sender(address: str, block: str) -> None:
    assert privacy.address_block(address) == block


def test_each_block_has_its_limit_and_is_told_when_to_come_back(db: Database) -> None:
    for _ in range(3):
        count(db)
    with pytest.raises(errors.TooManyReports) as refused:
        count(db)
    assert 0 < (refused.value.retry_after or 0) <= 3600
    count(db, block="198.51.100.0/24")
    count(db, action="sign-in")
    for _ in range(5):
        count(db, rule="off")


def test_the_limit_holds_for_many_at_once(db: Database) -> None:
    def attempt(_number: int) -> bool:
        try:
            count(db, rule="10/hour")
        except (errors.TooManyReports, errors.StorageBusy):
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(30))) <= 10


def test_no_address_is_stored(db: Database) -> None:
    count(db)
    with db.read() as session:
        row = session.scalars(select(Attempt)).one()
        assert len(row.mark) == 64
        assert all(letter in "0123456789abcdef" for letter in row.mark)


def test_yesterdays_marks_go_with_their_key(newsroom: Newsroom, database_settings: Settings) -> None:
    count(newsroom.db)
    assert purge(newsroom, database_settings) == NOBODY
    newsroom.change(Salt, day="2020-01-01")
    assert purge(newsroom, database_settings)["attempts"] == 1
    assert newsroom.count(Salt) == newsroom.count(Attempt) == 0


def test_a_reader_is_erased_by_address_in_any_case(newsroom: Newsroom) -> None:
    newsroom.send(email="ann@example.org", comment="canary")
    newsroom.send(email="ann@example.org", **FERRY)
    newsroom.send(email="bob@example.org")
    with newsroom.db.write() as session:
        assert privacy.erase_reader(session, " ANN@example.org") == 2
        assert privacy.erase_reader(session, "ann@example.org") == 0
    with newsroom.db.read() as session:
        assert [reader.email for reader in session.scalars(select(Reader))] == ["bob@example.org"]
    newsroom.assert_readers_add_up()


def test_what_its_time_is_over_for_is_forgotten_and_nothing_else(
    newsroom: Newsroom, database_settings: Settings
) -> None:
    editor = newsroom.hire()
    sent = {
        "open": newsroom.send(email="open@example.org", url="https://news.example/1"),
        "closed": newsroom.send(email="closed@example.org", url="https://news.example/2"),
        "old": newsroom.send(email="old@example.org", url="https://news.example/3"),
        "placed": newsroom.send(url="https://news.example/4", exact="", prefix="", suffix="", comment="old words"),
        "spam": newsroom.send(website="x", url="https://news.example/5"),
        "new spam": newsroom.send(website="x", url="https://news.example/6"),
    }
    ages = {"open": 900, "closed": 31, "old": 366, "placed": 366, "spam": 31, "new spam": 29}
    for name in ("closed", "old", "placed"):
        newsroom.decide(newsroom.case_of(sent[name]), editor, Resolution.OPINION)
    with newsroom.db.write() as session:
        editors.link(session, editors.get(session, editor), Purpose.SIGN_IN, hours=-48)
    for name, age in ages.items():
        number = newsroom.case_of(sent[name])
        with newsroom.db.write() as session:
            session.execute(update(Case).where(Case.id == number).values(updated_at=now() - timedelta(days=age)))
    done = purge(newsroom, database_settings)
    assert done == {"addresses": 2, "attempts": 0, "tokens": 1, "reports": 3}
    assert purge(newsroom, database_settings) == NOBODY
    with newsroom.db.read() as session:
        assert [reader.email for reader in session.scalars(select(Reader))] == ["open@example.org"]
        forgotten = {report.case_id for report in session.scalars(select(Report).where(Report.erased_at.is_not(None)))}
    assert forgotten == {newsroom.case_of(sent[name]) for name in ("old", "placed", "spam")}
    assert newsroom.look(newsroom.case_of(sent["old"])).resolution is Resolution.OPINION
    assert newsroom.count(Token) == 0
    with newsroom.db.read() as session:
        assert session.scalars(select(Event).where(Event.kind == "reader_withdrew")).all() == []


def test_a_purge_of_suspiciously_much_stops_and_asks(newsroom: Newsroom, database_settings: Settings) -> None:
    editor = newsroom.hire()
    for number in range(101):
        newsroom.send(url=f"https://news.example/{number // 4}")
    with newsroom.db.read() as session:
        cases = session.scalars(select(Case.id)).all()
    for case in cases[: len(cases) // 2]:
        newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.change(Case, updated_at=now() - timedelta(days=400))
    with pytest.raises(errors.TooMuchToPurge):
        purge(newsroom, database_settings)
    with newsroom.db.read() as session:
        assert session.scalars(select(Report.id).where(Report.erased_at.is_not(None))).all() == []
    assert purge(newsroom, database_settings, force=True)["reports"] > 20
    assert purge(newsroom, database_settings)["reports"] == 0


def test_the_day_s_key_is_kept_in_memory_only_once_it_is_stored_and_no_former_day_s(newsroom: Newsroom) -> None:
    """Kind: what a transaction that was rolled back had made is known to nobody afterwards."""

    def mark(*, fails: bool = False) -> str:
        with newsroom.db.write() as session:
            name = limits.mark(session, "report", "192.0.2.0/24")
            if fails:
                raise LookupError
            return name

    newsroom.db.info["salts"]["2001-01-01"] = "a former day's"
    with pytest.raises(LookupError):
        mark(fails=True)
    assert newsroom.db.info["salts"].keys() == {"2001-01-01"}
    marks = {mark() for _ in range(3)}
    assert len(marks) == 1
    assert "2001-01-01" not in newsroom.db.info["salts"]
    another = Newsroom(Database(newsroom.db.url, mark_keys=newsroom.db.mark_keys), newsroom.site)
    with another.db.write() as session:
        assert {limits.mark(session, "report", "192.0.2.0/24")} == marks
    another.db.close()
