// @ts-check
// Points out what looks like somebody's private details, before it is sent.

// An e-mail address, nine digits or more in a row, an IBAN.
const PERSONAL = /\S@\S+\.\w|(\d[ ()./-]?){9}|\b[A-Z]{2}\d\d( ?\w{4}){3}/;

/**
 * Say so below the field, as long as it holds such details.
 * @param {import("./dialog.js").Site} site @param {HTMLTextAreaElement} field
 */
export async function warn(site, field) {
  const { make } = await site.load("dialog");
  const label = /** @type {HTMLElement} */ (field.parentNode);
  const next = /** @type {HTMLElement} */ (label.nextSibling);
  if (next.className == "personal") return;
  const told = make("p", { class: "personal", "aria-live": "polite" });
  const check = () => (told.textContent = PERSONAL.test(field.value) ? words.personal : "");
  label.after(told);
  field.addEventListener("input", check);
  check();
}
