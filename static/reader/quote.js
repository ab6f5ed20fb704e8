// @ts-check
// From a selection to a quote: the words, and up to 300 characters on each side, as a reader sees them.

/** @typedef {{exact: string, prefix: string, suffix: string, before: string, after: string}} Quote */

const CONTEXT = 300; // characters on each side, as many as the service takes
const SHOWN = 160; // characters on each side
const ENOUGH = 3 * CONTEXT; // what tidying and cutting leave a context of
const LINE = "\u2029"; // between blocks, and where a line breaks, until white space is tidied

// What the service does not read either: it sees no style sheets.
const NOT_READ =
  "[hidden],[style*='display:none' i],[style*='display: none' i],[style*='visibility:hidden' i],dialog:not([open])," +
  "script,style,title,noscript,template,textarea,select,input,datalist,iframe,object,video,audio,canvas,rp,rt,rtc," +
  "desc,corrections-dialog";

// As NodeFilter has them, which a page may have replaced.
const ELEMENTS_AND_TEXTS = 5;
const ACCEPT = 1;
const SKIP = 3;

const INLINE = /^(inline|contents|ruby|math|block math)|left|right|abs/;
// A clip that leaves nothing, such as rect(0px, 0px, 0px, 0px), or a place far beyond the screen, such as -9999px.
const AWAY = /rect\((.px), \1|-(9|\d\d)\d{3}/;

/**
 * The quote of what is selected: of a range, or of the several that Firefox makes of one selection.
 * @param {Range} range @param {Range[]} ranges
 * @returns {Quote | null}
 */
export const quoteAt = (range, ranges = [range]) => {
  const { startContainer, startOffset } = range;
  const { endContainer, endOffset } = ranges[ranges.length - 1];
  const all = range.cloneRange();
  all.setEnd(endContainer, endOffset);
  const common = all.commonAncestorContainer;
  const start = startContainer.childNodes[startOffset] || startContainer;
  const walker = document.createTreeWalker(
    document.body.contains(common) ? document.body : common.getRootNode(),
    ELEMENTS_AND_TEXTS,
    (node) => (isText(node) ? ACCEPT : SKIP),
  );
  /** @type {any} */
  let first;
  /** @type {any} */
  let last;
  let whole = "";
  let isPlain = false;
  walker.currentNode = start;
  for (let node = /** @type {any} */ (isText(start) ? start : walker.nextNode()); node; node = walker.nextNode()) {
    if (!all.intersectsNode(node)) {
      if (first) break;
      continue; // the range begins at the end of what holds its start
    }
    // Only words that are on the screen are quoted. A line break has no data.
    if (!isRead(node) || !isSeen(node)) continue;
    if (last) whole += gap(last, node);
    const text = ranges
      .map((one) =>
        one.intersectsNode(node)
          ? (node.data || "").slice(
              node == one.startContainer ? one.startOffset : 0,
              node == one.endContainer ? one.endOffset : Infinity,
            )
          : "",
      )
      .join("");
    if (text.trim()) isPlain ||= !/^(pre|break)/.test(getComputedStyle(node.parentElement).whiteSpace);
    whole += text;
    first ||= node;
    last = node;
  }
  // Where all is preformatted, its lines and indentation are the words too.
  const exact = (isPlain ? tidy(whole) : whole.replaceAll(LINE, "\n")).trim();
  if (!exact) return null;
  const before =
    around(walker, first, true, first == startContainer ? startOffset : 0) + (/^\s/.test(whole) ? " " : "");
  const after =
    (/\s$/.test(whole) ? " " : "") + around(walker, last, false, last == endContainer ? endOffset : Infinity);
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
  return [before.split(end).pop()?.slice(-SHOWN) || "", after.split(end)[0].slice(0, SHOWN)];
};

/** A line break is a text as far as this file goes. @param {Node} node */
const isText = (node) => node.nodeType == node.TEXT_NODE || /** @type {Element} */ (node).localName == "br";

/**
 * What stands next to a place on one side, a little more than is needed.
 * @param {TreeWalker} walker @param {Text} last @param {boolean} back @param {number} offset
 */
const around = (walker, last, back, offset) => {
  const data = last.data || "";
  let text = back ? data.slice(0, offset) : data.slice(offset);
  const next = () => /** @type {Text | null} */ (back ? walker.previousNode() : walker.nextNode());
  walker.currentNode = last;
  for (let node = next(); node && tidy(text).length < ENOUGH; node = next()) {
    if (!isRead(node)) continue;
    const more = tidy(node.data || "");
    text = back ? more + gap(node, last) + text : text + gap(last, node) + more;
    last = node;
  }
  return text;
};

/** @param {Text} node */
const isRead = (node) => !node.parentElement?.closest(NOT_READ) && isInReach(node);

/** A page may be hidden until its own script comes. @param {Text} node */
const isSeen = ({ parentElement }) =>
  parentElement?.checkVisibility?.({ visibilityProperty: getComputedStyle(document.body).visibility == "visible" }) ??
  true;

/** What stands between two texts: nothing in a line, else the end of it. @param {Text} one @param {Text} other */
const gap = (one, other) => (one.data && other.data && blockOf(one) == blockOf(other) ? "" : LINE);

/** Whether a text can be selected, and is not put out of sight for screen readers alone. @param {Text} node */
const isInReach = (node) => {
  let select = "auto"; // the nearest element that says so decides
  for (let at = node.parentElement; at; at = at.parentElement) {
    const { clip, left, overflow, webkitUserSelect } = getComputedStyle(at);
    if (select == "auto") select = webkitUserSelect;
    if (select == "none" || (at.offsetHeight == 1 && overflow != "visible") || AWAY.test(clip + left)) return false;
  }
  return true;
};

/**
 * The block that a text is in: initials and marks stand in their line though they float or are placed.
 * @param {Text} node
 */
const blockOf = (node) => {
  for (let block = node.parentElement; block; block = block.parentElement) {
    const { display, float, position } = getComputedStyle(block);
    if (!INLINE.test(display + float + position)) return block;
  }
};

/** @param {string} text */
const tidy = (text) => text.replace(/\s+/g, " ");

/**
 * Whole characters, and whole words where there are any.
 * @param {string} text @param {number} from @param {number} to @param {RegExp} rest
 */
const cut = (text, from, to, rest) => {
  const all = [...text];
  return all.length > CONTEXT ? all.slice(from, to).join("").replace(rest, "") : text;
};
