"""A small page that is hard on a script in it, and how it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

WORDS = "The bridge was opend in 1987 by the king"


BEFORE, AFTER = "It had rained all night. ", ", who stayed for lunch."


SENTENCE = f"<p>{BEFORE}<span id=said>{WORDS}</span>{AFTER}</p>"


PDF = (
    '<embed type="application/pdf" src="data:application/pdf;base64,JVBERi0xLjQKdHJhaWxlcjw8Pj4K" width=300 height=100>'
)


@dataclass(frozen=True)
class Hostile:
    """A page by what is hostile in it; TAG in it stands where ours is, else at the end of its head.

    What is stored has these words, the text around them, and the address after the page's own, if it is another.
    """

    head: str = ""
    body: str = SENTENCE
    exact: str = WORDS
    before: str = BEFORE
    after: str = AFTER
    headers: dict[str, str] = field(default_factory=dict)
    root: str = 'lang="en"'
    title: str = "The bridge"
    url: str = ""
    door: str = "REPORT"  # where the link leads
    select: str = "text"  # or drag: with the mouse
    reason: str = ""  # what the reader is told when it cannot be sent
    violated: tuple[str, ...] = ()  # directives that only the service could be refused by

    def html(self, tag: str) -> str:
        """The page with this tag in it."""
        head = f"<meta charset=utf-8><title>{escape(self.title)}</title>{self.head}"
        if not re.search("TAG|ADD|DEFERRED|WRITTEN", self.head + self.body):
            head += "TAG"
        door = f'<p><a id=door data-corrections-report href="{self.door}">Write to us</a></p>'
        page = f"<!doctype html><html {self.root}><head>{head}</head><body>{self.body}{door}</body></html>"
        source = re.search(r'src="([^"]+)"', tag)
        address = source[1] if source else ""
        add = f'const tag = document.createElement("script"); tag.type = "module"; tag.src = "{address}"; document.head.append(tag);'
        for name, text in {
            "OTHER": tag.replace(".js", ".js?v=2"),
            "DEFERRED": tag.replace("async", "defer"),
            "ADD": add,
            "WRITTEN": tag.replace('"', "'").replace("</", "<\\/"),
            "TAG": tag,
        }.items():
            page = page.replace(name, text)
        return page


def styled(style: str, body: str = SENTENCE) -> Hostile:
    """A page with this style sheet."""
    return Hostile(f"<style>{style}</style>", body)


def scripted(script: str, **more: object) -> Hostile:
    """A page whose own script runs before ours."""
    return Hostile(f"<script>{script}</script>", **more)  # type: ignore[arg-type]
