// @ts-check
// What the dialog can do without until something is typed or fails: looking at it, saving what cannot be sent, taking
// back what was, counting other readers, pages that stand in the way.

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {import("./dialog.js").Fields} Fields */

const PATIENCE = 20_000; // milliseconds
const MOST = 500; // characters of a quote in an address

/**
 * Have what is typed looked at where there may be something to be said of it.
 * @param {Site} site @param {any} form
 */
export function look(site, form) {
  for (const field of form.querySelectorAll("textarea"))
    if (field.value.length >= SHORT) site.run("length", "count", field);
  if (/@|\d{2}/.test(form.comment.value)) site.run("personal", "warn", form.comment);
}

/**
 * Offer what was not sent to be copied, and the page that needs no script.
 * @param {Site} site @param {any} form @param {Fields} fields @param {(text: string) => Node} copy
 */
export async function offer(site, form, fields, copy) {
  const { make } = await site.load("dialog");
  const typed = [...form.querySelectorAll("textarea,[type=url]")].map(({ value }) => value);
  const text = [fields.exact, ...typed].join("\n\n");
  const status = form.querySelector("[role=status]");
  if (status.textContent)
    status.append(" ", copy(text), " ", make("a", { href: plainPage(site, fields), target: "_blank" }, words.write));
}

/**
 * Go to the page that needs no script, with the words that are selected.
 * @param {Site} site
 */
export async function leave(site) {
  const exact = String(Object.getPrototypeOf(document).getSelection.call(document));
  location.href = plainPage(site, { url: location.href, lang: document.documentElement.lang, exact });
}

/** @param {Site} site @param {Fields} fields */
const plainPage = (site, { url, lang, exact }) =>
  `${BASE}/report/${site.key}?lang=${lang}&url=${encodeURIComponent(url)}` +
  `&exact=${encodeURIComponent(exact.slice(0, MOST))}`;

/**
 * Take back what was sent; what the reader is told when that is done.
 * @param {Site} site @param {string} url
 */
export async function withdraw(site, url) {
  const body = new URLSearchParams({ action: "withdraw" });
  // It goes on though the page is left, and ends where nobody answers.
  const lasting = { keepalive: true, signal: AbortSignal.timeout?.(PATIENCE) };
  const asked = { method: "POST", body, credentials: /** @type {RequestCredentials} */ ("omit"), ...lasting };
  const answer = await fetch(url, { ...asked, referrerPolicy: "no-referrer" });
  return answer.ok && words.undone;
}

/**
 * Say how many other readers reported the same error.
 * @param {Site} site @param {HTMLElement} told @param {number} others
 */
export function count(site, told, others) {
  const known = /** @type {Fields} */ (words.known)[new Intl.PluralRules(words.language).select(others)];
  told.append(" ", known.replace("{0}", others));
}

/**
 * Show a page that hides even its root.
 * @param {Site} site @param {HTMLElement} page
 */
export function uncover(site, page) {
  page.style.setProperty("display", "block", "important");
}
