"""What holds a case is lifted by who may, and is lost neither by freezing anew nor by merging, moving and splitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, Role, State
from corrections_service.services import corrections, freezes, history, joining, log, moves, notices, parting
from corrections_service.store.models import NEVER, Article, Case, Correction, Report, now
from tests.services.newsroom import FERRY, NOTICE, PRINTED, Newsroom, public


@pytest.fixture
def held(newsroom: Newsroom, case: int) -> int:
    """A case of two readers that is held for legal reasons."""
    newsroom.send()
    newsroom.act(freezes.freeze, case, newsroom.hire(Role.STANDARDS), "The court has it.")
    return case


def last_report(newsroom: Newsroom, case: int) -> int:
    with newsroom.db.read() as session:
        return session.scalars(select(Report.id).where(Report.case_id == case).order_by(Report.id.desc())).all()[0]


def test_a_legal_hold_is_overwritten_only_by_who_may_lift_it(newsroom: Newsroom, held: int, editor: int) -> None:
    soon = now() + timedelta(minutes=1)
    with pytest.raises(errors.NotPermitted):
        newsroom.act(freezes.freeze, held, editor, "Over soon.", until=soon, lifts=Role.EDITOR)
    assert newsroom.look(held).frozen_until == NEVER
    with pytest.raises(errors.NotPermitted):
        newsroom.act(freezes.lift, held, editor, "It is over.")
    newsroom.act(freezes.freeze, held, newsroom.hire(Role.ADMIN), "Until Monday.", until=soon, lifts=Role.EDITOR)
    newsroom.act(freezes.lift, held, editor, "It is over.")


def test_an_embargo_that_is_over_lets_any_editor_freeze_anew(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(freezes.freeze, case, editor, "Embargo.", until=now() + timedelta(days=1), lifts=Role.ADMIN)
    newsroom.change(Case, frozen_until=now() - timedelta(seconds=1))
    newsroom.act(freezes.freeze, case, editor, "Another embargo.")
    assert newsroom.look(case).frozen_until == NEVER


def test_a_frozen_case_and_its_reports_are_put_under_no_other_case(newsroom: Newsroom, held: int, editor: int) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    with pytest.raises(errors.Frozen, match="lifted first"):
        newsroom.act(joining.merge, held, editor, ferry)
    with pytest.raises(errors.Frozen, match="lifted first"):
        newsroom.act(parting.move, held, editor, last_report(newsroom, held), ferry)
    newsroom.act(joining.merge, ferry, editor, held)
    assert (newsroom.look(ferry).state, newsroom.look(held).frozen_until) == (State.MERGED, NEVER)


def test_what_is_split_off_a_frozen_case_is_held_with_it(newsroom: Newsroom, held: int, editor: int) -> None:
    own = newsroom.act(parting.split, held, editor, last_report(newsroom, held)).id
    assert newsroom.look(own).frozen_until == NEVER
    with pytest.raises(errors.NotPermitted):
        newsroom.act(freezes.lift, own, editor, "It is over.")
    newsroom.act(history.undo, held, editor)
    assert newsroom.look(own).state is State.MERGED


def test_articles_that_become_one_leave_a_frozen_case_for_itself(newsroom: Newsroom, held: int) -> None:
    twin = newsroom.case_of(newsroom.send(url="https://news.example/other"))
    with newsroom.db.write() as session:
        article = session.scalars(select(Article).where(Article.url.endswith("/bridge"))).one()
        moves.join(session, article, "https://news.example/other")
    assert (newsroom.look(held).state, newsroom.look(twin).state) == (State.NEW, State.NEW)
    assert newsroom.history(held)[-1] == "suggested"


def publish_due(newsroom: Newsroom) -> list[str]:
    """What the log says once all that is due at this moment is public."""
    with newsroom.db.write() as session:
        notices.publish_due(session)
    with newsroom.db.read() as session:
        return [one.text for one in log.page(session, newsroom.site)[0] if one.retracted_at is None]


@pytest.fixture
def overdue(newsroom: Newsroom, held: int, editor: int) -> int:
    """A case that is held, with a notice that waited for nothing else since long ago."""
    newsroom.decide(held, editor, Resolution.CORRECTED, **PRINTED)
    with newsroom.db.write() as session:
        session.execute(update(Correction).values(publish_at=now() - timedelta(days=1)))
    assert publish_due(newsroom) == []
    return held


@pytest.mark.parametrize("way", ["lifted", "undone"])
def test_what_was_held_stays_inside_for_as_long_as_a_decision_once_it_is_let_go(
    newsroom: Newsroom, case: int, editor: int, way: str
) -> None:
    admin, begun = newsroom.hire(Role.ADMIN), now()
    newsroom.decide(case, admin, Resolution.CORRECTED, **PRINTED)
    newsroom.act(freezes.freeze, case, admin, "The court has it.")
    newsroom.change(Correction, publish_at=begun - timedelta(days=1))
    if way == "lifted":
        newsroom.act(freezes.lift, case, admin, "It is over.")
    else:
        newsroom.act(history.undo, case, admin)
    with newsroom.db.read() as session:
        assert session.scalars(select(Correction.publish_at)).one() >= begun + corrections.UNDO
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_lift_is_undone_unseen_before_anything_was_public(newsroom: Newsroom, overdue: int) -> None:
    standards, begun = newsroom.hire(Role.STANDARDS, "standards@news.example"), now()
    newsroom.act(freezes.lift, overdue, standards, "It is over.")
    looked = newsroom.look(overdue).recheck_at
    assert looked is not None
    assert looked >= begun + corrections.UNDO, "no look closes it before"
    newsroom.act(history.undo, overdue, standards)
    assert newsroom.look(overdue).frozen_until == NEVER
    assert public(newsroom) == []
    with newsroom.db.read() as session:
        (notice,) = session.scalars(select(Correction))
        assert (notice.published_at, notice.retracted_at) == (None, None)
    newsroom.act(freezes.lift, overdue, standards, "Now it is.")
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_lift_that_is_undone_late_takes_back_in_sight_what_is_public_since(newsroom: Newsroom, overdue: int) -> None:
    standards = newsroom.hire(Role.STANDARDS, "standards@news.example")
    newsroom.act(freezes.lift, overdue, standards, "It is over.")
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(history.undo, overdue, standards)
    assert public(newsroom) == []
    with newsroom.db.read() as session:
        first, again = session.scalars(select(Correction).order_by(Correction.id))
        assert (first.published_at is not None, first.retracted_at is not None) == (True, True)
        assert (again.text, again.published_at, again.retracted_at) == (first.text, None, None)
    newsroom.act(freezes.lift, overdue, standards, "Now it is.")
    assert public(newsroom) == [NOTICE["notice"]]
