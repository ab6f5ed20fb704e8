// @ts-check
// From a selection to a quote: the words, and up to 300 characters on each side, as a reader sees them.

/** @typedef {{exact: string, prefix: string, suffix: string, before: string, after: string}} Quote */

const CONTEXT = 300;
const LINE = "\u2029"; // between blocks, and where a line breaks, until white space is tidied

// What the service does not read either: it sees no style sheets.
const NOT_READ =
  "[hidden],[style*='display:none' i],[style*='display: none' i],[style*='visibility:hidden' i],dialog:not([open]),script,style,title,noscript,template,textarea,select,input,datalist,iframe,object,video,audio,canvas,rp,rt,rtc,desc,corrections-dialog";

/**
 * The quote at a range.
 * @param {Range} range
 * @returns {Quote | null}
 */
export const quoteAt = (range) => {
  const { startContainer, startOffset, endContainer, endOffset, commonAncestorContainer: common } = range;
  const start = startContainer.childNodes[startOffset] || startContainer;
  const walker = document.createTreeWalker(document.body.contains(common) ? document.body : common.getRootNode(), 5, (node) => (isText(node) ? 1 : 3));
  const from = (/** @type {Text} */ node) => (node == startContainer ? startOffset : 0);
  const to = (/** @type {Text} */ node) => (node == endContainer ? endOffset : Infinity);
  /** @type {any} */
  let first;
  /** @type {any} */
  let last;
  /** @type {Text | undefined} */
  let seen;
  let whole = "";
  walker.currentNode = start;
  for (let node = /** @type {any} */ (isText(start) ? start : walker.nextNode()); node; node = walker.nextNode()) {
    if (!range.intersectsNode(node)) {
      if (first) break;
      continue; // the range begins at the end of what holds its start
    }
    if (!isRead(node)) continue;
    first ||= node;
    last = node;
    // A line break has no data. Only words that are on the screen are quoted.
    if (!isSeen(node)) continue;
    whole += (seen ? gap(seen, node) : "") + (node.data || "").slice(from(node), to(node));
    seen = node;
  }
  const exact = tidy(whole).trim();
  if (!exact) return null;
  const before = around(walker, first, true, from(first)) + (/^\s/.test(whole) ? " " : "");
  const after = (/\s$/.test(whole) ? " " : "") + around(walker, last, false, to(last));
  return {
    exact,
    prefix: cut(tidy(before), -CONTEXT - 1, Infinity, /^\S* |^./u),
    suffix: cut(tidy(after), 0, CONTEXT + 1, / \S*$|.$/u),
    before: tidy(before.split(LINE).pop() || ""),
    after: tidy(after.split(LINE)[0]),
  };
};

/**
 * The sentence part on each side of the quote, for showing it.
 * @param {Quote} quote
 */
export const sentenceOf = ({ before, after }) => {
  const end = /(?<=[.!?…。！？؟])\s/;
  return [before.split(end).pop()?.slice(-160) || "", after.split(end)[0].slice(0, 160)];
};

/** A line break is a text as far as this file goes. @param {Node} node */
const isText = (node) => node.nodeType == 3 || node.nodeName == "BR";

/**
 * What stands next to a place on one side, a little more than is needed.
 * @param {TreeWalker} walker @param {Text} last @param {boolean} back @param {number} offset
 */
const around = (walker, last, back, offset) => {
  const most = 3 * CONTEXT;
  /** @param {string} text */
  const near = (text) => (back ? tidy(text).slice(-most) : tidy(text).slice(0, most));
  const data = last.data || "";
  let text = near(back ? data.slice(0, offset) : data.slice(offset));
  let node;
  walker.currentNode = last;
  while (text.length < most && (node = /** @type {Text | null} */ (back ? walker.previousNode() : walker.nextNode()))) {
    if (!isRead(node)) continue;
    const more = near(node.data || "");
    text = back ? more + gap(node, last) + text : text + gap(last, node) + more;
    last = node;
  }
  return text;
};

/** @param {Text} node */
const isRead = (node) => !node.parentElement?.closest(NOT_READ);

/** @param {Text} node */
const isSeen = (node) => node.parentElement?.checkVisibility?.() ?? true;

/** What stands between two texts: nothing in a line, else the end of it. @param {Text} one @param {Text} other */
const gap = (one, other) => (one.data && other.data && blockOf(one) == blockOf(other) ? "" : LINE);

/** @param {Text} node */
const blockOf = (node) => {
  let block = node.parentElement;
  while (block && /^(inline|contents|ruby|math|block math)/.test(getComputedStyle(block).display)) block = block.parentElement;
  return block;
};

/** @param {string} text */
const tidy = (text) => text.replace(/\s+/g, " ");

/** Whole characters, and whole words where there are any. @param {string} text @param {number} from @param {number} to @param {RegExp} rest */
const cut = (text, from, to, rest) => {
  const all = [...text];
  return all.length > CONTEXT ? all.slice(from, to).join("").replace(rest, "") : text;
};
