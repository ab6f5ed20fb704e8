"""How long from Ctrl+Enter to the dialog on the screen, in a long article, against a bare `<dialog>` in the same one.

A sentence in the middle is selected. The time is from the key's event to the second frame after the dialog was opened,
when the first is on the screen; each time is the first use after a load with an empty cache. Half a second after the
selection the loader has fetched the dialog's module, as it does for every reader who selects something; `cold` is the
key at once, so that the module is fetched meanwhile. The bare dialog is made of one text field, which takes the focus as
ours does, by a listener that the page has from the start. Four times slower is the main thread from the selection on.
"""

from __future__ import annotations

import random
from functools import partial

from playwright.sync_api import Browser

from benchmarks.load import ORIGIN, in_turn
from benchmarks.servers import service
from benchmarks.snippet_load import chromium, empty, slow_down
from corrections_service.demo.seed import WORDS

SIZES = {"2mb": (2_000_000, (1, 4)), "10mb": (10_000_000, (1,))}
"""How large the article is in bytes, and how many times slower it is measured."""
OURS = "document.addEventListener('corrections:open', shown)"
BARE = """addEventListener("keydown", event => {
  if (event.key != "Enter") return;
  const dialog = document.createElement("dialog");
  dialog.append(document.createElement("textarea"));
  document.documentElement.append(dialog);
  dialog.showModal();
  shown();
})"""
CLOCK = """let pressed;
addEventListener("keydown", event => pressed = event.timeStamp, true);
const taken = new Promise(done => {
  globalThis.shown = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - pressed)));
});"""
SELECT = """async () => {
  const settled = () => new Promise(done => requestAnimationFrame(() => requestIdleCallback(done)));
  const paragraphs = document.querySelectorAll("article p");
  const {firstChild} = paragraphs[paragraphs.length >> 1];
  firstChild.parentNode.scrollIntoView({block: "center"});
  await settled();
  const [first, second] = firstChild.data.split(".");
  const at = first.length + 2;
  getSelection().setBaseAndExtent(firstChild, at, firstChild, at + second.length);
  await settled();
}"""


def run(rounds: int = 5, sizes: dict[str, tuple[int, tuple[int, ...]]] = SIZES) -> dict[str, object]:
    """Open ours and the bare one in turn, each in a page of its own; medians in milliseconds, and the ratios."""
    figures: dict[str, object] = {}
    with service() as (port, key, _), chromium() as browser:
        tag = f'<script type="module" async src="http://127.0.0.1:{port}/embed/{key}.js"></script>'
        for size, (many, rates) in sizes.items():
            ours = article(many, tag + f"<script>{CLOCK}{OURS}</script>")
            bare = article(many, f"<script>{CLOCK}{BARE}</script>")
            for rate in rates:
                yardstick = partial(opened, browser, bare, rate)
                for name, warm in (("", True), ("cold_", False)):
                    found = in_turn(partial(opened, browser, ours, rate, warm=warm), yardstick, rounds)
                    begun = f"{size}_x{rate}_{name}"
                    figures |= {f"{begun}ms": found["ours"], f"{begun}bare_ms": found["yardstick"]}
                    figures |= {f"{begun}{figure}": found[figure] for figure in ("ratio", "lowest", "highest")}
    return figures


def article(many: int, more: str) -> str:
    """An article of so many bytes: paragraphs of four sentences, half of them with a link."""
    chance = random.Random(1)
    paragraphs: list[str] = []
    while many > 0:
        sentences = [f"{' '.join(chance.choices(WORDS, k=20)).capitalize()}." for _ in range(4)]
        link = f' <a href="/{chance.choice(WORDS)}">Read more.</a>' if chance.random() < 0.5 else ""
        paragraphs.append(f"<p>{' '.join(sentences)}{link}</p>")
        many -= len(paragraphs[-1])
    return f"<!doctype html><html lang=en><title>A</title><article>{''.join(paragraphs)}</article>{more}"


def opened(browser: Browser, html: str, rate: int, *, warm: bool = False) -> float:
    """Milliseconds from the key to the painted dialog, in a page that was just loaded."""
    with empty(browser, html) as page:
        page.goto(f"{ORIGIN}/a")
        slow_down(page, rate)
        if warm:
            with page.expect_response(lambda response: "/dialog." in response.url) as module:
                page.evaluate(SELECT)
            page.evaluate("address => import(address).then(() => {})", module.value.url)
        else:
            page.evaluate(SELECT)
        page.keyboard.press("Control+Enter")
        return float(page.evaluate("taken"))
