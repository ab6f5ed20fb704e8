"""The case page says why a look cannot tell, and what stands there as the service reads it."""

from __future__ import annotations

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corrections_service.rules.workflow import Role
from corrections_service.services import looks
from corrections_service.store.database import Database
from corrections_service.store.models import Case, FixState
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in


@pytest.fixture
def visitor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """An editor at the desk."""
    return signed_in(app, db, newsroom.hire(Role.STANDARDS))


def shown(newsroom: Newsroom, visitor: Visitor, state: FixState, after: str = "", reason: str = "") -> LexborNode:
    """What the case page says of the page after one look."""
    case = newsroom.case_of(newsroom.send())
    with newsroom.db.write() as session:
        looks.see_fix(session, session.get_one(Case, case), state, after=after, reason=reason)
    page = visitor.get(f"/cases/{case}").get_data(as_text=True)
    card = LexborHTMLParser(page).css_first("section.fix")
    assert card is not None
    return card


@pytest.mark.parametrize("state", [FixState.APPLIED, FixState.CHANGED, FixState.GONE])
def test_a_passage_that_was_never_seen_as_reported_says_so(
    newsroom: Newsroom, visitor: Visitor, state: FixState
) -> None:
    """Kind: what always stood there, shown as "Changed otherwise"."""
    card = shown(newsroom, visitor, state, after="The <b>bridge was inaugurated.")
    assert "We cannot see this passage as readers do" in card.text()
    assert "closed by hand" in card.text()
    quoted = card.css_first("blockquote")
    assert quoted is not None
    assert quoted.text() == "The <b>bridge was inaugurated."
    assert not card.css("del, ins")


def test_words_that_stand_nowhere_are_said_to_be_not_on_the_page(newsroom: Newsroom, visitor: Visitor) -> None:
    """Kind: a reason that is known and not told."""
    card = shown(newsroom, visitor, FixState.UNCLEAR, reason=looks.NOWHERE)
    assert "These words are not on the page as the service reads it" in card.text()
    assert "Cannot tell" not in card.text()


def test_what_cannot_be_told_for_another_reason_says_only_that(newsroom: Newsroom, visitor: Visitor) -> None:
    assert "Cannot tell" in shown(newsroom, visitor, FixState.UNCLEAR).text()
