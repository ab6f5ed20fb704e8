// @ts-check
// From a selection to a quote: the words, and up to 300 characters on each side, as a reader sees them.

/** @typedef {{exact: string, prefix: string, suffix: string, lang: string, length: number, whole: string}} Quote */

const CONTEXT = 300;
const LONGEST = 2000;
const NOT_READ = "script,style,noscript,template,textarea,select,input,option,iframe,object,video,audio,canvas,svg,rp,rt,corrections-dialog";

/**
 * The quote that a selection marks, or null when it marks nothing that can be read.
 * @param {Selection | null} selection
 * @returns {Quote | null}
 */
export function quoteOf(selection) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  return quoteAt(selection.getRangeAt(0));
}

/**
 * The quote at a range.
 * @param {Range} range
 * @returns {Quote | null}
 */
export function quoteAt(range) {
  const reader = reading();
  const common = range.commonAncestorContainer;
  const inside = common.nodeType == 1 ? /** @type {Element} */ (common) : common.parentElement;
  const top = inside?.closest("article,main,[role=main]") || document.body;
  const root = top.contains(common) ? top : common.getRootNode();
  let whole = "";
  let last = null;
  const ends = ordered(range);
  for (const node of readFrom(root, ends.first)) {
    if (ends.after && (node == ends.after || ends.after.compareDocumentPosition(node) & 4)) break;
    const from = node == range.startContainer ? range.startOffset : 0;
    const to = node == range.endContainer ? range.endOffset : undefined;
    if (!isText(node)) whole += "\n";
    else if (reader.isShown(node)) whole += reader.gap(last, node) + node.data.slice(from, to);
    if (isText(node)) last = node;
    if (node == range.endContainer || whole.length > 200000) break;
  }
  const exact = tidy(whole).trim();
  if (!exact) return null;
  const before = collect(root, ends.first, reader, true, range.startContainer == ends.first ? range.startOffset : 0);
  const after = collect(root, last, reader, false, last == range.endContainer ? range.endOffset : Infinity);
  const lead = /^\s/.test(whole) ? " " : "";
  const trail = /\s$/.test(whole) ? " " : "";
  return {
    exact: points(exact, LONGEST),
    prefix: reversed(firstWords(reversed(tidy(before + lead)))),
    suffix: firstWords(tidy(trail + after)),
    lang: inside?.closest("[lang]")?.getAttribute("lang") || "",
    length: exact.length,
    whole: exact,
  };
}

/**
 * The sentence part on each side of the quote, for showing it.
 * @param {Quote} quote
 */
export function sentenceOf(quote) {
  const before = quote.prefix.split(/(?<=[.!?…。！？؟])\s/).pop() || "";
  const after = quote.suffix.split(/(?<=[.!?…。！？؟])\s/)[0] || "";
  return [before.slice(-160), after.slice(0, 160)];
}

/**
 * The first text node in the range, and the node behind its end where it ends between nodes.
 * @param {Range} range
 */
function ordered(range) {
  const { startContainer: start, startOffset, endContainer: end, endOffset } = range;
  const first = start.nodeType == 3 ? start : start.childNodes[startOffset] || behind(start);
  return { first, after: end.nodeType == 3 ? null : end.childNodes[endOffset] || behind(end) };
}

/** @param {Node | null} node @returns {Node | null} */
function behind(node) {
  while (node && !node.nextSibling) node = node.parentNode;
  return node && node.nextSibling;
}

/**
 * Walks over text and line breaks.
 * @param {Node} root
 * @param {Node} from
 */
function walk(root, from) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node.nodeType == 3 || node.nodeName == "BR" ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
  );
  walker.currentNode = from;
  return walker;
}

/** @param {Node} node @returns {node is Text} */
const isText = (node) => node.nodeType == 3;

/**
 * The text nodes and line breaks from a node on, in order.
 * @param {Node} root
 * @param {Node | null} from
 * @returns {Generator<any>}
 */
function* readFrom(root, from) {
  if (!from) return;
  const walker = walk(root, from);
  if (isText(from)) yield from;
  while (walker.nextNode()) yield walker.currentNode;
}

/**
 * What a reader sees next to a place, on one side, a little more than is needed.
 * @param {Node} root
 * @param {Node | null} from
 * @param {ReturnType<typeof reading>} reader
 * @param {boolean} back
 * @param {number} offset
 */
function collect(root, from, reader, back, offset) {
  if (!from) return "";
  const walker = walk(root, from);
  let text = "";
  let last = /** @type {Text | null} */ (null);
  if (isText(from)) {
    last = from;
    text = back ? from.data.slice(0, offset) : from.data.slice(offset);
  }
  for (let steps = 0; text.length < 20000 && tidy(text).length < 2 * CONTEXT && steps < 2000; steps++) {
    const node = back ? walker.previousNode() : walker.nextNode();
    if (!node) break;
    const piece = isText(node) ? (reader.isShown(node) ? node.data : "") : "\n";
    const gap = piece && isText(node) ? reader.gap(node, last) : "";
    text = back ? piece + gap + text : text + gap + piece;
    if (piece && isText(node)) last = node;
  }
  return text;
}

/** Knows what is shown and what begins a line, and asks the browser once about each element. */
function reading() {
  const styles = new Map();
  /** @param {Element} element @returns {{hidden: boolean, block: Element | null}} */
  const about = (element) => {
    let known = styles.get(element);
    if (!known) {
      const style = getComputedStyle(element);
      const above = element.parentElement ? about(element.parentElement) : { hidden: false, block: null };
      const inline = /^(inline|contents|ruby)/.test(style.display);
      known = {
        hidden: above.hidden || style.display == "none" || element.matches(NOT_READ),
        block: inline ? above.block || element : element,
        unseen: style.visibility != "visible",
      };
      styles.set(element, known);
    }
    return known;
  };
  return {
    /** @param {Text} node */
    isShown(node) {
      const parent = node.parentElement;
      if (!parent) return true;
      const known = /** @type {any} */ (about(parent));
      return !known.hidden && !known.unseen;
    },
    /** @param {Node | null} one @param {Node | null} other */
    gap(one, other) {
      if (!one?.parentElement || !other?.parentElement) return "";
      return about(one.parentElement).block == about(other.parentElement).block ? "" : "\n";
    },
  };
}

/** @param {string} text */
const tidy = (text) => text.replace(/\s+/g, " ");

/** @param {string} text @param {number} most */
const points = (text, most) => (text.length > most ? [...text].slice(0, most).join("") : text);

/** @param {string} text */
const reversed = (text) => [...text].reverse().join("");

/** @param {string} text */
function firstWords(text) {
  const all = [...text];
  if (all.length <= CONTEXT) return text;
  const cut = all.slice(0, CONTEXT + 1).join("");
  const border = cut.lastIndexOf(" ");
  return border > 0 ? cut.slice(0, border) : points(text, CONTEXT);
}
