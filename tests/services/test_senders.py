"""A reader counts once in a case, however many reports they send, and nothing that names them outlives their address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import delete, select, update

from corrections_service.rules.workflow import Role, State
from corrections_service.services import forgetting, history, joining, privacy, readers, reports
from corrections_service.store.models import Report, Salt
from tests.services.newsroom import FERRY, Newsroom

HOME, OFFICE = "192.0.2.0/24", "198.51.100.0/24"
ANN = "ann@readers.example"


def senders(newsroom: Newsroom) -> list[str]:
    """The marks of all reports, in order."""
    with newsroom.db.read() as session:
        return list(session.scalars(select(Report.sender).order_by(Report.id)))


def another_day(newsroom: Newsroom) -> None:
    """Let the day's key be another one: in the database, and in the process, which asks for it once a day."""
    with newsroom.db.write() as session:
        session.execute(delete(Salt))
    newsroom.db.info["salts"].clear()


def test_a_mailbox_counts_once_in_a_case_however_written_wherever_and_whenever(newsroom: Newsroom) -> None:
    first = newsroom.send(email=ANN, block=HOME)
    assert first.readers == 1
    another_day(newsroom)
    for number, spelling in enumerate(("Ann@Readers.Example", "ann+news@readers.example", ANN)):
        assert newsroom.send(email=spelling, block=OFFICE, comment=f"{number}").readers == 1
    assert newsroom.send(email="bob@readers.example", block=HOME).readers == 2
    assert newsroom.look(newsroom.case_of(first)).readers == 2
    assert newsroom.count(Report) == 5
    newsroom.assert_readers_add_up()


def test_without_an_address_a_network_counts_once_for_one_article_and_one_day(newsroom: Newsroom) -> None:
    assert [newsroom.send(block=HOME).readers for _ in range(3)] == [1, 1, 1]
    assert newsroom.send(block=OFFICE).readers == 2
    newsroom.send(block=HOME, url="https://news.example/ferry", **FERRY)
    another_day(newsroom)
    assert newsroom.send(block=HOME).readers == 3
    marks = senders(newsroom)
    assert len(set(marks)) == 4
    assert not any(HOME in mark or OFFICE in mark for mark in marks)
    newsroom.assert_readers_add_up()


def test_who_comes_from_nowhere_that_is_known_counts_each_time(newsroom: Newsroom) -> None:
    """As imports and sockets of this machine do: not all of them are one reader."""
    assert [newsroom.send(block=block).readers for block in ("", "", "unknown", "unknown")] == [1, 2, 3, 4]


def test_who_takes_one_of_two_reports_back_still_stands_behind_the_case(newsroom: Newsroom) -> None:
    first, second = newsroom.send(block=HOME), newsroom.send(block=HOME)
    case = newsroom.case_of(first)
    for sent, left in ((first, 1), (second, 0)):
        assert newsroom.look(case).state is State.NEW
        with newsroom.db.write() as session:
            readers.withdraw(session, reports.by_token(session, sent.token))
        assert newsroom.look(case).readers == left
    assert newsroom.look(case).state is State.CLOSED


def test_joined_cases_count_who_is_behind_both_once_and_parted_ones_twice(newsroom: Newsroom) -> None:
    here = newsroom.send(email=ANN)
    there = newsroom.send(email=ANN, **FERRY)
    newsroom.send(block=HOME, **FERRY)
    case, target = newsroom.case_of(here), newsroom.case_of(there)
    editor = newsroom.hire(Role.EDITOR)
    newsroom.act(joining.merge, case, editor, target)
    assert newsroom.look(target).readers == 2
    newsroom.act(history.undo, case, editor)
    assert (newsroom.look(case).readers, newsroom.look(target).readers) == (1, 2)
    newsroom.assert_readers_add_up()


def test_the_mark_of_an_address_goes_with_the_address_and_the_number_of_readers_stays(newsroom: Newsroom) -> None:
    """K06: by a stop, by erasing, by the purge; nobody who has the service's key can tell by it who it was."""
    sent = [newsroom.send(email=ANN, comment=f"{number}") for number in range(2)]
    newsroom.send(block=HOME)
    case = newsroom.case_of(sent[0])
    before = senders(newsroom)
    with newsroom.db.write() as session:
        forgetting.stop_mail(session, reports.by_token(session, sent[0].token).id)
    after = senders(newsroom)
    assert before[0] not in after
    assert after[0] == after[1] != after[2]
    assert newsroom.look(case).readers == 2
    newsroom.assert_readers_add_up()
    again = newsroom.send(email=ANN, **FERRY)
    mark = senders(newsroom)[-1]
    with newsroom.db.write() as session:
        assert privacy.erase_reader(session, ANN) == 2
    assert mark not in senders(newsroom)
    assert newsroom.look(newsroom.case_of(again)).readers == 0
    newsroom.assert_readers_add_up()


def test_one_reader_who_sends_several_at_the_same_moment_counts_once(newsroom: Newsroom) -> None:
    newsroom.send(block=OFFICE)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda number: newsroom.send(email=ANN, comment=f"{number}").readers, range(8)))
    assert set(told) == {2}
    newsroom.assert_readers_add_up()


def test_a_report_of_before_there_were_marks_counts_by_itself(newsroom: Newsroom) -> None:
    """What the migration writes, and what the service then counts."""
    sent = [newsroom.send(block=HOME) for _ in range(2)]
    with newsroom.db.write() as session:
        for report in session.scalars(select(Report)).all():
            session.execute(update(Report).where(Report.id == report.id).values(sender=f"r{report.id}"))
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, sent[0].token))
    assert newsroom.look(newsroom.case_of(sent[0])).readers == 1
    assert newsroom.send(block=HOME).readers == 2
