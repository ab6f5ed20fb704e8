"""Whatever editors and readers do, in whatever order: log, article, feeds and readers' pages tell what is so, and the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corrections_service import errors
from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.workflow import NOTICES, UNDECIDED, Resolution, Role, State
from corrections_service.services import (
    cases,
    corrections,
    entries,
    history,
    joining,
    notices,
    parting,
    readers,
    reports,
)
from corrections_service.services.reports import Submitted
from corrections_service.settings import Settings
from corrections_service.store.models import SEEN_RIGHT, Case, Correction, FixState, Site
from tests.services.newsroom import BRIDGE, Newsroom, see

STEPS = 25
ERRORS = [("by the king", "by the queen"), ("opend in 1987", "opened in 1987"), ("leaves at nine", "leaves at ten")]


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """What is told is the same on both databases, which other tests show."""
    return sqlite_settings


class Walk:
    """One newsroom, in which anything may happen."""

    def __init__(self, newsroom: Newsroom, seed: int) -> None:
        self.newsroom, self.chance = newsroom, random.Random(seed)
        self.people = [newsroom.hire(Role.ADMIN, f"{name}@news.example") for name in ("ann", "bob")]
        self.sent: list[Submitted] = []
        self.path: list[str] = []

    def numbers(self) -> list[int]:
        with self.newsroom.db.read() as session:
            return [case.id for case in session.query(Case).order_by(Case.id)]

    def step(self) -> None:
        acts: list[Callable[[int, int], Any]] = [
            self.send,
            self.decide,
            self.decide,
            self.look,
            self.look,
            self.publish,
        ]
        acts += [self.reopen, self.merge, self.merge, self.split, self.move, self.undo, self.spam, self.no_spam]
        acts += [self.withdraw, self.appeal, self.close]
        act = self.chance.choice(acts) if self.sent else self.send
        case = self.chance.choice(self.numbers() or [0])
        try:
            act(case, self.chance.choice(self.people))
        except errors.CorrectionsError as error:
            self.path.append(f"{act.__name__} {case}: {type(error).__name__}")
        else:
            self.path.append(f"{act.__name__} {case}")

    def send(self, case: int, person: int) -> None:
        wrong, right = self.chance.choice(ERRORS)
        report = {**BRIDGE, "exact": wrong, "prefix": f"before {wrong} ", "suggestion": right, "email": "ann@e.example"}
        self.sent.append(self.newsroom.send(block=f"2001:db8:{len(self.sent)}::", **report))

    def decide(self, case: int, person: int) -> None:
        resolution = self.chance.choice([Resolution.CORRECTED, Resolution.CORRECTED, *Resolution])
        said = {"wrong": "king", "right": "queen", "notice": "It was opened by the queen, not by the king."}
        early = {"early": "In print."} if self.chance.random() < 0.3 and resolution in NOTICES else {}
        said = said if resolution in NOTICES else {"retraction": "It was right.", "why_silent": "A slip."}
        self.newsroom.decide(case, person, resolution, **said, **early)

    def look(self, case: int, person: int) -> None:
        state = self.chance.choice([FixState.PRESENT, FixState.APPLIED, FixState.CHANGED, FixState.UNCLEAR])
        see(self.newsroom, case, state, before="by the king", after="by the queen" if state in SEEN_RIGHT else "")

    def publish(self, case: int, person: int) -> None:
        with self.newsroom.db.write() as session:
            for notice in session.query(Correction):
                notice.publish_at -= timedelta(minutes=1)
            session.flush()
            notices.publish_due(session)

    def reopen(self, case: int, person: int) -> None:
        self.newsroom.act(cases.reopen, case, person)

    def merge(self, case: int, person: int) -> None:
        self.newsroom.act(joining.merge, case, person, self.chance.choice(self.numbers()))

    def report_of(self, case: int) -> int:
        with self.newsroom.db.read() as session:
            ids = [report.id for report in session.get_one(Case, case).reports]
        return self.chance.choice(ids or [0])

    def split(self, case: int, person: int) -> None:
        self.newsroom.act(parting.split, case, person, self.report_of(case))

    def move(self, case: int, person: int) -> None:
        self.newsroom.act(parting.move, case, person, self.report_of(case), self.chance.choice(self.numbers()))

    def undo(self, case: int, person: int) -> None:
        self.newsroom.act(history.undo, case, person)

    def spam(self, case: int, person: int) -> None:
        self.newsroom.act(cases.mark_spam, case, person)

    def no_spam(self, case: int, person: int) -> None:
        self.newsroom.act(cases.not_spam, case, person)

    def close(self, case: int, person: int) -> None:
        self.newsroom.act(cases.close, case, person, "In print.")

    def withdraw(self, case: int, person: int) -> None:
        with self.newsroom.db.write() as session:
            readers.withdraw(session, reports.by_token(session, self.chance.choice(self.sent).token))

    def appeal(self, case: int, person: int) -> None:
        with self.newsroom.db.write() as session:
            readers.appeal(session, reports.by_token(session, self.chance.choice(self.sent).token), "No.")


def contradictions(walk: Walk, client: FlaskClient) -> list[str]:
    """What is told that is not so."""
    told: list[str] = []
    words, newsroom = catalogue_in("en"), walk.newsroom
    answer = client.get("/log/news/article.json?url=https://news.example/bridge")
    listed = {one["id"]: one for one in json.loads(answer.get_data())["notices"]}
    items = json.loads(client.get("/log/news/feed.json").get_data())["items"]
    assert {int(item["id"].rpartition("/")[2]) for item in items} == set(listed)
    newsroom.assert_readers_add_up()
    with newsroom.db.read() as session:
        entries.verify(session, session.get_one(Site, newsroom.site.id))
        for notice in session.query(Correction).filter(Correction.published_at.is_not(None)):
            home, one = entries.home_of(session, notice), listed.get(notice.id)
            if one is None:
                continue  # the same is told once
            is_doubted = (one["fate"] or "").startswith("Since ")
            if one["retracted"] is None and home.state in UNDECIDED and not is_doubted:
                told.append(f"notice {notice.id} stands, and case {home.id} is {home.state}")
            if one["retracted"] is None and home.state is State.CLOSED and home.resolution not in NOTICES:
                told.append(f"notice {notice.id} stands, and case {home.id} ended as {home.resolution}")
            if one["retracted"] is None and home.state is State.CLOSED and is_doubted:
                told.append(f"notice {notice.id} is looked at again, and case {home.id} is closed")
            if one["reads_right_since"] and home.fix_state not in SEEN_RIGHT:
                told.append(f"notice {notice.id} reads right, and case {home.id} reads {home.fix_state}")
            last = entries.latest(session, [notice])[notice.id]
            if notice.retracted_at is not None and last.kind == "replaced":
                by = session.get_one(Correction, last.replaced_by)
                if entries.home_of(session, by).id != home.id:
                    told.append(f"notice {notice.id} was replaced by {by.id}, which is about another error")
        for sent in walk.sent:
            report = reports.by_token(session, sent.token)
            page, case = client.get(f"/r/{sent.token}").text, report.case
            heading = page.partition("<h1>")[2].partition("</h1>")[0]
            standing = corrections.standing(session, case)
            published = [words(f"mail.resolution_{resolution}") for resolution in NOTICES]
            if heading in published and not standing:
                told.append(f"report {report.id}: {heading}, and no notice of case {case.id} is public")
            for notice in session.query(Correction):
                if f'/corrections/{notice.id}"' in page and notice not in standing:
                    told.append(f"report {report.id} leads to notice {notice.id}, which does not stand")
            if report.withdrawn_at is None and heading == words("pages.waiting") and case.state not in UNDECIDED:
                told.append(f"report {report.id} waits, and case {case.id} is {case.state}")
    return told


@pytest.mark.parametrize("seed", [2, 39, 52, 63])
def test_what_is_told_is_so_after_any_sequence(app: Flask, newsroom: Newsroom, seed: int) -> None:
    walk, client = Walk(newsroom, seed), app.test_client(use_cookies=False)
    for _ in range(STEPS):
        walk.step()
        assert contradictions(walk, client) == [], "; ".join(walk.path)
