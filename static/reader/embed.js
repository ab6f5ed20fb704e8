// @ts-check
// The loader: listens, and loads the dialog when a reader may need it. The server writes what it has to know for SITE.
// One block, which declares nothing around it: so it is a module and a classic script, wherever it is copied to.

/** @typedef {import("./dialog.js").Site} Site */

if (!(/** @type {any} */ (window)[Symbol.for("corrections")])) {
  /** @type {any} */ (window)[Symbol.for("corrections")] = true;
  const PATIENCE = 5000; // milliseconds: then a link leads to where it leads
  const PAUSE = 500; // milliseconds: then a selection is finished
  /** @type {Site} */
  const site = SITE;
  // The page's language wins; the server has the nearest one.
  site.load ||= (name) =>
    import(`${BASE}/embed/${site.version}/${name}.js?lang=${document.documentElement.lang || navigator.language}`);

  // What fails here fails in silence: the page is not ours, and the browser says what did not come.
  const run = (site.run = (name, act, ...rest) =>
    site
      .load(name)
      .then((part) => part[act](site, ...rest))
      .catch(() => {}));
  /** @param {any} event @param {string} way */
  const isFor = (event, way) =>
    event.isTrusted &&
    (event.ctrlKey || event.metaKey) == (way == "key") &&
    !(event.altKey || event.shiftKey || event.defaultPrevented || site.off.includes(way));
  /** @param {any} event */
  const onKey = (event) => {
    if (
      event.key != "Enter" ||
      event.repeat ||
      event.isComposing ||
      !isFor(event, "key") ||
      event
        .composedPath()
        .some((/** @type {any} */ one) => one.isContentEditable || one.matches?.("input,textarea,select,dialog[open]"))
    )
      return;
    event.preventDefault();
    run("dialog", "open");
  };
  addEventListener("keydown", onKey);
  addEventListener("blur", () => {
    if (window[0]) run("frames", "hear", onKey);
  });
  addEventListener("click", (event) => {
    const link = /** @type {any} */ (event.target).closest?.(site.doors);
    if (!link || !isFor(event, "link")) return;
    event.preventDefault();
    // If the dialog cannot come, or not soon, to the page that needs no script.
    const leave = (/** @type {unknown} */ opened) => {
      clearTimeout(timer);
      if (!opened && link.href) location = link.href;
    };
    const timer = setTimeout(leave, PATIENCE);
    run("dialog", "open").then(leave);
  });
  /** @type {number | undefined} */
  let timer;
  addEventListener(
    "selectionchange",
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        try {
          if (document.getSelection()?.isCollapsed) return;
        } catch {
          // A page may have put something of its own in its place: the dialog finds the real one.
        }
        run("dialog", "offer");
      }, PAUSE);
    },
    true, // it does not bubble
  );
  addEventListener(
    "pointerdown",
    (event) => {
      site.pressed = event;
    },
    true,
  );
  try {
    site.off += localStorage["corrections:off"];
    if (localStorage["corrections:unsent"]) run("dialog", "resend");
  } catch {
    // Storage is blocked: then nothing is kept there either.
  }
  // A page may have put something of its own in the place of any method of the document.
  const fill = () => {
    if (document.documentElement.querySelector("[data-corrections-log],[data-corrections-key]")) run("page", "fill");
  };
  fill();
  addEventListener("load", fill); // what came after this script
}
