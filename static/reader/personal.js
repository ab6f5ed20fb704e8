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
  const place = /** @type {ShadowRoot} */ (label.getRootNode());
  if (!place.querySelector(".personal")) label.after(make("p", { class: "personal", "aria-live": "polite" }));
  const told = /** @type {HTMLElement} */ (place.querySelector(".personal"));
  const text = PERSONAL.test(field.value) ? words.personal : "";
  if (told.textContent != text) told.textContent = text;
}
