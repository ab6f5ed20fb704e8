"""Settings: read once from the environment and one TOML file, typed, each with its help."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import re
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from corrections_service import setting_checks
from corrections_service.accounts_settings import AccountsSettings, checked_grants, checked_issuer
from corrections_service.errors import ConfigurationError
from corrections_service.setting_choices import LogFormat, LogLevel, MailTls, SecondFactor, ShadowRoot

PREFIX = "CORRECTIONS_"

PARTS = frozenset(AccountsSettings.model_fields)

_IN_FILES = f"names stand there in lower case and without {PREFIX}, as docs/settings.md has them"


def _listed(value: object) -> object:
    """What an environment variable lists: with commas between, or as JSON."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return [entry.strip() for entry in value.split(",") if entry.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError('must be a list with commas, or JSON such as ["10.0.0.0/8", "fd00::/8"]') from None


Listed = Annotated[list[str], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """All settings; environment variables CORRECTIONS_* win over the file named by CORRECTIONS_CONFIG."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid")

    base_url: str = Field(
        "", description="The service's own address, https://corrections.example; links in mails are made from it."
    )
    secret_key: str = Field(
        "", description="At least 32 characters; the first run makes one in DATA_DIR/secret-key.", repr=False
    )
    secret_key_fallbacks: Listed = Field(
        [],
        description="Former secret keys, with commas between, so that links made with them go on working.",
        repr=False,
    )
    data_dir: Path = Field(Path("data"), description="Where the database, the secret key and the lock file are.")
    erasure_log: Path | None = Field(
        None,
        description="The file that says which reports were erased, which a restore needs; empty: erasures.log in DATA_DIR.",
    )
    database_url: str = Field("", description="postgresql+psycopg://…; empty: SQLite in DATA_DIR.", repr=False)

    mail_server: str = Field("localhost", description="The SMTP server's host name.")
    mail_port: int = Field(25, ge=1, le=65535, description="The SMTP server's port.")
    mail_username: str = Field("", description="User name at the SMTP server, if it asks for one.")
    mail_password: str = Field("", description="Password at the SMTP server.", repr=False)
    mail_tls: MailTls = Field(MailTls.STARTTLS, description="none, starttls or tls; there is no falling back to plain.")
    mail_from: str = Field("", description="The sender's address; empty: corrections@ the host of BASE_URL.")

    reply_address: str = Field(
        "",
        description="Where mails are answered: corrections@news.example, where mail to corrections+anything@ arrives too, or "
        "*@replies.news.example, where all does; empty: mails cannot be answered.",
    )

    imap_server: str = Field(
        "",
        description="The IMAP server whose mailbox answers come to, and what readers write to corrections@; empty: none is read.",
    )
    imap_port: int = Field(993, ge=1, le=65535, description="The IMAP server's port.")
    imap_username: str = Field("", description="User name at the IMAP server.")
    imap_password: str = Field("", description="Password at the IMAP server.", repr=False)
    imap_tls: MailTls = Field(MailTls.TLS, description="tls, starttls or none; there is no falling back to plain.")
    imap_folder: str = Field(
        "INBOX", description="The folder that is read; mails stay in it, and are marked as seen once they are kept."
    )

    trusted_proxies: Listed = Field(
        [], description="Networks of the proxies before the service, with commas between: 10.0.0.0/8, fd00::/8."
    )
    fetch_allow: Listed = Field(
        [],
        description="Networks that the article reader and webhooks may reach besides public ones, with commas between.",
    )
    shadow_root: ShadowRoot = Field(ShadowRoot.CLOSED, description="closed, or open for tests.")
    metrics_token: str = Field(
        "", description="Bearer token for /metrics from elsewhere than this machine.", repr=False
    )

    attachment_scan: str = Field("", description="A command that judges readers' files; see docs/attachments.md.")
    log_level: LogLevel = Field(
        LogLevel.INFO,
        description="debug (each request: its route, status and time), info (what is refused, and why), warning or error.",
    )
    log_format: LogFormat = Field(LogFormat.PLAIN, description="plain: lines for people; json: one object a line.")

    limit_reports: str = Field(
        "120/minute", description="Reports from one address block: N/second, N/minute, N/hour, N/day or off."
    )
    limit_page: str = Field(
        "300/hour",
        description="New cases on one page, written like LIMIT_REPORTS; more are set aside, none is refused. "
        "Any number where LIMIT_REPORTS is off.",
    )
    limit_site: str = Field(
        "3000/hour",
        description="Reports to one publication, written like LIMIT_REPORTS; new cases of more are set aside. "
        "Any number where LIMIT_REPORTS is off.",
    )
    limit_sign_in: str = Field(
        "10/minute", description="Sign-in attempts from one address block, written like LIMIT_REPORTS."
    )
    limit_sign_in_account: str = Field(
        "20/hour",
        description="Sign-in attempts for one person from browsers that they never signed in with, written like LIMIT_REPORTS.",
    )
    second_factor: SecondFactor = Field(
        SecondFactor.NOBODY, description="Who has to sign in with a code from an app too: nobody, admins or everybody."
    )
    oidc_issuer: str = Field(
        "",
        description="The address of the newsroom's own accounts (OpenID Connect), https://accounts.example; see docs/signing-in.md.",
    )
    oidc_client_id: str = Field("", description="Under what name these accounts know this service.")
    oidc_client_secret: str = Field("", description="And by which secret.", repr=False)
    oidc_name: str = Field("", description="What people call these accounts; empty: the issuer's host.")
    oidc_trust_email: bool = Field(
        False, description="Take addresses that they do not call verified: Microsoft Entra, of one's own tenant alone."
    )
    oidc_roles: str = Field(
        "",
        description="Which roles they bring: news-editors=editor@tribune news-admins=admin@*, each what the claim holds, a role, "
        "and a publication's slug or *; empty: none, all are given by invitation.",
    )
    oidc_roles_claim: str = Field("groups", description="The claim of their ID tokens that holds it.")
    oidc_scope: str = Field(
        "openid email profile", description="What they are asked for; some tell groups for `groups` alone."
    )
    oidc: dict[str, AccountsSettings] = Field(
        {},
        description="More accounts, each under a short name: CORRECTIONS_OIDC__PARTNER__ISSUER, …__CLIENT_ID, …__CLIENT_SECRET and "
        "the others likewise; in a file a table `[oidc.partner]` with `issuer` and so on.",
    )
    limit_receipts: str = Field(
        "100/hour", description="Receipts to readers of one publication, written like LIMIT_REPORTS; the rest wait."
    )
    limit_answers: str = Field(
        "1000/hour", description="Answers to readers of one publication, written like LIMIT_REPORTS; the rest wait."
    )
    limit_desk_mails: int = Field(
        6,
        ge=1,
        le=1_000_000,
        description="Mails about cases to one desk, or person, in an hour; the last holds all that waits.",
    )

    retention_closed_days: int = Field(
        365, ge=1, le=36500, description="Days that a closed case keeps its readers' words."
    )
    retention_contact_days: int = Field(
        30, ge=1, le=36500, description="Days after closing that a reader's e-mail address is kept."
    )
    retention_spam_days: int = Field(30, ge=1, le=36500, description="Days that spam is kept.")
    retention_mail_days: int = Field(
        14, ge=14, le=36500, description="Days that a mail is tried again before it is given up."
    )
    recheck_minutes: int = Field(
        15, ge=1, le=525600, description="Minutes until an article is read again; grows while nothing changes."
    )
    fetch_pace_seconds: float = Field(
        10, ge=0.1, le=86400, description="Seconds at least between two articles that are read from one host."
    )

    _base_url = field_validator("base_url")(setting_checks.base_url)
    _places = field_validator("data_dir", "erasure_log", mode="before")(setting_checks.place)
    _server = field_validator("mail_server", "imap_server")(setting_checks.server)
    _mail_server = field_validator("mail_server")(setting_checks.given)
    _oidc_issuer = field_validator("oidc_issuer")(checked_issuer)
    _oidc_roles = field_validator("oidc_roles")(checked_grants)

    @field_validator("oidc")
    @classmethod
    def _oidc(cls, value: dict[str, AccountsSettings]) -> dict[str, AccountsSettings]:
        wrong = [key for key in value if not re.fullmatch(r"[a-z0-9]{1,30}", key) or key == "back"]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is no short name; take small letters and digits, and not back")
        return value

    @field_validator("trusted_proxies", "fetch_allow")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            if ipaddress.ip_network(network, strict=False).prefixlen == 0:
                raise ValueError(f"{network} is every address there is; name the networks that are meant")
        return value

    _mail_from = field_validator("mail_from")(setting_checks.sender)
    _reply_address = field_validator("reply_address")(setting_checks.reply_address)

    @field_validator(
        "limit_reports",
        "limit_page",
        "limit_site",
        "limit_sign_in",
        "limit_sign_in_account",
        "limit_receipts",
        "limit_answers",
    )
    @classmethod
    def _limit(cls, value: str) -> str:
        parse_limit(value)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file (pydantic-settings' hook)."""
        path = os.environ.get(f"{PREFIX}CONFIG")
        if not path:
            return (init_settings, env_settings)
        if not Path(path).is_file():
            raise ConfigurationError(f"{PREFIX}CONFIG names {path}, which is no file.")
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(path)))

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def secret_keys(self) -> list[str]:
        """The secret keys that are known, the present one first."""
        return [self.secret_key, *self.secret_key_fallbacks]

    @property
    def accounts(self) -> dict[str, AccountsSettings]:
        """The newsroom's own accounts by their keys in addresses, "" for those that OIDC_ISSUER names."""
        values = {name: getattr(self, f"oidc_{name}") for name in AccountsSettings.model_fields}
        return {**({"": AccountsSettings(**values)} if self.oidc_issuer else {}), **self.oidc}

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address as SQLAlchemy takes it."""
        return self.database_url or f"sqlite:///{self.data_dir / 'corrections.sqlite'}"

    @cached_property
    def host(self) -> str:
        """The host name in BASE_URL as the DNS knows it, for Message-IDs and the sender's address."""
        name = urlsplit(self.base_url).hostname or "localhost"
        return name if name.isascii() else name.encode("idna").decode()

    @property
    def erasures(self) -> Path:
        """The file that says who was erased, for a restore."""
        return self.erasure_log or self.data_dir / "erasures.log"

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        host = f"[IPv6:{self.host}]" if ":" in self.host else self.host
        return self.mail_from or f"corrections@{host}"


