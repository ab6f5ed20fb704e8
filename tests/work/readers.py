"""How tests have a page read in a process of its own."""

from __future__ import annotations

import os
import subprocess

from corrections_service.rules.pages import ArticleFacts
from corrections_service.work import reading

URL = "https://news.example/a"

ARTICLE = b"""<!doctype html><html lang=en-GB><title>The bridge</title><link rel=canonical href=/bridge>
<meta name=author content="Ann Lee"><meta property=article:published_time content=2026-03-01T10:00:00+01:00>
<h1>The bridge opens</h1><p>Caf\xc3\xa9s on both banks were full.<p>Nobody fell in."""

BUSY, BROKE_OFF = "this machine is too busy; it is read again later", "broke off at this page"


def read(body: bytes, content_type: str = "text/html; charset=utf-8") -> tuple[str, ArticleFacts]:
    return reading.read(body, URL, content_type)


def our_processes() -> list[str]:
    """What runs because this process started it."""
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if not line.startswith("ps ")]
