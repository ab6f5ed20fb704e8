"""The article reader trusts who a known authority vouches for, and says of others what is wrong (THREATS G09)."""

from __future__ import annotations

import socket
import ssl
import warnings
from pathlib import Path

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work.fetch import Page, read_page
from tests.work.canaries import LOOPBACK, Canary, listening
from tests.work.certificates import Authority
from tests.work.servers import name_resolves


def test_a_server_that_speaks_no_tls_where_it_should_is_refused(canary: Canary) -> None:
    """G09: there is no falling back to plain."""
    origin = canary.origin.replace("http://", "https://")
    with pytest.raises(Unreachable, match="speaks no TLS"):
        read_page(f"{origin}/", origins=[origin], allowed=LOOPBACK)
    assert canary.hits == []


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The one authority that this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    name_resolves(monkeypatch, lambda: ["127.0.0.1"])
    return made


def read_safely(tls: ssl.SSLContext, name: str = "news.invalid") -> tuple[Page | str, list[str]]:
    """The page that a server shows, or why not, and what it was asked for."""
    with listening(Canary(tls=tls)) as canary:
        origin = f"https://{name}:{canary.port}"
        try:
            return read_page(f"{origin}/a", origins=[origin], allowed=LOOPBACK), canary.hits
        except Unreachable as told:
            return told.detail, canary.hits


@pytest.mark.parametrize("name", ["news.invalid", "127.0.0.1"])
def test_a_server_that_a_known_authority_vouches_for_is_read(authority: Authority, name: str) -> None:
    page, hits = read_safely(authority.server(name), name)
    assert isinstance(page, Page)
    assert hits == ["/a"]


@pytest.mark.parametrize(
    ("names", "days", "self_signed", "told"),
    [
        (["news.invalid"], (-9, -1), False, "has expired"),
        (["news.invalid"], (1, 9), False, "not valid yet"),
        (["other.invalid"], (-9, 9), False, "another host name"),
        (["news.invalid.evil.invalid"], (-9, 9), False, "another host name"),
        (["*.news.invalid"], (-9, 9), False, "another host name"),
        (["news.invalid"], (-9, 9), True, "No known authority"),
    ],
)
def test_a_bad_certificate_is_refused_and_the_editor_reads_why(
    authority: Authority, names: list[str], days: tuple[int, int], self_signed: bool, told: str
) -> None:
    """G09."""
    reason, hits = read_safely(authority.server(*names, days=days, self_signed=self_signed))
    assert isinstance(reason, str)
    assert told in reason
    assert hits == []


def test_a_certificate_for_another_address_or_of_an_unknown_authority_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    """G09."""
    reason, hits = read_safely(authority.server("127.0.0.2"), "127.0.0.1")
    assert (reason, hits) == ("The server’s certificate is for another address; install one for this address.", [])
    reason, hits = read_safely(Authority(tmp_path, "Another authority").server("news.invalid"))
    assert str(reason).startswith("No known authority vouches")
    assert hits == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_refused(authority: Authority, version: ssl.TLSVersion) -> None:
    """G09."""
    tls = authority.server("news.invalid")
    _speak_only(tls, version)
    lax = ssl.create_default_context(cafile=str(authority.file))
    _speak_only(lax, version)
    with listening(Canary(tls=tls)) as canary, socket.create_connection(("127.0.0.1", canary.port), 5) as plain:
        try:
            with lax.wrap_socket(plain, server_hostname="news.invalid") as spoken:
                assert spoken.version() == version.name.replace("_", ".")
        except ssl.SSLError:
            pytest.skip(f"the OpenSSL here speaks no {version.name}")
    reason, hits = read_safely(tls)
    assert "old versions of TLS" in str(reason)
    assert hits == []


def _speak_only(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
