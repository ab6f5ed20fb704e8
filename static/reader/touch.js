// @ts-check
// A button below a finished selection, for readers who have no keys.

/** @typedef {import("./dialog.js").Site} Site */

// Pixels: to the edge of what is seen, and from the words, clear of the handles.
const EDGE = 8;
const BELOW = 32;
const ABOVE = 72;

const TOPMOST = 2147483647;

/**
 * Show the button until the selection changes: below the handles, and above them where there is no room below.
 * @param {Site} site @param {ShadowRoot} root @param {Document} where the page, or a frame of the same site
 */
export async function offer(site, root, where) {
  const { button, open, selectionOf } = await site.load("dialog");
  root.querySelector(".offer")?.remove();
  const selection = selectionOf(where);
  if (root.querySelector("dialog") || !selection || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const small = button(words.title, "offer", () => open(site, range.cloneRange()));
  small.className = "offer";
  const { fontFamily } = getComputedStyle(document.body);
  const look = { background: "#1f4e8c", color: "#fff", boxShadow: "0 2px 12px #0006" };
  Object.assign(small.style, { fontFamily, position: "fixed", zIndex: TOPMOST, ...look });
  // The press must not take the selection away.
  small.addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault());
  root.append(small);
  const put = () => {
    const box = boxOf(range);
    const { offsetWidth: width, offsetHeight: height } = small;
    const view = visualViewport || { width: innerWidth, height: innerHeight, offsetTop: 0, offsetLeft: 0 };
    const below = box.bottom + BELOW;
    const isRoom = below + height < view.offsetTop + view.height;
    const left = Math.min(box.left, view.offsetLeft + view.width - width - EDGE);
    const top = isRoom ? below : Math.min(box.top, view.offsetTop + view.height) - height - ABOVE;
    small.style.left = `${Math.max(view.offsetLeft + EDGE, left)}px`;
    small.style.top = `${Math.max(view.offsetTop + EDGE, top)}px`;
  };
  const away = () => {
    small.remove();
    for (const one of views) one.removeEventListener("scroll", put);
    where.removeEventListener("selectionchange", away);
  };
  // A frame scrolls by itself, and with the page around it.
  const views = new Set([/** @type {Window} */ (where.defaultView), window]);
  put();
  for (const one of views) one.addEventListener("scroll", put, { passive: true });
  where.addEventListener("selectionchange", away);
}

/** Where a range is on the screen, as far as the frames that it is in let it be seen. @param {Range} range */
function boxOf(range) {
  let { left, top, bottom } = range.getBoundingClientRect();
  let frame = range.startContainer.ownerDocument?.defaultView?.frameElement;
  for (; frame; frame = frame.ownerDocument.defaultView?.frameElement) {
    const outer = frame.getBoundingClientRect();
    left += outer.left + frame.clientLeft;
    top += outer.top + frame.clientTop;
    bottom = Math.min(bottom + outer.top + frame.clientTop, outer.bottom);
  }
  return { left, top, bottom };
}
