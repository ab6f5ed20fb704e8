// @ts-check
// A button below a finished selection, for readers who have no keys.

/** @typedef {import("./dialog.js").Site} Site */

/**
 * Show the button until the selection changes.
 * @param {Site} site @param {import("./dialog.js").Ready} ready
 * @param {(site: Site) => void} open @param {(text: string, value: string, act: () => void) => HTMLElement} button
 */
export function offer(site, { root, words }, open, button) {
  root.querySelector(".offer")?.remove();
  const selection = getSelection();
  if (root.querySelector("dialog") || !selection || selection.isCollapsed) return;
  const box = selection.getRangeAt(0).getBoundingClientRect();
  const small = button(words.title, "offer", () => open(site));
  small.className = "offer main";
  small.style.cssText = "position:fixed;z-index:2147483647;font-size:16px";
  small.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 190))}px`;
  small.style.top = `${Math.max(8, Math.min(box.bottom + 28, innerHeight - 56))}px`;
  small.addEventListener("pointerdown", (event) => event.preventDefault());
  root.append(small);
  document.addEventListener("selectionchange", () => small.remove(), { once: true });
}