def parse_limit(value: str) -> tuple[int, int] | None:
    """Read `N/unit` as (how many, in how many seconds); None for `off`. Raises ValueError."""
    if value == "off":
        return None
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
    number, _, unit = value.partition("/")
    if not re.fullmatch(r"0*[1-9]\d{0,8}", number, re.ASCII) or unit not in seconds:
        raise ValueError("must be off, or a number and a unit such as 120/minute")
    return int(number), seconds[unit]


def read_settings(**values: Any) -> Settings:
    """Read the settings, with the secret key that `init` made. Raises ConfigurationError, which names what is wrong."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and not _is_known(name))
    if unknown:
        raise ConfigurationError(f"{unknown[0]} is no setting; see docs/settings.md.")
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigurationError(_sentence(error)) from None
    except ValueError as error:
        raise ConfigurationError(f"{PREFIX}CONFIG names a file that cannot be read: {error}.") from None
    key_file = settings.data_dir / "secret-key"
    if not settings.secret_key and key_file.is_file():
        return settings.model_copy(update={"secret_key": key_file.read_text().strip()})
    return settings


def make_data_dir(directory: Path) -> None:
    """Make the data directory (0700) and a secret key (0600) in it, where they are missing. Raises ConfigurationError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as error:
        raise ConfigurationError(f"{PREFIX}DATA_DIR: {directory} cannot be made: {error.strerror}.") from None
    key = directory / "secret-key"
    if key.exists():
        return
    from tempfile import NamedTemporaryFile  # of use once

    with NamedTemporaryFile("w", dir=directory) as file, contextlib.suppress(FileExistsError):
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, key)  # whole, and of two that begin at once by the first


