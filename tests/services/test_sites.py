"""Publications: who may send in their name, and that nothing odd gets into one."""

from __future__ import annotations

import re

import pytest

from corrections_service import errors
from corrections_service.rules.catalogue import LANGUAGES, sentences
from corrections_service.rules.references import recipient_mark
from corrections_service.rules.workflow import Role
from corrections_service.services import desk_mail, editors, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Site
from tests.databases import SECRET


def create(db: Database, **changes: object) -> Site:
    good = {"name": "News", "origins": ["https://news.example"], "desk": "desk@news.example"}
    with db.write() as session:
        return sites.create(session, **{**good, **changes})  # type: ignore[arg-type]


def test_each_site_has_a_key_and_a_slug_of_its_own(db: Database) -> None:
    made = [create(db), create(db), create(db, name="Нові вісті", language="uk"), create(db, name="N" * 200)]
    assert [one.slug for one in made[:2]] == ["news", "news-2"]
    assert len({one.key for one in made}) == len({one.slug for one in made}) == 4
    with db.read() as session:
        assert [one.id for one in sites.all_sites(session)] == [one.id for one in made]
        assert sites.by_slug(session, "news-2").id == sites.by_name(session, "news-2").id == made[1].id
        assert sites.by_name(session, "Нові вісті").id == made[2].id
        assert sites.by_key(session, made[0].key).id == made[0].id
        for find in (sites.by_slug, sites.by_name, sites.by_key):
            with pytest.raises(errors.NotFound):
                find(session, "nobody")
    assert sites.embed_tag(made[0], "https://c.example") == (
        f'<script type="module" async src="https://c.example/embed/{made[0].key}.js"></script>'
    )


@pytest.mark.parametrize(
    ("name", "origin", "slug"),
    [
        ("Українська правда", "https://www.pravda.com.ua", "pravda"),
        ("הארץ", "https://*.haaretz.co.il", "haaretz"),
        ("Правда 24", "http://pravda.example:8080", "pravda"),
        ("Österreich", "https://www.wien.example", "osterreich"),
        ("Нові Kyiv News", "https://www.wien.example", "kyiv-news"),
        ("Новини", "https://новини.укр", None),
        ("Новини", "http://127.0.0.1", None),
    ],
)
def test_a_name_without_latin_letters_leaves_the_slug_to_the_articles_host(
    db: Database, name: str, origin: str, slug: str | None
) -> None:
    assert re.fullmatch(slug or "site-[0-9a-f]{6}", create(db, name=name, origins=[origin]).slug)
    later = create(db, name=f"{name}!", origins=None)
    with db.write() as session:
        site = session.get_one(Site, later.id)
        sites.place(session, site, [origin])
        placed = site.slug
        assert re.fullmatch(f"{slug}-2" if slug else "site-[0-9a-f]{6}", placed)
        sites.place(session, site, ["https://elsewhere.example"])
        assert site.slug == placed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "\u200b"),
        ("name", "N" * 201),
        ("origins", []),
        ("origins", ["news"]),
        ("origins", ["javascript:alert(1)"]),
        ("desk", ""),
        ("desk", "desk"),
        ("desk", "a@b,c@d"),
        ("desk", "a@b\r\nBcc: c@d"),
        ("desk", "a@[127.0.0.1]"),
        ("desk", "d" * 250 + "@news.example"),
        ("language", "x" * 40),
        ("language", "en-<script>"),
    ],
)
def test_what_no_site_can_have_is_named(db: Database, field: str, value: object) -> None:
    with pytest.raises(errors.InvalidFields) as refused:
        create(db, **{field: value})
    assert list(refused.value.fields) == [field]


def test_only_a_page_of_the_site_may_send(db: Database) -> None:
    site = create(db, origins=["https://news.example", "https://*.news.example"])
    with db.read() as session:
        for origin in ("https://news.example", "https://m.news.example"):
            assert sites.admit(sites.with_key(session, site.key), origin).id == site.id
            assert sites.knows_origin(session, origin)
        refused = [(site.key, "https://evil.example"), (site.key, None), ("nobody", "https://news.example")]
        for key, sent_from in refused:
            with pytest.raises(errors.OriginNotAllowed):
                sites.admit(sites.with_key(session, key), sent_from)
        assert not sites.knows_origin(session, "https://evil.example")
    with db.write() as session:
        found = sites.by_key(session, site.key)
        found.missing_origin_allowed = True
    with db.write() as session:
        assert sites.admit(sites.with_key(session, site.key), None).id == site.id
        sites.by_key(session, site.key).active = False
    with db.read() as session, pytest.raises(errors.OriginNotAllowed):
        sites.admit(sites.with_key(session, site.key), "https://news.example")


