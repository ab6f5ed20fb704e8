"""Publications: who may send reports in their name, and what their pages carry."""

from __future__ import annotations

import hashlib
import html
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Unpack, cast
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import addresses, clocks, slugs, text, urls
from corrections_service.rules.catalogue import SECTIONS, Sentence, best, phrase, sentences
from corrections_service.rules.references import recipient_mark
from corrections_service.rules.workflow import Role
from corrections_service.services import outbox
from corrections_service.store import erasures
from corrections_service.store.models import Delivery, DeliveryState, Editor, Membership, Policy, Site, now

WAYS_IN = ("key", "button", "link")
DOORS = {"mistape": ".mistape_caption", "orphus": "#orphus,a[href*='orphus.ru']"}
ALL_DOORS = ",".join(["[data-corrections-report]", *DOORS.values()])
LONGEST_SENTENCE = 300
LONGEST_NAME = 200
MADE_UP = re.compile(r"site-[0-9a-f]{6}")
PLACEHOLDER = re.compile(r"\{\w+\}")
_SPACES = re.compile(r"[ \t\n]+")  # French needs its own before a colon kept
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


def create(session: Session, *, name: str, origins: Sequence[str] | None, desk: str, language: str = "en") -> Site:
    """Add a publication with a fresh public key; where its articles are may be said later (None). Raises InvalidFields."""
    title, places = checked_name(name), [] if origins is None else checked_origins(origins)
    if not LANGUAGE.fullmatch(language):
        raise errors.InvalidFields({"language": "This is no language tag, such as en or pt-BR."})
    site = Site(
        name=title,
        slug=_free_slug(session, name, places),
        key=secrets.token_urlsafe(12).replace("-", "x").replace("_", "y"),
        origins=places,
        desk=checked_address(desk, "desk"),
        language=language,
    )
    session.add(site)
    session.flush()
    return site


def zone_of(site: Site) -> ZoneInfo:
    """The zone that the publication's days are in."""
    return clocks.zone_of(site.policy["clock"]["zone"] if "clock" in site.policy else "")


def checked_name(name: str) -> str:
    """A publication's name on one line. Raises InvalidFields."""
    title = text.one_line(name, LONGEST_NAME + 1)
    if not text.is_visible(title) or len(title) > LONGEST_NAME:
        raise errors.InvalidFields({"name": phrase("desk.publication.wrong_name", most=LONGEST_NAME)})
    return title


def check_free(session: Session, name: str) -> None:
    """Promise that no publication has this name yet. Raises InvalidFields."""
    title = checked_name(name)
    names = select(Site.name).where(Site.trainee_id.is_(None))
    if title.casefold() in {name.casefold() for name in session.scalars(names)}:
        raise errors.InvalidFields({"name": phrase("desk.publication.name_taken", name=title)})


def rename(session: Session, site: Site, name: str) -> None:
    """Give the publication this name, which no other has; its slug stays, as addresses hold it. Raises InvalidFields."""
    title = checked_name(name)
    if title.casefold() != site.name.casefold():
        check_free(session, title)
    site.name = title


def place(session: Session, site: Site, origins: Sequence[str]) -> None:
    """Say where the publication's articles are. Raises InvalidFields.

    The first time, one whose name gave no slug gets its host's: nobody outside has an address with its slug yet.
    """
    places = checked_origins(origins)
    if not site.origins and MADE_UP.fullmatch(site.slug):
        site.slug = _free_slug(session, site.name, places)
    site.origins = places


def language_of(site: Site) -> str:
    """The language among ours that the publication speaks."""
    return best(site.language)


def speak(site: Site, language: str) -> None:
    """Have the publication speak one of our languages; a regional form of it stays."""
    if language != language_of(site):
        site.language = language


def checked_address(address: str, field: str) -> str:
    """A mail address fit for an envelope. Raises InvalidFields, which names the field."""
    try:
        return addresses.mailable(address, public=False)
    except ValueError as error:
        raise errors.InvalidFields({field: str(error)}) from None


