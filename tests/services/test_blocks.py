"""A site takes no reports from a sender, an address or a host for a time: with a reason, an end, and nothing lost (I9)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import State
from corrections_service.services import blocks, intake, limits, privacy, sites
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.store.database import Database
from corrections_service.store.models import Block, BlockKind, Editor, EventKind, Report, now
from tests.databases import SECRET
from tests.services.newsroom import BRIDGE, Newsroom

MONTH = timedelta(days=30)
Outcome = Submitted | errors.CorrectionsError


def come_in(newsroom: Newsroom, network: str = "192.0.2.0/24", **changes: Any) -> Outcome:
    """Let a report come in as the API does; what becomes of it."""
    newsroom.refresh()
    fields = Fields(**{"client_id": str(uuid.uuid4()), "url": "https://news.example/bridge", **BRIDGE, **changes})
    received = Received(Arrival(newsroom.site, fields, network), "off", SECRET)
    (outcome,) = newsroom.db.intake(intake.receive, received=[received])
    return outcome


def block(newsroom: Newsroom, editor: int, kind: BlockKind, value: str, **terms: Any) -> int:
    """Block something by hand; the number of the block."""
    usual = {"reason": "Insults.", "until": now() + MONTH, "is_shadow": False}
    with newsroom.db.write() as session:
        site, actor = sites.by_slug(session, newsroom.site.slug), session.get_one(Editor, editor)
        return blocks.add(session, site, kind, value, actor=actor, **{**usual, **terms}).id


def case_of(newsroom: Newsroom, outcome: Outcome) -> Any:
    """The case that a report went to."""
    assert isinstance(outcome, Submitted)
    return newsroom.look(newsroom.case_of(outcome))


def test_a_blocked_address_is_refused_however_it_is_written_and_nothing_of_it_is_stored(
    newsroom: Newsroom, editor: int
) -> None:
    block(newsroom, editor, BlockKind.ADDRESS, "troll@example.org")
    for address in ("troll@example.org", "TROLL@EXAMPLE.ORG"):
        assert isinstance(come_in(newsroom, email=address), errors.Blocked)
    assert newsroom.count(Report) == 0
    assert case_of(newsroom, come_in(newsroom, email="other@example.org")).state is State.NEW
    with newsroom.db.read() as session:
        assert "troll" not in "".join(map(str, session.execute(select(Block.mark, Block.label)).one()))


def test_in_the_shadow_a_report_is_acknowledged_and_set_aside_with_the_reason(newsroom: Newsroom, editor: int) -> None:
    genuine = case_of(newsroom, come_in(newsroom))
    block(newsroom, editor, BlockKind.ADDRESS, "troll@example.org", is_shadow=True)
    case = case_of(newsroom, come_in(newsroom, email="troll@example.org"))
    assert case.state is State.SPAM
    assert case.id != genuine.id
    with newsroom.db.read() as session:
        report = session.scalars(select(Report).where(Report.case_id == case.id)).one()
        assert report.spam_reasons == [blocks.REASON]
        assert report.suggestion == BRIDGE["suggestion"]
    assert newsroom.owed("case_new") == [("desk@news.example", "owed")]


@pytest.mark.parametrize(
    "changes",
    [
        {"source_url": "https://www.Spam.example/a?b"},
        {"source_url": "https://deep.down.spam.example/"},
        {"comment": "see http://spam.example/x."},
        {"suggestion": "www.spam.example"},
    ],
)
def test_a_blocked_host_stops_what_names_it_and_what_is_under_it(
    newsroom: Newsroom, editor: int, changes: dict[str, str]
) -> None:
    block(newsroom, editor, BlockKind.HOST, "https://spam.example/anything")
    assert isinstance(come_in(newsroom, **changes), errors.LinkBlocked)
    for honest in ("https://notspam.example/", "https://spam.example.org/", "https://example/"):
        assert isinstance(come_in(newsroom, source_url=honest), Submitted)


def test_a_sender_is_blocked_from_a_case_and_its_history_says_so(newsroom: Newsroom, editor: int) -> None:
    case = case_of(newsroom, come_in(newsroom, email="troll@example.org"))
    terms = {"reason": "Insults.", "until": now() + MONTH, "is_shadow": False}
    newsroom.act(blocks.block_sender, case.id, editor, 1, BlockKind.SENDER, **terms)
    assert newsroom.history(case.id)[-1] == EventKind.BLOCKED
    assert isinstance(come_in(newsroom, "198.51.100.0/24", email="troll@example.org"), errors.Blocked)
    with newsroom.db.write() as session:
        blocks.end(session, sites.by_slug(session, "news"), 1, actor=session.get_one(Editor, editor))
    assert newsroom.history(case.id)[-1] == EventKind.UNBLOCKED
    assert isinstance(come_in(newsroom, email="troll@example.org"), Submitted)
    with pytest.raises(errors.NotFound):
        newsroom.act(blocks.block_sender, case.id, editor, 99, BlockKind.SENDER, **terms)


def test_a_network_is_blocked_for_the_article_and_no_longer_than_its_mark_means_anything(
    newsroom: Newsroom, editor: int
) -> None:
    case = case_of(newsroom, come_in(newsroom))
    terms = {"reason": "Insults.", "until": now() + MONTH, "is_shadow": False}
    newsroom.act(blocks.block_sender, case.id, editor, 1, BlockKind.SENDER, **terms)
    assert isinstance(come_in(newsroom), errors.Blocked)
    assert isinstance(come_in(newsroom, "198.51.100.0/24"), Submitted)
    assert isinstance(come_in(newsroom, url="https://news.example/other"), Submitted)
    with newsroom.db.read() as session:
        assert session.scalars(select(Block.ends_at)).one() - now() <= timedelta(days=1)
    unknown = case_of(newsroom, come_in(newsroom, limits.UNKNOWN, exact="another", suggestion="one"))
    with newsroom.db.read() as session:
        number = session.scalars(select(Report.id).where(Report.case_id == unknown.id)).one()
    with pytest.raises(errors.InvalidFields, match="Nothing is kept"):
        newsroom.act(blocks.block_sender, unknown.id, editor, number, BlockKind.SENDER, **terms)


def test_a_block_ends_by_itself_and_its_mark_is_forgotten_later(newsroom: Newsroom, editor: int) -> None:
    block(newsroom, editor, BlockKind.ADDRESS, "troll@example.org")
    newsroom.change(Block, ends_at=now() - timedelta(seconds=1))
    assert isinstance(come_in(newsroom, email="troll@example.org"), Submitted)
    newsroom.change(Block, ends_at=now() - privacy.BLOCKS_SHOWN - timedelta(days=1))
    with newsroom.db.write() as session:
        privacy.forget_marks(session)
    assert newsroom.count(Block) == 0


@pytest.mark.parametrize(
    ("kind", "value", "terms", "field"),
    [
        (BlockKind.ADDRESS, "a@b.example", {"until": now() - timedelta(days=1)}, "until"),
        (BlockKind.ADDRESS, "a@b.example", {"until": now() + timedelta(days=400)}, "until"),
        (BlockKind.ADDRESS, "a@b.example", {"reason": "  "}, "reason"),
        (BlockKind.ADDRESS, "a@b.example", {"reason": "a" * 301}, "reason"),
        (BlockKind.ADDRESS, "no address", {}, "value"),
        (BlockKind.HOST, "localhost", {}, "value"),
        (BlockKind.HOST, "javascript:alert(1)", {}, "value"),
        (BlockKind.HOST, "", {}, "value"),
    ],
)
def test_a_block_needs_a_reason_an_end_within_a_year_and_something_to_block(
    newsroom: Newsroom, editor: int, kind: BlockKind, value: str, terms: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.InvalidFields) as refused:
        block(newsroom, editor, kind, value, **terms)
    assert list(refused.value.fields) == [field]
    assert newsroom.count(Block) == 0


def test_one_sites_blocks_are_nothing_to_another(db: Database, newsroom: Newsroom, editor: int) -> None:
    number = block(newsroom, editor, BlockKind.ADDRESS, "troll@example.org")
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
        with pytest.raises(errors.NotFound):
            blocks.end(session, other, number, actor=session.get_one(Editor, editor))
    neighbour = Newsroom(db, other)
    assert isinstance(come_in(neighbour, email="troll@example.org", url="https://gazette.example/a"), Submitted)


def test_the_same_again_takes_the_place_of_the_block_before(newsroom: Newsroom, editor: int) -> None:
    block(newsroom, editor, BlockKind.HOST, "spam.example")
    block(newsroom, editor, BlockKind.HOST, "www.spam.example", is_shadow=True)
    outcome = come_in(newsroom, source_url="https://spam.example/")
    assert case_of(newsroom, outcome).state is State.SPAM
    with newsroom.db.read() as session:
        active, over = blocks.of_site(session, newsroom.site)
        assert (len(active), len(over)) == (1, 1)


def test_what_was_stored_before_is_answered_as_it_was(newsroom: Newsroom, editor: int) -> None:
    """A reader whose answer was lost on the way hears of their report, blocked meanwhile or not."""
    number = str(uuid.uuid4())
    first = come_in(newsroom, client_id=number, email="troll@example.org")
    block(newsroom, editor, BlockKind.ADDRESS, "troll@example.org")
    again = come_in(newsroom, client_id=number, email="troll@example.org")
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert again.reference == first.reference
