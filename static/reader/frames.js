// @ts-check
// Frames of the same site: what a reader does there does not reach the page around them.

/** @typedef {import("./dialog.js").Site} Site */

const PAUSE = 500; // milliseconds: then a selection is finished

/** @type {WeakSet<Document>} */
const heard = new WeakSet();

/**
 * Hear in the frame that the reader is in, and in those within it, what the loader hears in the page.
 * @param {Site} site @param {(event: KeyboardEvent) => void} onKey
 */
export async function hear(site, onKey) {
  for (let frame = inner(document); frame; frame = inner(frame)) listen(site, frame, onKey);
}

/** The document of the frame that has the focus; none where it is of another site. @param {Document} place */
const inner = (place) => /** @type {HTMLIFrameElement | null} */ (place.activeElement)?.contentDocument;

/** @param {Site} site @param {Document} frame @param {(event: KeyboardEvent) => void} onKey */
function listen(site, frame, onKey) {
  if (heard.has(frame)) return;
  heard.add(frame);
  /** @type {number | undefined} */
  let timer;
  const onSelection = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const selection = Object.getPrototypeOf(frame).getSelection.call(frame);
      if (selection && !selection.isCollapsed) site.run("dialog", "offer", frame);
    }, PAUSE);
  };
  frame.addEventListener("keydown", onKey);
  frame.addEventListener("selectionchange", onSelection);
  frame.addEventListener(
    "pointerdown",
    (event) => {
      site.pressed = event;
    },
    true,
  );
  frame.defaultView?.addEventListener("blur", () => hear(site, onKey));
  onSelection(); // the press that brought the reader here may have selected something already
}