def checked_origins(origins: Sequence[str]) -> list[str]:
    """Origins as they are compared: scheme, host, port. Raises InvalidFields."""
    normal = []
    for origin in origins:
        try:
            wild = origin.strip().replace("://*.", "://any.", 1)
            normal.append(
                urls.origin_of(wild).replace("://any.", "://*.") if "://*." in origin else urls.origin_of(wild)
            )
        except ValueError as error:
            message = phrase("desk.site.wrong_origin", origin=origin, why=str(error))
            raise errors.InvalidFields({"origins": message}) from None
    if not normal:
        raise errors.InvalidFields({"origins": "Give at least one address, such as https://news.example."})
    return normal


def with_key(session: Session, key: str) -> Site | None:
    """The active site with this public key, if there is one."""
    return session.scalar(select(Site).where(Site.key == key, Site.active)) if len(key) <= 64 else None


def admit(site: Site | None, origin: str | None) -> Site:
    """The site, if its page may send a report. Raises OriginNotAllowed, the same for every reason."""
    if site is None:
        raise errors.OriginNotAllowed()
    if origin is None and site.missing_origin_allowed:
        return site
    if origin is None or not urls.origin_allowed(origin, site.origins):
        raise errors.OriginNotAllowed()
    return site


def knows_origin(session: Session, origin: str) -> bool:
    """Whether any active site has this origin."""
    return any(urls.origin_allowed(origin, site) for site in session.scalars(select(Site.origins).where(Site.active)))


def shared(session: Session, site: Site) -> list[tuple[str, Site]]:
    """The site's origins that are another's as well, with that one: a page belongs to the site whose key it has."""
    others = [other for other in all_sites(session) if other.id != site.id and site.trainee_id is None]
    return [
        (origin, other)
        for origin in site.origins
        for other in others
        if any(urls.overlap(origin, rule) for rule in other.origins)
    ]


def by_key(session: Session, key: str) -> Site:
    """The site with this public key. Raises NotFound, SwitchedOff."""
    site = _existing(session.scalar(select(Site).where(Site.key == key)) if len(key) <= 64 else None)
    if not site.active:
        raise errors.SwitchedOff()
    return site


def by_slug(session: Session, slug: str) -> Site:
    """The site with this slug, or with this public key, which is what its pages know. Raises NotFound."""
    query = select(Site).where(or_(Site.slug == slug, Site.key == slug))
    return _existing(session.scalar(query.order_by(Site.slug != slug).limit(1)))


def public(session: Session, slug: str) -> Site:
    """The site whose public log has this slug. Raises NotFound, also for one where somebody practises."""
    site = by_slug(session, slug)
    if site.trainee_id is not None:
        raise errors.NotFound()
    return site


def by_name(session: Session, name: str) -> Site:
    """The site with this slug or name; a slug counts first. Raises NotFound, which repeats the name."""
    query = select(Site).where(or_(Site.slug == name, Site.name == name))
    site = session.scalar(query.order_by(Site.slug != name, Site.id).limit(1))
    if site is None:
        raise errors.NotFound(f"No publication is called {name}; `corrections site list` shows those there are.")
    return site


def all_sites(session: Session) -> Sequence[Site]:
    """All sites, the oldest first; where editors practise is none."""
    return session.scalars(select(Site).where(Site.trainee_id.is_(None)).order_by(Site.id)).all()


def are_all(session: Session, site_ids: Collection[int]) -> bool:
    """Whether these are all publications that there are."""
    others = select(Site.id).where(Site.id.not_in(site_ids), Site.trainee_id.is_(None))
    return session.scalar(others.limit(1)) is None


def of_editor(session: Session, editor: Editor, at_least: Role = Role.VIEWER) -> Sequence[Site]:
    """The sites where the editor has at least this role."""
    site_ids = [membership.site_id for membership in editor.memberships if membership.role.covers(at_least)]
    return session.scalars(select(Site).where(Site.id.in_(site_ids)).order_by(Site.name)).all()


def members(session: Session, site: Site) -> Sequence[Membership]:
    """Who works on the site, in what role."""
    return session.scalars(select(Membership).where(Membership.site_id == site.id).order_by(Membership.id)).all()


def is_desk(session: Session, site_id: int, mark: str) -> bool:
    """Whether this is the mark of the address that the desk has now."""
    site = session.get(Site, site_id)
    if site is None:
        return False
    plain = hashlib.sha256(site.desk.strip().casefold().encode()).hexdigest()[:16]  # in mails of earlier versions
    return mark in (plain, *(recipient_mark(site.desk, key) for key in session.info["mark_keys"]))


