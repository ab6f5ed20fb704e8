"""A reader adds a picture on their report's page; who may take it in, who may look at it, and what is said when it is refused (B15)."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.services.attachments import MOST_BYTES
from corrections_service.services.reports import Submitted
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Attachment, Site
from corrections_service.web import attachments as pages
from corrections_service.whole_requests import READ_BYTES, UPLOADS_OF_ALL
from corrections_service.work import attachments as drawing
from tests import drawings
from tests.databases import settings_for
from tests.running import ANSWER, Service, running_service
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

SAID = catalogue_in("en")


@pytest.fixture
def wishing(newsroom: Newsroom) -> Newsroom:
    """A newsroom that takes pictures."""
    with newsroom.db.write() as session:
        sites.choose(session.get_one(Site, newsroom.site.id), attachments=True)
    newsroom.refresh()
    return newsroom


def body_of(content: bytes, name: str = "photo.png") -> bytes:
    """The form with a file, as browsers send it; without one they send an empty one."""
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"


def send(app: Flask, sent: Submitted, content: bytes, name: str = "photo.png") -> TestResponse:
    """Add a file, as the form on a report's page does."""
    kind, path = "multipart/form-data; boundary=b", f"/r/{sent.token}/attachments"
    return app.test_client(use_cookies=False).post(path, data=body_of(content, name), content_type=kind)


def pictures(db: Database) -> list[int]:
    with db.read() as session:
        return list(session.scalars(select(Attachment.id).order_by(Attachment.id)))


def test_a_reader_adds_a_picture_sees_that_it_is_there_and_takes_it_away(app: Flask, wishing: Newsroom) -> None:
    sent, reader = wishing.send(), app.test_client(use_cookies=False)
    page = reader.get(f"/r/{sent.token}").text
    assert f'action="/r/{sent.token}/attachments" enctype="multipart/form-data"' in page
    answer = send(app, sent, drawings.located(), "canary-name.jpg")
    assert (answer.status_code, answer.location) == (303, f"/r/{sent.token}?attached=1")
    page = reader.get(answer.location).text
    assert SAID("pages.attach_stored") in page
    assert SAID("pages.send_detach", number=1) in page
    with wishing.db.read() as session:
        (picture,) = session.scalars(select(Attachment)).all()
        assert (picture.type, picture.width, picture.height) == ("image/webp", 40, 60)
        assert b"canary" not in picture.content
    assert reader.post(f"/r/{sent.token}", data={"action": "detach", "text": "1"}).status_code == 303
    assert pictures(wishing.db) == []
    assert SAID("pages.attached") not in reader.get(f"/r/{sent.token}").text


@pytest.mark.parametrize("typed", ["", "0", "2", "x", "1 OR 1", "9" * 30, "²"])
def test_what_names_no_file_takes_none_away(app: Flask, wishing: Newsroom, typed: str) -> None:
    sent = wishing.send()
    send(app, sent, drawings.image())
    answer = app.test_client(use_cookies=False).post(f"/r/{sent.token}", data={"action": "detach", "text": typed})
    assert answer.status_code == 303
    assert len(pictures(wishing.db)) == 1


def test_nothing_is_offered_or_taken_where_the_publication_does_not_wish_for_it(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send()
    assert "multipart" not in app.test_client().get(f"/r/{sent.token}").text
    assert send(app, sent, drawings.image()).status_code == 404
    assert send(app, Submitted("", "no-such-token", 0, False, ""), drawings.image()).status_code == 404
    assert pictures(newsroom.db) == []


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "missing"),
        (b"<svg onload=alert(1)>", 422, "unknown"),
        (drawings.heic(), 422, "heic"),
        (drawings.image()[:60], 422, "unreadable"),
        (drawings.image() + bytes(MOST_BYTES), 413, "too_large"),
    ],
)
def test_what_is_refused_is_told_on_the_page_in_a_sentence(
    app: Flask, wishing: Newsroom, content: bytes, status: int, sentence: str
) -> None:
    sent = wishing.send()
    answer = send(app, sent, content)
    assert answer.status_code == status
    assert SAID(f"pages.error_attachment_{sentence}") in answer.text
    forms = re.findall(r'<form method="post" action="([^"]*)"', answer.text)
    assert set(forms) == {f"/r/{sent.token}", f"/r/{sent.token}/attachments"}, "from that page, too, all forms work"
    assert pictures(wishing.db) == []


