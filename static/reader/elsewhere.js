// @ts-check
// Where a report could not be sent from a page: the newsroom's own form, with all that was typed.

/** @typedef {import("./dialog.js").Site} Site */

/**
 * Take what was typed along with the link; where the service answers, but not to this page, lead the reader there.
 * @param {Site} site @param {HTMLElement} status @param {URLSearchParams} report @param {boolean} isUnread
 */
export async function lead(site, status, report, isUnread) {
  const link = status.querySelector("a");
  if (!link) return;
  link.hash = `${report}`;
  if (!isUnread) return;
  // What the service answers to a page that is not one of the newsroom's, a browser lets nobody read; this it does.
  const url = `${BASE}/log/${site.key}/article.json?url=${encodeURIComponent(report.get("url") || "")}`;
  const { ok } = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!ok || !link.isConnected) return;
  const said = status.firstChild;
  if (said) said.textContent = words.failed.replace("{0}", words.elsewhere);
  link.style.fontWeight = "600";
  link.focus();
}
