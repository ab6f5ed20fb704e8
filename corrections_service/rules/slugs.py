"""What stands for a publication in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from corrections_service.rules import urls

LONGEST = 80


def slug_of(name: str, origins: Sequence[str]) -> str:
    """The name in small Latin letters; where it has none, its first host's label, and where that has none, nothing."""
    host = urls.parse(origins[0].replace("://*.", "://", 1)).host.removeprefix("www.") if origins else ""
    label = "" if host.startswith("xn--") else host.partition(".")[0]
    for words in (name, label):
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
        if re.search("[a-z]", plain):
            return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST]
    return ""
