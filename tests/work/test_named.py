"""A report of words given as "Which part?" is looked for: once in the article, it is the quote; else the case says why not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service.errors import GuardedChange
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Decision, Resolution, State
from corrections_service.services import cases, joining, looks, wishes
from corrections_service.store.models import Case, Editor, Event, FixState
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import AFTER, BEFORE, RIGHT, WRONG, Newspaper, decide, look, owed, seen

NAMED = {
    "exact": "",
    "suffix": "",
    "place": f"the bridge was {WRONG} in 1987",
    "suggestion": f"the bridge was {RIGHT} in 1987",
}


def named(send: Send, **changes: object) -> int:
    """The case of words that a reader named; what they marked nothing of has no context either."""
    return send(**{**NAMED, "prefix": "", **changes})


def quote(work: Work, case_id: int) -> tuple[str, str, str]:
    """The case's quote."""
    with work.database.read() as session:
        case = session.get_one(Case, case_id)
        return case.exact, case.prefix[-len(BEFORE) :], case.suffix[: len(AFTER)]


def told(work: Work, case_id: int) -> list[str]:
    """What happened to the case, and why a look could not tell."""
    with work.database.read() as session:
        mine = session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.id))
        return [str(one.data.get("reason") or one.kind) for one in mine]


def test_words_that_stand_once_are_the_quote_and_their_fix_is_seen(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    case = named(send)
    assert [article for article, _ in due(work)]
    look(work)
    exact, before, after = quote(work, case)
    assert exact == NAMED["place"]
    assert before.endswith("anybody remembers, and ")
    assert after.startswith(" by the king, who")
    assert seen(work, case) == (FixState.PRESENT, State.NEW)
    assert "located" in told(work, case)
    decide(work, case)
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    assert owed(work, "case_resolved") == 1


def due(work: Work) -> list[tuple[int, str]]:
    """The articles that are to be read again."""
    with work.database.write() as session:
        return looks.take_due(session, lambda host: None)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("the second paragraph, near its end", looks.NOWHERE),
        ("the bridge was opned in 1987", looks.NOWHERE),
        ("nothing that anybody doubts", looks.SEVERAL),
        ("the", looks.SEVERAL),
    ],
)
def test_words_that_stand_nowhere_or_several_times_are_no_quote_and_the_case_says_so(
    work: Work, newspaper: Newspaper, send: Send, place: str, reason: str
) -> None:
    """And nothing is ever concluded of them."""
    case = named(send, place=place)
    look(work)
    look(work)
    assert quote(work, case) == ("", "", "")
    assert told(work, case).count(reason) == 1
    decide(work, case)
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    assert owed(work, "case_resolved") == 0


def test_what_is_left_of_several_places_is_not_known_to_be_the_one_that_is_meant(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    newspaper.words = f"{WRONG}, yes {WRONG}"
    case = named(send, place=WRONG, suggestion=RIGHT)
    look(work)
    newspaper.words = WRONG
    look(work)
    look(work)
    assert quote(work, case)[0] == ""
    assert told(work, case).count(looks.ONE_LEFT) == 1


def test_the_right_words_that_stand_already_when_first_looked_are_no_news(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    """A fix is a difference between two looks: the named words were never seen."""
    newspaper.words = RIGHT
    case = named(send)
    decide(work, case)
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    assert owed(work, "case_resolved") == 0


def test_a_picture_is_not_looked_for_by_its_name(work: Work, send: Send) -> None:
    case = named(send, place=f"Photo: {NAMED['place']}", kind=Kind.MEDIA)
    assert due(work) == []
    look(work)
    assert quote(work, case)[0] == ""
    assert seen(work, case)[0] is None


@pytest.mark.parametrize("path", ["/", "/other"])
def test_words_that_stand_where_a_redirect_leads_are_not_those_of_the_article(
    work: Work, newspaper: Newspaper, send: Send, path: str
) -> None:
    newspaper.moved["/bridge"] = (302 if path == "/" else 301, path)
    case = named(send)
    look(work)
    assert quote(work, case)[0] == ""
    assert seen(work, case)[0] is FixState.UNCLEAR
    with work.database.read() as session:
        assert session.get_one(Case, case).article.url.endswith("/bridge")


def test_a_case_that_is_equal_once_its_words_are_found_is_suggested_not_joined(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    marked = send(WRONG)
    case, again = named(send), named(send, place=f"bridge was {WRONG} in", suggestion=f"bridge was {RIGHT} in")
    look(work)
    with work.database.read() as session:
        for number in (case, again):
            alike = joining.looks_like(session, session.get_one(Case, number))
            assert alike is not None
            assert alike[0].id in {marked, case, again} - {number}
        assert session.get_one(Case, marked).readers == 1


def test_the_guard_compares_the_suggestion_with_the_named_words(work: Work, send: Send) -> None:
    """Kind: words without a quote were compared with nothing, so that any figure in them was new, and none was changed."""
    spelling = named(send)
    fact = named(send, place="opend in 1978", suggestion="opend in 1987")
    with work.database.write() as session:
        editor = session.scalars(select(Editor)).one()
        changes = [wishes.change(session.get_one(Case, one)) for one in (spelling, fact)]
        assert [one.guard for one in changes if one] == [(), ("number", "date")]
        assert [session.get_one(Case, one).kind for one in (spelling, fact)] == [Kind.SPELLING, Kind.FACT]
        with pytest.raises(GuardedChange):
            cases.decide(session, session.get_one(Case, fact), Decision(Resolution.FIXED), actor=editor)
        cases.decide(session, session.get_one(Case, spelling), Decision(Resolution.FIXED), actor=editor)


def test_what_was_erased_while_the_article_was_being_read_gets_no_quote(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    case = named(send)

    def forget() -> None:
        with work.database.write() as session:
            session.get_one(Case, case).place = ""

    newspaper.meanwhile = forget
    look(work)
    assert quote(work, case)[0] == ""


def test_a_case_whose_words_are_found_keeps_the_version_that_editors_have_open(work: Work, send: Send) -> None:
    case_id = named(send)
    with work.database.read() as session:
        version = session.get_one(Case, case_id).version
    look(work)
    with work.database.write() as session:
        case, editor = session.get_one(Case, case_id), session.scalars(select(Editor)).one()
        cases.claim(session, case, actor=editor, version=version)
