// @ts-check
// Which article the words are in, where a page does not plainly say so: lists, apps, pages of a longer article.

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {HTMLAnchorElement | Location} Address */
/** @typedef {{url: string, title: string, page_url?: string, several?: number}} Found */

const HEADING = ":is(h1,h2,h3,h4,h5,h6,[role=heading])";
const NAMING = ["itemid", "data-url", "data-href", "data-permalink", "data-link", "data-article-url"];
const BESIDE = "nav,header,footer,aside";
const COMMENTS = ".comment,.comments,#comments,[class^=comment],[itemtype$='/Comment' i]";

// A fragment that an app routes by, and not a place on the page; the service has the same rule.
const ROUTE = /^#(?:[!/?].*[^!/?]|[^=&]*\/[^=&]*[^/]|(?:.*&)?(?:\w*[_-])?(?:id|p|art|article|news|story|post)=.+)/i;
// Parameters that name an article, and those that only turn its pages.
const NAMES = RegExp(
  "^(?:[pan]|(?:\\w*[_-])?(?:id|idx|idxno|no|seq)|(?:art|article|news|story|post|item|entry)(?:_?(?:id|no))?" +
    "|slug|title)$",
  "i",
);
const TURNS = RegExp(
  "^(?:page|paged|pg|seite|pagina|strona|part|chapter|slide|photo|image|img|gallery|tab|view|sort|offset|start" +
    "|comments?|lang|print|amp)$",
  "i",
);
const TRACKS = /^(?:utm_.*|mtm_.*|at_.*|[a-z]*cl(?:id|src)|ref|mc_.*|_.*|cmp\w*|smid|xtor)$/i;
const VIEW =
  /^\/(?:(?:amp|print|page|p|index|full|all|single|comments?|seite|pagina|strona)?[-_/]?\d{0,3}(?:\.\w{2,5})?)\/?$/i;

/**
 * The address and title of the article that a range is in, or of the page; `page_url` where it was read at another.
 * `several` where the page has several articles and does not say which of them holds the words.
 * @param {Site} site @param {Range | null} range @returns {Promise<Found>}
 */
export async function find(site, range) {
  const start = range?.startContainer;
  const element =
    start && (start.nodeType == start.ELEMENT_NODE ? /** @type {Element} */ (start) : start.parentElement);
  const here = trimmed(location);
  const card = element && cardOf(element);
  const address = card?.[0];
  const url = address ? trimmed(address) : ownAddress();
  return {
    url,
    title: card?.[1]?.textContent?.trim() || document.querySelector("title")?.textContent || "",
    ...(url != here && { page_url: here }),
    ...(!address && isAmongSeveral(element) && { several: 1 }),
  };
}

/** @param {Element} one @param {Element} other */
const isBefore = (one, other) => !!(one.compareDocumentPosition(other) & one.DOCUMENT_POSITION_FOLLOWING);

/** @param {Address} address */
const routeOf = ({ hash }) => (ROUTE.test(hash) && !document.getElementById(hash.slice(1)) ? hash : "");

/** Without a place on the page. @param {Address} address */
const trimmed = (address) => address.href.split("#")[0] + routeOf(address);

/** @param {string | null | undefined} href @returns {HTMLAnchorElement | null} */
const linkTo = (href) => {
  if (!href) return null;
  const link = document.createElement("a");
  link.href = href;
  return link.host == location.host && /^https?:$/.test(link.protocol) ? link : null;
};

/** @param {Address} address */
const parametersOf = ({ search }) => {
  const all = [...new URLSearchParams(search)].filter(([name]) => !TRACKS.test(name));
  return /** @type {{[name: string]: string}} */ (Object.fromEntries(all));
};

/** @param {Address} address */
const pathOf = ({ pathname }) => pathname.replace(/\/+$/, "");

/** The page's own: the one it calls canonical, unless another article's is left over there, or a front's is. */
const ownAddress = () => {
  const canonical = linkTo(
    /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel~=canonical i]"))?.href,
  );
  return canonical && isItsOwn(canonical) ? canonical.href.split("#")[0] + routeOf(canonical) : trimmed(location);
};

