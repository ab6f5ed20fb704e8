// @ts-check
// What a page asks for by its marks: the published corrections of its article, and the reader's own key in the caption.

/** @typedef {import("./dialog.js").Site} Site */
/**
 * @typedef {{
 *   label: string, text: string, url: string, date: string, gravity: string,
 *   fate: string | null, retracted: object | null,
 * }} Notice
 * @typedef {{notices: Notice[], corrected: number, taken_up?: {text: string}}} Log
 */

/** @param {Site} site */
export async function fill(site) {
  if (/Mac|iP/.test(navigator.platform))
    for (const key of document.querySelectorAll("[data-corrections-key]")) key.textContent = "⌘ + Enter";
  const places = [...document.querySelectorAll("[data-corrections-log]:not([aria-busy])")];
  if (!places[0]) return;
  for (const place of places) place.setAttribute("aria-busy", "true"); // once
  const { url } = (await site.run("article", "find", null)) || { url: location.href };
  const answer = await fetch(`${BASE}/log/${site.key}/article.json?url=${encodeURIComponent(url)}`, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).catch(() => undefined);
  const log = answer?.ok ? await answer.json() : undefined;
  for (const place of places) {
    // What the page's server put there may be older; it stays where no answer comes.
    if (log) {
      place.replaceChildren();
      list(place, log.notices, place.getAttribute("data-corrections-log"));
    }
    place.setAttribute("aria-busy", "false");
  }
}

/**
 * Show in the dialog what was corrected in this article already, and how many reports an editor has taken up.
 * @param {Site} site @param {HTMLElement} form @param {Log} log
 */
export async function known(site, form, log) {
  const { make } = await site.load("dialog");
  /** @param {HTMLElement} place */
  const show = (place) => {
    place.style.cssText = "margin:0 0 .85em;padding:.6em .8em;border-radius:8px;background:#8882";
    form.querySelector("h2")?.after(place);
  };
  if (log.taken_up) show(make("p", { dir: "auto" }, log.taken_up.text));
  if (!log.notices.length) return;
  const place = make("details", {}, make("summary", {}, `${words.corrected} (${log.corrected})`));
  list(place, log.notices, "");
  for (const link of place.querySelectorAll("a")) link.target = "_blank";
  show(place);
}

/**
 * Show those that stand at this place of the article, each with its date as the link to the notice: minor ones at the
 * bottom, others at the top, serious ones beside the headline too; at a place without a name all.
 * @param {Element} place @param {Notice[]} all @param {string | null} name
 */
function list(place, all, name) {
  for (const one of all) {
    const isMinor = one.gravity == "minor";
    if ((name == "top" && isMinor) || (name == "bottom" && !isMinor)) continue;
    const link = document.createElement("a");
    link.href = one.url;
    link.textContent = name == "headline" ? one.label : one.date;
    if (name == "headline") {
      if (one.gravity == "serious" && !one.retracted && !place.firstChild) place.append(link);
      continue;
    }
    const notice = document.createElement("p");
    const label = document.createElement("strong");
    label.textContent = `${one.label}: `;
    notice.dir = "auto";
    notice.append(label, `${one.fate ? `${one.fate} ` : ""}${one.text} `, link);
    place.append(notice);
  }
}
