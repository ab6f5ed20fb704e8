"""The way in through a web server, as documented, and what `doctor --url` says where it is set up wrongly."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from corrections_service import front_door
from corrections_service.settings import Settings
from tests.measures import wait_for
from tests.running import Service, free_port, running_service
from tests.test_cli import run
from tests.work.certificates import Authority

PAGE = Path(__file__).resolve().parents[1] / "docs" / "proxies.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")

PASSED_ON = "proxy_pass http://127.0.0.1:%d; proxy_set_header Host $host; "
FORWARDED = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
WRONGLY = {
    "another name": ("location / { proxy_pass http://127.0.0.1:%d; }", "Host", "proxy_set_header Host $host"),
    "a proxy that nobody trusts": (
        "location / {" + PASSED_ON + FORWARDED + "proxy_bind 127.0.0.2; }",
        "forwarded address",
        "set it to 127.0.0.2/32",
    ),
    "small bodies": ("client_max_body_size 8k; location / {" + PASSED_ON + "}", "body size", "413"),
    "nothing behind it": ("location / { proxy_pass http://127.0.0.1:1; }", "BASE_URL answers", "502"),
    "https wanted": (
        "location / { return 301 https://$host:$server_port$request_uri; }",
        "BASE_URL answers",
        "redirects to https: set CORRECTIONS_BASE_URL to https://localhost",
    ),
    "moved": ("location / { return 302 http://moved.example/; }", "BASE_URL answers", "http://moved.example"),
    "another program": ("location / { return 200 hello; }", "BASE_URL answers", "not this service"),
}
"""How web servers stand before the service, the check that finds it, and what it says."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running installation whose readers come through a web server."""
    directory = tmp_path_factory.mktemp("service") / "data"
    with running_service(directory, trusted_proxies='["127.0.0.1/32"]', log_format="json") as service:
        service.environment["CORRECTIONS_BASE_URL"] = "http://localhost"
        service.init()
        service.start()
        yield service


