"""The demo leaves what leaps to the eye for who tries it: the first report makes a new case and a new mail."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from corrections_service.demo import story
from corrections_service.demo.newspaper import ERRORS, LEFT, ORDER, prose, read_story
from corrections_service.rules.quotes import quote_at
from corrections_service.rules.workflow import State
from corrections_service.services import entries, log, offices, reports, spreading, thanks
from corrections_service.services.outbox import DESK_TEMPLATE
from corrections_service.services.reports import Fields
from corrections_service.settings import Settings, read_settings
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Article, Case, Delivery, FixState, Site

PAPER = "http://paper.example"
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo's data as it is when the demo says `ready`."""
    directory = tmp_path_factory.mktemp("demo")
    settings = read_settings(data_dir=directory, base_url="http://service.example", mail_from="a@b.example")
    story.prepare(settings, PAPER, directory / "newspaper")
    return settings


@pytest.fixture(scope="module")
def demo(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    yield database
    database.close()


def test_no_case_is_about_the_article_that_the_demo_opens(demo: Database) -> None:
    """Whichever of its errors a new user sees first, and however it is marked, none joins what others reported."""
    with demo.read() as session:
        about = set(session.scalars(select(Article.url).join(Case, Case.article_id == Article.id)))
    assert about == {f"{PAPER}/articles/{slug}" for slug in ORDER[1:]}


@pytest.mark.parametrize(("slug", "wrong", "right", "kind"), LEFT)
def test_reporting_an_error_that_is_left_makes_a_new_case_and_one_mail_to_the_desk(
    demo: Database, settings: Settings, slug: str, wrong: str, right: str, kind: str
) -> None:
    text = prose(read_story(settings.data_dir / "newspaper", slug).text)
    quote = quote_at(text, text.index(wrong), text.index(wrong) + len(wrong))
    fields = Fields(
        client_id=str(uuid.uuid4()),
        url=f"{PAPER}/articles/{slug}",
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        suggestion=right,
    )
    with demo.read() as session:
        site = session.scalars(select(Site)).one()
        known = set(session.scalars(select(Case.id)))
    sent = demo.intake(reports.submit, site=site, fields=fields, secret=settings.secret_key)
    assert sent.readers == 1
    with demo.read() as session:
        case = reports.by_token(session, sent.token).case
        assert case.id not in known
        owed = select(Delivery).where(Delivery.case_id == case.id)
        assert [one.template for one in session.scalars(owed)] == [DESK_TEMPLATE]


def test_what_was_corrected_was_seen_wrong_before_so_that_the_first_look_sees_it_fixed(demo: Database) -> None:
    """Kind: a fix is a difference between two looks, for the demo's own history too."""
    with demo.read() as session:
        fixed = session.scalars(select(Case).where(Case.decided_at.is_not(None), Case.fix_state.is_not(None))).all()
        assert len(fixed) == 2
        for case in fixed:
            assert case.fix_state is FixState.APPLIED
            assert case.exact in case.fix_before


def test_what_a_site_may_choose_besides_can_be_tried(demo: Database) -> None:
    """A reader is thanked, a notice is told in two of the places of its list, and what readers wrote can be handed on."""
    with demo.read() as session:
        site = session.scalars(select(Site)).one()
        thanked = thanks.names(session, log.page(session, site)[0])
        lists = [spreading.of_case(session, case) for case in session.scalars(select(Case))]
        waiting = session.scalars(select(Case).where(Case.state == State.NEW)).all()
        assert list(thanked.values()) == [("Ingrid Solheim",)]
        assert [[line.channel for line in lines if line.done_at] for lines in lists if lines][:1] == [
            ["headline", "teaser"]
        ]
        assert all(len(offices.of_case(session, case)) == 2 for case in waiting)
        assert entries.verify(session, site).entries > 0


def test_the_first_error_of_every_article_is_left(settings: Settings) -> None:
    """The newspaper lists its errors as they stand in their articles, so that the first is what a reader meets first."""
    for slug in ORDER:
        text = prose(read_story(settings.data_dir / "newspaper", slug).text)
        places = {wrong: text.find(wrong) for at, wrong, _, _ in ERRORS if at == slug and wrong in text}
        first = min(places, key=lambda wrong: places[wrong])
        assert any(at == slug and wrong == first for at, wrong, _, _ in LEFT), slug


def test_the_readme_names_an_error_that_is_left_in_the_article_that_the_demo_opens() -> None:
    said = " ".join(README.read_text("utf-8").split())
    assert any(f"“{wrong}”" in said for slug, wrong, _, _ in LEFT if slug == ORDER[0])
