"""Who is at a case is shown for a short while, for few writes; and the next case goes to one editor alone (C6)."""

from __future__ import annotations

import threading
from datetime import timedelta

import sqlalchemy as sa

from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, presence
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor, Presence, now
from tests.services.newsroom import Newsroom


def case_of(newsroom: Newsroom, number: int) -> int:
    return newsroom.case_of(newsroom.send(exact=f"wrong {number}", suggestion=f"right {number}"))


def come(newsroom: Newsroom, case: int, editor: int, doing: str = "looking") -> None:
    with newsroom.db.write() as session:
        presence.come(session, case, doing, actor=session.get_one(Editor, editor))


def seen(newsroom: Newsroom, case: int, editor: int) -> list[tuple[int, str]]:
    """Who else this editor sees at the case, and doing what."""
    with newsroom.db.read() as session:
        found = presence.colleagues(session, [case], editor_id=editor, site_ids=[newsroom.site.id]).get(case, [])
        return [(row.editor_id, row.doing) for row in found]


def hand_out(newsroom: Newsroom, numbers: list[int], editor: int, listed: State | None = None) -> int | None:
    with newsroom.db.write() as session:
        states = {number: listed or session.get_one(Case, number).state for number in numbers}
        return presence.hand_out(session, states, actor=session.get_one(Editor, editor))


def test_colleagues_see_who_looks_and_who_writes_until_they_go_or_are_not_heard_of(newsroom: Newsroom) -> None:
    case, mia, tom = case_of(newsroom, 1), newsroom.hire(), newsroom.hire(email="tom@news.example")
    come(newsroom, case, mia)
    assert seen(newsroom, case, tom) == [(mia, "looking")]
    assert seen(newsroom, case, mia) == []
    come(newsroom, case, mia, "writing")
    assert seen(newsroom, case, tom) == [(mia, "writing")]
    with newsroom.db.write() as session:
        presence.go(session, case, actor=session.get_one(Editor, mia))
    assert seen(newsroom, case, tom) == []
    come(newsroom, case, mia)
    newsroom.change(Presence, until=now() - timedelta(seconds=1))
    assert seen(newsroom, case, tom) == []


def test_a_page_that_stays_open_writes_rarely(newsroom: Newsroom) -> None:
    case, mia = case_of(newsroom, 1), newsroom.hire()
    come(newsroom, case, mia)
    written: list[str] = []
    sa.event.listen(newsroom.db.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    for _ in range(5):
        come(newsroom, case, mia)
    assert [one for one in written if one.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    newsroom.change(Presence, until=now() + presence.LEASE - presence.RENEW_AFTER - timedelta(seconds=1))
    written.clear()
    come(newsroom, case, mia)
    assert [one.split()[0] for one in written if one.startswith(("INSERT", "UPDATE", "DELETE"))] == ["UPDATE"]


def test_the_next_case_is_one_where_nobody_is_and_which_nobody_took(newsroom: Newsroom) -> None:
    taken, looked_at, free = (case_of(newsroom, number) for number in range(3))
    mia, tom = newsroom.hire(), newsroom.hire(email="tom@news.example")
    newsroom.act(cases.claim, taken, tom)
    come(newsroom, looked_at, tom)
    assert hand_out(newsroom, [taken, looked_at, free], mia) == free
    assert seen(newsroom, free, tom) == [(mia, "looking")]
    assert hand_out(newsroom, [taken, looked_at, free], tom) == taken
    assert hand_out(newsroom, [looked_at], mia) is None


def test_a_case_that_a_colleague_decided_and_left_since_it_was_listed_is_not_handed_out(newsroom: Newsroom) -> None:
    decided, free = (case_of(newsroom, number) for number in range(2))
    mia, tom = newsroom.hire(), newsroom.hire(email="tom@news.example")
    newsroom.decide(decided, tom, Resolution.NOT_AN_ERROR)
    assert hand_out(newsroom, [decided, free], mia, listed=State.NEW) == free
    assert hand_out(newsroom, [decided], mia, listed=State.NEW) is None
    assert hand_out(newsroom, [decided], tom) == decided


def test_many_who_ask_for_the_next_case_at_the_same_moment_get_each_another(db: Database, newsroom: Newsroom) -> None:
    numbers = [case_of(newsroom, number) for number in range(6)]
    people = [newsroom.hire(email=f"editor{number}@news.example") for number in range(6)]
    begin, got = threading.Barrier(len(people)), list[int | None]()

    def ask(editor: int) -> None:
        begin.wait()
        got.append(hand_out(newsroom, numbers, editor))

    threads = [threading.Thread(target=ask, args=(editor,)) for editor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handed = [number for number in got if number is not None]
    assert len(handed) == len(set(handed)) >= 2  # a case that is just being locked is passed over
