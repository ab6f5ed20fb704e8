"""The article reader goes nowhere but to public addresses (THREATS G01, G02, G03, G05, G13)."""

from __future__ import annotations

import ipaddress
import json
import socket
from pathlib import Path

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import networks
from corrections_service.work.fetch import read_page
from corrections_service.work.networks import judge_ip
from tests.running import free_port
from tests.work.canaries import LOOPBACK, Canary, listening
from tests.work.servers import name_resolves, read


def test_loopback_is_refused_where_it_is_not_allowed(canary: Canary) -> None:
    with pytest.raises(Unreachable, match="network"):
        read_page(f"{canary.origin}/", origins=[canary.origin])
    assert canary.hits == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "017700000001",
        "0x7f.1",
        "①②⑦.⓪.⓪.①",
        "[::]",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25eth0]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fd00::1]",
    ],
)
def test_an_address_of_this_machine_or_network_is_refused_however_it_is_written(canary: Canary, host: str) -> None:
    """G01."""
    url = f"http://{host}:{canary.port}/"
    with pytest.raises(Unreachable):
        read_page(url, origins=[url.rstrip("/"), "http://localhost", f"http://localhost:{canary.port}", canary.origin])
    assert canary.hits == []


@pytest.mark.parametrize(
    "address",
    [
        "http://{ok}\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#@{ok}/",
        "http://{ok}%2f@127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "http://user:password@{ok}/",
        "http://127.0.0.1:{port}\t.{ok}/",
        "http://{ok}:99999/",
        "http://{ok}%00/",
        "file:///etc/hostname",
        "gopher://{ok}/",
        "",
    ],
)
def test_an_address_that_two_readers_read_differently_leads_nowhere_else(canary: Canary, address: str) -> None:
    """G02."""
    with pytest.raises(Unreachable):
        read_page(address.format(ok="news.invalid", port=canary.port), origins=["http://news.invalid"])
    assert canary.hits == []


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    addresses = ["93.184.216.34", "10.0.0.1"]
    assert not all(judge_ip(ipaddress.ip_address(one), []) for one in addresses)


@pytest.mark.parametrize("network", [str(one) for one in networks.DENIED])
def test_every_special_network_is_denied(network: str) -> None:
    address = ipaddress.ip_network(network)[0]
    assert not judge_ip(address, [])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert judge_ip(ipaddress.ip_address(address), [])


@pytest.mark.parametrize(
    "found",
    [
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["93.184.216.34", "::1"],
        ["2002:7f00:1::", "93.184.216.34"],
        ["2002:808:808::"],
        ["::ffff:93.184.216.34"],
        ["64:ff9b::808:808"],
    ],
)
def test_one_denied_address_in_a_names_answer_refuses_them_all(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    """G05: the name system's answer is an attacker's."""
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, canary.port)) for one in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(Unreachable, match="network"):
        read_page(f"http://news.invalid:{canary.port}/", origins=[f"http://news.invalid:{canary.port}"])
    assert canary.hits == []


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G05: DNS rebinding; the connection goes to the address that was judged."""
    asked: list[str] = []

    def answer(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        place = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    genuine = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: (answer if host == "news.invalid" else genuine)(host, *more, **named),
    )
    origin = f"http://news.invalid:{canary.port}"
    assert read_page(f"{origin}/", origins=[origin], allowed=["127.0.0.1/32"]).body
    assert asked == ["news.invalid"]


def test_addresses_of_the_url_standards_own_tests_lead_to_the_site_or_nowhere(canary: Canary) -> None:
    """G03: whatever is made of an address, only the site's own host is ever asked."""
    listed = Path(__file__).resolve().parents[2] / "../shared/data/hostile/urls.json"
    if not listed.is_file():
        pytest.skip("../shared/data/hostile is not here")
    cases = [one for one in json.loads(listed.read_text("utf-8")) if isinstance(one, dict)]
    assert len(cases) > 300
    for one in cases:
        with pytest.raises(Unreachable):
            read_page(str(one["input"]), origins=["http://news.invalid"], allowed=LOOPBACK)
    assert canary.hits == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (socket.EAI_NONAME, "leads nowhere"),
        (socket.EAI_AGAIN, r"could not be looked up \(no\); it is asked again later"),
        (socket.EAI_FAIL, r"could not be looked up \(no\); it is asked again later"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_so_and_a_resolver_that_is_away_is_another_cause(
    monkeypatch: pytest.MonkeyPatch, error: int, told: str
) -> None:
    """G05, and false causes."""

    def ask() -> list[str]:
        raise socket.gaierror(error, "no")

    name_resolves(monkeypatch, ask)
    with pytest.raises(Unreachable, match=told):
        read_page("http://news.invalid", origins=["http://news.invalid"])


def test_the_last_of_a_thousand_addresses_counts_as_well(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G05."""
    name_resolves(monkeypatch, lambda: [f"93.184.{one // 250}.{one % 250 + 1}" for one in range(1_000)] + ["127.0.0.1"])
    origin = f"http://news.invalid:{canary.port}"
    with pytest.raises(Unreachable, match="network"):
        read_page(origin, origins=[origin])
    assert canary.hits == []


def test_an_address_of_version_6_is_read_where_it_is_allowed() -> None:
    try:
        made = Canary("::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening(made) as canary:
        with pytest.raises(Unreachable, match="network"):
            read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
        assert canary.hits == []
        assert read_page(f"{canary.origin}/a", origins=[canary.origin], allowed=["::1/128"]).body
        assert canary.headers[0]["Host"] == f"[::1]:{canary.port}"


def test_what_the_environment_says_of_proxies_and_passwords_is_ignored(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """G13."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret\ndefault login ann password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with listening(Canary()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        assert read(canary, "/a").body
        assert proxy.hits == []
    assert canary.hits == ["/a"]
    assert "Authorization" not in canary.headers[0]


def test_a_port_where_nobody_listens_is_told_so() -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unreachable, match=r"cannot be reached.*refused"):
        read_page(origin, origins=[origin], allowed=LOOPBACK)