def check_serving(settings: Settings) -> None:
    """Refuse to serve with an unsafe configuration. Raises ConfigurationError (P-19, K01, J03)."""
    if not settings.secret_key:
        raise ConfigurationError(
            f"{PREFIX}SECRET_KEY is not set; run `corrections init`, or `corrections serve --setup`."
        )
    for name, keys in (("SECRET_KEY", [settings.secret_key]), ("SECRET_KEY_FALLBACKS", settings.secret_key_fallbacks)):
        if any(len(key) < 32 or len(set(key)) < 8 for key in keys):
            raise ConfigurationError(f"{PREFIX}{name} is too short or too plain; 32 random characters at least.")
    for key, accounts in settings.accounts.items():
        name = f"{PREFIX}OIDC__{key.upper()}_" if key else f"{PREFIX}OIDC"
        if not (accounts.issuer and accounts.client_id and accounts.client_secret):
            raise ConfigurationError(f"{name}_ISSUER, {name}_CLIENT_ID and {name}_CLIENT_SECRET need each other.")
        if [other.issuer for other in settings.accounts.values()].count(accounts.issuer) > 1:
            raise ConfigurationError(f"{name}_ISSUER: two providers have the same one.")
    if not settings.base_url:
        raise ConfigurationError(f"{PREFIX}BASE_URL is not set: the address at which readers reach the service.")


def _is_known(name: str) -> bool:
    rest = name.removeprefix(PREFIX).lower()
    if rest.partition("__")[0] == "oidc":
        return re.fullmatch(r"oidc__[a-z0-9]+__(\w+)", rest) is not None and rest.split("__")[2] in PARTS
    return rest in Settings.model_fields or rest == "config" or rest.startswith("test_")


def _sentence(error: ValidationError) -> str:
    wrong: list[Mapping[str, Any]] = [dict(detail) for detail in error.errors()]
    parts = []
    for detail in wrong:
        path = [part.upper() for part in detail["loc"] if isinstance(part, str)]
        if detail["type"] == "extra_forbidden":  # of the environment these were told before
            name = ".".join(map(str, detail["loc"]))
            parts.append(f"{name}, in the file that {PREFIX}CONFIG names, is no setting: {_IN_FILES}")
            continue
        name = PREFIX + "__".join(path) if path else "A setting"
        parts.append(f"{name}: {setting_checks.words(detail)}")
    return "; ".join(parts) + "."


__all__ = [
    "LogFormat",
    "LogLevel",
    "MailTls",
    "SecondFactor",
    "Settings",
    "ShadowRoot",
    "check_serving",
    "make_data_dir",
    "parse_limit",
    "read_settings",
]
