"""kill -9 while a program has a call and nobody has kept its answer: the same call comes again, by the same id (H1)."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from sqlalchemy import select

from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.services import webhooks
from corrections_service.settings import read_settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Call, Site
from tests.faults.test_kill import _have_ended
from tests.measures import PATIENCE, wait_for
from tests.running import Service, children, running_service
from tests.work.canaries import Canary, listening


def add(service: Service, url: str) -> None:
    """A webhook that listens for all."""
    settings = read_settings(data_dir=service.directory, base_url=service.base_url)
    database = open_database(settings)
    with database.write() as session:
        site = session.scalars(select(Site)).one()
        keys = settings.secret_keys
        webhooks.add(session, site, WebhookKind.PLAIN, url, list(EVENTS), keys=keys, own_networks=True)
    database.close()


def states(service: Service) -> list[str]:
    database = open_database(read_settings(data_dir=service.directory, base_url=service.base_url))
    with database.read() as session:
        found = [state.value for state in session.scalars(select(Call.state))]
    database.close()
    return found


def test_a_call_whose_answer_nobody_lived_to_keep_comes_again_by_the_same_id(tmp_path: Path) -> None:
    """H1: at least once."""
    killed = threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        killed.wait(PATIENCE)
        handler.close_connection = True

    with listening(Canary()) as canary, running_service(tmp_path / "data") as service:
        canary.answer = hold
        service.init()
        add(service, canary.origin)
        parent = service.start()
        assert service.post(None, exact="wrong word")[0] == 201
        wait_for(lambda: len(canary.hits) == 1, "the program has the call")
        family = children(parent.pid)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        wait_for(partial(_have_ended, family), "orphans end by themselves")
        canary.says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        killed.set()
        service.start()
        wait_for(lambda: len(canary.hits) == 2, "the call comes again")
        wait_for(lambda: states(service) == ["sent"], "its answer is kept")
    assert canary.headers[0]["webhook-id"] == canary.headers[1]["webhook-id"]
    assert canary.bodies[0] == canary.bodies[1]
