// @ts-check
// The loader: listens, and loads the dialog when a reader may need it. The server puts the constant SITE before it.

/** @typedef {{key: string, api: string, base: string, page: string, log: string, shadow: "open" | "closed"}} Site */
/** @typedef {{open: (site: Site) => void, offer: (site: Site) => void, resend: (site: Site) => void}} Dialog */

const page = /** @type {any} */ (window);
const once = Symbol.for("corrections");

if (!page[once]) {
  page[once] = true;
  /** @type {Promise<Dialog> | undefined} */
  let loading;
  const site = /** @type {Site} */ (/** @type {any} */ (SITE));
  const load = () => (loading ||= import(site.base + "dialog.js"));
  const open = () => load().then((dialog) => dialog.open(site));
  /** @param {Event} event */
  const inEditor = (event) =>
    event
      .composedPath()
      .some((/** @type {any} */ one) => one.isContentEditable || /^(input|textarea|select)$/i.test(one.localName) || (one.localName == "dialog" && one.open));

  addEventListener("keydown", (event) => {
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (!event.isTrusted || event.repeat || event.isComposing || event.defaultPrevented || inEditor(event)) return;
    event.preventDefault();
    open();
  });
  addEventListener("click", (event) => {
    const link = /** @type {any} */ (event.target).closest?.("[data-corrections-report]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!getSelection()?.isCollapsed) load().then((dialog) => dialog.offer(site));
    }, 500);
  });
  try {
    if (localStorage.getItem("corrections:unsent")) load().then((dialog) => dialog.resend(site));
  } catch {
    // Storage is blocked: then nothing is kept there either.
  }
  if (document.querySelector("[data-corrections-log]")) import(site.base + "log.js").then((log) => log.show(site));
}
