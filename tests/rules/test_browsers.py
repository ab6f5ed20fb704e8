"""A browser is told by two names of a short list, whatever it says of itself."""

from __future__ import annotations

import pytest

from corrections_service.rules.browsers import BROWSERS, SYSTEMS, names_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "names"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", ("Firefox", "Linux")),
        ("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", ("Firefox", "Android")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/140.0.0.0", ("Edge", "Windows")),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", ("Chrome", "ChromeOS")),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", ("Chrome", "Android")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 OPR/120.0", ("Opera", "Windows")),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            ("Safari", "macOS"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile/15E148 Safari/604.1",
            ("Chrome", "iOS"),
        ),
        ("curl/8.16.0", ("", "")),
        ("", ("", "")),
        ("<script>alert(1)</script>\r\nSet-Cookie: a=b", ("", "")),
        ("x" * 1_000_000 + "Firefox/1 Linux", ("", "")),
    ],
)
def test_a_browser_is_told_by_two_known_names(user_agent: str, names: tuple[str, str]) -> None:
    assert names_of(user_agent) == names


def test_the_longest_names_have_room_in_a_session() -> None:
    assert max(len(name) for _, name in BROWSERS) + 1 + max(len(name) for _, name in SYSTEMS) <= 40
