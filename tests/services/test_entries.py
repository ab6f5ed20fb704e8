"""The log's chain: what becomes of a public notice is written down with it, and nothing of it can change unseen."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select, text, update

from corrections_service.rules import chain
from corrections_service.rules.workflow import NoticeState, Resolution, Role
from corrections_service.services import cases, entries, history, notices, privacy, sites
from corrections_service.store.models import Case, Checkpoint, Correction, Entry, EntryKind, EventKind, FixState, now
from tests.databases import SECRET
from tests.services.newsroom import FERRY, PRINTED, Newsroom, make_public


def published(newsroom: Newsroom, editor: int, **changes: str) -> int:
    """A case whose correction is public; its number."""
    case = newsroom.case_of(newsroom.send(**changes))
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    make_public(newsroom)
    return case


def written(newsroom: Newsroom) -> list[dict[str, object]]:
    """The log's entries, once they are verified."""
    with newsroom.db.read() as session:
        verified = entries.verify(session, newsroom.site)
        contents = [json.loads(content) for content in session.scalars(select(Entry.content).order_by(Entry.number))]
    assert verified.entries == len(contents)
    return contents


def kinds(newsroom: Newsroom) -> list[object]:
    """What the log's entries say, in order."""
    return [entry["what"] for entry in written(newsroom)]


def test_what_is_public_stands_in_the_chain_of_its_site_with_the_hash_of_the_one_before(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    published(newsroom, editor)
    published(newsroom, editor, **FERRY)
    first, second = written(newsroom)
    assert (first["number"], second["number"], first["previous"]) == (1, 2, chain.FIRST)
    assert second["previous"] == chain.digest(chain.canonical(first))
    assert (first["what"], first["text"], first["class"]) == ("published", PRINTED["notice"], "correction")


def test_of_readers_there_is_nothing_in_an_entry_and_who_is_erased_leaves_it_valid(newsroom: Newsroom) -> None:
    sent = newsroom.send(comment="I was there myself", email="ann@readers.example", suggestion="in 1978, says Ann")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    make_public(newsroom)
    before = written(newsroom)
    assert "Ann" not in json.dumps(before)
    assert "readers" not in json.dumps(before)
    with newsroom.db.write() as session:
        assert privacy.erase_reader(session, "ann@readers.example") == 1
    assert written(newsroom) == before


def test_what_nobody_has_seen_leaves_no_entry(newsroom: Newsroom) -> None:
    case, editor = newsroom.case_of(newsroom.send()), newsroom.hire()
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    newsroom.act(history.undo, case, editor)
    make_public(newsroom)
    assert kinds(newsroom) == []


def test_a_case_that_is_opened_again_leaves_its_entry_and_says_what_became_of_it(newsroom: Newsroom) -> None:
    """A reopened case's notice stands, is replaced in sight, and is taken back with its reason."""
    editor = newsroom.hire(Role.STANDARDS)
    case = published(newsroom, editor)
    newsroom.act(cases.reopen, case, editor, "a reader doubts it")
    assert kinds(newsroom) == ["published", "reopened"]
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**PRINTED, "notice": "It was opened in 1979."})
    make_public(newsroom)
    assert kinds(newsroom) == ["published", "reopened", "replaced", "published"]
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="The archive had it right.")
    found = written(newsroom)
    assert [entry["what"] for entry in found[4:]] == ["reopened", "retracted"]
    assert (found[2]["replaced_by"], found[5]["reason"]) == (found[3]["correction"], "The archive had it right.")
    assert "a reader doubts it" not in json.dumps(found), "what editors say among themselves is not published"


def test_a_retraction_that_is_undone_is_said_to_be(newsroom: Newsroom) -> None:
    editor = newsroom.hire(Role.STANDARDS)
    case = published(newsroom, editor)
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="The archive had it right.")
    newsroom.act(history.undo, case, editor)
    assert kinds(newsroom) == ["published", "reopened", "retracted", "restored", "reopened"], "the case is open again"
    assert written(newsroom)[-1]["reason"] == ""


def test_opening_again_that_is_undone_says_that_the_notice_stands(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    case = published(newsroom, editor)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(history.undo, case, editor)
    assert kinds(newsroom) == ["published", "reopened", "kept"]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Correction, {"text": "It said nothing wrong."}),
        (Correction, {"wrong": "opened in 1997"}),
        (Correction, {"ran": "print 2026-11-03"}),
        (Correction, {"retracted_at": now()}),
        (Correction, {"published_at": now()}),
        (Entry, {"content": "{}"}),
        (Entry, {"hash": "0" * 64}),
        (Entry, {"number": 7}),
        (Entry, {"kind": EntryKind.KEPT}),
        (Entry, {"at": now() - timedelta(days=3)}),
        (Entry, {"correction_id": 1}),
        (Correction, {"state": NoticeState.READY}),
    ],
)
def test_a_change_behind_the_services_back_is_named(
    newsroom: Newsroom, model: type[Any], values: dict[str, object]
) -> None:
    editor = newsroom.hire()
    published(newsroom, editor)
    published(newsroom, editor, **FERRY)
    with newsroom.db.write() as session:
        number = Correction.id if model is Correction else Entry.number
        session.execute(update(model).where(number == 2).values(**values))
    with newsroom.db.read() as session, pytest.raises(chain.BadChain, match=r"entry 2|entry 1$"):
        entries.verify(session, newsroom.site)


