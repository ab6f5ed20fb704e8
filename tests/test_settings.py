"""Settings as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corrections_service.errors import ConfigurationError
from corrections_service.settings import read_settings

BOTH = ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10.0.0.0/8,fd00::/8", BOTH),
        (" 10.0.0.0/8 , fd00::/8, ", BOTH),
        ('["10.0.0.0/8", "fd00::/8"]', BOTH),
        ("10.0.0.0/8", BOTH[:1]),
        ("", []),
        ("[]", []),
    ],
)
def test_lists_in_the_environment_are_written_with_commas_or_as_json(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: list[str]
) -> None:
    for name in ("TRUSTED_PROXIES", "FETCH_ALLOW", "SECRET_KEY_FALLBACKS"):
        monkeypatch.setenv(f"CORRECTIONS_{name}", written)
    settings = read_settings()
    assert settings.trusted_proxies == settings.fetch_allow == settings.secret_key_fallbacks == meant


def test_a_file_of_settings_may_write_them_as_its_own_lists_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "corrections.toml"
    monkeypatch.setenv("CORRECTIONS_CONFIG", str(file))
    for written in ('["10.0.0.0/8", "fd00::/8"]', '"10.0.0.0/8, fd00::/8"'):
        file.write_text(f"trusted_proxies = {written}\n")
        assert read_settings().trusted_proxies == BOTH


@pytest.mark.parametrize("written", ['["10.0.0.0/8"', "[10.0.0.0/8]", "10.0.0.0/8;fd00::/8", '{"a": 1}', "[1]"])
def test_a_list_that_is_none_is_named_with_how_to_write_it(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("CORRECTIONS_TRUSTED_PROXIES", written)
    with pytest.raises(ConfigurationError, match=r"CORRECTIONS_TRUSTED_PROXIES: "):
        read_settings()
