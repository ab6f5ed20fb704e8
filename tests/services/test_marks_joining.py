"""Neither the log nor a reader is told what is not so when a case is merged into one that is decided, or parted from it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, history, joining, parting, readers, reports
from corrections_service.store.models import Delivery, DeliveryState, Entry, Report
from tests.services.newsroom import FERRY, NOTICE, PRINTED, SILENT, Newsroom, public

WITHOUT_NOTICE = [(Resolution.NOT_AN_ERROR, {}), (Resolution.FIXED, SILENT)]


def entered(newsroom: Newsroom) -> list[str]:
    """What the chain of the public log says, in order."""
    with newsroom.db.read() as session:
        return [str(kind) for kind in session.scalars(select(Entry.kind).order_by(Entry.number))]


def answers(newsroom: Newsroom, *states: str) -> list[str]:
    """To whom answers are owed, or were sent."""
    return [address for address, state in newsroom.owed("case_resolved") if state in (states or ("owed", "sent"))]


def send_all(newsroom: Newsroom) -> None:
    """Let all mail that is owed have gone."""
    newsroom.change(Delivery, next_at=Delivery.created_at)
    with newsroom.db.write() as session:
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(state=DeliveryState.SENT))


def number_of(newsroom: Newsroom, token: str) -> int:
    """The report behind a link."""
    with newsroom.db.read() as session:
        return reports.by_token(session, token).id


@pytest.fixture
def told(newsroom: Newsroom, case: int, editor: int) -> int:
    """A case whose correction is public."""
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    return case


@pytest.fixture
def ferry(newsroom: Newsroom) -> int:
    """Another case, whose reader wants an answer."""
    return newsroom.case_of(newsroom.send(**FERRY, email="bob@example.org"))


@pytest.mark.parametrize(("resolution", "said"), WITHOUT_NOTICE)
@pytest.mark.parametrize("is_questioned", [True, False])
def test_a_case_with_a_notice_is_not_merged_into_one_that_is_decided_without(
    newsroom: Newsroom,
    told: int,
    ferry: int,
    editor: int,
    resolution: Resolution,
    said: dict[str, str],
    is_questioned: bool,
) -> None:
    if is_questioned:
        newsroom.act(cases.reopen, told, editor)
    newsroom.decide(ferry, editor, resolution, **said)
    before = entered(newsroom)
    with pytest.raises(errors.InvalidFields, match="without a notice"):
        newsroom.act(joining.merge, told, editor, ferry)
    assert (newsroom.look(told).state is State.MERGED, entered(newsroom)) == (False, before)
    newsroom.act(cases.reopen, ferry, editor)
    newsroom.act(joining.merge, told, editor, ferry)
    newsroom.decide(ferry, editor, Resolution.OPINION, retraction="It was no error.")
    assert (public(newsroom), entered(newsroom)[-1]) == ([], "retracted")


def test_nor_is_one_whose_notice_is_on_its_way(newsroom: Newsroom, case: int, ferry: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.decide(ferry, editor, Resolution.NOT_AN_ERROR)
    with pytest.raises(errors.InvalidFields, match="without a notice"):
        newsroom.act(joining.merge, case, editor, ferry)


def test_a_case_whose_only_reader_took_it_back_takes_no_other_readers(
    newsroom: Newsroom, case: int, ferry: int, editor: int
) -> None:
    """They would be told that they had taken theirs back."""
    with newsroom.db.write() as session:
        readers.withdraw(session, session.scalars(select(Report).where(Report.case_id == ferry)).one())
    with pytest.raises(errors.InvalidFields, match="taken back"):
        newsroom.act(joining.merge, case, editor, ferry)


def test_who_comes_to_a_closed_case_is_told_how_it_was_closed_once(
    newsroom: Newsroom, case: int, ferry: int, editor: int
) -> None:
    newsroom.decide(ferry, editor, Resolution.NOT_AN_ERROR, reason="It is so.")
    send_all(newsroom)
    newsroom.act(joining.merge, case, editor, ferry)
    assert answers(newsroom) == ["bob@example.org", "ann@example.org"]
    with newsroom.db.read() as session:
        mails = select(Delivery).where(Delivery.recipient == "ann@example.org", Delivery.template == "case_resolved")
        mail = session.scalars(mails).one()
        assert (mail.case_id, mail.data["reason"]) == (ferry, "It is so.")
    newsroom.act(history.undo, case, editor)
    assert answers(newsroom) == ["bob@example.org"]
    assert newsroom.look(case).state is State.NEW


def test_an_answer_that_waited_is_owed_again_when_its_report_comes_back(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    second = newsroom.send(email="cy@example.org")
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert answers(newsroom) == ["ann@example.org", "cy@example.org"]
    newsroom.act(parting.split, case, editor, number_of(newsroom, second.token))
    assert answers(newsroom) == ["ann@example.org"]
    newsroom.act(history.undo, case, editor)
    assert answers(newsroom) == ["ann@example.org", "cy@example.org"]


def test_a_question_that_waited_is_asked_when_its_report_comes_back(
    newsroom: Newsroom, case: int, ferry: int, editor: int
) -> None:
    second = newsroom.send(email="cy@example.org")
    newsroom.act(cases.ask, case, editor, "Which bridge?")
    newsroom.act(parting.move, case, editor, number_of(newsroom, second.token), ferry)
    assert newsroom.owed("case_asked")[1] == ("cy@example.org", "cancelled")
    newsroom.act(history.undo, case, editor)
    assert newsroom.owed("case_asked")[1] == ("cy@example.org", "owed")


def test_what_was_being_looked_at_is_so_again_when_a_merge_is_undone_and_what_was_not_is_not(
    newsroom: Newsroom, told: int, ferry: int, editor: int
) -> None:
    newsroom.decide(ferry, editor, Resolution.CORRECTED, **{**PRINTED, "notice": "It was opened in 1978."})
    assert len(public(newsroom)) == 2
    newsroom.act(cases.reopen, told, editor)
    newsroom.act(joining.merge, told, editor, ferry)
    newsroom.act(history.undo, told, editor)
    assert entered(newsroom)[2:] == ["reopened", "replaced", "restored", "reopened"]
    newsroom.decide(told, editor, Resolution.OPINION, retraction="It was none.")


def test_a_closed_case_that_is_parted_from_an_open_one_is_not_said_to_be_looked_at(
    newsroom: Newsroom, told: int, ferry: int, editor: int
) -> None:
    newsroom.decide(ferry, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.act(joining.merge, told, editor, ferry)
    newsroom.act(cases.reopen, ferry, editor)
    newsroom.act(history.undo, told, editor)
    assert entered(newsroom) == ["published", "reopened", "kept"]


def test_spam_that_was_none_is_looked_at_again_only_where_it_was_before(
    newsroom: Newsroom, told: int, editor: int
) -> None:
    newsroom.act(cases.reopen, told, editor)
    newsroom.act(history.undo, told, editor)
    assert entered(newsroom) == ["published", "reopened", "kept"]
    newsroom.act(cases.mark_spam, told, editor)
    newsroom.act(history.undo, told, editor)
    assert entered(newsroom) == ["published", "reopened", "kept"]
