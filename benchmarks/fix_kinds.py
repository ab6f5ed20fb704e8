"""Pages that the service sees otherwise than readers: nothing is said of them that two looks do not show."""

from __future__ import annotations

from corrections_service.rules.evidence import Look, shows_change
from corrections_service.rules.marks import STRUCK
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import FixCheck, Standing, check_fix, quote_at

BEFORE = "The harbour has had this crossing for longer than anybody remembers, and the bridge was "
AFTER = " by the king, who stayed for lunch and left on the evening train."
REST = "".join(f"<p>Sentence {number} of the article says nothing that anybody doubts.</p>" for number in range(12))

UNSEEN: dict[
    str, tuple[str, list[str | None]]
] = {  # what readers see, and what the source says at one look after the other, though nobody edits anything
    "script": ("opend in 1987", ["{{ bridge.state }}", "{{ bridge.state }}"]),
    "placeholder": ("opend in 1987", ["<span class=skeleton></span>", "<span class=skeleton></span>"]),
    "formula": ("bent by E = mc²", [r"bent by \(E = mc^2\)", r"bent by \(E = mc^2\)"]),
    "MathML": ("bent by E = mc2", ["bent by <math><mi>E</mi><mo>=</mo><mi>m</mi></math>"] * 2),
    "emoji": ("opend and blessed", ["opend 😀 and blessed", "opend 😀 and blessed"]),
    "picture for an emoji": ("opend 😀 again", ["opend <img alt=😀> again", "opend <img alt=😀> again"]),
    "variant": ("opend in 1987", ["inaugurated", "inaugurated"]),
    "time": ("opend 5 minutes ago", ["opend 6 minutes ago", "opend 2 hours ago", "opend 3 days ago"]),
    "time after the words": (
        "opend 5 minutes ago",
        ["opend 5 minutes ago", "opend 20 minutes ago", "opend 2 hours ago"],
    ),
    "German time": ("opend vor 5 Minuten", ["opend vor 6 Minuten", "opend vor 2 Stunden"]),
    "counter": ("opend for 7", ["seen by 12", "seen by 15", "seen by 21"]),
    "teaser": ("opend in 1987", ["opend in 1987", None]),
    "misread": ("organizaciÃ³n", ["organización", "organización"]),
}
FIXED: dict[str, tuple[str, list[str | None]]] = {  # and where somebody does: the last look shows it
    "word": ("opend in 1987", ["opend in 1987", "opened in 1987"]),
    "otherwise": ("opend in 1987", ["opend in 1987", "inaugurated in 1988"]),
    "removed": ("opend in 1987", ["opend in 1987", ""]),
    "struck out": ("opend in 1987", ["opend in 1987", "<s>opend in 1987</s>"]),
    "struck out and written anew": ("opend in 1987", ["opend in 1987", "<del>opend in 1987</del> <ins>opened</ins>"]),
    "other variant edited": ("opend in 1987", ["inaugurated", "inaugurated", "solemnly opened"]),
    "formula edited": ("bent by E = mc²", [r"bent by \(E = mc\)", r"bent by \(E = Mc\)"]),
    "script filled in": ("opend in 1987", ["{{ bridge.state }}", "opened in 1978"]),
}
WISHES = ("", "opened in 1978")


def served(words: str | None) -> str:
    """The text of the article with these words in it; None is a teaser that ends before them."""
    said = f"{BEFORE[:60]}…" if words is None else f"{BEFORE}{words}{AFTER}"
    rest = "" if words is None else REST
    page = f"<title>The bridge</title><article><p>{said}</p>{rest}</article><footer><p>Write to us here.</p></footer>"
    return visible_text(page.encode(), "text/html; charset=utf-8")


def shown(exact: str, wordings: list[str | None], wish: str) -> list[bool]:
    """Whether each look, after those before it, shows a change."""
    text = served(exact)
    start = text.index(exact)
    quote = quote_at(text, start, start + len(exact))
    looks = [look(check_fix(quote, served(words), wish), served(words)) for words in wordings]
    return [shows_change(looks[:number], one) for number, one in enumerate(looks)]


def look(check: FixCheck, text: str) -> Look:
    """What a check saw."""
    state = Standing(check.state)
    return Look(state, STRUCK.shown(text[slice(*check.span)]) if check.span else None)


def figures() -> dict[str, float | int]:
    """How many looks there were, which said "fixed" though nobody edited, and how many edits were seen."""
    told = [shown(exact, [*wordings, wordings[-1]], wish) for exact, wordings in UNSEEN.values() for wish in WISHES]
    seen = [shown(exact, list(wordings), wish) for exact, wordings in FIXED.values() for wish in WISHES]
    return {
        "kinds_looks": sum(map(len, (*told, *seen))),
        "kinds_said_fixed": sum(map(sum, told)),
        "kinds_fixes_seen": sum(one[-1] for one in seen) / len(seen),
    }
