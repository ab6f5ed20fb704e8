// @ts-check
// What a page of the desk says by script, in its language: the sentences stand in the page's own element.

/** @typedef {string | Record<string, string>} Sentence */

/** @type {Record<string, Sentence>} */
const sentences = JSON.parse(document.documentElement.dataset.words || "{}");

/** With Western figures, as the rest of the page has them. */
const language = `${document.documentElement.lang || "en"}-u-nu-latn`;
const rules = new Intl.PluralRules(language);

/**
 * One sentence with its places filled; a counted one in the form for `n`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  const sentence = sentences[key] || "";
  const form = typeof sentence == "string" ? sentence : sentence[rules.select(Number(values.n))] || sentence.other;
  return form.replace(/\{(\w+)\}/g, (place, name) => (name in values ? shown(values[name]) : place));
}

/** @param {string | number} value */
const shown = (value) => (typeof value == "number" ? value.toLocaleString(language) : value);
