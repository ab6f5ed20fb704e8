"""No input breaks anything: whatever comes is stored, shown as text, or refused in words; never a 500."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.workflow import Decision, NoticeState, Resolution, Role
from corrections_service.services import cases
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Editor, Event, Report, Site
from tests.services.newsroom import Newsroom
from tests.web.senders import FORM, HOSTILE, TEXTS, fields, named, only, raw, send
from tests.web.visitors import Visitor, dump, signed_in

ODD = [
    "",
    "\x00",
    "a\x00b",
    "\u00b2",
    "\u0663",
    "-1",
    "0",
    "1e9",
    "9" * 10,
    "9" * 25,
    "9" * 5000,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\udbff\u200d\U0010ffff".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "\u202eabc\u2066",
    "%s%n{0.__class__}{{7*7}}${7*7}",
    "'; DROP TABLE report; --",
    '" OR 1=1 NEAR(* ^ "',
    "../../etc/passwd",
    "..%2f..%5c",
    "<script>alert(1)</script>",
    "\r\nSet-Cookie: a=b",
    "x" * 3000,
    "e\u0301" * 400,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50,
]
QUERIES = ("q", "view", "site", "kind", "cursor", "newest", "next", "url", "exact", "lang", "before", "new")
OF_LOG = ("q", "before", "lang", "month", "section", "author", "article", "class")


def tried(path: str, value: str) -> str:
    """The path with a value in the place of what it names."""
    return path.replace("{}", quote(value, safe=""))


def test_no_address_breaks_whatever_stands_in_it(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """C15, C16, C19, J09: in paths and queries; nothing is changed and nothing comes back as markup."""
    sent, me = newsroom.send(), signed_in(app, db, newsroom.hire(Role.ADMIN))
    slug = newsroom.site.slug
    paths = ["/{}", "/cases/{}", "/r/{}", "/report/{}", "/embed/{}.js", "/embed/x/{}", "/log/{}", "/log/{}/feed.atom"]
    paths += [f"/log/{slug}/corrections/{{}}", "/sign-in/{}", "/invitation/{}", "/unsubscribe/{}", "/static/{}"]
    paths += ["/settings/sites/{}", "/settings/sites/{}/editors", "/api/v1/{}"]
    asked = ["/queue", "/queue/changes", "/login", "/reports", f"/report/{newsroom.site.key}", f"/r/{sent.token}"]
    asked += [f"/log/{slug}/article.json", f"/log/{slug}/article.html"]
    before = dump(db)
    for value in ODD:
        addresses = [tried(path, value) for path in paths]
        named_parts = [*itertools.product(asked, QUERIES), *itertools.product([f"/log/{slug}"], OF_LOG)]
        addresses += [f"{path}?{name}={quote(value, safe='')}" for path, name in named_parts]
        for address in addresses:
            answer = me.client.get(address)
            assert answer.status_code < 500, (answer.status_code, address[:100])
            assert "<script>alert" not in answer.get_data(as_text=True), address
            assert "a=b" not in answer.headers.get("Set-Cookie", "")
    assert dump(db) == before


def test_no_form_of_editors_breaks_whatever_stands_in_it(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I08, B05: forms of the desk and of settings, in every field."""
    me = signed_in(app, db, newsroom.hire(Role.ADMIN))
    names = ("text", "question", "reason", "why", "until", "into", "report", "version", "wrong", "right", "notice")
    more = ("why_silent", "resolution", "name", "editor", "role", "email", "origins", "desk", "job", "delivery")
    actions = ("note", "ask", "snooze", "merge", "split", "decide", "reopen", "spam", "not_spam", "undo", "{}")
    settings = [
        f"/settings/sites/{newsroom.site.slug}",
        f"/settings/sites/{newsroom.site.slug}/editors",
        "/settings/work",
    ]
    for number, value in enumerate(ODD):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", email="ann@readers.example"))
        said = dict.fromkeys((*names, *more), value)
        forms = [(f"/cases/{case}/{action}", said) for action in actions]
        forms += [(f"/cases/{case}/decide", said | {"resolution": "corrected", "version": ""})]
        forms += [(path, said | rest) for path in settings for rest in ({}, {"action": "invite", "role": "viewer"})]
        forms += [("/account", {"name": value}), ("/account", {"name": "", "password": value})]
        for path, form in forms:
            answer = me.post(tried(path, value), **form)
            assert answer.status_code < 500, (answer.status_code, path, ascii(value)[:60])
        for path in (f"/cases/{case}", "/queue?view=all", f"/settings/sites/{newsroom.site.slug}/editors"):
            me = me if me.get(path).status_code == 200 else signed_in(app, db, newsroom.hire(Role.ADMIN))
    visitor = Visitor(app)
    for value in ODD:
        visitor.get("/login")
        assert visitor.post("/login", email=value, password=value, next=value).status_code in (403, 429)


