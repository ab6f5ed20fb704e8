"""Pages: from the bytes of an article's page to what a reader can read, and to the facts about the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import regex
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from corrections_service.rules.asides import asides
from corrections_service.rules.embedding import Embedding, embedding_in
from corrections_service.rules.encoding import decode
from corrections_service.rules.facts import RENAMED, RENAMED_AS_TEXT, ArticleFacts, facts_in
from corrections_service.rules.marks import ALL, ASIDE, STRUCK, without_vain_marks
from corrections_service.rules.text import clean

__all__ = ["ArticleFacts", "article_facts", "read_article", "visible_text"]

_LONGEST_PAGE = 5_000_000  # bytes; what comes after is not read
_MOST_TAGS = 30_000  # six times those of the largest of 76 real articles; open ones cost the parser their square
# Attributes cost the parser their square too, of one element and, by other names each, of a page.
_MOST_OF_ONE, _MOST_OF_ALL = 1_000, 20_000
_HOLDS_FEW = 300_000  # characters: too few for names to cost a second

_NOT_SHOWN = frozenset(
    "head title script style template noscript noframes noembed iframe object embed video audio canvas select"
    # A reading above a word (ruby) is no part of the sentence: the reader's script leaves it out as well.
    " textarea input datalist option optgroup meter progress rp rt rtc annotation annotation-xml desc metadata area"
    " base link meta param source track img".split()
)
_OWN_LINES = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p"
    " plaintext pre search section summary table tbody td tfoot th thead tr ul xmp br text foreignobject".split()
)
_MAY_BE_HIDDEN = '[hidden], [style*="display" i], [style*="visibility" i], dialog:not([open])'
_SHOWN_BY_STYLE = re.compile(r"(?:^|[;\s])(display|visibility)\s*:\s*([\w-]+)", re.IGNORECASE)
_MAY_BE_STRUCK = 'x-s, x-strike, del, [style*="line-through" i], [role="deletion" i]'
_STRIKING = ("x-s", "x-strike", "del")
_DECORATION = re.compile(r"(?:^|[;\s])text-decoration(?:-line)?\s*:([^;]*)", re.IGNORECASE)
_LINE = "\x1e"  # stands for a line of its own until the white space between the marks is collapsed

# Elements of which one tag makes many when they are badly nested (HTML standard, 13.2.4.3), or adds its attributes
# to one that is there (13.2.6.4.7). They say nothing about text, and so are read by names that mean nothing.
_MULTIPLYING = re.compile(
    r"""
    (</?)                                                       # <b>, </b>
    (?=[abcefhinstu])                                           # which most tags do not begin with: sooner told
    (?=(?:
      [abisu]|big|code|em|font|nobr|small|strike|strong|tt      # <font color=red>
    | html|body                                                 # <body class=a>
    )[\s/>])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = r"""
    [\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)                                   # hidden
    (?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+                     # class="a", class='a', class=a
"""
_OVERLOADED = re.compile(rf"<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{{_MOST_OF_ONE}}}", re.IGNORECASE | re.VERBOSE)
_ATTRIBUTES = re.compile(rf"(?<=<)([a-z][^\s/>]*+)(?:{_ATTRIBUTE}){{3,}}+", re.IGNORECASE | re.VERBOSE)
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE, re.VERBOSE)
_TAKEN_OUT = ("\0", _LINE, *ALL)
_STACKED_MARKS = regex.compile(r"(\p{M}{30})\p{M}++")  # more on one letter is no text (Unicode Annex 15, stream-safe)


def visible_text(html: bytes, content_type: str = "") -> str:
    """All that a reader can read on a page, in order: one line for each block, white space collapsed.

    `content_type` is the HTTP header, whose charset counts. Never raises; at most 5 MB and 30,000 tags are read.
    What is struck out stands between two invisible marks, what may be there for screen readers alone between two
    others (`rules/marks`). Style sheets of others and scripts are not read, so what only they hide is; text that opens
    (`details`) and text that is hidden from screen readers alone is what a reader can see, and read.
    """
    return _text(_parse(html, content_type))


def article_facts(html: bytes, url: str, content_type: str = "") -> ArticleFacts:
    """What a page says about its article, from JSON-LD, then meta elements, then microdata.

    `url` is where the page was read. Its canonical link counts if it stays on the site and is no front: not the home
    page's, nor a section's. Dates are aware; one without a zone is taken as UTC. Never raises.
    """
    return facts_in(_parse(html, content_type), url)


