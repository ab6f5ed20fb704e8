"""Which browser somebody has, by what it says of itself (User-Agent, RFC 9110, 10.1.5): two names of a short list, no more."""

from __future__ import annotations

LONGEST = 1000
"""How much of it is looked at; browsers say a quarter of that."""

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi")),
    *(("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome")),
    ("Safari/", "Safari"),
)
"""How each is known; those stand first that call themselves by a later one's name, too."""

SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("CrOS", "ChromeOS")),
    *(("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux")),
)


def names_of(user_agent: str) -> tuple[str, str]:
    """The browser and the system that it runs on, each "" where it is none that is known."""
    text = user_agent[:LONGEST]
    browser = next((name for sign, name in BROWSERS if sign in text), "")
    return browser, next((name for sign, name in SYSTEMS if sign in text), "")