def move_desk(session: Session, site: Site, address: str) -> None:
    """Give the desk another address; what is owed to the former one, or could not be sent there, goes to the new one."""
    if address == site.desk:
        return
    unsaid = Delivery.state.in_((DeliveryState.OWED, DeliveryState.FAILED, DeliveryState.HELD))
    to_desk = and_(Delivery.template.in_(outbox.TO_DESKS), Delivery.recipient == site.desk)
    of_desk = and_(Delivery.site_id == site.id, to_desk, unsaid)
    values = {"state": DeliveryState.OWED, "next_at": now(), "created_at": now(), "attempts": 0, "last_error": ""}
    condition = or_(
        Delivery.state == DeliveryState.FAILED, and_(Delivery.claimed_by.is_(None), Delivery.last_error != "")
    )
    session.execute(update(Delivery).where(of_desk, Delivery.state != DeliveryState.HELD, condition).values(**values))
    session.execute(update(Delivery).where(of_desk).values(recipient=address))
    site.desk = address


def mail_desk(session: Session, site: Site, *, is_wished: bool) -> None:
    """Mail the desk about new cases, or not, as an administrator chose; nobody has to be told of it."""
    if is_wished is not bool(site.policy.get("desk_mail_off")):
        return
    _set_policy(site, desk_mail_off=not is_wished, desk_mail_stopped="")
    erasures.note(session, erasures.DESK_MAILED if is_wished else erasures.DESK_STOPPED, site.key)


def desk_address(site: Site) -> str:
    """Where the desk is mailed; "" where it is not to be."""
    return "" if site.policy.get("desk_mail_off") else site.desk


def administrators(session: Session, site: Site) -> Sequence[Editor]:
    """The people who may change the site's settings."""
    where = Editor.memberships.any(and_(Membership.site_id == site.id, Membership.role == Role.ADMIN))
    return session.scalars(select(Editor).where(where, Editor.active).order_by(Editor.id)).all()


def in_charge(session: Session, site: Site) -> list[str]:
    """Where those are mailed who may change the site's settings; where there are none, the desk."""
    return [person.email for person in administrators(session, site)] or [site.desk]


def without_desk_mail(session: Session, site_ids: Collection[int]) -> Sequence[Site]:
    """Of these sites those whose desk's mail was stopped by a link in a mail, by whoever or whatever."""
    rows = session.scalars(select(Site).where(Site.id.in_(site_ids)).order_by(Site.name)).all()
    return [site for site in rows if site.policy.get("desk_mail_off") and site.policy.get("desk_mail_stopped")]


def ways_in(site: Site) -> list[str]:
    """By which ways readers of this site reach the dialog: all of them, unless the site chose."""
    chosen = site.policy.get("ways_in", WAYS_IN)
    return [way for way in WAYS_IN if way in chosen]


def choose_ways_in(site: Site, ways: Collection[str], earlier: Collection[str]) -> None:
    """Open the dialog by these ways, and from captions of these earlier systems. Raises InvalidFields."""
    chosen = [way for way in WAYS_IN if way in ways]
    if not chosen:
        raise errors.InvalidFields({"ways_in": "Leave readers at least one way in."})
    _set_policy(site, ways_in=chosen if len(chosen) < len(WAYS_IN) else [])
    _set_policy(site, doors=[door for door in DOORS if door in earlier])


def doors(site: Site) -> str:
    """A CSS selector of what opens the dialog when it is clicked: our links, and captions of earlier systems."""
    return ",".join(
        ["[data-corrections-report]", *(DOORS[door] for door in DOORS if door in site.policy.get("doors", []))]
    )


def own_sentences(site: Site, language: str) -> dict[str, Sentence]:
    """The site's own sentences in a language, by "section.key"."""
    chosen: dict[str, Sentence] = site.policy.get("words", {}).get(language, {})
    return {key: sentence for key, sentence in chosen.items() if _fits(language, key, sentence)}


def own_section(site: Site, language: str, section: str = "dialog") -> dict[str, Sentence]:
    """The site's own sentences of one section of the catalogue, by their keys there."""
    items = own_sentences(site, language).items()
    return {key.removeprefix(f"{section}."): sentence for key, sentence in items if key.startswith(f"{section}.")}


