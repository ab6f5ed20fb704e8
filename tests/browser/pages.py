"""Real and small pages on a server of their own, and a reader who highlights sentences on them."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.measures import PATIENCE, wait_for, wait_in
from tests.running import Service, running_service

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "../shared/data/pages"


@dataclass(frozen=True)
class Stored:
    """A page as it is served: its bytes, what they are, and headers of its own."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Pages:
    """A web server for pages that are put into it, each also with one tag added, below `/with`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.pages: dict[str, Stored] = {}
        self.tag = ""
        pages = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer = pages.answer(self.path.partition("?")[0])
                body = answer.body if answer else b""
                self.send_response(HTTPStatus.OK if answer else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", answer.content_type if answer else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                for name, value in (answer.headers if answer else {}).items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a browser may leave before it has read everything
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """A test's output is about the test."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def put(self, path: str, html: str, **headers: str) -> str:
        """Serve this page with the tag; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Stored(html.encode(), headers=named)
        return f"{self.origin}/with{path}"

    def answer(self, path: str) -> Stored | None:
        """The page at a path, with the tag at the end of it when the path asks for that."""
        tagged, plain = path.startswith("/with/"), path.removeprefix("/with")
        found = self.pages.get(plain)
        if found is None or not tagged:
            return found
        return Stored(with_tag(found.body, self.tag), found.content_type, found.headers)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def with_tag(body: bytes, tag: str) -> bytes:
    """The page as a newsroom changes it: one tag more, where its head ends."""
    head = re.search(rb"</head\s*>", body, re.IGNORECASE)
    at = head.start() if head else 0
    return body[:at] + tag.encode() + body[at:]


@contextlib.contextmanager
def served(host: str = "127.0.0.1") -> Iterator[Pages]:
    """A server that ends with the block."""
    pages = Pages(host)
    try:
        yield pages
    finally:
        pages.close()


@contextlib.contextmanager
def publishing(directory: Path, pages: Pages) -> Iterator[Service]:
    """A service whose tag these pages have, until the block ends."""
    with running_service(directory) as service:
        service.init(pages.origin)
        service.start()
        pages.tag = tag_of(service)
        yield service


def path_of(test: pytest.Item) -> str:
    """Where a test's page is: no other test's is there."""
    return f"/{quote(f'{test.path.stem}: {test.name}')}"


def tag_of(service: Service) -> str:
    """The one tag that a newsroom adds."""
    return f'<script type="module" async src="{service.base_url}/embed/{service.key}.js"></script>'


def real_pages() -> dict[str, Stored]:
    """Every real page by name, as it was served."""
    manifest = json.loads((DATA / "manifest.json").read_text())
    found = {}
    for name, known in sorted(manifest.items()):
        charset = known.get("decodes_as") or next(iter(known["charset"]), "utf-8")
        body = gzip.decompress((DATA / name / "source.html.gz").read_bytes())
        found[name] = Stored(body, f"text/html; charset={charset}")
    return found


def shut_off(browser: Browser, **options: object) -> BrowserContext:
    """A browser's context on a slow machine; that nothing leaves it is the browser's own affair (CHROMIUM_FLAGS)."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_navigation_timeout(PATIENCE * 1000)
    return context


def dialog_of(page: Page) -> Locator:
    """The reader's dialog."""
    return page.locator("corrections-dialog dialog")


