// @ts-check
// The loader: listens, and loads the dialog when a reader may need it. The server puts the constant SITE before it.

/** @typedef {import("./dialog.js").Site} Site */

const once = Symbol.for("corrections");

if (!(/** @type {any} */ (window)[once])) {
  /** @type {any} */ (window)[once] = true;
  /** @type {Site} */
  const site = SITE;
  // The page's language wins; the server has the nearest one.
  site.load ||= (name) => import(`./${site.version}/${name}.js?lang=${document.documentElement.lang || navigator.language}`);

  // What fails here fails in silence: the page is not ours.
  const run = (site.run = (name, act, ...rest) => site.load(name).then((part) => part[act](site, ...rest)).catch(() => {}));
  /** @param {any} event @param {string} way */
  const isFor = (event, way) => event.isTrusted && !event.altKey && !event.shiftKey && !event.defaultPrevented && !site.off.includes(way);
  /** @param {any} one */
  const isEditor = (one) => one.isContentEditable || /^(input|textarea|select)$/i.test(one.localName) || (one.localName == "dialog" && one.open);
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing || !isFor(event, "key") || event.composedPath().some(isEditor)) return;
    event.preventDefault();
    run("dialog", "open");
  };
  addEventListener("keydown", onKey);
  addEventListener("blur", () => /** @type {any} */ (document.activeElement)?.contentDocument && run("frames", "hear", onKey));
  addEventListener("click", (event) => {
    const link = /** @type {any} */ (event.target).closest?.(site.doors);
    if (!link || event.ctrlKey || event.metaKey || !isFor(event, "link")) return;
    event.preventDefault();
    // If the dialog cannot come, or not soon, to the page that needs no script.
    const leave = (/** @type {unknown} */ opened) => {
      clearTimeout(timer);
      if (!opened && link.href) location = link.href;
    };
    const timer = setTimeout(leave, 5000);
    run("dialog", "open").then(leave);
  });
  /** @type {number | undefined} */
  let timer;
  addEventListener(
    "selectionchange",
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => getSelection()?.isCollapsed || run("dialog", "offer"), 500);
    },
    true, // it does not bubble
  );
  addEventListener("pointerdown", (event) => (site.pressed = event), true);
  try {
    site.off += localStorage["corrections:off"];
    if (localStorage["corrections:unsent"]) run("dialog", "resend");
  } catch {
    // Storage is blocked: then nothing is kept there either.
  }
  const fill = () => {
    try {
      if (document.querySelector("[data-corrections-log],[data-corrections-key]")) run("page", "fill");
    } catch {
      // A page may have put something of its own in the place of any method.
    }
  };
  fill();
  addEventListener("load", fill); // what came after this script
}