def test_addresses_of_two_sites_are_noticed_whatever_stands_for_more_of_them(db: Database) -> None:
    def site(name: str, *origins: str) -> int:
        return sites.create(session, name=name, origins=origins, desk="desk@news.example").id

    with db.write() as session:
        news = site("News", "https://www.news.example", "https://*.de.news.example")
        for name, *origins in (
            ("Same", "https://WWW.news.example"),
            ("All", "https://*.news.example", "https://www.else.example"),
            ("Berlin", "https://berlin.de.news.example"),
            (
                "Apart",
                "http://www.news.example",
                "https://news.example",
                "https://www.news.example:8443",
                "https://de.example",
            ),
        ):
            site(name, *origins)
        shared = [(origin, other.name) for origin, other in sites.shared(session, session.get_one(Site, news))]
    assert shared == [
        ("https://www.news.example", "Same"),
        ("https://www.news.example", "All"),
        ("https://*.de.news.example", "All"),
        ("https://*.de.news.example", "Berlin"),
    ]


def test_the_people_of_a_site_are_those_with_a_role_there(db: Database) -> None:
    one, two = create(db), create(db, name="Other")
    with db.write() as session:
        number = editors.add(session, "ada@news.example", site=one, role=Role.AUTHOR).id
        editors.add(session, "ADA@news.example", site=two, role=Role.ADMIN, name="Ada")
        editors.add(session, "bob@news.example", site=two, role=Role.VIEWER)
    with db.read() as session:
        ada = session.get_one(Editor, number)
        assert [site.id for site in sites.of_editor(session, ada)] == [one.id, two.id]
        assert [site.id for site in sites.of_editor(session, ada, Role.EDITOR)] == [two.id]
        assert [member.role for member in sites.members(session, two)] == [Role.ADMIN, Role.VIEWER]
        assert len(editors.of_sites(session, [one.id])) == 1
        assert len(editors.of_sites(session, [one.id, two.id])) == 2


def test_the_desk_can_stop_its_own_mail_only(db: Database) -> None:
    site = create(db)
    with db.write() as session:
        desk_mail.stop(session, site.id, recipient_mark("other@news.example", SECRET))
        desk_mail.stop(session, 999, recipient_mark("desk@news.example", SECRET))
        assert "desk_mail_off" not in sites.by_key(session, site.key).policy
        desk_mail.stop(session, site.id, recipient_mark("desk@news.example", SECRET))
    with db.read() as session:
        assert sites.by_key(session, site.key).policy["desk_mail_off"] is True


def test_all_ways_in_are_open_unless_the_site_chose(db: Database) -> None:
    site = create(db)
    assert sites.ways_in(site) == ["key", "button", "link"]
    assert sites.doors(site) == "[data-corrections-report]"
    sites.choose_ways_in(site, ["link", "key", "window"], ["orphus", "window"])
    assert site.policy == {"ways_in": ["key", "link"], "doors": ["orphus"]}
    assert sites.ways_in(site) == ["key", "link"]
    assert sites.doors(site).startswith("[data-corrections-report],#orphus")
    with pytest.raises(errors.InvalidFields) as refused:
        sites.choose_ways_in(site, ["window"], [])
    assert list(refused.value.fields) == ["ways_in"]
    sites.choose_ways_in(site, sites.WAYS_IN, [])
    assert site.policy == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_dialog_can_be_a_sites_own(db: Database, language: str) -> None:
    """Each in its usual words and a mark, then said again by the catalogue when the fields are blank."""
    site = create(db)
    usual = sentences(language, "dialog")
    texts = {field: words for key, sentence in usual.items() for field, words in sites.parts(key, sentence).items()}
    assert len(texts) > len(usual)
    sites.choose_sentences(site, language, texts)
    assert site.policy == {}
    typed = {field: f"{words} *" for field, words in texts.items()}
    sites.choose_sentences(site, language, typed)
    own = sites.own_section(site, language)
    assert list(own) == list(usual)
    assert {field: words for key in own for field, words in sites.parts(key, own[key]).items()} == typed
    assert [type(own[key]) for key in own] == [type(usual[key]) for key in usual]
    assert all(sites.own_section(site, other) == {} for other in LANGUAGES if other != language)
    sites.choose_sentences(site, language, {})
    assert site.policy == {}
