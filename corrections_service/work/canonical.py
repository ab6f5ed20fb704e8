"""The page that an article's page names as its own address: read as well, and followed where it shows the same article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from corrections_service.errors import Unreachable
from corrections_service.rules import twins
from corrections_service.rules.workflow import LIVE
from corrections_service.services import hosts, looks, moves, wishes
from corrections_service.store.database import Database
from corrections_service.store.models import Article
from corrections_service.work.fetch import Page

Look = tuple[Page, twins.Reading]
"""A page as it was served, and what was read in it."""


def follow(database: Database, article_id: int, look: Look, read: Callable[[str], Look], pace: timedelta) -> Look:
    """The look at the page that this one names as its own address, as one at a page that moved there; else this one.

    That page must be there, name itself, and show the same article with all that was reported of it.
    """
    page, (text, facts) = look
    with database.read() as session:
        article = session.get_one(Article, article_id)
        target = moves.named_address(session, article, facts.canonical_url)
        watched = [case for case in looks.of_article(session, article, page_url="") if case.exact and not case.several]
        live = [case for case in watched if case.state in LIVE]
        passages = [wishes.sighting(case) for case in live or watched]
        address = article.url
    if not target or not passages or page.url not in (address, page.moved_to):  # a detour names what it leads to
        return look
    with database.write() as session:  # as after a redirect, another host is asked at once, and then left alone
        claimed = hosts.name_of(target) != hosts.name_of(address) and hosts.claim(session, target)
    try:
        named_page, (its_text, its_facts) = read(target)
    except Unreachable:
        return look
    finally:
        if claimed:
            with database.write() as session:
                hosts.free(session, target, pace)
    is_itself = named_page.url in (target, named_page.moved_to) and its_facts.canonical_url == named_page.url != address
    if is_itself and twins.show_one_article((text, facts), (its_text, its_facts), passages):
        return replace(named_page, moved_to=named_page.url), (its_text, its_facts)
    return look