def choose_sentences(site: Site, language: str, typed: Mapping[str, str], section: str = "dialog") -> None:
    """Say in a section what was typed, field by field as `parts` names them; blank is as ever. Raises InvalidFields."""
    chosen = {
        key: sentence for key, sentence in own_sentences(site, language).items() if not key.startswith(f"{section}.")
    }
    wrong: dict[str, str] = {}
    for key, usual in sentences(language, section).items():
        texts = parts(key, usual)
        new_texts = {field: _SPACES.sub(" ", text.clean(typed.get(field, ""))).strip(" ") for field in texts}
        wrong |= _unfit(key, usual, new_texts)
        whole = {field: new_texts[field] or default for field, default in texts.items()}
        if whole != texts:
            chosen[f"{section}.{key}"] = _joined(usual, whole)
    if wrong:
        raise errors.InvalidFields(wrong)
    rest = {tag: choices for tag, choices in site.policy.get("words", {}).items() if tag != language}
    _set_policy(site, words={**rest, **({language: chosen} if chosen else {})})


def _fits(language: str, key: str, sentence: Sentence) -> bool:
    """Whether a sentence of before has the parts that the catalogue's has now."""
    section, _, name = key.partition(".")
    usual = sentences(language, section).get(name) if section in SECTIONS else None
    return usual is not None and parts(name, usual).keys() == parts(name, sentence).keys()


def parts(key: str, sentence: Any) -> dict[str, str]:
    """The texts that a sentence of the catalogue is made of, by the names of their fields: `title`, `known.one`."""
    if isinstance(sentence, str):
        return {key: sentence}
    of = sentence.items() if isinstance(sentence, Mapping) else enumerate(sentence)
    return {f"{key}.{part}": phrase for part, phrase in of}


def _joined(usual: Any, texts: Mapping[str, str]) -> Any:
    values = list(texts.values())
    if isinstance(usual, str):
        return values[0]
    return dict(zip(usual, values, strict=True)) if isinstance(usual, Mapping) else values


def _unfit(key: str, usual: Any, texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the texts of one sentence, by field: too long, or without the places of the usual one."""
    needed = {field: set(PLACEHOLDER.findall(words)) for field, words in parts(key, usual).items()}
    allowed: set[str] = set().union(*needed.values())
    wrong = {}
    for field, words in texts.items():
        placeholders = set(PLACEHOLDER.findall(words))
        if len(words) > LONGEST_SENTENCE:
            wrong[field] = errors.too_long(len(words), LONGEST_SENTENCE)
        elif words and not text.is_visible(words):
            wrong[field] = "Nothing of this can be seen."
        elif words and not needed[field] <= placeholders <= allowed:
            missing, odd = sorted(needed[field] - placeholders), sorted(placeholders - allowed)
            wrong[field] = f"Keep {' and '.join(missing)} in it." if missing else f"Leave {' and '.join(odd)} out."
    return wrong


def choose(site: Site, **choices: Unpack[Policy]) -> None:
    """Keep what an administrator chose."""
    _set_policy(site, **choices)


def _set_policy(site: Site, **values: Unpack[Policy]) -> None:
    """Keep the site's choices; an empty one is the same as none."""
    chosen = {**site.policy, **values}
    site.policy = cast("Policy", {name: value for name, value in chosen.items() if value or name not in values})


def embed_tag(site: Site, base_url: str) -> str:
    """The one line that goes into the site's pages."""
    return f'<script type="module" async src="{base_url}/embed/{site.key}.js"></script>'


def report_link(site: Site, base_url: str, label: str) -> str:
    """A link for the site's pages to the form that works without script, as HTML."""
    return f'<a data-corrections-report href="{base_url}/report/{site.key}">{html.escape(label, quote=False)}</a>'


def _free_slug(session: Session, name: str, origins: Sequence[str]) -> str:
    slug = slugs.slug_of(name, origins) or f"site-{secrets.token_hex(3)}"
    similar = set(session.scalars(select(Site.slug).where(Site.slug.startswith(slug))))
    if slug not in similar:
        return slug
    return next(f"{slug}-{number}" for number in range(2, len(similar) + 3) if f"{slug}-{number}" not in similar)


def _existing(site: Site | None) -> Site:
    if site is None:
        raise errors.NotFound()
    return site
