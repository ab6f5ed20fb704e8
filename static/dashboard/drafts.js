// @ts-check
// Keeps what is typed about a case in this browser until it was sent: a closed tab, a lost session or another case
// shown in its place loses nothing.

const KEPT_FOR = 7 * 24 * 3600 * 1000;

/** @param {Element | null} form @returns {string} */
function nameOf(form) {
  const path = form instanceof HTMLFormElement ? new URL(form.action).pathname : "";
  return /^\/cases\/\d+\/\w+$/.test(path) ? `draft:${path}` : "";
}

const TYPED = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";

/** @typedef {HTMLTextAreaElement | HTMLInputElement} Field */

/** @param {HTMLFormElement} form */
const fields = (form) => /** @type {Field[]} */ ([...form.querySelectorAll(TYPED)]);

/** @param {HTMLFormElement} form */
function keep(form) {
  const typed = fields(form).filter((one) => one.value != one.defaultValue);
  const words = Object.fromEntries(typed.map((one) => [one.name, one.value]));
  if (typed.length) localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), words }));
  else localStorage.removeItem(nameOf(form));
}

/** Puts kept words back where nothing else was typed since. */
function restore() {
  for (const form of document.querySelectorAll("main[data-case] form")) {
    const kept = nameOf(form) && localStorage.getItem(nameOf(form));
    if (!kept || !(form instanceof HTMLFormElement)) continue;
    const { words } = JSON.parse(kept);
    for (const field of fields(form)) {
      if (!(field.name in words) || field.value != field.defaultValue) continue;
      field.value = words[field.name];
      field.closest("details")?.setAttribute("open", "");
    }
  }
}

function tidy() {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith("draft:"))) {
    if (Date.now() - JSON.parse(localStorage.getItem(name) || "{}").at > KEPT_FOR) localStorage.removeItem(name);
  }
}

addEventListener("input", (event) => {
  const form = /** @type {HTMLElement} */ (event.target).closest("main[data-case] form");
  if (form instanceof HTMLFormElement && nameOf(form)) keep(form);
});
// What was sent is stored by the service, or stands again in the form that it refused.
addEventListener("desk:sent", (event) => localStorage.removeItem(`draft:${/** @type {CustomEvent} */ (event).detail}`));
addEventListener("desk:shown", restore);
// Who signs out leaves nothing behind.
document.querySelector("form[action='/logout']")?.addEventListener("submit", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft:")) localStorage.removeItem(name);
});
tidy();
restore();