def read_article(
    html: bytes, url: str, content_type: str = "", origins: Sequence[str] = ()
) -> tuple[str, ArticleFacts]:
    """What `visible_text` and `article_facts` return, for one parse of the page.

    With `origins` an address on any of the site's hosts may be the canonical one.
    """
    tree = _parse(html, content_type)
    return _text(tree), facts_in(tree, url, origins)


def read_embedded(
    html: bytes, url: str, content_type: str = "", origins: Sequence[str] = ()
) -> tuple[str, ArticleFacts, Embedding]:
    """What `read_article` returns, and what the page has of the script."""
    tree = _parse(html, content_type)
    return _text(tree), facts_in(tree, url, origins), embedding_in(tree, url)


def _text(tree: LexborHTMLParser) -> str:
    lines = (" ".join(line.split()) for line in "".join(_visible_pieces(tree)).split(_LINE))
    text = RENAMED_AS_TEXT.sub(r"\1", "\n".join(line for line in lines if line))
    if text.isascii():
        return text if text.replace("\n", "").isprintable() else clean(text)
    return without_vain_marks(clean(str(_STACKED_MARKS.sub(r"\1", text))))


def _visible_pieces(tree: LexborHTMLParser) -> Iterator[str]:
    root = tree.root
    if root is None:
        return
    hidden = {node.mem_id for node in tree.css(_MAY_BE_HIDDEN) if _is_hidden(node)}
    out_of_sight = asides(tree)
    taken_back = {node.mem_id for node in tree.css(_MAY_BE_STRUCK) if _is_struck(node)}
    depth = 0  # of what is struck out
    beside = 0  # depth of asides
    node: LexborNode | None = root.first_child
    ancestors: list[tuple[LexborNode, bool]] = []
    while node is not None or ancestors:
        if node is None:
            parent, own_line = ancestors.pop()
            if own_line:
                yield _LINE
            depth -= parent.mem_id in taken_back
            beside -= parent.mem_id in out_of_sight
            node = parent.next
        elif node.is_text_node:
            content = node.text_content or ""
            content = STRUCK.mark(content) if depth else content
            yield ASIDE.mark(content) if beside else content
            node = node.next
        elif not node.is_element_node or node.tag in _NOT_SHOWN or node.mem_id in hidden:
            node = node.next
        else:
            own_line = node.tag in _OWN_LINES
            if own_line:
                yield _LINE
            ancestors.append((node, own_line))
            depth += node.mem_id in taken_back
            beside += node.mem_id in out_of_sight
            node = node.first_child


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in (f"{RENAMED}html", f"{RENAMED}body"):
        return False  # hidden until a script is there: nobody reports an error on a page that nobody sees
    attributes = node.attributes
    if "hidden" in attributes or (node.tag == "dialog" and "open" not in attributes):
        return True
    style = {name.lower(): value.lower() for name, value in _SHOWN_BY_STYLE.findall(attributes.get("style") or "")}
    return style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse")


def _is_struck(node: LexborNode) -> bool:
    """Whether an element strikes its words out: by its own style where that says so, else by what it is."""
    styled = _DECORATION.findall(node.attributes.get("style") or "")
    if styled:
        return "line-through" in styled[-1].lower()
    return node.tag in _STRIKING or (node.attributes.get("role") or "").lower() == "deletion"


def _parse(html: bytes, content_type: str) -> LexborHTMLParser:
    page = decode(html[:_LONGEST_PAGE], content_type)
    for mark in _TAKEN_OUT:
        page = page.replace(mark, "")
    page = _with_fewer_attributes("<".join(page.split("<", _MOST_TAGS + 1)[: _MOST_TAGS + 1]))
    # The parser would else copy options into `selectedcontent`, again and again.
    options = LexborDocumentOptions.WO_EVENTS.value
    return LexborHTMLParser(_MULTIPLYING.sub(rf"\1{RENAMED}", page), scripting=True, options=options)


def _with_fewer_attributes(page: str) -> str:
    """The page with its attributes, after more than any page needs, made text."""
    page = _OVERLOADED.sub(r"\g<0>>", page)
    if len(page) < _HOLDS_FEW:
        return page
    budget = _MOST_OF_ALL

    def spare(tag: re.Match[str]) -> str:
        nonlocal budget
        ends = [attribute.end() for attribute in _ONE_ATTRIBUTE.finditer(tag[0], len(tag[1]))]
        if len(ends) <= budget:
            budget -= len(ends)
            return tag[0]
        border, budget = ends[budget - 1] if budget else len(tag[1]), 0
        return tag[0][:border] + ">" + tag[0][border:].replace("<", " ")

    return _ATTRIBUTES.sub(spare, page)
