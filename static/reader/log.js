// @ts-check
// Shows the published corrections of this article where the page asks for them.

/** @param {{base: string, slug: string}} site */
export async function show(site) {
  const place = document.querySelector("[data-corrections-log]");
  const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  const url = encodeURIComponent(canonical?.href || location.href);
  const answer = await fetch(`${site.base}/log/${site.slug}/article.json?url=${url}`, { credentials: "omit" });
  if (!place || !answer.ok) return;
  for (const one of (await answer.json()).correction) {
    const notice = document.createElement("p");
    const name = document.createElement("strong");
    const link = document.createElement("a");
    name.textContent = `${one.name}: `;
    link.textContent = new Date(one.datePublished).toLocaleDateString(document.documentElement.lang || "en");
    link.href = one.url;
    notice.dir = "auto";
    notice.append(name, `${one.text} `, link);
    place.append(notice);
  }
}