WORDS = "The bridge was opend in 1987 by the king"
FOR_SCREENS = '<meta name="viewport" content="width=device-width, initial-scale=1">'
ARTICLE = f"""<!doctype html><html lang="en"><head><title>The bridge</title>{FOR_SCREENS}</head><body><main><h1>The bridge</h1>
<p id="first">It had rained all night. {WORDS}, who stayed for lunch. Nobody had told him of the <em>second</em> bridge.</p>
<p><input id="name" value="some words"></p><p id="free" contenteditable>Write here</p>
<dialog id="own"><p>Their own dialog</p><button>Fine</button></dialog>
<p><a id="door" data-corrections-report href="REPORT">Write to us</a></p></main></body></html>"""
PHONE = {"viewport": {"width": 393, "height": 727}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
at_desk_and_in_hand = pytest.mark.parametrize("context", [{}, PHONE], ids=["desktop", "phone"], indirect=True)
FIGURE = """<figure><img alt="The old bridge" width="300" height="200"
 src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"><figcaption>The king at lunch, 1987</figcaption></figure>
<svg class="chart" width="200" height="100" aria-label="Visitors by year"><rect width="9" height="9"/></svg>
<video title="The opening" width="200" height="100"></video></main>"""
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}")
SELECT = """([selector, words]) => {
    const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        const at = node.data.indexOf(words);
        if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
    }
    throw new Error("these words are not in one text node");
}"""
EVENTS = """window.heard = [];
for (const what of ["open", "stored", "failed"])
    document.addEventListener(`corrections:${what}`, event => heard.push([what, event.detail]));
document.addEventListener("securitypolicyviolation", event => heard.push(["violation", event.violatedDirective]));"""


def highlight(page: Page, words: str = WORDS, where: str = "#first") -> None:
    """Select these words, which are in one text node of the element."""
    page.evaluate(SELECT, [where, words])


def opened(page: Page, words: str = WORDS) -> Locator:
    """The dialog on these words."""
    highlight(page, words)
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.locator("[name=suggestion]")).to_have_value(words)
    return dialog


def opened_in_article(page: Page, words: str) -> Locator:
    """The dialog on these words of a paper's article, once the script is there."""
    wait_in(page, "window[Symbol.for('corrections')]")
    highlight(page, words, "article > p")
    page.keyboard.press("Control+Enter")
    return dialog_of(page)


def open_from_a_frame(page: Page) -> None:
    """Press the keys in a frame until the dialog comes: they are heard there once what hears them has been loaded."""
    press_until(page, lambda: dialog_of(page).count() > 0, "the dialog comes for keys in a frame")


def send_by_key(page: Page) -> None:
    """Press the keys until the dialog takes them: it does once a reader can have seen it, for which time passes here at once."""
    dialog_of(page).evaluate("dialog => { for (const shown of dialog.getAnimations?.() ?? []) shown.finish() }")
    press_until_taken(page)


def press_until_taken(page: Page) -> None:
    """Press the keys until the dialog takes them, in the time that it takes."""
    status = dialog_of(page).locator("[role=status]")
    press_until(page, lambda: status.inner_text() != "", "the dialog takes the keys")


def press_until(page: Page, is_heard: Callable[[], bool], what: str) -> None:
    """Press the keys once, and again each time that nothing has come of it by then: the dialog's own keys send."""
    page.keyboard.press("Control+Enter")

    def has_come() -> bool:
        if is_heard():
            return True
        page.keyboard.press("Control+Enter")
        return False

    wait_for(has_come, what)


def heard(page: Page) -> list[list[object]]:
    """The events that the page has heard of."""
    found: list[list[object]] = page.evaluate("window.heard")
    return found


