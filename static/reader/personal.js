// @ts-check
// Points out what looks like somebody's private details, before it is sent.

// An e-mail address, nine digits or more in a row, an IBAN.
const PERSONAL = /\S@\S+\.\w|(\d[ ()./-]?){9}|\b[A-Z]{2}\d\d( ?\w{4}){3}/;

/**
 * Say so below the field, as long as it holds such details.
 * @param {unknown} site @param {HTMLTextAreaElement} field @param {typeof import("./dialog.js").make} make
 */
export function warn(site, field, make) {
  const label = /** @type {HTMLElement} */ (field.parentNode);
  const place = /** @type {ShadowRoot} */ (label.getRootNode());
  if (!place.querySelector(".personal")) label.after(make("p", { class: "personal", "aria-live": "polite" }));
  const told = /** @type {HTMLElement} */ (place.querySelector(".personal"));
  const text = PERSONAL.test(field.value) ? words.personal : "";
  if (told.textContent != text) told.textContent = text;
}
