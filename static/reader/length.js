// @ts-check
// How much fits into a text. Nothing is cut: what is too long is said at its field, stays there and is not sent.

/** @typedef {import("./dialog.js").Site} Site */

const NEAR = 0.8; // of what fits

/** What each field is described by besides its count. @type {WeakMap<HTMLTextAreaElement, string>} */
const hints = new WeakMap();

/**
 * Say how long the text of a field is, from near its limit on, now and whenever it changes.
 * @param {Site} site @param {HTMLTextAreaElement} field
 */
export async function count(site, field) {
  const { make } = await site.load("dialog");
  if (!hints.has(field)) {
    hints.set(field, field.ariaDescription || "");
    field.after(make("small"));
    field.addEventListener("input", () => tell(field));
  }
  tell(field);
}

/** @param {HTMLTextAreaElement} field */
function tell(field) {
  const most = LIMITS[field.name];
  const length = lengthOf(field.value);
  // What stands there as it came, a quote, is as long as it may be.
  const isOver = length > most && field.value != field.defaultValue;
  const counted = length < most * NEAR ? "" : `${length} / ${most}`;
  const said = isOver ? `${counted}. ${words.tooLong.replace("{0}", `${length - most}`)}` : counted;
  const note = /** @type {HTMLElement} */ (field.nextSibling);
  note.textContent = said;
  note.className = isOver ? "bad" : "";
  field.ariaDescription = [hints.get(field), said].filter(Boolean).join(" ");
  field.ariaInvalid = isOver ? "true" : null;
  field.setCustomValidity(isOver ? said : "");
}

/** The characters that the service counts. @param {string} text */
const lengthOf = (text) =>
  [
    ...text
      .replace(/[^\P{Cc}\t\n]/gu, "")
      .normalize("NFC")
      .trim(),
  ].length;
