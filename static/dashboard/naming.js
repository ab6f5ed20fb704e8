// @ts-check
// Offers colleagues' names after an @ in a note. Without this they are typed.

import { choosing } from "./choosing.js";

/** What is typed of a name before the caret. */
const BEGUN = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_.'’-]*)$/u;
const GAP = 4;

/** @param {string} words */
const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** @param {HTMLTextAreaElement} field */
const begun = (field) => BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1];

/**
 * Beside the field, where there is room, over what stands there: nothing moves.
 * @param {HTMLElement} list
 * @param {Element} field
 */
function place(list, field) {
  const { left, width, top, bottom } = field.getBoundingClientRect();
  const isBelow = innerHeight - bottom > list.offsetHeight + GAP || top < innerHeight - bottom;
  Object.assign(list.style, { left: `${left}px`, width: `${width}px` });
  list.style.top = `${isBelow ? bottom + GAP : top - list.offsetHeight - GAP}px`;
}

/** @param {HTMLTextAreaElement} field @param {HTMLElement} list */
function offer(field, list) {
  const choice = choosing(field, list, (option) => {
    const end = field.selectionStart;
    field.setRangeText(`@${option.dataset.handle} `, end - (begun(field)?.length ?? 0) - 1, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    const typed = begun(field);
    if (typed === undefined || field.selectionStart != field.selectionEnd) return choice.hide();
    let first = /** @type {HTMLElement | null} */ (null);
    for (const option of /** @type {HTMLElement[]} */ ([...list.children])) {
      const words = plain(option.textContent || "").split(/[\s@]+/);
      option.hidden = !words.some((word) => word.startsWith(plain(typed)));
      if (!option.hidden) first ??= option;
    }
    if (!first) return choice.hide();
    choice.show();
    place(list, field);
    choice.point(first);
  });
  // What lies over the page would stay where it is while the page goes on.
  addEventListener("scroll", (event) => event.target != list && list.isConnected && choice.hide(), true);
}

const ready = new WeakSet();
addEventListener("focusin", (event) => {
  const field = event.target;
  const list = field instanceof HTMLTextAreaElement && document.getElementById(field.dataset.names || "");
  if (!list || ready.has(field)) return;
  ready.add(field);
  offer(field, list);
});
