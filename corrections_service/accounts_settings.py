"""The settings of a newsroom's own accounts (OpenID Connect): where they are, and which roles they bring."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

ROLES = ("viewer", "author", "editor", "standards", "admin")
"""The roles that there are, for `rules.workflow` stands above this."""

EVERYWHERE = "*"

DISCOVERY = ".well-known/openid-configuration"
"""Where a provider says of itself how it is asked, below its issuer (OpenID Connect Discovery 1.0)."""

PATIENCE = 10.0
"""Seconds that the accounts' server has to answer."""

LONGEST_ISSUER = 300
"""Characters that a role keeps of who gave it."""

GRANT = re.compile(
    r"""
    (?P<value>[^\s=,](?:[^=,]*[^\s=,])?)    # news-editors=editor@tribune
    =(?P<role>\w+)
    @(?P<site>\*|[a-z0-9-]+)
    (?:[\s,]+|\Z)
    """,
    re.VERBOSE,
)


class Grant(NamedTuple):
    """Who has this value in the claim has this role at the site with this slug, or at each (`*`)."""

    value: str
    role: str
    site: str


def checked_issuer(value: str) -> str:
    """The address of a provider, without a slash at its end. Raises ValueError."""
    parts = urlsplit(value)
    if len(value) > LONGEST_ISSUER:
        raise ValueError(f"must have {LONGEST_ISSUER} characters at most")
    if value and parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("must be an address that begins with https://")
    return value.rstrip("/")


def parse_grants(text: str) -> list[Grant]:
    """Read `value=role@site` as often as it stands there, with spaces or commas between. Raises ValueError."""
    rest, grants = text.strip(), []
    while rest:
        entry = GRANT.match(rest)
        if entry is None or entry["role"] not in ROLES:
            raise ValueError(
                "must be entries such as news-editors=editor@tribune, with spaces between: what the claim holds, "
                f"a role ({', '.join(ROLES)}), and a publication's slug or *"
            )
        grants.append(Grant(entry["value"], entry["role"], entry["site"]))
        rest = rest[entry.end() :]
    return grants


def checked_grants(value: str) -> str:
    """What says who has which role, if it can be read. Raises ValueError."""
    parse_grants(value)
    return value


class AccountsSettings(BaseModel):
    """One provider of accounts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = ""
    client_id: str = ""
    client_secret: str = Field("", repr=False)
    name: str = ""
    trust_email: bool = False
    roles: str = ""
    roles_claim: str = "groups"
    scope: str = "openid email profile"

    _issuer = field_validator("issuer")(checked_issuer)
    _roles = field_validator("roles")(checked_grants)

    @property
    def known_as(self) -> str:
        """What people call these accounts."""
        return self.name or urlsplit(self.issuer).hostname or ""

    @property
    def grants(self) -> list[Grant] | None:
        """Which roles they bring; None where they bring none, and all are given here."""
        return parse_grants(self.roles) or None