SENTENCES = r"""
async ([seed, many]) => {
  // The page as it came, before its own scripts wrote into it: what they wrote is not there to be read again.
  const bytes = await (await fetch(location.href)).arrayBuffer();
  const source = new DOMParser().parseFromString(new TextDecoder(document.characterSet).decode(bytes), "text/html");
  for (const unread of source.querySelectorAll("script,style,noscript,template")) unread.remove();
  const came = source.documentElement.textContent.replace(/\s+/g, "");
  let state = seed;
  const chance = () => ((state = (state * 1103515245 + 12345) % 2147483648), state / 2147483648);
  // One page stays hidden until a script of another host comes, which does not come here.
  const visibilityProperty = getComputedStyle(document.body).visibility == "visible";
  const isShown = element => {
    if (!element.checkVisibility({ visibilityProperty, contentVisibilityAuto: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const never = "script,style,noscript,template,textarea,select,option,button,iframe,object,svg,video,audio,canvas,rt,rp,corrections-dialog";
  const blocks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(never) || !isShown(parent)) continue;
    let block = parent;
    while (block != document.body && /^(inline|contents|ruby)/.test(getComputedStyle(block).display)) block = block.parentElement;
    // A line break or another block between two texts of one block begins another line.
    const lines = blocks.get(block) || [[]];
    const last = lines.at(-1).at(-1);
    if (last) {
      const between = document.createRange();
      between.setStartAfter(last);
      between.setEndBefore(node);
      const parts = between.cloneContents().querySelectorAll("*");
      if ([...parts].some(one => !/^(a|b|i|em|strong|span|cite|abbr|small|sup|sub|mark|time|code|q|u|s|font|img|wbr|ruby|rb|rt|rp)$/.test(one.localName))) lines.push([]);
    }
    lines.at(-1).push(node);
    blocks.set(block, lines);
  }
  const found = [], paragraphs = [], words = new Map();
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  for (const nodes of [...blocks.values()].flat()) {
    const text = nodes.map(node => node.data).join("");
    if (!came.includes(text.replace(/\s+/g, ""))) continue;
    const at = offset => {
      let left = offset;
      for (const node of nodes) {
        if (left <= node.data.length) return [node, left];
        left -= node.data.length;
      }
    };
    const marked = (from, to) => {
      const start = at(from + 1), end = at(to);
      const range = document.createRange();
      range.setStart(start[0], start[1] - 1);
      range.setEnd(...end);
      const before = text.slice(0, from).slice(-60), after = text.slice(to).slice(0, 60);
      return { range, said: text.slice(from, to), before, after, across: start[0] != end[0] };
    };
    const from = text.length - text.trimStart().length, to = text.trimEnd().length;
    if (to - from >= 40 && to - from <= 1800) paragraphs.push(marked(from, to));
    for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}]{4,}/gu))
      words.set(word, [...(words.get(word) || []), () => marked(index, index + word.length)]);
    for (const { segment, index } of segmenter.segment(text)) {
      const lead = segment.length - segment.trimStart().length;
      const said = segment.trim();
      const wide = /[\u2e80-\uffdc\u0e00-\u0e7f]/.test(said);
      if (said.length < (wide ? 10 : 25) || said.length > 600 || !(wide || /\S\s+\S+\s+\S/.test(said))) continue;
      found.push(marked(index + lead, index + lead + said.length));
    }
  }
  const taken = new Set();
  const take = all => {
    const left = all.filter(one => !taken.has(one));
    const one = left[Math.floor(chance() * left.length)];
    if (one) taken.add(one);
    return one;
  };
  const end = found.slice(-Math.max(3, Math.ceil(found.length / 10)));
  const single = found.filter(one => !one.across), across = found.filter(one => one.across);
  const chosen = [["single", take(single)], ["across", take(across) || take(single)], ["end", take(end)]];
  const repeated = [...words.values()].filter(places => places.length > 1).flat();
  for (let more = Math.ceil((many - 3) / 3); more > 0; more--) {
    chosen.push(["paragraph", take(paragraphs)]);
    chosen.push(["repeated", repeated.length ? repeated[Math.floor(chance() * repeated.length)]() : undefined]);
  }
  while (chosen.filter(([, one]) => one).length < many && taken.size < found.length) chosen.push(["any", take(found)]);
  const places = [...words.values()].flat(); // on a page of few sentences
  while (places.length && chosen.filter(([, one]) => one).length < many) chosen.push(["word", places[Math.floor(chance() * places.length)]()]);
  return chosen.filter(([, one]) => one).map(([how, one]) => ({ how, ...one }));
}
"""
