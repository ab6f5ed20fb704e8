"""The figures in public: where the site wants them, by month as the desk counts them, and none that few are behind."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import Resolution
from corrections_service.services import periods
from corrections_service.store.database import Database
from corrections_service.store.models import Case, FixState, Site, now
from tests.services.newsroom import NOTICE, SILENT, Newsroom, public, see

PATH = "/log/news/figures"
FEW = ["fewer than 5", "–", "–"]


def shown(app: Flask) -> list[list[str]]:
    """The cells of the table, row by row."""
    page = app.test_client(use_cookies=False).get(PATH)
    assert page.status_code == 200
    rows = re.findall(r"<tr data-month.*?</tr>", page.get_data(as_text=True), re.DOTALL)
    return [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in rows]


def correct(newsroom: Newsroom, editor: int, number: int) -> None:
    """A report whose error is corrected, in public, and seen right."""
    case = newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", block=f"192.0.2.{number}"))
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    see(newsroom, case, FixState.APPLIED, after="was opened in 1978")


def test_there_are_none_unless_the_site_wants_them(app: Flask, newsroom: Newsroom) -> None:
    client = app.test_client(use_cookies=False)
    assert client.get(PATH).status_code == 404
    assert PATH not in client.get("/log/news").get_data(as_text=True)
    newsroom.change(Site, policy={"figures": True})
    assert shown(app) == [FEW]
    assert PATH in client.get("/log/news").get_data(as_text=True)


def test_they_are_the_desks_and_few_are_hidden(app: Flask, db: Database, newsroom: Newsroom) -> None:
    newsroom.change(Site, policy={"figures": True})
    editor = newsroom.hire()
    for number in range(4):
        correct(newsroom, editor, number)
    public(newsroom)
    assert shown(app) == [FEW]
    newsroom.send(url="https://news.example/undecided", block="192.0.2.99")
    assert shown(app) == [["fewer than 5", "80%", "–"]]
    correct(newsroom, editor, 4)
    public(newsroom)
    newsroom.change(Case, fixed_at=now())
    assert shown(app)[0][:2] == ["5", "83%"]
    assert "minute" in shown(app)[0][2]
    with db.read() as session:
        site = session.get_one(Site, newsroom.site.id)
        (month,) = periods.months(session, site, 12)
        whole = periods.over(session, [site], month.first, now().date() + timedelta(days=1))
    assert month.fix == whole.fix
    assert month.reports == sum(sums.reports for sums in whole.totals.values())


def test_they_are_told_in_every_language(app: Flask, newsroom: Newsroom) -> None:
    newsroom.change(Site, policy={"figures": True}, created_at=now() - timedelta(days=70))
    for language in LANGUAGES:
        newsroom.change(Site, language=language)
        words = catalogue_in(language)
        html = app.test_client(use_cookies=False).get(PATH).get_data(as_text=True)
        assert words("public.figures_how", n=5) in html
        assert html.count(f">{words('public.few', n=5)}<") >= 3, "of three months or four"


def test_a_month_begins_when_the_site_did(db: Database, newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    newsroom.decide(newsroom.case_of(newsroom.send()), editor, Resolution.FIXED, **SILENT)
    newsroom.change(Site, created_at=now() - timedelta(days=800))
    with db.read() as session:
        months = periods.months(session, session.get_one(Site, newsroom.site.id), 12)
    assert len(months) == 12
    assert [month.first for month in months] == sorted({month.first for month in months}, reverse=True)
    assert sum(month.reports for month in months) == 1
