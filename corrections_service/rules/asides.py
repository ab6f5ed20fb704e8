"""Asides: what stands in a page for screen readers alone, cannot be selected, or leads to a note: in no reader's quote."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

_OUT_OF_SIGHT = re.compile(
    r"""
    (?<![\w-])(?:
      clip\s*:\s*rect\(\s*(\d)(?:px)?[\s,]+\1(?:px)?[\s,]    # clip: rect(1px, 1px, 1px, 1px)
    | clip-path\s*:\s*inset\(\s*(?:50|100)%                  # clip-path: inset(50%)
    | left\s*:\s*-(?:9|\d\d)\d{2,}                           # left: -9999px
    | (?:-\w+-)?user-select\s*:\s*none                       # -webkit-user-select: none
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FLAT = re.compile(r"(?<![\w-])height\s*:\s*1px\b", re.IGNORECASE)  # hides what it holds where that may not overflow
_MAY_BE_ASIDE = (
    '[class*="sr-only" i], [class*="visually" i], [class*="screen-reader" i], [class*="screenreader" i],'
    ' [class*="assistive-text" i], [class*="element-invisible" i], [style*="clip" i], [style*="select" i],'
    ' [style*="height" i], [style*="left" i]'
)
_NOTE_MARKS = 'sup [href^="#"], [href^="#"] sup, [role="doc-noteref"]'
_NAMED_ASIDE = re.compile(
    r"""
    (?:^|[\s_-])                            # post__sr-only
    (?:
      sr-only
    | visually-?hidden                      # visuallyhidden
    | screen-?reader(?:-only|-text)?        # screen-reader-text
    | assistive-text
    | element-invisible
    )
    (?:\s|$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLASS = re.compile(r"\A\s*+[a-z]*+\.([\w-]+)\s*\Z", re.IGNORECASE)
_LONGEST_STYLES = 300_000  # characters
_MOST_PARTS = 30
_LONGEST_ASIDE = 200  # characters; longer text that cannot be selected is the article, on a page that forbids copying


def asides(tree: LexborHTMLParser) -> set[int]:
    """The short texts that no reader sees or can select, as far as their usual names and the page's own styles say so.

    With them the marks that lead to notes, which come and go while the words around them stand.
    """
    styles = "}".join(style.text() or "" for style in tree.css("style"))[:_LONGEST_STYLES]
    rules = (rule.rpartition("{") for rule in styles.split("}"))
    selectors = [before.rpartition("{")[2] for before, _, declarations in rules if _is_out_of_sight(declarations)]
    names = {match[1] for selector in ",".join(selectors).split(",") if (match := _CLASS.match(selector))}
    nodes = tree.css(_NOTE_MARKS)
    nodes += [
        node
        for node in tree.css(_MAY_BE_ASIDE)
        if _NAMED_ASIDE.search(node.attributes.get("class") or "")
        or _is_out_of_sight(node.attributes.get("style") or "")
    ]
    if names:
        nodes += [node for node in tree.css("[class]") if names.intersection((node.attributes["class"] or "").split())]
    return {node.mem_id for node in nodes if _is_short(node)}


def _is_out_of_sight(style: str) -> bool:
    return bool(_OUT_OF_SIGHT.search(style) or (_FLAT.search(style) and "overflow" in style.lower()))


def _is_short(node: LexborNode) -> bool:
    """Whether an element holds little: the work is the same for all that hold more."""
    length = 0
    parts = list(islice(node.traverse(include_text=True), _MOST_PARTS + 1))
    for part in parts:
        length += len(part.text_content or "") if part.is_text_node else 0
    return len(parts) <= _MOST_PARTS and length <= _LONGEST_ASIDE
