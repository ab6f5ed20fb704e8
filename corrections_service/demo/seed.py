"""A database full of realistic reports, for load tests."""

from __future__ import annotations

import hashlib
import random
import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import LIVE, Resolution, Role, State
from corrections_service.services import editors, priorities, sites
from corrections_service.store import search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Editor, Event, EventKind, Membership, Report, Site, now
from corrections_service.store.rows import add_all

SITES, REPORTS_A_CASE, CASES_AN_ARTICLE, BATCH = 20, 5, 8, 2000
WORDS = """
the council of a harbour city has voted to close its oldest bridge after engineers found cracks in two of the
piers that carry traffic over the river according to a report published on Monday the mayor said repairs would
cost about forty million and take until next spring residents who cross each day to work or school will have to
use the northern tunnel where queues already stretch past the market at eight in the morning shopkeepers fear that
fewer customers will come and asked for help with rents while the ferry company offered extra boats from June an
inspector wrote that rust had been seen ten years earlier but nobody acted because money was short and a new
theatre was being built instead opponents called the decision late supporters called it brave and historians
recalled that the first stone was laid in winter by a queen whose name is still carved above the arch nurses
teachers bakers and students spoke at a long meeting in the town hall some wept others laughed when an old sailor
said the water had always been the better road scientists measured salt wind and tide against older tables and
found the level higher by nine centimetres than their grandparents knew the library opened an exhibition with maps
letters photographs and a model made of matches by prisoners in the last century a football club moved its final
game to the island and lost by three goals in heavy rain while a choir sang under umbrellas the bank lowered its
forecast for growth prices of bread milk and coal rose again in autumn and the minister promised lower taxes before
the election though economists doubt it the court heard a driver who denied speeding on an icy lane near the farm
doctors warned of influenza among children under five and asked parents to ventilate rooms and wash hands a museum
returned twelve bronze figures to the kingdom they were taken from with a ceremony music and tears
""".split()
"""Plain newspaper English, common and rare words in about their usual shares."""


def sentence(chance: random.Random, length: int) -> str:
    """Words that read like a newspaper's from a distance."""
    first = chance.randrange(len(WORDS))
    return " ".join(WORDS[(first + step) % len(WORDS)] if step % 5 else chance.choice(WORDS) for step in range(length))


def fill(database: Database, total: int) -> Iterator[int]:
    """Add this many reports with their cases and articles, then the search index; yields how many are there so far."""
    chance = random.Random(total)  # noqa: S311 - text for load tests, no secret
    with database.write() as session:
        site_ids = _sites(session)
        next_ids: dict[type, int] = {
            model: (session.scalar(select(func.max(model.id))) or 0) + 1 for model in (Article, Case, Report)
        }
    so_far = 0
    while so_far < total:
        count = min(BATCH, total - so_far)
        with database.write() as session:
            _add(session, chance, site_ids, next_ids, count, so_far / total)
        so_far += count
        yield so_far
    if not database.is_sqlite:
        with database.write() as session:
            _follow_ids(session)
    while True:
        with database.write() as session:
            if search.index_cases(session, BATCH, priorities.note) < BATCH:
                return


def _sites(session: Session) -> list[int]:
    """The publications to fill; who administers one that is there administers those that are made, and so sees all."""
    site_ids = list(session.scalars(select(Site.id).order_by(Site.id).limit(SITES)))
    administers = select(Membership.editor_id).where(Membership.role == Role.ADMIN)
    admins = session.scalars(select(Editor).where(Editor.id.in_(administers))).all()
    for number in range(len(site_ids), SITES):
        name = f"Load {number}"
        site = sites.create(session, name=name, origins=[f"https://load{number}.example"], desk="desk@load.example")
        for admin in admins:
            editors.set_role(session, admin, site, Role.ADMIN)
        session.flush()
        site_ids.append(site.id)
    return site_ids


def _add(
    session: Session, chance: random.Random, site_ids: list[int], next_ids: dict[type, int], count: int, part: float
) -> None:
    """One batch: the older the batch, the longer ago it came in."""
    articles, cases, reports, events = [], [], [], []
    at = now() - timedelta(days=365) * (1 - part)
    for number in range(count):
        if number % (REPORTS_A_CASE * CASES_AN_ARTICLE) == 0:
            site_id, article_id = chance.choice(site_ids), next_ids[Article]
            next_ids[Article] += 1
            url = f"https://load.example/articles/{article_id}"
            articles.append(
                {"id": article_id, "site_id": site_id, "url": url, "headline": sentence(chance, 8).capitalize()}
            )
        if number % REPORTS_A_CASE == 0:
            case = _case(chance, next_ids[Case], site_id, article_id, min(REPORTS_A_CASE, count - number))
            case |= {"created_at": at + timedelta(seconds=number), "updated_at": at + timedelta(seconds=number)}
            next_ids[Case] += 1
            cases.append(case)
        reports.append(_report(case, next_ids[Report], url) | {"created_at": case["created_at"]})
        events.append(
            {"case_id": case["id"], "kind": EventKind.REPORTED, "report_id": next_ids[Report], "at": case["created_at"]}
        )
        next_ids[Report] += 1
    for model, rows in ((Article, articles), (Case, cases), (Report, reports), (Event, events)):
        add_all(session, model, rows)


def _case(chance: random.Random, number: int, site_id: int, article_id: int, readers: int) -> dict[str, object]:
    tokens = sentence(chance, 30).split()
    state = chance.choices(list(State), weights=[20, 8, 4, 4, 60, 3, 1])[0]
    closed = state is State.CLOSED
    fingerprint = hashlib.sha256(f"{number}".encode()).hexdigest()[:32]
    return {
        "id": number,
        "site_id": site_id,
        "article_id": article_id,
        "state": state,
        "resolution": chance.choice(list(Resolution)) if closed else None,
        "kind": chance.choice(list(Kind)),
        "fingerprint": fingerprint,
        "live_key": f"{article_id}:{fingerprint}" if state in LIVE else None,
        "prefix": " ".join(tokens[:10]) + " ",
        "exact": " ".join(tokens[10:14]),
        "suffix": " " + " ".join(tokens[14:]),
        "suggestion": " ".join([*tokens[10:13], chance.choice(WORDS)]),
        "readers": readers,
        "decided_at": now() if closed else None,
    }


def _report(case: dict[str, object], number: int, url: str) -> dict[str, object]:
    shared = {name: case[name] for name in ("site_id", "exact", "prefix", "suffix", "suggestion", "kind")}
    return shared | {
        "id": number,
        "case_id": case["id"],
        "client_id": str(uuid.UUID(int=number, version=4)),
        "content_sha256": "0" * 64,
        "sender": f"r{number}",
        "token_digest": secrets.token_hex(32),
        "url": url,
    }


def _follow_ids(session: Session) -> None:
    """PostgreSQL counts by itself: let it go on behind the rows that brought their own numbers."""
    for model in (Article, Case, Report):
        table = f'"{model.__tablename__}"'
        session.execute(
            func.setval(func.pg_get_serial_sequence(table, "id"), select(func.max(model.id)).scalar_subquery()).select()
        )
