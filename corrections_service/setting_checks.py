"""What settings must look like: each failure of an address is a ValueError that says how to write it, and the words of others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationInfo


def base_url(value: str) -> str:
    """The service's own address, without a slash at its end; "" for none."""
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://corrections.example")
    if parts.path.strip("/") or "@" in parts.netloc:
        raise ValueError("must be a host alone, without a path or a user, such as https://corrections.example")
    if parts.port == 0:  # one that is too large raises by itself
        raise ValueError("has a port that nothing listens on")
    return value.rstrip("/")


def sender(value: str) -> str:
    """The address that mails come from."""
    if value and not re.fullmatch(r"[\x21-\x7e]+@[\x21-\x7e]+", value):
        raise ValueError("must be one bare address in plain letters, such as corrections@news.example")
    if value.count("@") > 1 or (any(sign in value for sign in '<>()",;:\\') and "[" not in value):
        raise ValueError("must be a bare address, without a name; mails carry the publication's")
    return value


def reply_address(value: str) -> str:
    """Where mails are answered."""
    if value and not re.fullmatch(r"(?:\*|[\w.-]{1,25})@[\w-]+(?:\.[\w-]+)*", value, re.ASCII):
        raise ValueError("must be a mailbox, such as corrections@news.example, or *@replies.news.example")
    return value.lower()


def server(value: str) -> str:
    """The name of a mail server, or its address."""
    if "/" in value or (re.search(r"(?<!:):\d+$", value) and value.count(":") == 1):
        raise ValueError("must be a host alone, such as mail.example; its port has a setting of its own")
    return value


def given(value: str) -> str:
    """A value that may not be left empty; who wants the default leaves the setting out."""
    if not value.strip():
        raise ValueError("is empty; give it a value, or leave it out")
    return value


def place(value: object, setting: ValidationInfo) -> object:
    """Where something is kept: an empty setting is none, not the directory that the service was started in."""
    if not isinstance(value, str) or value.strip():
        return value
    return given(value) if setting.field_name == "data_dir" else None


WORDS = {
    "string_type": "must be text; in a file between quotation marks",
    "path_type": "must be text; in a file between quotation marks",
    "int_parsing_size": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "bool_parsing": "must be true or false",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
}
"""How a value is to be, by the kind of error as pydantic names it."""


def words(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors asks for; in its own words where these are not known."""
    plain = WORDS.get(error["type"], "").format(**error.get("ctx", {}))
    return plain or str(error["msg"]).removeprefix("Value error, ")
