"""What the service never saw as its readers do is not called fixed, and nobody is told so; the case says why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Decision, Resolution, State
from corrections_service.services import cases, looks
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Event, FixState
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import AFTER, BEFORE, REST, RIGHT, WRONG, Newspaper, decide, look, owed, seen, undo


def why(work: Work, case_id: int) -> str:
    """Why the last look could not tell."""
    with work.database.read() as session:
        told = looks.last_look(session, session.get_one(Case, case_id))
        return str(told.data.get("reason", "")) if told else ""


def close(work: Work, case_id: int) -> None:
    """Close by hand."""
    with work.database.write() as session:
        cases.close(
            session,
            session.get_one(Case, case_id),
            "It reads right in print.",
            actor=session.scalars(select(Editor)).one(),
        )


ON_PAGE = {  # what readers see, and what the page's source says at each look
    "a page made by script": ("opend", ["{{ bridge.state }}"]),
    "a formula": ("opend at E = mc²", [r"opend at \(E = mc^2\)"]),
    "an emoji replaced by a picture": ("opend and blessed", ["opend 😀 and blessed"]),
    "a headline in another variant": ("opend", ["inaugurated"]),
    "headlines in turn": ("opend", ["inaugurated", "finished", "inaugurated", "finished"]),
    "a time that passes": ("opend 5 minutes ago", ["opend 6 minutes ago", "opend 2 hours ago", "opend 3 hours ago"]),
    "a time that passes, after the words stood": ("opend 5 minutes ago", ["opend 5 minutes ago", "opend 2 hours ago"]),
    "a counter": ("opend", ["seen by 12", "seen by 15", "seen by 21"]),
    "the suggestion": ("opend", [RIGHT]),
}


@pytest.mark.parametrize("kind", ON_PAGE)
def test_what_was_never_seen_as_reported_is_not_told_as_fixed(
    work: Work, newspaper: Newspaper, send: Send, kind: str
) -> None:
    """Kind: a state of the page that the service saw from the first look on, taken for news."""
    exact, wordings = ON_PAGE[kind]
    newspaper.words = wordings[0]
    case = send(exact)
    look(work)
    if not kind.startswith("headlines in turn"):
        decide(work, case)
    for words in [*wordings, wordings[-1]]:
        newspaper.words = words
        look(work)
    if kind.startswith("headlines in turn"):
        decide(work, case)
        newspaper.words = wordings[0]
        look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    assert owed(work, "case_resolved") == 0
    close(work, case)
    assert seen(work, case)[1] is State.CLOSED
    assert owed(work, "case_resolved") == 1


def test_a_passage_that_was_never_seen_as_reported_says_so_and_what_stands_there(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    newspaper.words = "inaugurated"
    case = send(WRONG)
    look(work)
    assert why(work, case) == looks.UNSEEN
    with work.database.read() as session:
        told = looks.last_look(session, session.get_one(Case, case))
        assert told is not None
        assert (told.data["seen"], told.data["passage"]) == ("changed", "inaugurated")
        assert told.data["stands"] == f"{BEFORE}inaugurated{AFTER}"
        assert session.get_one(Case, case).fix_after == ""


def test_a_passage_that_reads_otherwise_than_at_the_first_look_was_changed(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    newspaper.words = "finished"
    case = send(WRONG)
    look(work)
    decide(work, case)
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    assert owed(work, "case_resolved") == 1


def test_a_report_from_a_page_that_was_changed_before_it_came_is_seen_fixed_where_the_words_were_read_before(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    """Kind: a case that is younger than the fix; an earlier look at its article is an earlier look."""
    send("longer than anybody")
    look(work)
    newspaper.words = RIGHT
    case = send(WRONG)
    decide(work, case)
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    with work.database.read() as session:
        assert session.get_one(Case, case).fix_before == f"{BEFORE}{WRONG}{AFTER}"


def test_what_an_editor_calls_fixed_already_is_watched_though_it_was_never_seen_wrong(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    newspaper.words = RIGHT
    case_id = send(WRONG)
    look(work)
    with work.database.write() as session:
        case, editor = session.get_one(Case, case_id), session.scalars(select(Editor)).one()
        cases.decide(session, case, Decision(Resolution.ALREADY_FIXED), actor=editor)
    look(work)
    assert seen(work, case_id) == (FixState.APPLIED, State.CLOSED)
    newspaper.words = WRONG
    look(work)
    assert seen(work, case_id) == (FixState.PRESENT, State.OPEN)


def test_no_reader_is_told_that_an_article_was_fixed_already_which_a_look_sees_wrong(
    work: Work, newspaper: Newspaper, send: Send
) -> None:
    """Once: who says so again knows better than the service."""
    newspaper.words = WRONG
    case_id = send(WRONG)
    look(work)

    def call_fixed() -> None:
        with work.database.write() as session:
            case, editor = session.get_one(Case, case_id), session.scalars(select(Editor)).one()
            cases.decide(session, case, Decision(Resolution.ALREADY_FIXED), actor=editor)

    def mails() -> list[DeliveryState]:
        with work.database.read() as session:
            query = select(Delivery.state).where(Delivery.template == "case_resolved").order_by(Delivery.id)
            return list(session.scalars(query))

    call_fixed()
    assert mails() == [DeliveryState.OWED]
    look(work)
    assert seen(work, case_id) == (FixState.PRESENT, State.OPEN)
    assert mails() == [DeliveryState.CANCELLED]
    call_fixed()
    look(work)
    assert seen(work, case_id) == (FixState.PRESENT, State.CLOSED)
    assert mails() == [DeliveryState.CANCELLED, DeliveryState.OWED]


def test_words_that_stand_nowhere_on_a_page_that_was_read_say_so(
    work: Work, newspaper: Newspaper, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind: a reason that is known and not told."""
    case = send(WRONG)
    monkeypatch.setattr(newspaper, "page", lambda: f"<html><body><p>About ferries.</p>{REST}</body></html>")
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.NEW)
    assert why(work, case) == looks.NOWHERE


