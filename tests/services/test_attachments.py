"""Pictures are kept with their report, and go with it: removed by their reader, erased, forgotten, and not restored (B14)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import (
    attachments,
    backup,
    cases,
    exchange,
    forgetting,
    privacy,
    readers,
    reports,
    sites,
)
from corrections_service.services.attachments import MOST, Picture
from corrections_service.services.reports import Submitted
from corrections_service.store import erasures
from corrections_service.store.database import Database, head_revision
from corrections_service.store.models import Attachment, Case, Editor, Site, now
from tests.services.newsroom import Newsroom

PICTURE = Picture("image/webp", b"RIFF\x00\x00canary-picture\xff", 60, 40)


@pytest.fixture
def wishing(newsroom: Newsroom) -> Newsroom:
    """A newsroom that takes pictures."""
    with newsroom.db.write() as session:
        sites.choose(session.get_one(Site, newsroom.site.id), attachments=True)
    newsroom.refresh()
    return newsroom


def add(newsroom: Newsroom, sent: Submitted, *pictures: Picture) -> None:
    with newsroom.db.write() as session:
        attachments.add(session, reports.by_token(session, sent.token), pictures or [PICTURE])


def positions(newsroom: Newsroom, sent: Submitted) -> list[tuple[int, int]]:
    with newsroom.db.read() as session:
        report = reports.by_token(session, sent.token)
        found = attachments.of_reports(session, [report.id]).get(report.id, [])
        return [(picture.position, picture.page) for picture in found]


def test_nothing_is_taken_unless_the_publication_wishes_for_it(newsroom: Newsroom) -> None:
    sent = newsroom.send()
    with pytest.raises(errors.NotFound):
        add(newsroom, sent)
    assert newsroom.count(Attachment) == 0


def test_pictures_are_kept_with_their_report_three_files_at_most(wishing: Newsroom) -> None:
    sent = wishing.send()
    add(wishing, sent, PICTURE, PICTURE)
    add(wishing, sent)
    add(wishing, sent)
    assert positions(wishing, sent) == [(1, 1), (1, 2), (2, 1), (3, 1)]
    with pytest.raises(errors.AttachmentMany):
        add(wishing, sent)
    assert MOST == 3
    assert wishing.history(wishing.case_of(sent)).count("picture_added") == 3


def test_a_reader_takes_one_away_and_adds_another(wishing: Newsroom) -> None:
    sent = wishing.send()
    add(wishing, sent)
    add(wishing, sent)
    for _ in range(2):  # again is fine
        with wishing.db.write() as session:
            attachments.remove(session, reports.by_token(session, sent.token), 1)
    assert positions(wishing, sent) == [(2, 1)]
    assert wishing.history(wishing.case_of(sent)).count("picture_removed") == 1
    add(wishing, sent)
    assert positions(wishing, sent) == [(2, 1), (3, 1)]


def test_nothing_is_added_where_nobody_would_see_it(wishing: Newsroom) -> None:
    withdrawn, spam = (
        wishing.send(),
        wishing.send(exact="another passage entirely", suggestion="x", prefix="", suffix=""),
    )
    with wishing.db.write() as session:
        readers.withdraw(session, reports.by_token(session, withdrawn.token))
    wishing.act(cases.mark_spam, wishing.case_of(spam), wishing.hire())
    for sent in (withdrawn, spam):
        with pytest.raises(errors.AttachmentClosed):
            add(wishing, sent)


def test_erasing_a_report_erases_its_pictures(wishing: Newsroom) -> None:
    by_reader, by_console = wishing.send(), wishing.send(email="ann@readers.example")
    for sent in (by_reader, by_console):
        add(wishing, sent)
    with wishing.db.write() as session:
        forgetting.erase(session, reports.by_token(session, by_reader.token))
    assert wishing.count(Attachment) == 1
    with wishing.db.write() as session:
        assert privacy.erase_reader(session, "ann@readers.example") == 1
    assert wishing.count(Attachment) == 0
    with pytest.raises(errors.AttachmentClosed):
        add(wishing, by_reader)


def test_forgetting_what_is_old_forgets_pictures(wishing: Newsroom) -> None:
    sent = wishing.send()
    add(wishing, sent)
    with wishing.db.write() as session:
        forgetting.forget(session, reports.by_token(session, sent.token))
    assert wishing.count(Attachment) == 0


def test_what_an_earlier_version_left_of_an_erased_report_goes_with_the_next_purge(wishing: Newsroom) -> None:
    erased, other = wishing.send(), wishing.send(email="ann@readers.example")
    for sent in (erased, other):
        add(wishing, sent)
    with wishing.db.write() as session:
        reports.by_token(session, erased.token).erased_at = now()
    with wishing.db.write() as session:
        privacy.forget_marks(session)
    assert (positions(wishing, erased), positions(wishing, other)) == ([], [(1, 1)])


def test_an_export_says_how_many_there_are_and_shows_none(wishing: Newsroom) -> None:
    sent, _ = wishing.send(), wishing.send(email="ann@readers.example")
    add(wishing, sent, PICTURE, PICTURE)
    with wishing.db.read() as session:
        site = session.get_one(Site, wishing.site.id)
        lines = list(exchange.json_lines(session, site))
        rows = list(exchange.csv_lines(session, site))
    told = [json.loads(line) for line in lines if '"type": "report"' in line]
    assert sorted(report["attachments"] for report in told) == [0, 2]
    assert sorted(row.rstrip().rpartition(",")[2] for row in rows) == ["0", "2", "attachments"]
    assert "canary" not in "".join([*lines, *rows])


def test_editors_of_the_case_alone_see_a_picture(wishing: Newsroom, db: Database) -> None:
    sent = wishing.send()
    add(wishing, sent)
    case, author = wishing.case_of(sent), wishing.hire(Role.AUTHOR)
    other = wishing.case_of(wishing.send(exact="another passage entirely", suggestion="x", prefix="", suffix=""))
    with db.read() as session:
        editor = session.get_one(Editor, wishing.hire())
        number = session.scalars(select(Attachment.id)).one()
        assert attachments.seen_by(session, session.get_one(Case, case), number, editor).content == PICTURE.content
        for elsewhere, picture in ((other, number), (case, number + 1)):
            with pytest.raises(errors.NotFound):
                attachments.seen_by(session, session.get_one(Case, elsewhere), picture, editor)
        with pytest.raises(errors.NotPermitted):
            attachments.seen_by(session, session.get_one(Case, case), number, session.get_one(Editor, author))


def test_a_backup_brings_pictures_back_but_none_that_was_taken_away_since(wishing: Newsroom, tmp_path: Path) -> None:
    db, sent = wishing.db, wishing.send()
    add(wishing, sent)
    add(wishing, sent)
    log = tmp_path / "erasures"
    with db.read() as session, (tmp_path / "all").open("wb") as file:
        assert backup.write(session, file, revision=head_revision())["attachment"] == 2
    with db.write() as session:
        session.info["erasure_log"] = log
        attachments.remove(session, reports.by_token(session, sent.token), 1)
    assert [erasure.what for erasure in erasures.read([log])] == ["attachment_gone_1"]
    with db.write() as session:
        backup.restore(session, tmp_path / "all", revision=head_revision(), logs=[log])
    assert positions(wishing, sent) == [(2, 1)]
    with db.read() as session:
        assert session.scalars(select(Attachment.content)).all() == [PICTURE.content]
