// @ts-check
// The loader: listens, and loads the dialog when a reader may need it. The server puts the constant SITE before it.

/** @typedef {typeof import("./dialog.js")} Dialog */

const page = /** @type {any} */ (window);
const once = Symbol.for("corrections");

if (!page[once]) {
  page[once] = true;
  // @ts-ignore: the server's line
  const site = SITE;
  /** @type {Promise<Dialog> | undefined} */
  let loading;
  /** @param {"open" | "offer" | "resend"} act @param {any} [link] */
  const load = (act, link) =>
    (loading ||= import(site.modules + "dialog.js"))
      .then((dialog) => dialog[act](site))
      .catch(() => {
        loading = undefined; // to be tried again; the link leads to a page that needs no script
        if (link) location = link.href;
      });
  /** @param {Event} event */
  const inEditor = (event) =>
    event
      .composedPath()
      .some((/** @type {any} */ one) => one.isContentEditable || /^(input|textarea|select)$/i.test(one.localName) || (one.localName == "dialog" && one.open));

  addEventListener("keydown", (event) => {
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (!event.isTrusted || event.repeat || event.isComposing || event.defaultPrevented || inEditor(event)) return;
    event.preventDefault();
    load("open");
  });
  addEventListener("click", (event) => {
    const link = /** @type {any} */ (event.target).closest?.("[data-corrections-report]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    load("open", link);
  });
  /** @type {number | undefined} */
  let timer;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => getSelection()?.isCollapsed || load("offer"), 500);
  });
  try {
    if (localStorage.getItem("corrections:unsent")) load("resend");
  } catch {
    // Storage is blocked: then nothing is kept there either.
  }
  if (document.querySelector("[data-corrections-log]")) import(site.modules + "log.js").then((log) => log.show(site)).catch(() => {});
}