/** Whether what the page calls canonical names the article that is read. @param {HTMLAnchorElement} canonical */
const isItsOwn = (canonical) => {
  const [above, below] = [pathOf(canonical), pathOf(location)];
  const [said, own] = [parametersOf(canonical), parametersOf(location)];
  if (routeOf(canonical) != routeOf(location)) return false;
  // The same parameter with another value is another article.
  if (Object.keys(own).some((name) => name in said && said[name] != own[name])) return false;
  const loaded = linkTo(performance.getEntriesByType("navigation")[0]?.name) || location;
  const before = parametersOf(loaded);
  // What changed without a load is in it, or it is left over from before.
  if (pathOf(loaded) != below && above != below) return false;
  const changed = Object.keys({ ...own, ...before }).filter((name) => own[name] != before[name] && !TURNS.test(name));
  if (pathOf(loaded) == below && changed.some((name) => said[name] != own[name])) return false;
  // A front is above its articles, or lacks the number that tells them apart.
  if (above == below) return !Object.keys(own).some((name) => NAMES.test(name) && !(name in said));
  return above != "" && (!below.startsWith(`${above}/`) || VIEW.test(below.slice(above.length)));
};

/** @typedef {[HTMLAnchorElement, Element | null]} Card Its article's address, and its headline. */

/** The card, or the article among others, that holds an element. @param {Element} element @returns {Card | null} */
const cardOf = (element) => {
  if (element.closest(COMMENTS)) return null;
  const isArticlePage = document.querySelector('meta[property="og:type"][content=article i]');
  for (let at = /** @type {Element | null} */ (element); at && at != document.body; at = at.parentElement) {
    const card = cardAt(at);
    const isArticle = at.localName == "article" && !at.parentElement?.closest("article");
    if (card && card[2]) return [card[0], card[1]];
    if (card && (isArticle || !(isArticlePage || element.closest(BESIDE) || hasTitle(element)))) {
      const others = isArticle ? [...document.querySelectorAll("article")] : [...(at.parentElement?.children || [])];
      if (others.some((other) => isOther(other, /** @type {Element} */ (at), card[0].href))) return [card[0], card[1]];
    }
    if (isArticle) return null;
  }
  return null;
};

/** Whether the element is in an article that has its own title. @param {Element} element */
const hasTitle = (element) => !!element.closest("article")?.querySelector("h1");

/** @param {Element} other @param {Element} at @param {string} href */
const isOther = (other, at, href) => {
  if (other.localName != at.localName || other.contains(at) || at.contains(other)) return false;
  const card = cardAt(other);
  return !!card && card[0].href != href;
};

/**
 * The article that an element names by an attribute or by its headline, which is one link of the site.
 * @param {Element} at
 * @returns {[HTMLAnchorElement, Element | null, boolean] | null} the last: it says that this is its own address
 */
const cardAt = (at) => {
  const headings = at.matches(HEADING) ? [at] : [...at.querySelectorAll(HEADING)];
  const [headline] = headings;
  const named = linkTo(NAMING.map((name) => at.getAttribute(name)).find(Boolean));
  if (named && isArticles(named)) return [named, headline, false];
  // What holds several headlines is no card, unless it says that it is one article.
  if (headings[1] && at.localName != "article") return null;
  const links = headline
    ? headings.flatMap((one) => [one.closest("a[href]") || [...one.querySelectorAll("a[href]")]].flat())
    : [...at.querySelectorAll("a[href]")];
  if (headline && !headline.closest("a[href]") && !headline.querySelector("a[href]")) return null;
  // Without a headline, a line that is nothing but a link.
  if (!links.length || (!headline && (at.localName != "li" || links[0].textContent?.trim() != at.textContent?.trim())))
    return null;
  const addresses = links.map((link) => linkTo(/** @type {HTMLAnchorElement} */ (link).href));
  const [first] = addresses;
  if (!first || !isArticles(first) || addresses.some((one) => one?.href != first.href)) return null;
  return [first, headline || links[0], links.some((link) => link.matches("article [rel~=bookmark]"))];
};

/** No home page's. @param {HTMLAnchorElement} link */
const isArticles = (link) => !!(pathOf(link) || link.search || routeOf(link));

/**
 * Whether the page shows several articles, and these words are not plainly its own.
 * @param {Element | null | undefined} element
 */
const isAmongSeveral = (element) => {
  const articles = [...document.querySelectorAll("article")].filter(
    (one) => !one.parentElement?.closest(`article,${BESIDE}`) && !one.matches(COMMENTS),
  );
  if (element?.closest(COMMENTS)) return false;
  const own = element?.closest("article");
  const headline = own?.querySelector(HEADING)?.textContent?.trim();
  if (headline && document.title.includes(headline)) return false;
  const titles = document.querySelectorAll("h1");
  if (titles.length == 1 && own?.contains(titles[0])) return false;
  const others = articles.filter((one) => !one.contains(element || null) && one.querySelector(HEADING));
  // The article's own words stand before the cards of others.
  return own ? others.length > 0 : others.length > 1 && (!element || others.some((one) => isBefore(one, element)));
};
