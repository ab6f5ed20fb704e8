"""Pictures: what a file is by its first bytes, whatever it is called."""

from __future__ import annotations

import re

IMAGE, PDF, HEIC = "image", "pdf", "heic"

_IMAGES = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)
_PDF = re.compile(rb"\s{0,8}%PDF-\d")
_HEIC = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)


def kind_of(content: bytes) -> str:
    """`IMAGE`, `PDF` or `HEIC` for what begins so; "" for all else, whatever comes later in it."""
    for kind, pattern in ((IMAGE, _IMAGES), (PDF, _PDF), (HEIC, _HEIC)):
        if pattern.match(content):
            return kind
    return ""
