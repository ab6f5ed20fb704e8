"""Mails that came in, read and put where they belong a second: answers of all programs and languages, and what programs wrote.

`ms_25_mib` is one mail with a film of 25 MiB, `mails_a_second` all others; a broken one is among them.
"""

from __future__ import annotations

import time

from sqlalchemy import func, select

from benchmarks.load import ORIGIN
from benchmarks.servers import installation
from corrections_service.settings import read_settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Letter
from corrections_service.work import inbound

WORDS = "Yes, the bridge was opened in 1978, not in 1987. I have the programme of that day. "
ANSWER = (
    "From: Ann <ann{number}@readers.example>\r\nTo: corrections@news.example\r\nSubject: Re: A question\r\n"
    "Message-ID: <{number}@readers.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n\r\n"
    "On Mon, Nov 23, 2026 at 10:15 AM News <corrections@news.example> wrote:\r\n{quotation}\r\n"
)
QUOTATION = "\r\n".join(f"> {WORDS}" for _ in range(40))
FILM = (
    b"From: ann@readers.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
    b"Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * 336_000
)


def run(mails: int = 1000) -> dict[str, object]:
    """Take so many mails in, one after the other, as a look at the mailbox does once it has read them."""
    raws = [ANSWER.format(number=n, words=WORDS * 3, quotation=QUOTATION).encode() for n in range(mails)]
    raws[mails // 2] = bytes(range(256)) * 40
    with installation() as (_, _, directory, _):
        settings = read_settings(data_dir=directory, base_url=ORIGIN)
        database = open_database(settings)
        began = time.perf_counter()
        for raw in raws:
            inbound.take(database, settings, raw)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        inbound.take(database, settings, FILM)
        large = time.perf_counter() - began
        with database.read() as session:
            count = session.scalar(select(func.count()).select_from(Letter)) or 0
        database.close()
    assert count == mails + 1, "each is kept, once"
    return {"mails_a_second": mails / seconds, "s_1000": 1000 * seconds / mails, "ms_25_mib": 1000 * large}
