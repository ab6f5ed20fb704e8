"""Settings as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corrections_service.errors import ConfigurationError
from corrections_service.settings import Settings, read_settings

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


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("BASE_URL", "https://news.example/corrections"),
        ("BASE_URL", "https://ada:secret@corrections.example"),
        ("BASE_URL", "https://corrections.example:99999"),
        ("BASE_URL", "corrections.example"),
        ("MAIL_SERVER", "smtp://mail.example"),
        ("MAIL_SERVER", "mail.example:587"),
        ("MAIL_SERVER", ""),
        ("DATA_DIR", " "),
        ("IMAP_SERVER", "mail.example:993"),
    ],
)
def test_an_address_that_nobody_would_reach_is_named(monkeypatch: pytest.MonkeyPatch, name: str, written: str) -> None:
    monkeypatch.setenv(f"CORRECTIONS_{name}", written)
    with pytest.raises(ConfigurationError, match=f"^CORRECTIONS_{name}: "):
        read_settings()


@pytest.mark.parametrize("written", ["mail.example", "localhost", "192.0.2.1", "2001:db8::25", "::1"])
def test_a_mail_server_is_a_name_or_an_address(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("CORRECTIONS_MAIL_SERVER", written)
    assert read_settings().mail_server == written


@pytest.mark.parametrize("name", ["base_ulr", "CORRECTIONS_BASE_URL"])
def test_a_name_in_a_file_that_is_none_is_told_as_it_stands_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "corrections.toml"
    file.write_text(f'{name} = "https://corrections.example"\n')
    monkeypatch.setenv("CORRECTIONS_CONFIG", str(file))
    with pytest.raises(ConfigurationError, match=f"^{name}, in the file .* is no setting: .* without CORRECTIONS_"):
        read_settings()


@pytest.mark.parametrize("written", ["nonsense", "-1", "0", "1.5", "9" * 9, "yes"])
def test_a_value_that_cannot_be_is_told_with_what_it_is_to_be(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    sentences = [
        sentence for name in sorted(Settings.model_fields) if (sentence := _refusal(monkeypatch, name, written))
    ]
    assert sentences
    assert [sentence for sentence in sentences if "nput should" in sentence or "parse" in sentence] == []


def _refusal(monkeypatch: pytest.MonkeyPatch, name: str, written: str) -> str:
    with monkeypatch.context() as environment:
        environment.setenv(f"CORRECTIONS_{name.upper()}", written)
        try:
            read_settings()
        except ConfigurationError as error:
            return str(error)
    return ""


def test_an_empty_erasure_log_is_the_one_in_the_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORRECTIONS_ERASURE_LOG", "")
    monkeypatch.setenv("CORRECTIONS_DATA_DIR", str(tmp_path))
    assert read_settings().erasures == tmp_path / "erasures.log"


def test_no_number_is_taken_that_the_service_cannot_count_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who keeps words "for ever" by 999999 days had nothing forgotten any more, and a traceback for each try."""
    for name, field in Settings.model_fields.items():
        if field.annotation in (int, float):
            assert f"CORRECTIONS_{name.upper()}: must be at most " in _refusal(monkeypatch, name, "99999999999999")
        elif name.startswith("limit_"):
            assert f"CORRECTIONS_{name.upper()}: must be off, or a number" in _refusal(
                monkeypatch, name, "9" * 20 + "/day"
            )


def test_a_value_of_a_file_that_is_no_text_is_told_with_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "corrections.toml"
    file.write_text("mail_password = 12345\n")
    monkeypatch.setenv("CORRECTIONS_CONFIG", str(file))
    with pytest.raises(ConfigurationError, match=r"^CORRECTIONS_MAIL_PASSWORD: must be text; .* quotation marks"):
        read_settings()
