// @ts-check
// Pointing at what cannot be selected: a photo, a chart, a video, a headline.

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {import("./dialog.js").State} State */

const CHOICES = "img,svg,canvas,video,audio,iframe,object,embed,table,h1,h2,h3";
const SMALLEST = { width: 32, height: 12 }; // pixels of what can be pointed at
const MOST = 200; // choices
const LONGEST_NAME = 200; // characters of what the page calls something
const HEADLINE = 3; // its place among the words for what can be chosen
const CHART = /chart|graph|diagram|infograph|datawrapper|flourish|plot/i;

/** @type {CSSStyleSheet} */
let sheet;

/**
 * Leave the dialog, let the reader choose something on the page, come back with it in the place's field.
 * @param {Site} site @param {any} form @param {State} state
 */
export async function pick(site, form, state) {
  const { make, button } = await site.load("dialog");
  const dialog = form.parentNode;
  const root = dialog.getRootNode();
  const back = () => {
    place.remove();
    document.removeEventListener("keydown", onKey, true);
    if (!dialog.isConnected) return; // the page took it out
    dialog.showModal();
    form.place.focus({ preventScroll: true });
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const isOpening = event.key == "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key != "Escape" && !isOpening) return;
    event.preventDefault();
    event.stopPropagation();
    if (!isOpening) back();
  };
  const choose = (/** @type {string} */ said) => {
    form.place.value = [form.place.value.trim(), said].filter(Boolean).join(" – ");
    if (!state.isChosen && !said.startsWith(words.media[HEADLINE])) form.kind.value = "media";
    back();
    form.oninput({ target: form.place });
  };
  const buttons = choices().map(([element, said]) => {
    const choice = button("", "choice", () => choose(said));
    const box = element.getBoundingClientRect();
    choice.className = "choice";
    choice.ariaLabel = said;
    Object.assign(choice.style, {
      left: `${box.left + scrollX}px`,
      top: `${box.top + scrollY}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    });
    return choice;
  });
  const told = make(
    "p",
    { role: "status", class: "picking" },
    words.picking,
    " ",
    button(words.cancel, "cancel", back),
  );
  const place = make("div", { dir: dialog.dir, lang: dialog.lang }, make("div", { class: "shield" }), ...buttons, told);
  const { fontFamily, colorScheme } = dialog.style;
  Object.assign(place.style, { fontFamily, colorScheme });
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets.push(sheet);
  }
  // From here on nothing may fail, or the shield would stay.
  // The dialog leaves the screen without being closed for good.
  dialog.addEventListener("close", (/** @type {Event} */ event) => event.stopImmediatePropagation(), {
    capture: true,
    once: true,
  });
  dialog.close();
  document.addEventListener("keydown", onKey, true);
  root.append(place);
  (buttons.find((one) => one.getBoundingClientRect().top >= 0) || told.lastChild).focus({ preventScroll: true });
}

/** What can be chosen, the largest first, so that the smaller ones lie above. @returns {[Element, string][]} */
function choices() {
  const found = [...document.querySelectorAll(CHOICES)]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(
      ({ element, box }) =>
        box.width > SMALLEST.width &&
        box.height > SMALLEST.height &&
        (element.checkVisibility?.() ?? true) &&
        !element.closest("nav,button"),
    );
  found.sort((one, other) => other.box.width * other.box.height - one.box.width * one.box.height);
  return found
    .slice(0, MOST)
    .map(({ element }) => [element, [kindOf(element), nameOf(element)].filter(Boolean).join(": ")]);
}

/** @param {any} element */
function kindOf(element) {
  const [photo, chart, video, headline, table] = words.media;
  if (/^h\d$/.test(element.localName)) return headline;
  if (element.localName == "table") return table;
  const about = [element.className, element.alt, element.src, element.title, element.closest("figure")?.className].join(
    " ",
  );
  if (/^(svg|canvas)$/.test(element.localName) || CHART.test(about)) return chart;
  return element.localName == "img" ? photo : video;
}

/** What the page calls it: its caption, its text, or the name of its file. @param {any} element */
function nameOf(element) {
  const caption = element.closest("figure")?.querySelector("figcaption") || element.querySelector("caption");
  const text = /^h\d$/.test(element.localName)
    ? element.textContent
    : caption?.textContent || element.alt || element.ariaLabel || element.title;
  const file = (element.currentSrc || element.src || "").split(/[?#]/)[0].split("/").pop();
  const name = (text?.trim() || file || "").replace(/\s+/g, " ");
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME).replace(/ \S*$|.$/u, "")}…` : name;
}
