// @ts-check
// The reader's own choice: which ways into the dialog they want. It is kept in their browser alone.

/** @typedef {import("./dialog.js").Site} Site */

const KEPT = "corrections:off";

/**
 * Show the choices above the buttons, or put them away again.
 * @param {Site} site @param {HTMLElement} form
 */
export async function show(site, form) {
  const { make } = await site.load("dialog");
  const shown = form.querySelector("fieldset");
  if (shown) return shown.remove();
  const [theirs, mine] = site.off.split("|");
  const key = /Mac|iP/.test(navigator.platform) ? "⌘ + Enter" : "Ctrl + Enter";
  const ways = [
    ["key", words.useKey.replace("{0}", key)],
    ["button", words.useButton],
  ].filter(([way]) => !theirs.includes(way));
  const choices = ways.map(([way, said]) => {
    const box = make("input", { type: "checkbox", value: way });
    box.checked = !mine.includes(way);
    return make("label", {}, said, box);
  });
  const place = make("fieldset", { "aria-label": words.options }, ...choices);
  place.style.cssText = "margin:0 0 .85em;padding:.6em .8em 0;border:0;border-radius:8px;background:#8882";
  place.addEventListener("input", (/** @type {Event} */ event) => {
    event.stopPropagation(); // no words of the report
    const off = [...place.querySelectorAll("input:not(:checked)")].map((box) => box.value).join(" ");
    site.off = `${theirs}|${off}`;
    try {
      if (off) localStorage.setItem(KEPT, off);
      else localStorage.removeItem(KEPT);
    } catch {
      // Storage is blocked: it holds as long as the page is open.
    }
  });
  form.querySelector("footer")?.before(place);
  place.querySelector("input")?.focus();
}
