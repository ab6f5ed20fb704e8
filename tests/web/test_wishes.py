"""Different wishes in one case ("forty" and "fifty") are visible in the queue's row, the case's head and the mail."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role
from corrections_service.services import forgetting, readers, reports, wishes
from corrections_service.services.outbox import DESK_TEMPLATE
from corrections_service.services.reports import Submitted
from corrections_service.settings import Settings
from corrections_service.store.models import Case, Delivery, Report
from corrections_service.work.mail import Mailer
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in

COST = {
    "prefix": "The council said on Monday that the repair of the old bridge would ",
    "exact": "cost thirty million",
    "suffix": " and take until next spring, and nobody objected.",
    "suggestion": "cost forty million",
}
NARROW = {"prefix": f"{COST['prefix']}cost ", "exact": "thirty", "suffix": f" million{COST['suffix']}"}
FIFTY = "fifty"
NOTHING: dict[str, Any] = {"suggestion": "", "remove": True}
AS_FIRST = {"suggestion": "forty"}


def first_and(newsroom: Newsroom, *more: dict[str, Any]) -> tuple[int, list[Submitted]]:
    """A case of the first wish and these; its number, and what was sent."""
    sent = [newsroom.send(**COST), *(newsroom.send(**{**NARROW, **one}) for one in more)]
    assert len({newsroom.case_of(one) for one in sent}) == 1
    return newsroom.case_of(sent[0]), sent


def wished(newsroom: Newsroom, case: int) -> list[tuple[str, str, int]]:
    """What others want: which words become which, and how many readers that are."""
    with newsroom.db.read() as session:
        found = wishes.others(session, [session.get_one(Case, case)])[case]
    sides = [("".join(one.before for one in wish.pieces), "".join(one.after for one in wish.pieces)) for wish in found]
    return [(before, after, wish.readers) for (before, after), wish in zip(sides, found, strict=True)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], []),
        ([AS_FIRST], []),
        ([{**COST}], []),
        ([{**COST, "suggestion": " cost  forty million\n"}], []),
        ([{"suggestion": FIFTY}], [("thirty", "fifty", 1)]),
        ([{"suggestion": FIFTY}, {**COST, "suggestion": "cost fifty million"}], [("thirty", "fifty", 2)]),
        ([{"suggestion": "Forty"}], [("thirty", "Forty", 1)]),
        ([{"suggestion": ""}], []),
        ([NOTHING], [("thirty", "", 1)]),
        ([{"suggestion": FIFTY}, NOTHING, NOTHING], [("thirty", "", 2), ("thirty", "fifty", 1)]),
        ([{"suggestion": "forty’s"}, {"suggestion": "forty's"}], [("thirty", "forty’s", 2)]),
    ],
)
def test_wishes_are_the_same_where_the_same_words_become_the_same(
    newsroom: Newsroom, more: list[dict[str, Any]], expected: list[tuple[str, str, int]]
) -> None:
    """However much was marked; case counts, the sort of apostrophe does not unless it is all that changes."""
    case, _ = first_and(newsroom, *more)
    assert wished(newsroom, case) == expected


def test_what_only_a_later_reader_wishes_is_a_wish_of_the_case(newsroom: Newsroom) -> None:
    """Kind: the first reader only marked the words, and the wish of the second was seen nowhere but in the list."""
    first = newsroom.send(**{**NARROW, "suggestion": ""})
    newsroom.send(**{**NARROW, "suggestion": FIFTY})
    assert wished(newsroom, newsroom.case_of(first)) == [("thirty", "fifty", 1)]


@pytest.mark.parametrize("act", [readers.withdraw, forgetting.erase])
def test_a_wish_that_was_taken_back_is_nobodys(newsroom: Newsroom, act: Any) -> None:
    case, sent = first_and(newsroom, {"suggestion": FIFTY})
    with newsroom.db.write() as session:
        act(session, reports.by_token(session, sent[1].token))
    assert wished(newsroom, case) == []


def test_the_row_the_head_and_the_mail_show_what_readers_wish_differently(
    newsroom: Newsroom, app: Flask, database_settings: Settings
) -> None:
    case, _ = first_and(newsroom, {"suggestion": "<b>fifty"}, {"suggestion": "<b>fifty"}, NOTHING)
    visitor = signed_in(app, newsroom.db, newsroom.hire(Role.EDITOR))
    row = LexborHTMLParser(visitor.get("/queue").get_data(as_text=True)).css_first(f"[data-case='{case}']")
    head = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True)).css_first(".case-head")
    assert row is not None
    assert head is not None
    for place in (row, head):
        assert [one.text() for one in place.css("ins")] == ["forty", "<b>fifty"]
        assert [one.text() for one in place.css("del")][-1] == "thirty"
    assert "3 wishes" in row.text()
    assert "(2 readers)" in head.text()
    mailer = Mailer(app, database_settings)
    with newsroom.db.read() as session:
        owed = session.scalars(sa.select(Delivery).where(Delivery.template == DESK_TEMPLATE)).all()
        for count in (1, 2):
            message = mailer.render(owed, count)
            said = " ".join(str(message.body).split())
            assert "thirty -> <b>fifty" in said
            assert "thirty -> these words should go" in said
            html = LexborHTMLParser(str(message.html))
            assert [one.text() for one in html.css("ins")][-1] == "<b>fifty"
    mailer.close()


def test_the_wishes_of_a_whole_page_of_the_queue_are_one_query(newsroom: Newsroom) -> None:
    for number in range(6):
        place = {**NARROW, "url": f"https://news.example/{number}"}
        newsroom.send(**{**place, "suggestion": "forty"})
        newsroom.send(**{**place, "suggestion": FIFTY})
    statements: list[str] = []
    sa.event.listen(newsroom.db._reader, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with newsroom.db.read() as session:
        cases = session.scalars(sa.select(Case)).all()
        statements.clear()
        found = wishes.others(session, cases)
        assert len([one for one in statements if one.startswith("SELECT")]) == 1
        assert sorted(len(one) for one in found.values()) == [1] * 6
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 12
