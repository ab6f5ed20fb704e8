"""A reader's visit to a hostile page: what is done there, and what came of it."""

from __future__ import annotations

import base64
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from corrections_service.rules.references import number_of
from tests.browser.hostile.page import Hostile
from tests.browser.pages import Pages, dialog_of, tag_of
from tests.running import Service

REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}")


CONTRAST = 4.5


# What a page may not see happen; said with what is there before the page can replace it.
WATCH = """(() => {
  const say = console.debug.bind(console);
  for (const what of ["open", "stored", "failed"])
    document.addEventListener(`corrections:${what}`, event => say("event " + what + " " + (event.detail?.reference || "")));
  document.addEventListener("securitypolicyviolation", event => event.blockedURI.endsWith("/favicon.ico") || // the browser's own
    say("violation " + event.effectiveDirective), true);
})()"""


GLOBALS = "Reflect.ownKeys(window).map(String).join('\\n')"


FOCUSED = "(document.activeElement?.id || document.activeElement?.localName)"


# The contrast of the text in a box of a picture: of its commonest colour against the one that differs most.
SEEN = """async ([picture, box]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(box.x, box.y, box.width, box.height);
  const line = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const many = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const light = 0.2126 * line(data[at]) + 0.7152 * line(data[at + 1]) + 0.0722 * line(data[at + 2]);
    many.set(light, (many.get(light) || 0) + 1);
  }
  const ground = [...many].sort((one, other) => other[1] - one[1])[0][0];
  return Math.max(...[...many.keys()].map(one => (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05)));
}"""


@dataclass
class Seen:
    """What a page did that it should not, and what it heard from us."""

    errors: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    hosts: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Visit:
    """A reader's browser, and what happened in it."""

    context: BrowserContext
    pages: Pages
    service: Service
    path: str
    """The page's place on its server, one for each test."""
    seen: Seen

    def open(self, hostile: Hostile, *, tag: str | None = None, wait: Literal["load", "commit"] = "load") -> Page:
        """A page, loaded, with our tag in it, or with another."""
        self.put(hostile, tag)
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.seen.errors.append(error.message))
        page.on("console", lambda message: self.seen.said.append(message.text))
        page.goto(self.address, wait_until=wait)
        return page

    def put(self, hostile: Hostile, tag: str | None = None) -> None:
        """Serve a page with our tag in it, or with another."""
        headers = {name: value.replace("SERVICE", self.service.base_url) for name, value in hostile.headers.items()}
        tag = tag_of(self.service).replace("<script", '<script nonce="n0nce"') if tag is None else tag
        html = hostile.html(tag).replace("REPORT", self.report_page)
        self.pages.put(self.path, html, **headers)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.pages.origin}{self.path}"

    @property
    def report_page(self) -> str:
        """Where the link in the page leads without script."""
        return f"{self.service.base_url}/report/{self.service.key}"

    def heard(self) -> list[str]:
        """Our events, in order."""
        return [text.split()[1] for text in self.seen.said if text.startswith("event ")]

    def check(self, *, violated: tuple[str, ...] = ()) -> None:
        """No error, no violation but these, no request to anybody else."""
        assert self.seen.errors == []
        violations = {text.split()[1] for text in self.seen.said if text.startswith("violation ")}
        assert violations <= set(violated), self.seen.said
        ours = {urlsplit(self.pages.origin).netloc, urlsplit(self.service.base_url).netloc}
        assert {host for scheme, host in self.seen.hosts if scheme.startswith("http")} <= ours

    def stored(self, status: Locator) -> dict[str, str]:
        """The report of which the dialog says that it is stored, as the service has it."""
        expect(status).to_contain_text(REFERENCE)
        reference = REFERENCE.search(status.inner_text())
        assert reference
        [found] = [row for row in stored(self.service) if int(row["id"]) == number_of(reference[0])]
        return found


def selected(page: Page, hostile: Hostile) -> str:
    """Select the words; what the browser says is selected."""
    words = page.locator("#said")
    if hostile.select == "drag":
        drag(words)
    else:
        words.select_text(force=True)
    said: str = page.evaluate("getSelection().toString()")
    assert said
    return said


def opened(page: Page, hostile: Hostile) -> Locator:
    """The dialog, after the keys were pressed."""
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.locator("[name=suggestion]")).to_have_value(hostile.exact)
    return dialog


def drag(words: Locator) -> None:
    """Select a line of words with the mouse."""
    box, mouse = words.bounding_box(), words.page.mouse
    assert box
    mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    mouse.up()


def worst_contrast(visit: Visit, dialog: Locator) -> float:
    """The least contrast of the dialog's words on what stands behind them, as painted."""
    parts = ("h2", "blockquote", "label:has([name=comment])", "[value=send]", "[value=cancel]")
    boxes = [dialog.locator(part).bounding_box() for part in parts]
    picture = base64.b64encode(dialog.page.screenshot()).decode()
    eye = visit.context.new_page()
    contrasts: list[float] = [eye.evaluate(SEEN, [picture, box]) for box in boxes]
    eye.close()
    return min(contrasts)


def asked_which_part(visit: Visit, page: Page) -> None:
    """Nothing could be read: the reader is asked, cannot send nothing, and can say it."""
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.get_by_label("Which part?")).to_be_focused()
    dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text("say what is")
    dialog.locator("[name=place]").fill("the second sentence")
    send_and_check(visit, page, Hostile(exact="", before="", after=""), place="the second sentence")


def send_and_check(visit: Visit, page: Page, hostile: Hostile, **fields: str) -> None:
    """Open the dialog, if it is not open, and send; what is stored is right and the page is as it was."""
    dialog = dialog_of(page)
    if not dialog.count():
        opened(page, hostile)
    dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    check_stored(visit, hostile, dialog.locator("[role=status]"), **fields)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    visit.check()


def check_stored(visit: Visit, hostile: Hostile, status: Locator, **fields: str) -> None:
    """The report with the status' reference is right."""
    report = visit.stored(status)
    assert report["exact"] == hostile.exact
    assert report["prefix"].endswith(hostile.before)
    assert report["suffix"].startswith(hostile.after)
    assert report["url"] == f"{visit.pages.origin}{hostile.url or visit.path}"
    assert report["title"] == hostile.title
    for name, value in fields.items():
        assert report[name] == value


def stored(service: Service) -> list[dict[str, str]]:
    """All reports."""
    with sqlite3.connect(f"file:{service.directory}/corrections.sqlite?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("SELECT * FROM report")]
    database.close()
    return rows