def test_a_fourth_file_is_refused_before_it_is_read(app: Flask, wishing: Newsroom) -> None:
    sent = wishing.send()
    for _ in range(3):
        assert send(app, sent, drawings.image()).status_code == 303
    answer = send(app, sent, drawings.image())
    assert (answer.status_code, len(pictures(wishing.db))) == (409, 3)
    assert SAID("pages.error_attachment_many") in answer.text


def test_who_sends_too_many_is_told_when_to_come_again(
    app: Flask, wishing: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = app.extensions["settings"].model_copy(update={"limit_reports": "100/hour"})
    app.extensions["settings"] = limited
    monkeypatch.setattr(pages, "TRIES", "2/day")
    answers = [send(app, wishing.send(), b"no picture") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert SAID("pages.error_attachment_limit") in answers[2].text


def test_while_others_are_read_a_file_is_refused_for_the_moment(app: Flask, wishing: Newsroom) -> None:
    with contextlib.ExitStack() as places:
        for _ in range(drawing.AT_ONCE):
            places.enter_context(drawing._place())
        answer = send(app, wishing.send(), drawings.image())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert SAID("pages.error_attachment_busy") in answer.text


def test_strange_forms_in_parts_are_refused_and_store_nothing(app: Flask, wishing: Newsroom) -> None:
    """Parts without a name, too many of them, a field in the file's place, a body that is none."""
    sent = wishing.send()
    part = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\nx\r\n'
    for body in (
        b"",
        b"--b",
        b"--b--",
        part % (b"file", b"") + b"--b--",
        part % (b"other", b"") * 50 + b"--b--",
        b"\x00",
    ):
        kind = "multipart/form-data; boundary=b"
        answer = app.test_client().post(f"/r/{sent.token}/attachments", data=body, content_type=kind)
        assert answer.status_code in (413, 422), body
    for kind in ("application/json", "application/x-www-form-urlencoded", "", "multipart/form-data"):
        answer = app.test_client().post(f"/r/{sent.token}/attachments", data=b"file=x", content_type=kind)
        assert answer.status_code == 422, kind
    assert pictures(wishing.db) == []


def test_an_editor_sees_it_beside_the_readers_words_and_nobody_below_does(app: Flask, wishing: Newsroom) -> None:
    sent, db = wishing.send(), wishing.db
    assert send(app, sent, drawings.image()).status_code == 303
    case, (number,) = wishing.case_of(sent), pictures(db)
    path = f"/cases/{case}/attachments/{number}"
    me = signed_in(app, db, wishing.hire())
    assert f'<img src="{path}"' in me.get(f"/cases/{case}").text
    answer = me.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for role in (Role.VIEWER, Role.AUTHOR):
        below = signed_in(app, db, wishing.hire(role))
        assert below.client.get(path).status_code == 403
        assert path not in below.get(f"/cases/{case}").text
    assert Visitor(app).client.get(path).status_code == 302
    assert app.test_client().get(f"/r/{sent.token}/attachments").status_code == 405
    assert path not in app.test_client().get(f"/log/{wishing.site.slug}").text


def test_the_settings_say_what_to_install_where_the_libraries_are_missing(
    app: Flask, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, path = signed_in(app, newsroom.db, newsroom.hire(Role.ADMIN)), f"/settings/sites/{newsroom.site.slug}/telling"
    monkeypatch.setattr(drawing, "LIBRARIES", ("no_such_library",))
    assert "pip install" not in me.get(path).text
    assert me.post(path, attachments="on").status_code == 303
    assert "pip install &#34;corrections-service[attachments]&#34;" in me.get(path).text
    sent = newsroom.send()
    assert "multipart" not in app.test_client().get(f"/r/{sent.token}").text
    assert send(app, sent, drawings.image()).status_code == 404
    monkeypatch.undo()
    assert "pip install" not in me.get(path).text
    assert "multipart" in app.test_client().get(f"/r/{sent.token}").text


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as it is served, for a publication that takes pictures."""
    with running_service(tmp_path_factory.mktemp("files")) as started:
        started.init()
        started.start()
        yield started


def switch(service: Service, *, is_on: bool) -> None:
    """Have the publication take pictures, or not, beside the service that runs."""
    database = open_database(settings_for(service.directory))
    with database.write() as session:
        sites.choose(session.scalars(select(Site)).one(), attachments=is_on)
    database.close()


def reported(service: Service) -> str:
    """The path of a new report's page."""
    status, body = service.post(id=str(uuid.uuid4()))
    assert status == 201
    return str(body["status_url"]).removeprefix(service.base_url)


def connect(service: Service, page: str, length: int) -> http.client.HTTPConnection:
    """The head of a file on its way to a report's page."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=ANSWER)
    connection.putrequest("POST", f"{page}/attachments")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def upload(service: Service, page: str, content: bytes) -> tuple[int, str]:
    """Send a file whole; the answer's status and page."""
    body = body_of(content)
    with contextlib.closing(connect(service, page, len(body))) as connection:
        connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_five_megabytes_come_in_where_they_are_wished_for_and_what_is_more_is_told_on_the_page(
    service: Service,
) -> None:
    switch(service, is_on=True)
    large, page = drawings.image() + bytes(MOST_BYTES - 1000), reported(service)
    assert upload(service, page, large)[0] == 303
    for size in (MOST_BYTES + 1, MOST_BYTES * 3, READ_BYTES - 10_000):
        status, said = upload(service, page, bytes(size))
        assert (status, SAID("pages.error_attachment_too_large") in said) == (413, True), size


def test_a_large_body_is_read_by_no_other_address_and_for_no_report_that_takes_none(service: Service) -> None:
    switch(service, is_on=True)
    page, length = reported(service), 3 * 1024 * 1024
    for path in ("/r/no-such-token", page + "/", "/report/x", f"/cases/1{page}"):
        with contextlib.closing(connect(service, path, length)) as connection:
            assert connection.getresponse().status in (404, 413), "it is answered before anything of it came"
    switch(service, is_on=False)
    with contextlib.closing(connect(service, page, length)) as connection:
        assert connection.getresponse().status == 404
    switch(service, is_on=True)


def test_files_that_are_on_their_way_keep_no_report_waiting_and_one_too_many_is_told_so(service: Service) -> None:
    switch(service, is_on=True)
    content = drawings.image() + bytes(2 * 1024 * 1024)
    pages_of_readers = [reported(service) for _ in range(UPLOADS_OF_ALL)]
    body = body_of(content)
    with contextlib.ExitStack() as stack:
        slow = [
            stack.enter_context(contextlib.closing(connect(service, page, len(body)))) for page in pages_of_readers[:2]
        ]
        for connection in slow:
            connection.send(body[:1000])
        for _ in range(5):
            assert service.post(id=str(uuid.uuid4()))[0] == 201
        status, said = upload(service, pages_of_readers[2], content)
        assert (status, SAID("pages.error_attachment_busy") in said) == (503, True), "this peer adds two already"
        for connection in slow:
            connection.send(body[1000:])
        assert {connection.getresponse().status for connection in slow} <= {303, 503}
    assert upload(service, pages_of_readers[2], content)[0] == 303, "their places are free again"


def test_reports_are_stored_while_many_files_are_sent_at_once(service: Service) -> None:
    switch(service, is_on=True)
    readers = [reported(service) for _ in range(8)]
    outcomes: list[int] = []
    content = drawings.image("PNG", (3000, 3000))
    threads = [
        threading.Thread(target=lambda page=page: outcomes.append(upload(service, page, content)[0]))
        for page in readers
    ]
    for thread in threads:
        thread.start()
    for _ in range(10):
        assert service.post(id=str(uuid.uuid4()))[0] == 201
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {303, 503}
    assert 303 in outcomes
