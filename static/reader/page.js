// @ts-check
// What a page asks for by its marks: the published corrections of its article, and the reader's own key in the caption.

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {{name: string, text: string, url: string, datePublished: string}} Correction */

/** @param {Site} site */
export async function fill(site) {
  if (/Mac|iP/.test(navigator.platform))
    for (const key of document.querySelectorAll("[data-corrections-key]")) key.textContent = "⌘ + Enter";
  const place = document.querySelector("[data-corrections-log]:not([aria-busy])");
  if (!place) return;
  place.setAttribute("aria-busy", "true"); // once
  const { url } = (await site.run("article", "find", null)) || { url: location.href };
  const answer = await fetch(`${BASE}/log/${site.key}/article.json?url=${encodeURIComponent(url)}`, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (answer.ok) list(place, (await answer.json()).correction);
  place.setAttribute("aria-busy", "false");
}

/**
 * Show in the dialog what was corrected in this article already.
 * @param {Site} site @param {HTMLElement} form @param {Correction[]} all
 */
export async function known(site, form, all) {
  const { make } = await site.load("dialog");
  const place = make("details", {}, make("summary", {}, `${words.corrected} (${all.length})`));
  place.style.cssText = "margin:0 0 .85em;padding:.6em .8em;border-radius:8px;background:#8882";
  list(place, all);
  for (const link of place.querySelectorAll("a")) link.target = "_blank";
  form.querySelector("h2")?.after(place);
}

/**
 * Show them, each with its date as the link to the notice.
 * @param {Element} place @param {Correction[]} all
 */
function list(place, all) {
  for (const one of all) {
    const notice = document.createElement("p");
    const name = document.createElement("strong");
    const link = document.createElement("a");
    name.textContent = `${one.name}: `;
    link.textContent = new Date(one.datePublished).toLocaleDateString(words.language);
    link.href = one.url;
    notice.dir = "auto";
    notice.append(name, `${one.text} `, link);
    place.append(notice);
  }
}