def test_a_notice_that_is_gone_is_missed(newsroom: Newsroom) -> None:
    published(newsroom, newsroom.hire())
    newsroom.change(Correction, entered=False)
    with newsroom.db.read() as session, pytest.raises(chain.BadChain, match="is gone"):
        entries.verify(session, newsroom.site)


def test_those_that_are_published_at_the_same_moment_form_one_chain(newsroom: Newsroom) -> None:
    """Replicas: each worker publishes for itself."""
    editor = newsroom.hire()
    for number in range(6):
        case = newsroom.case_of(newsroom.send(exact=f"wrong {number}", suggestion=f"right {number}"))
        newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    newsroom.change(Correction, publish_at=now())
    start = threading.Barrier(3)

    def publish() -> None:
        start.wait()
        with newsroom.db.write() as session:
            notices.publish_due(session)

    workers = [threading.Thread(target=publish) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert kinds(newsroom) == ["published"] * 6


def test_each_site_has_a_chain_of_its_own(newsroom: Newsroom) -> None:
    published(newsroom, newsroom.hire())
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://other.example"], desk="d@other.example")
    theirs = Newsroom(newsroom.db, other)
    published(theirs, theirs.hire(email="ed@other.example"), url="https://other.example/a")
    with newsroom.db.read() as session:
        assert [entries.verify(session, site).entries for site in (newsroom.site, other)] == [1, 1]


def test_what_an_earlier_version_published_is_entered_when_there_is_time(newsroom: Newsroom) -> None:
    """An upgrade with data."""
    editor = newsroom.hire()
    published(newsroom, editor)
    published(newsroom, editor, **FERRY)
    with newsroom.db.write() as session:
        session.query(Entry).delete()
        session.execute(update(Correction).values(entered=False))
        session.execute(update(Correction).where(Correction.id == 1).values(retracted_at=now()))
    with newsroom.db.write() as session:
        while entries.enter_due(session):
            pass
    assert kinds(newsroom) == ["published", "retracted", "published"]


def test_a_checkpoint_is_signed_once_a_day_and_goes_with_the_log(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    published(newsroom, editor)
    for _ in range(2):
        with newsroom.db.write() as session:
            entries.sign_due(session, SECRET)
    published(newsroom, editor, **FERRY)
    with newsroom.db.read() as session:
        assert entries.verify(session, newsroom.site).checkpoints == 1
        (line,) = [line for line in entries.lines(session, newsroom.site) if line.startswith('{"checkpoint"')]
        assert json.loads(line)["checkpoint"]["entries"] == 1
        assert entries.keys(session, newsroom.site) == [chain.public_key(SECRET)]
    newsroom.change(Checkpoint, signature="A" * 86)
    with newsroom.db.read() as session, pytest.raises(chain.BadChain, match="checkpoint behind entry 1"):
        entries.verify(session, newsroom.site)


def test_an_upgrade_takes_the_look_that_closed_a_case_for_when_it_read_right_and_the_last_look_for_nothing(
    newsroom: Newsroom, editor: int
) -> None:
    """The log would say it for ever, signed: what nobody knows is left out."""
    closed, unknown = newsroom.case_of(newsroom.send()), newsroom.case_of(newsroom.send(**FERRY))
    earlier, then = now() - timedelta(days=300), now() - timedelta(days=200)
    with newsroom.db.write() as session:
        first, second = session.get_one(Case, closed), session.get_one(Case, unknown)
        history.record(session, first, EventKind.FIX_SEEN).at = earlier
        history.record(session, first, EventKind.CAME_BACK)
        history.record(session, first, EventKind.AUTO_CLOSED).at = then
        history.record(session, second, EventKind.FIX_SEEN)
        history.record(session, second, EventKind.REOPENED)
    newsroom.change(Case, fix_state=FixState.APPLIED, fix_checked_at=now(), fixed_at=None)
    with newsroom.db.write() as session:
        session.execute(text(import_module("corrections_service.store.migrations.versions.0023_entries").SEEN_RIGHT))
    assert newsroom.look(closed).fixed_at == then
    with newsroom.db.read() as session:
        assert entries.right_since(session.get_one(Case, unknown)) is None


def test_a_notice_is_looked_at_again_once_its_case_comes_back_from_the_spam(newsroom: Newsroom) -> None:
    """Kind: a case was put with the spam while its notice was public and its fix awaited; back from there it was undecided."""
    editor, case = newsroom.hire(Role.STANDARDS), newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    make_public(newsroom)
    newsroom.act(cases.mark_spam, case, editor)
    assert kinds(newsroom) == ["published"]
    newsroom.act(cases.not_spam, case, editor)
    assert kinds(newsroom) == ["published", "reopened"]
