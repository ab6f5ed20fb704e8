"""Practice: five cases of an editor's own, decided as real ones are, of which nobody outside is told anything (G4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, editors, entries, figures, looks, practice, sites, tallies
from corrections_service.store.models import (
    Call,
    Case,
    Checkpoint,
    Delivery,
    Editor,
    Entry,
    Membership,
    Report,
    Site,
    Tally,
    now,
)
from tests.databases import SECRET
from tests.services.newsroom import PRINTED, SILENT, Newsroom, make_public
from tests.web.visitors import dump

BOATS = {
    **PRINTED,
    "wrong": "20 minutes",
    "right": "30 minutes",
    "notice": "The ferry leaves every 30 minutes, not every 20 minutes.",
}


def begin(newsroom: Newsroom, editor: int, language: str = "en") -> list[int]:
    """Let an editor practise; the cases, in order."""
    with newsroom.db.write() as session:
        practice.begin(session, session.get_one(Editor, editor), language=language, secret=SECRET)
    with newsroom.db.read() as session:
        of_practice = Case.site_id.in_(select(Site.id).where(Site.trainee_id == editor))
        return list(session.scalars(select(Case.id).where(of_practice).order_by(Case.id.desc())))


def end(newsroom: Newsroom, editor: int) -> None:
    with newsroom.db.write() as session:
        practice.end(session, session.get_one(Editor, editor))


def sweep(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        practice.sweep(session)


def left_of_it(newsroom: Newsroom) -> dict[str, list[str]]:
    """The rows that still tell of practice; what the search index has yet to take out counts for none."""
    rows = {name: [row for row in lines if "practice" in row.lower()] for name, lines in dump(newsroom.db).items()}
    return {name: lines for name, lines in rows.items() if lines}


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_cases_come_once_in_the_language_of_the_desk(newsroom: Newsroom, language: str) -> None:
    editor = newsroom.hire()
    numbers = begin(newsroom, editor, language)
    assert len(numbers) == 5
    assert begin(newsroom, editor, language) == numbers
    first, ferry, school, council, spam = map(newsroom.look, numbers)
    assert (first.readers, first.suggestion != first.exact, bool(first.exact)) == (2, True, True)
    assert ("20" in ferry.exact, "30" in ferry.suggestion) == (True, True)
    assert all(case.exact and case.comment and not case.suggestion for case in (school, council))
    assert (spam.exact, bool(spam.comment)) == ("", True)
    with newsroom.db.read() as session:
        words = session.get_one(Case, numbers[0])
        assert "[" not in words.quote.prefix + words.exact + words.quote.suffix + words.suggestion
        assert words.article.url.startswith(practice.ORIGIN)
        assert words.article.headline


@pytest.mark.parametrize(("role", "there"), [(Role.EDITOR, Role.EDITOR), (Role.ADMIN, Role.STANDARDS)])
def test_whoever_practises_decides_there_as_elsewhere_but_sets_nothing_up(
    newsroom: Newsroom, role: Role, there: Role
) -> None:
    editor = newsroom.hire(role)
    begin(newsroom, editor)
    with newsroom.db.read() as session:
        person = session.get_one(Editor, editor)
        site = practice.of_editor(person)
        assert site is not None
        assert (person.role_on(site.id), site.active) == (there, False)
        assert [member.editor_id for member in sites.members(session, site)] == [editor]
        assert [other.name for other in sites.all_sites(session)] == ["News"]


def test_whatever_is_decided_nobody_is_told(newsroom: Newsroom) -> None:
    editor = newsroom.hire(Role.ADMIN)
    before = newsroom.count(Delivery), newsroom.count(Call)
    typo, ferry, school, council, spam = begin(newsroom, editor)
    newsroom.decide(typo, editor, Resolution.FIXED, **SILENT)
    newsroom.decide(ferry, editor, Resolution.CORRECTED, **BOATS)
    newsroom.act(cases.ask, school, editor, "Where does it stand?")
    newsroom.decide(council, editor, Resolution.OPINION, reason="It is the mayor’s own opinion.")
    newsroom.act(cases.mark_spam, spam, editor)
    assert (newsroom.count(Delivery), newsroom.count(Call)) == before


def test_it_counts_for_no_publication_and_its_log_is_not_signed(newsroom: Newsroom) -> None:
    admin = newsroom.hire(Role.ADMIN)
    ferry = begin(newsroom, admin)[1]
    newsroom.decide(ferry, admin, Resolution.CORRECTED, **BOATS)
    make_public(newsroom)
    with newsroom.db.write() as session:
        assert sites.are_all(session, [newsroom.site.id]), "who administers all may add another"
        sites.check_free(session, "Practice")
        assert session.scalars(select(Entry.id)).all()
        entries.sign_due(session, SECRET)
        assert session.scalars(select(Checkpoint)).all() == []


def test_mails_about_the_account_itself_still_go_and_outlive_practice(newsroom: Newsroom) -> None:
    editor = newsroom.hire(email="mia@news.example")
    begin(newsroom, editor)
    with newsroom.db.write() as session:
        person, first = session.get_one(Editor, editor), session.get_one(Site, newsroom.site.id)
        later = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
        editors.set_role(session, person, later, Role.EDITOR)
        editors.set_role(session, person, first, None)
        number = later.id
    with newsroom.db.write() as session:
        editors.mail_link(session, "mia@news.example", base_url="https://corrections.example")
        editors.set_password(session, session.get_one(Editor, editor), "a hash")
    end(newsroom, editor)
    sweep(newsroom)
    for template in ("sign_in", "password_changed"):
        assert [to for to, _ in newsroom.owed(template)] == ["mia@news.example"]
    with newsroom.db.read() as session:
        assert set(session.scalars(select(Delivery.site_id))) == {number}


def test_no_article_of_it_is_read_and_no_sum_counts_it(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    newsroom.send()
    with newsroom.db.read() as session:
        before = figures.accounting(session)
    numbers = begin(newsroom, editor)
    newsroom.decide(numbers[0], editor, Resolution.FIXED, **SILENT)
    with newsroom.db.read() as session:
        after = figures.accounting(session)
    ages = [name for name in after if name.endswith("_seconds")]
    assert {name: after[name] for name in after if name not in ages} == {
        name: before[name] for name in before if name not in ages
    }
    with newsroom.db.write() as session:
        session.execute(update(Case).values(recheck_at=now() - timedelta(minutes=1)))
        pages = looks.take_due(session, lambda _: None)
        assert len(pages) == 1
        assert all(case.recheck_at is None for case in map(session.get_one, [Case] * 5, numbers))


def test_removed_it_is_out_of_sight_at_once_and_gone_to_the_last_row(newsroom: Newsroom) -> None:
    editor, colleague = newsroom.hire(), newsroom.hire(Role.ADMIN)
    others = begin(newsroom, colleague)
    numbers = begin(newsroom, editor)
    newsroom.decide(numbers[1], editor, Resolution.CORRECTED, **BOATS)
    newsroom.act(cases.note, numbers[0], editor, "A note from practice.")
    newsroom.act(cases.claim, numbers[2], editor)
    end(newsroom, editor)
    with newsroom.db.read() as session:
        assert [membership.site.name for membership in session.get_one(Editor, editor).memberships] == ["News"]
    newsroom.send(url="https://news.example/newer")
    sweep(newsroom)
    assert begin(newsroom, colleague) == others, "a colleague's own stays"
    end(newsroom, colleague)
    newsroom.act(cases.note, newsroom.case_of(newsroom.send(url="https://news.example/last")), editor, "Last.")
    newsroom.decide(newsroom.case_of(newsroom.send(url="https://news.example/x")), editor, Resolution.FIXED, **SILENT)
    newsroom.decide(
        newsroom.case_of(newsroom.send(url="https://news.example/y")), editor, Resolution.CORRECTED, **PRINTED
    )
    sweep(newsroom)
    assert left_of_it(newsroom) == {}
    assert newsroom.count(Membership) == 2


def test_after_it_was_removed_every_report_counts_and_has_a_number_of_its_own(newsroom: Newsroom) -> None:
    """On SQLite a number that is free again is given again, to what the figures would take for known."""
    editor = newsroom.hire()
    numbers = begin(newsroom, editor)
    _count(newsroom)
    end(newsroom, editor)
    case = newsroom.case_of(newsroom.send())
    assert case > max(numbers)
    _count(newsroom)
    with newsroom.db.read() as session:
        rows = session.scalars(select(Tally).where(Tally.site_id == newsroom.site.id, Tally.reports > 0)).all()
        assert rows
        assert session.scalar(select(Report.site_id).order_by(Report.id.desc()).limit(1)) == newsroom.site.id


def _count(newsroom: Newsroom) -> None:
    for step in (tallies.note_due, tallies.count_due) * 2:
        with newsroom.db.write() as session:
            step(session)


def test_who_works_nowhere_any_more_does_not_stay_for_practice(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    begin(newsroom, editor)
    with newsroom.db.write() as session:
        person = session.get_one(Editor, editor)
        editors.set_role(session, person, session.get_one(Site, newsroom.site.id), None)
    with newsroom.db.read() as session:
        assert session.get_one(Editor, editor).memberships == []