def test_no_form_of_readers_breaks_and_none_loses_what_was_typed(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """A13: a stale, foreign or missing token shows the form again with the words in it; A03: no origin is asked for."""
    reader, path = Visitor(app), f"/report/{newsroom.site.key}"
    good = {"url": "https://news.example/a", "comment": "The <b>bridge</b> & the king"}
    for token in ("", "x", "of.another.form", "\x00"):
        answer = reader.client.post(path, data=good | {"token": token}, headers={"Origin": "null"})
        assert answer.status_code == 400
        assert good["comment"] in unescape(answer.get_data(as_text=True))
    for value in ODD:
        everywhere = dict.fromkeys(
            (*TEXTS, "id", "url", "kind", "source_url", "email", "wants_reply", "website"), value
        )
        assert reader.client.post(path, data=everywhere).status_code in (400, 422)
        sent = newsroom.send(url=f"https://news.example/{uuid.uuid4()}")
        for action in ("answer", "appeal", "withdraw", value, "erase"):
            answer = reader.client.post(f"/r/{sent.token}", data={"action": action, "text": value})
            assert answer.status_code in (303, 400, 409, 422), (answer.status_code, action, ascii(value)[:50])
            assert reader.client.get(f"/r/{sent.token}").status_code == 200


def test_a_form_sent_again_with_other_words_can_be_sent(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """A13, F10: who goes back and writes something else is shown the form with a fresh id, and is heard."""
    reader, path = Visitor(app), f"/report/{newsroom.site.key}"

    def hidden(page: str) -> dict[str, str]:
        return dict(re.findall(r'name="(id|token)" value="([^"]+)"', page))

    form = hidden(reader.client.get(path).get_data(as_text=True)) | {"url": "https://news.example/a"}
    assert reader.client.post(path, data=form | {"comment": "One"}).status_code == 303
    again = reader.client.post(path, data=form | {"comment": "Another"})
    assert again.status_code == 422
    form |= hidden(again.get_data(as_text=True))
    assert reader.client.post(path, data=form | {"comment": "Another"}).status_code == 303
    assert newsroom.count(Report) == 2


def test_forms_in_parts_are_small_and_nothing_of_them_is_written(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """B10."""
    client = app.test_client(use_cookies=False)
    parts = (
        "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(1001)) + "--x--\r\n"
    )
    file = (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../x"\r\n\r\n'
        + b"y" * 700_000
        + b"\r\n--x--\r\n"
    )
    nameless = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    before = dump(db)
    for path in (f"/report/{newsroom.site.key}", f"/r/{newsroom.send().token}", "/unsubscribe/x", "/login"):
        for body in (parts.encode(), file, nameless, b"--x\r\n", b""):
            answer = client.post(path, data=body, content_type="multipart/form-data; boundary=x")
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
    after = dump(db)
    assert all(len(after[table]) == len(before[table]) for table in before if table.endswith("correction"))
    deep = client.post("/account", data=b"[" * 60_000, content_type="application/json")
    assert deep.status_code == 403


def test_bytes_that_are_no_utf8_are_refused_and_half_characters_shown(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """B03, B04: overlong and Latin-1 bytes, plain or escaped; half a character is U+FFFD on both databases."""
    good = "&".join(f"{name}={quote(value)}" for name, value in fields(site, exact=None).items())
    for bad in ("%E9", "%C0%AF", "%F4%90%80%80", "\xe9", "%FF%FE"):
        assert raw(client, f"{good}&exact={bad}".encode("latin-1"), FORM).status_code == 400, bad
    assert raw(client, f"{good}&exact=a%ED%A0%80b".encode(), FORM).status_code == 201
    assert only(db).exact == "a\ufffdb"
    body = json.dumps(fields(site)).encode().replace(b"was opend", b"\xed\xa0\xbd\xed\xb8\x80 opend")
    assert raw(client, body).status_code == 201
    for key in ("\ud800", "a\x00", "\u0130" * 70):
        assert send(client, fields(site) | {"site": key}).status_code == 403


def test_an_address_that_grows_too_long_is_named(client: FlaskClient, site: Site, db: Database) -> None:
    """B12, D04: letters that become bytes do not break the index of addresses; hosts are compared as punycode."""
    letters = "".join(chr(0x4E00 + secrets.randbelow(20_000)) for _ in range(2000))
    assert named(send(client, fields(site, url=f"https://news.example/{letters}"))) == ["url"]
    plain = secrets.token_hex(1000)
    assert send(client, fields(site, url=f"https://news.example/{plain}")).status_code == 201
    assert named(send(client, fields(site, url="https://n\u0435ws.example/a"))) == ["url"]


@pytest.mark.parametrize("copies", [20])
def test_one_id_sent_many_times_at_once_is_one_report(app: Flask, site: Site, db: Database, copies: int) -> None:
    """P-03, F09: one row, one event, one case; all others hear of the same report."""
    values = fields(site)
    other = values | {"exact": "something else", "suggestion": "quite"}
    with ThreadPoolExecutor(copies) as pool:
        answers = list(pool.map(lambda sent: send(app.test_client(use_cookies=False), sent), [values] * copies))
        statuses = sorted(answer.status_code for answer in answers)
        clash = list(pool.map(lambda sent: send(app.test_client(use_cookies=False), sent), [other] * copies))
    assert statuses == [200] * (copies - 1) + [201]
    assert len({(answer.json or {})["reference"] for answer in answers}) == 1
    assert {answer.status_code for answer in clash} == {422}
    with db.read() as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (Report, Case, Event)] == [1, 1, 1]


def test_many_headers_and_long_ones_are_no_trouble(client: FlaskClient, site: Site) -> None:
    """A05, A07: a long key, origin or language is refused like any other."""
    assert send(client, fields(site) | {"site": "k" * 10_000}).status_code == 403
    odd = {"Accept-Language": "x" * 9000, "User-Agent": "\xff" * 900, "Cookie": "corrections=" + "e" * 4000}
    assert (
        client.post("/api/v1/reports", json=fields(site), headers={"Origin": "https://news.example", **odd}).status_code
        == 201
    )
    for origin in ("https://news.example\x00", "https://news.example, https://news.example", "//news.example", "*"):
        assert send(client, fields(site), origin=origin).status_code == 403


def test_text_is_stored_as_it_came_and_cut_where_a_reader_would(client: FlaskClient, site: Site, db: Database) -> None:
    """D02, D03, D05, D06, D07: direction marks and joiners stay; NFC; no emoji is cut apart; Zalgo ends at the limit."""
    kept = "a\u202eb\u2066c \u200b\u2060 \U0001f468\u200d\U0001f469 \u0915\u094d\u200d"
    send(client, fields(site, comment=kept, exact="cafe\u0301"))
    report = only(db)
    assert (report.comment, report.exact) == (kept, "caf\u00e9")
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    for exact in (family * 400, "Z" + "\u0334" * 5000, "\ufdfa" * 2000):
        assert send(client, fields(site, exact=exact)).status_code == 201
    with db.read() as session:
        emoji, zalgo, phrase = session.scalars(select(Report.exact).where(Report.id > report.id).order_by(Report.id))
    assert emoji == family * (len(emoji) // len(family))
    assert len(emoji) <= len(phrase) == len(zalgo) == 2000


def test_equal_words_in_other_unicode_are_one_case(client: FlaskClient, site: Site, db: Database) -> None:
    """D03, D05: forms and invisible characters make no second case."""
    written = (
        "caf\u00e9 opend",
        "cafe\u0301 opend",
        "caf\u00e9\u200b opend",
        "\ufeffcaf\u00e9 opend",
        "\uff43\uff41\uff46\u00e9 opend",
    )
    for number, exact in enumerate(written):
        report, network = fields(site, exact=exact, suggestion="caf\u00e9 opened"), {"REMOTE_ADDR": f"192.0.{number}.1"}
        assert send(client, report, environ_base=network).status_code == 201
    with db.read() as session:
        assert [one.readers for one in session.scalars(select(Case))] == [5]


def test_what_goes_into_headers_is_one_plain_line(client: FlaskClient, site: Site, db: Database) -> None:
    """C08, D02: line ends of every sort, controls and direction marks leave a title before anything is made of it."""
    breaks = "\r\n \r \n \x0b \x0c \x1c \x1d \x1e \x1f \x85 \u2028 \u2029 \x00 \u202e \u2066 =?utf-8?q?=0ABcc:x?="
    injected = [f"A{one}Bcc: evil@x.test" for one in breaks.split(" ")] + ["A" * 10_000]
    if HOSTILE.is_dir():
        injected += json.loads((HOSTILE / "crlf.json").read_text("utf-8"))
    for one in injected:
        assert (
            send(client, fields(site, url=f"https://news.example/{uuid.uuid4().hex[:8]}", title=one)).status_code == 201
        )
    with db.read() as session:
        titles = list(session.scalars(select(Report.title))) + list(session.scalars(select(Article.headline)))
    assert len(titles) == 2 * len(injected)
    for title in titles:
        assert title == text.one_line(title, 300)
        assert len(title.splitlines()) == 1
        assert len(title) <= 300


def test_readers_text_is_shown_as_text_and_never_evaluated(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """C14, C02, C12: templates of others, script ends and line separators are words, on pages, in feeds, in JSON-LD."""
    odd = ["{{7*7}}", "${7*7}", "</script><script>x()", "<!--<script>", "a\u2028b\u2029c", "]]>", "&amp;"]
    if HOSTILE.is_dir():
        odd += [one for one in json.loads((HOSTILE / "ssti.json").read_text("utf-8")) if text.is_visible(one)]
    number = newsroom.hire(Role.ADMIN)
    me = signed_in(app, db, number)
    log, seen = f"/log/{newsroom.site.slug}", []
    for one in odd[:60]:
        said = text.clean(one).strip()[:290]
        sent = newsroom.send(
            url=f"https://news.example/{hashlib.sha256(said.encode()).hexdigest()[:9]}",
            title=text.one_line(said, 290),
            exact=said,
            comment=said,
            suggestion=said + "!",
        )
        case = newsroom.case_of(sent)
        for path in (f"/cases/{case}", f"/r/{sent.token}"):
            assert said in unescape(me.client.get(path).get_data(as_text=True)).replace("</mark>", ""), (path, said)
        with db.write() as session:
            _publish(session, session.get_one(Case, case), said, session.get_one(Editor, number))
        seen.append(said)
    listed, address = list[str](), log
    while address:
        page = me.client.get(address).get_data(as_text=True)
        data = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
        listed += [one["text"] for one in json.loads(data)["itemListElement"]]
        following = re.search(r'href="([^"]+)"[^>]* rel="next"|rel="next" href="([^"]+)"', page)
        address = unescape(following[1] or following[2]) if following else ""
    assert sorted(listed) == sorted(seen)
    assert len(json.loads(me.client.get(f"{log}/feed.json").get_data())["items"]) == 50
    assert me.client.get(f"{log}/feed.atom").status_code == 200


def _publish(session: Session, case: Case, said: str, actor: Editor) -> None:
    decision = Decision(Resolution.CORRECTED, wrong=said, right=said, notice=said)
    cases.decide(session, case, decision, actor=actor)
    for one in case.corrections:
        one.state, one.published_at = NoticeState.PUBLIC, case.created_at


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
