"""Looks at one page of a publication at once, for who puts the script into it: what is there and what is missing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from corrections_service.errors import InvalidFields, Unreachable
from corrections_service.rules import embedding, urls
from corrections_service.rules.embedding import Expected, Point
from corrections_service.services import hosts
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import now
from corrections_service.work import fetch, reading, robots


def check(database: Database, settings: Settings, address: str, expected: Expected) -> list[Point]:
    """What is right and what is wrong with a page of the site, read as the article reader reads it, in at most a minute.

    Raises InvalidFields where the host is to be left alone for now.
    """
    with database.write() as session:
        if not hosts.claim(session, address):
            seconds = max(int((hosts.free_at(session, address) - now()).total_seconds()), 1)
            sentence = (
                f"The service has just been at this host, and leaves it alone for a while: check again in {seconds} s."
            )
            raise InvalidFields({"address": sentence})
    try:
        return _look(database, settings, address, expected)
    except Unreachable as error:
        return [Point("page", "unreachable", error.detail)]
    finally:
        with database.write() as session:
            hosts.free(session, address, timedelta())


def _look(database: Database, settings: Settings, address: str, expected: Expected) -> list[Point]:
    origins, allowed = list(expected.origins), settings.fetch_allow
    judge = partial(robots.mind, database, origins=origins, allowed=allowed, is_anew=True)
    url, route = urls.cut_route(address)
    page = fetch.read_page(url, origins=origins, allowed=allowed, judge=judge)
    text, facts, embedded = reading.read_embedded(page.body, page.url + route, page.content_type, origins)
    return embedding.points(page.url, page.policy, text, facts, embedded, expected)
