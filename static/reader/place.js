// @ts-check
// Where nothing is selected on the page itself: a selection elsewhere, or the question which part is meant.

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {import("./dialog.js").State} State */

/**
 * What is selected: on the page, within a component, or in a frame of the same site. Firefox selects several ranges.
 * @param {Site} site @returns {Promise<Range[]>}
 */
export async function selected(site) {
  const { selectionOf } = await site.load("dialog");
  // Each document has its own; the one that the reader is in counts first.
  const { contentDocument } = /** @type {any} */ (document.activeElement || {});
  const selection = [contentDocument, document]
    .map((one) => one && selectionOf(one))
    .find((one) => one?.type == "Range");
  if (!selection?.rangeCount) return [];
  if (selection.rangeCount > 1) return [...Array(selection.rangeCount).keys()].map((at) => selection.getRangeAt(at));
  const range = selection.getRangeAt(0).cloneRange();
  // From outside, a selection within a component is an empty one at its place.
  const [inner] = selection.isCollapsed ? selection.getComposedRanges?.({ shadowRoots: rootsIn(document) }) || [] : [];
  if (inner) {
    range.setStart(inner.startContainer, inner.startOffset);
    const root = inner.startContainer.getRootNode();
    // Three clicks on a component's last words end beyond it.
    if (root.contains(inner.endContainer)) range.setEnd(inner.endContainer, inner.endOffset);
    else range.setEnd(root, root.childNodes.length);
  }
  return [range];
}

/** @param {Document | ShadowRoot} place @returns {ShadowRoot[]} */
const rootsIn = (place) =>
  [...place.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? [shadowRoot, ...rootsIn(shadowRoot)] : [],
  );

/**
 * Ask for the part, in words or by pointing at it.
 * @param {Site} site @param {any} form @param {State} state
 */
export async function ask(site, form, state) {
  const { make, button, selectionOf } = await site.load("dialog");
  const hint = String(selectionOf(document)).trim() ? words.unread : words.partHint;
  const field = make("textarea", {
    name: "place",
    "aria-label": words.part,
    "aria-description": hint,
    rows: 2,
    dir: "auto",
    autofocus: "",
  });
  const point = button(words.pick, "pick", () => site.run("pick", "pick", form, state));
  form.querySelector("h2").after(make("label", {}, words.part, field, make("small", {}, hint)), make("p", {}, point));
}
