"""What settings choose among."""

from __future__ import annotations

from enum import StrEnum


class MailTls(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class ShadowRoot(StrEnum):
    """Whether the page's own scripts can reach into the reader's dialog."""

    CLOSED = "closed"
    OPEN = "open"


class SecondFactor(StrEnum):
    """Who has to sign in with a second factor; whoever else wants one may have it."""

    NOBODY = "nobody"
    ADMINS = "admins"
    EVERYBODY = "everybody"


class LogLevel(StrEnum):
    """What is logged: this and all that weighs more."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log is written."""

    PLAIN = "plain"
    JSON = "json"