def test_words_that_stand_elsewhere_or_on_a_page_that_was_cut_are_not_said_to_stand_nowhere(
    work: Work, newspaper: Newspaper, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = send(WRONG)
    page = f"<html><body><p>The shop {WRONG} at nine.</p>{REST}</body></html>"
    monkeypatch.setattr(newspaper, "page", lambda: page)
    look(work)
    assert (seen(work, case)[0], why(work, case)) == (FixState.UNCLEAR, "")
    monkeypatch.setattr(newspaper, "page", lambda: "<html><body><p>Subscribe to read on.</p></body></html>")
    look(work)
    assert (seen(work, case)[0], why(work, case)) == (FixState.UNCLEAR, "")


def test_an_article_cut_to_a_teaser_is_no_removal_and_its_text_is_kept(
    work: Work, newspaper: Newspaper, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind: a short article among much furniture, of which less than half of the page is missing."""
    short = "".join(f"<p>Sentence {number} of the article says little.</p>" for number in range(5))
    furniture = "<footer>" + "".join(f"<p>Topic {number}</p>" for number in range(60)) + "</footer>"
    case = send(WRONG)

    def whole() -> str:
        return f"<html><body>{short}<p>{BEFORE}{newspaper.words}{AFTER}</p>{furniture}</body></html>"

    monkeypatch.setattr(newspaper, "page", whole)
    look(work)
    assert seen(work, case)[0] is FixState.PRESENT
    decide(work, case)
    teaser = f"<html><body>{short[: len(short) // 2]}...</p>{furniture}</body></html>"
    monkeypatch.setattr(newspaper, "page", lambda: teaser)
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    monkeypatch.setattr(newspaper, "page", whole)
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)


def test_nobody_is_told_of_a_wording_that_comes_and_goes(work: Work, newspaper: Newspaper, send: Send) -> None:
    """Kind: a page whose text alternates."""
    case = send(WRONG)
    for words in (WRONG, "finished", WRONG):
        newspaper.words = words
        look(work)
    decide(work, case)
    newspaper.words = "finished"
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    assert owed(work, "case_resolved") == 0
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)


def test_before_and_after_are_told_only_of_a_change_that_was_seen(work: Work, newspaper: Newspaper, send: Send) -> None:
    """Kind: an answer after closing by hand that shows an older wording as what stands now."""
    case = send(WRONG)
    for words in (WRONG, "finished", WRONG):
        newspaper.words = words
        look(work)
    decide(work, case)
    close(work, case)
    with work.database.read() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.template == "case_resolved")).one()
        message = str(work.mailer.compose([delivery], together=[delivery.id]).body)
    assert "finished" not in message
    undo(work, case)
    with work.database.read() as session:
        assert session.scalars(select(Event.kind).where(Event.case_id == case)).all()[-1] == "undone"
