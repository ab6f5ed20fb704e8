// @ts-check
// From a selection to a quote: the words, and up to 300 characters on each side, as a reader sees them.

/** @typedef {{exact: string, prefix: string, suffix: string, before: string, after: string, lang: string, length: number, whole: string}} Quote */

const CONTEXT = 300;
const LONGEST = 2000;
const LINE = "\u2029"; // between blocks, and where a line breaks, until white space is tidied
const NOT_READ =
  "[hidden],[style*='display:none' i],[style*='display: none' i],[style*='visibility:hidden' i],[style*='visibility: hidden' i],dialog:not([open]),script,style,title,noscript,template,textarea,select,input,datalist,option,iframe,object,video,audio,canvas,meter,progress,rp,desc,metadata,annotation,annotation-xml,corrections-dialog";

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
    if (!isText(node)) whole += LINE;
    else if (reader.isShown(node, false)) whole += reader.gap(last, node) + node.data.slice(from, to);
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
    before: tidy(before.split(LINE).pop() + lead),
    after: tidy(trail + after.split(LINE)[0]),
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
  const before = quote.before.split(/(?<=[.!?…。！？؟])\s/).pop() || "";
  const after = quote.after.split(/(?<=[.!?…。！？؟])\s/)[0] || "";
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
  const most = 3 * CONTEXT;
  /** @param {string} data */
  const piece = (data) => (back ? tidy(data).slice(-most) : tidy(data).slice(0, most));
  let text = "";
  let last = /** @type {Text | null} */ (null);
  if (isText(from)) {
    last = from;
    text = piece(back ? from.data.slice(0, offset) : from.data.slice(offset));
  }
  for (let steps = 0; text.length < most && steps < 2000; steps++) {
    const node = back ? walker.previousNode() : walker.nextNode();
    if (!node) break;
    if (isText(node) && !reader.isShown(node)) continue;
    const next = isText(node) ? piece(node.data) : LINE;
    const gap = isText(node) ? reader.gap(node, last) : "";
    text = back ? next + gap + text : text + gap + next;
    if (isText(node)) last = node;
  }
  return text;
}

/**
 * Knows what is read and what begins a line, and asks the browser once about each element.
 *
 * Words count that are on the screen. Their context is what the service reads there: it sees no style sheets, so that
 * only what the page's own markup hides is left out.
 */
function reading() {
  const styles = new Map();
  /** @param {Element} element @returns {{unread: boolean, unseen: boolean, block: Element | null}} */
  const about = (element) => {
    let known = styles.get(element);
    if (!known) {
      const { display } = getComputedStyle(element);
      const above = element.parentElement ? about(element.parentElement) : { unread: false, unseen: false, block: null };
      const inline = /^(inline|contents|ruby)/.test(display);
      known = {
        unread: above.unread || element.matches(NOT_READ),
        unseen: above.unseen || display == "none",
        block: inline ? above.block || element : element,
      };
      styles.set(element, known);
    }
    return known;
  };
  return {
    /** @param {Text} node */
    isShown(node, alsoUnseen = true) {
      const parent = node.parentElement;
      if (!parent) return true;
      const known = about(parent);
      return !known.unread && (alsoUnseen || !known.unseen);
    },
    /** @param {Node | null} one @param {Node | null} other */
    gap(one, other) {
      if (!one?.parentElement || !other?.parentElement) return "";
      return about(one.parentElement).block == about(other.parentElement).block ? "" : LINE;
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
