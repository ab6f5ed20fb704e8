// @ts-check
// A selection that is too long to be sent whole: its size and hash go along, and the reader is told.

const WHOLE = 99; // more characters than a reader's one has

/**
 * The beginning of a selection, up to a whole character as readers see it.
 * @param {unknown} site @param {string} whole
 */
export function cut(site, whole) {
  const { length } = [...whole.slice(0, 2 * LONGEST_EXACT)].slice(0, LONGEST_EXACT).join("");
  if (length == whole.length) return whole;
  const segment = new Intl.Segmenter().segment(whole.slice(0, length + WHOLE)).containing(length);
  return whole.slice(0, segment?.index);
}

/**
 * Add to the fields how long the whole selection is, and say that it is cut.
 * @param {import("./dialog.js").Site} site @param {any} form
 * @param {{[name: string]: any}} fields @param {string} whole
 */
export async function measure(site, form, fields, whole) {
  const { make } = await site.load("dialog");
  form.querySelector("blockquote").after(make("small", {}, words.cut));
  fields.selection_length = [...whole].length;
  // There on https only.
  const digest = await crypto.subtle?.digest("SHA-256", new TextEncoder().encode(whole));
  if (digest)
    fields.selection_sha256 = [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("");
}
