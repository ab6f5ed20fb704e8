"""Readers are told when they see a change for as long as it was not seen, and nothing that is not so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.showing import Showing, showing, written
from corrections_service.rules.workflow import Decision, NoticeState, Resolution, Role
from corrections_service.services import answers, cases, freezes, history, joining, proposals, sites
from corrections_service.store.models import Case, Correction, FixState, now
from tests.services.newsroom import FERRY, NOTICE, SILENT, Newsroom, see


def told(newsroom: Newsroom, case: int) -> Showing:
    """What readers are told of the case."""
    with newsroom.db.read() as session:
        return answers.when_shown(session, session.get_one(Case, case))


def edition(days: int) -> date:
    """A day, so many days from today on."""
    return now().date() + timedelta(days=days)


@pytest.fixture
def cached(newsroom: Newsroom, case: int) -> int:
    """A case of a site whose cache keeps articles for a quarter of an hour, whose wrong words were seen."""
    with newsroom.db.write() as session:
        sites.choose(session.merge(newsroom.site), cache_minutes=15)
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    return case


@pytest.mark.parametrize("kept", ["now", "cache 15", "print 2026-11-03"])
def test_what_is_kept_is_read_again(kept: str) -> None:
    shown = showing(kept)
    way = kept.partition(" ")[0]
    assert written(way, minutes=shown.minutes, edition=f"{shown.edition or ''}") == kept
    assert showing("") == Showing()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language_with_its_time(language: str) -> None:
    words = catalogue_in(language)
    assert "15" in Showing(minutes=15).sentence(words).translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    assert words.day(date(2026, 11, 3)) in Showing(edition=date(2026, 11, 3)).sentence(words)
    assert Showing().sentence(words) == ""


def test_it_is_told_from_the_decision_until_the_fix_is_seen(newsroom: Newsroom, cached: int, editor: int) -> None:
    assert told(newsroom, cached) == Showing()
    newsroom.decide(cached, editor, Resolution.CORRECTED, **NOTICE)
    assert told(newsroom, cached) == Showing(minutes=15)
    see(newsroom, cached, FixState.APPLIED, after="was opened in 1978")
    assert told(newsroom, cached) == Showing()


def test_an_editor_says_otherwise_and_what_is_undone_or_declined_is_told_nobody(
    newsroom: Newsroom, cached: int, editor: int
) -> None:
    newsroom.decide(cached, editor, Resolution.CORRECTED, shows="now", **NOTICE)
    assert told(newsroom, cached) == Showing()
    newsroom.act(history.undo, cached, editor)
    newsroom.decide(cached, editor, Resolution.FIXED, shows=f"print {edition(1)}", **SILENT)
    assert told(newsroom, cached) == Showing(edition=edition(1))
    newsroom.act(history.undo, cached, editor)
    assert told(newsroom, cached) == Showing()
    newsroom.decide(cached, editor, Resolution.NOT_AN_ERROR)
    assert told(newsroom, cached) == Showing()


def test_nothing_is_told_once_the_edition_is_out_or_the_cache_is_over(
    newsroom: Newsroom, cached: int, editor: int
) -> None:
    newsroom.decide(cached, editor, Resolution.FIXED, shows=f"print {edition(-2)}", **SILENT)
    assert told(newsroom, cached) == Showing()
    newsroom.act(cases.reopen, cached, editor)
    newsroom.decide(cached, editor, Resolution.FIXED, **SILENT)
    newsroom.act(cases.close, cached, editor, "The page cannot be read.")
    assert told(newsroom, cached) == Showing(minutes=15)
    newsroom.settle(now() - timedelta(minutes=16))
    assert told(newsroom, cached) == Showing()


def test_an_approved_decision_shows_when_it_was_proposed_to(newsroom: Newsroom, cached: int, editor: int) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    clarified = Decision(Resolution.CLARIFIED, shows=f"print {edition(3)}", **NOTICE)
    newsroom.act(proposals.propose, cached, editor, clarified)
    assert told(newsroom, cached) == Showing()
    newsroom.act(proposals.approve, cached, standards)
    assert told(newsroom, cached) == Showing(edition=edition(3))


def test_nothing_is_promised_of_what_is_held_or_has_to_be_approved(
    newsroom: Newsroom, cached: int, editor: int
) -> None:
    newsroom.hire(Role.STANDARDS)
    newsroom.decide(cached, editor, Resolution.CORRECTED, shows=f"print {edition(1)}", **NOTICE)
    assert told(newsroom, cached) == Showing(edition=edition(1))
    newsroom.act(freezes.freeze, cached, editor, "The court has it.")
    assert told(newsroom, cached) == Showing()
    newsroom.change(Case, frozen_until=None)
    assert told(newsroom, cached) == Showing(edition=edition(1))
    for state in (NoticeState.ASKED, NoticeState.DRAFT):
        newsroom.change(Correction, state=state)
        assert told(newsroom, cached) == Showing()


def test_no_promise_begins_anew_where_something_came_to_a_closed_case(
    newsroom: Newsroom, cached: int, editor: int
) -> None:
    """Kind: readers were told hours later, or days, that it can take a quarter of an hour until they see the change."""
    newsroom.decide(cached, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.act(cases.close, cached, editor, "The page cannot be read.")
    assert told(newsroom, cached) == Showing(minutes=15)
    newsroom.settle(now() - timedelta(hours=2))
    other = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, other, editor, cached)
    assert told(newsroom, cached) == Showing()
