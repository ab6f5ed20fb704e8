// @ts-check
// What an emptied "It should say" means, said in words.

/** @typedef {import("./dialog.js").Site} Site */

/**
 * Say beside the struck words that they should go, for as long as the field is empty.
 * @param {Site} site @param {any} form
 */
export async function tell(site, form) {
  const { make } = await site.load("dialog");
  const diff = form.querySelector(".diff");
  if (!form.suggestion.value.trim() && !diff.querySelector("b"))
    diff.append(" ", make("b", { "aria-live": "polite" }, words.remove));
}