@pytest.fixture(scope="module")
def ports(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Where nginx answers as documented, and in each wrong way."""
    assert NGINX is not None
    directory = tmp_path_factory.mktemp("nginx")
    ways = {"documented": documented(), **{name: location for name, (location, _, _) in WRONGLY.items()}}
    ports = {name: free_port() for name in ways}
    servers = "\n".join(
        f"server {{ listen 127.0.0.1:{ports[name]}; {way.replace('%d', str(service.port))} }}"
        for name, way in ways.items()
    )
    kinds = " ".join(f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
    (directory / "nginx.conf").write_text(
        f"{'user root;' if os.getuid() == 0 else ''} daemon off; pid {directory}/pid; error_log {directory}/errors;\n"
        f"events {{}}\nhttp {{ access_log off; {kinds} uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;\n"
        f"{servers} }}\n"
    )
    command = [NGINX, "-p", str(directory), "-c", str(directory / "nginx.conf")]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for(lambda: is_listening(ports["documented"]), "nginx listens")
    yield ports
    running.terminate()
    running.wait()


def is_listening(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def documented() -> str:
    """The block of the documentation for nginx, but for what belongs to certificates and names."""
    block = re.search(r"```nginx\nserver \{\n(.*?)\n\}\n```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    kept = [line for line in block[1].splitlines() if not re.match(r"\s*(listen|server_name|ssl_)", line)]
    return "\n".join(kept).replace("127.0.0.1:8000", "127.0.0.1:%d")


def examined(service: Service, port: int) -> dict[str, str]:
    """What the doctor says of the front door at this port, by check."""
    secret = (service.directory / "secret-key").read_text()
    config = Settings(data_dir=service.directory, secret_key=secret, base_url=f"http://localhost:{port}")
    return dict(front_door.examine(config))


@needs_nginx
def test_the_documented_block_lets_readers_and_editors_in(service: Service, ports: dict[str, int]) -> None:
    said = examined(service, ports["documented"])
    assert said == dict.fromkeys(("BASE_URL answers", "Host", "body size", "forwarded address"), "")


@needs_nginx
@pytest.mark.parametrize("way", WRONGLY)
def test_the_doctor_names_what_a_web_server_does_wrong(service: Service, ports: dict[str, int], way: str) -> None:
    _, check, said = WRONGLY[way]
    wrong = {name: trouble for name, trouble in examined(service, ports[way]).items() if trouble}
    assert list(wrong) == [check]
    assert said in wrong[check]


def test_a_front_door_that_nobody_opens_is_named_on_the_console(service: Service) -> None:
    done = run(service, "doctor", "--url", base_url=f"http://localhost:{free_port()}")
    assert done.returncode == 78
    assert re.search(r"^WRONG  BASE_URL answers: http://localhost:\d+ cannot be reached: .*refused", done.stdout, re.M)


@pytest.mark.parametrize(
    ("is_encrypted", "said"),
    [
        (True, "the certificate at https://localhost:{} is not accepted: self"),
        (False, "no TLS is spoken at https://localhost:{}:"),
    ],
)
def test_a_certificate_that_browsers_do_not_take_is_told_as_that(tmp_path: Path, is_encrypted: bool, said: str) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        if is_encrypted:
            context = Authority(tmp_path).server("localhost", self_signed=True)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.handle_request, daemon=True).start()
        port = server.server_port
        config = Settings(secret_key="x" * 40, base_url=f"https://localhost:{port}")
        trouble = dict(front_door.examine(config))["BASE_URL answers"]
    assert trouble.startswith(said.format(port))


def test_only_the_doctor_is_told_how_a_request_arrived(service: Service) -> None:
    assert service.exchange("GET", "/front-door")[0] == 404
    assert service.exchange("POST", "/front-door")[0] == 404


def test_who_asks_under_another_name_is_logged_and_counted(service: Service) -> None:
    assert service.post()[0] == 400
    log = (service.directory / "service.log").read_text()
    assert "asked for under another name; see docs/proxies.md" in log
    wait_for(
        lambda: json.loads(service.console("stats", "--json"))["rejected"] == {"other-name": 1},
        "the refusal is counted",
    )


def test_the_start_says_what_runs_where(service: Service) -> None:
    first, *rest = map(json.loads, (service.directory / "service.log").read_text().splitlines())
    assert "answering" in [line["event"] for line in rest]
    assert first["event"] == "starting"
    assert first["on"] == f"http://127.0.0.1:{service.port}"
    assert first["data"] == str(service.directory)
    assert first["version"]


def test_a_directory_that_depends_on_where_one_stands_is_told_with_its_whole_path_by_the_worker_too(
    tmp_path: Path,
) -> None:
    with running_service(tmp_path / "data") as service:
        service.init()
        service.environment["CORRECTIONS_DATA_DIR"] = os.path.relpath(service.directory)
        service.start("worker")
        log = service.directory / "service.log"
        wait_for(lambda: "working" in log.read_text(), "the worker has started")
        assert "CORRECTIONS_DATA_DIR is relative" in log.read_text()
        assert f"now={service.directory.resolve()}" in log.read_text()


@pytest.mark.parametrize("level", ["debug", "error"])
def test_the_log_tells_requests_and_refusals_at_the_level_that_was_set_and_nothing_of_readers(
    tmp_path: Path, level: str
) -> None:
    with running_service(tmp_path / "data", log_level=level, log_format="json") as service:
        service.init()
        service.start()
        assert service.post(email="canary@example.org", comment="canary")[0] == 201
        assert service.post(email="canary", comment="canary")[0] == 422
        assert service.exchange("GET", "/log/canary?canary=canary")[0] == 404
    log = (tmp_path / "data" / "service.log").read_text()
    told = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    asked = [(one["event"], one["route"], one["status"]) for one in told if "route" in one]
    expected = [
        ("answered", "/api/v1/reports", 201),
        ("refused", "/api/v1/reports", 422),
        ("refused", "/log/<slug>", 404),
    ]
    assert [one for one in asked if "reports" in one[1] or "log" in one[1]] == (expected if level == "debug" else [])
    assert "canary" not in log
