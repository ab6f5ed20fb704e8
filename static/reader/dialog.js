// @ts-check
// The reader's dialog: asks, sends, and says honestly what became of it.

import { quoteAt } from "./quote.js";
import { DRAFT, UNSENT, add, call, deliver, failed, forget, keep, kept } from "./sending.js";
import { button, copyButton, make, selectionOf, tell } from "./elements.js";
import { LONGEST, formOf, restore } from "./form.js";
import { finish } from "./outcome.js";

export { button, make, selectionOf };

/**
 * @typedef {{key: string, version: string, doors: string, off: string, pressed?: PointerEvent,
 *   load: (name: string) => Promise<any>, run: (name: string, act: string, ...rest: any[]) => Promise<any>}} Site
 */
/** @typedef {import("./quote.js").Quote} Quote */
/** @typedef {{[name: string]: any}} Fields */

const CUT = 999; // characters of a quote that could not be cut better
const BLINK = 500; // milliseconds: then a reader can have seen the dialog
const MANY = 800; // characters of a comment from which they are counted
const LIGHT = 380; // red, green and blue together

/** @type {ShadowRoot} */
let root;
/** The report before, from which the next on this page has its address and kind. @type {URLSearchParams | undefined} */
let carried;

/**
 * Open the dialog, or else, in a page that replaced what browsers have, the page that needs no script.
 * @param {Site} site @param {Range | null} [chosen] what was selected when a button was shown for it
 */
export const open = (site, chosen) => show(site, chosen).catch(() => site.run("kept", "leave"));

/**
 * Show the dialog on what is selected, or with "Which part?".
 * @param {Site} site @param {Range | null} [chosen]
 */
const show = async (site, chosen) => {
  const selection = selectionOf(document);
  const isPlain = selection?.rangeCount && !selection.isCollapsed && document.activeElement?.localName != "iframe";
  const range = chosen || (isPlain ? selection.getRangeAt(0) : await site.run("place", "selected"));
  const ranges = (!chosen && isPlain && selection.rangeCount > 1 && (await site.run("place", "ranges", selection))) || [
    range,
  ];
  const quote = range && quoteAt(range, ranges);
  const whole = quote?.exact || "";
  const about = isOneArticle(range) ? {} : await site.run("article", "find", range);
  const exact = whole.length > LONGEST ? (await site.run("long", "cut", whole)) || whole.slice(0, CUT) : whole;
  const { color, fontFamily } = getComputedStyle(document.body);
  const isDark = color.startsWith("rgb") ? isLight(color) : await site.run("brightness", "isLight", color);
  const dialog = make("dialog", { dir: words.direction, lang: words.language, "aria-label": words.title });
  const form = formOf(quote, exact, carried);
  const fields = {
    site: site.key,
    id: uuid(),
    at: Date.now(),
    lang: document.documentElement.lang || words.language,
    url: location.href,
    title: document.querySelector("title")?.textContent || "",
    ...about,
    exact,
    prefix: quote?.prefix || "",
    suffix: quote?.suffix || "",
  };
  Object.assign(dialog.style, { fontFamily, colorScheme: isDark ? "dark" : "light" });
  dialog.append(form);
  if (!quote) await site.run("place", "ask", form);
  else if (exact != whole) site.run("long", "measure", form, fields, whole);
  restore(form, fields);
  // From here on at one go: who presses again meanwhile finds no dialog, or all of it.
  const before = prepare(site).querySelector("dialog");
  if (before) {
    // A page may have taken it out, and so off the screen.
    if (!before.matches(":modal")) ((before.open = false), before.showModal());
    return true;
  }
  root.replaceChildren(dialog);
  update(site, form, fields);
  listen(site, dialog, form, fields);
  dialog.onclose = () => {
    dialog.remove();
    if (!quote) return;
    // Not over what was selected meanwhile.
    if (selection?.isCollapsed) {
      selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
      for (const one of ranges) if (one != range) selection.addRange(one);
    }
    // The Tab key goes on from there, and not from the end of the page, where the dialog was.
    const near = range.startContainer.parentElement;
    if (!near || document.activeElement != document.body || near.hasAttribute("tabindex")) return;
    near.tabIndex = -1;
    near.focus({ preventScroll: true });
    near.removeAttribute("tabindex");
  };
  dialog.showModal();
  tell("open");
  call(`${BASE}/log/${site.key}/article.json?url=${encodeURIComponent(fields.url)}`)
    .then((answer) => answer.json())
    .then(({ correction }) => correction[0] && site.run("page", "known", form, correction))
    .catch(() => {}); // only a courtesy
  return true;
};

/**
 * Show a button below a selection that a finger made; where nothing was pressed yet, on touch screens only.
 * @param {Site} site @param {Document} [where]
 */
export const offer = async (site, where = document) => {
  const isByHand = site.pressed ? site.pressed.pointerType != "mouse" : matchMedia("(pointer:coarse)").matches;
  if (isByHand && !site.off.includes("button")) await site.run("touch", "offer", prepare(site), where);
};

/**
 * Send what could not be sent before, each once.
 * @param {Site} site
 */
export const resend = async (site) => {
  for (const report of keep(UNSENT, kept(UNSENT))) if (report.get("site") == site.key) await deliver(site, report);
};

/** The place for all that is shown, at the end of the page. @param {Site} site */
const prepare = (site) => {
  const page = /** @type {HTMLElement} */ (document.querySelector(":root"));
  if (!root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root = make("corrections-dialog").attachShadow({ mode: SHADOW });
    root.adoptedStyleSheets = [sheet];
    addEventListener("online", () => resend(site));
  }
  // A page that hides even its root would hide the dialog with it.
  if (getComputedStyle(page).display == "none") site.run("kept", "uncover", page);
  if (!root.isConnected) page.append(root.host);
  return root;
};

/**
 * What keys, buttons and typing do.
 * @param {Site} site @param {any} dialog @param {any} form @param {Fields} fields
 */
const listen = (site, dialog, form, fields) => {
  const status = form.lastChild;
  const began = fields.at;
  let isDirty = false;
  let isSending = false;
  let isSeen = false;
  /** @type {number} */
  let timer;

  const written = () => {
    const report = new URLSearchParams(/** @type {string[][]} */ ([...Object.entries(fields), ...new FormData(form)]));
    if (!form.kind.chosen) report.delete("kind"); // the service guesses better
    return report;
  };

  const submit = () => attempt().catch(() => fail(failed(words.broken))); // in a page that replaced what browsers have
  const attempt = async () => {
    clearTimeout(timer);
    if (isSending || !form.email.reportValidity()) return; // a field that is not asked is valid
    const report = written();
    if (!["exact", "place", "comment"].some((name) => report.get(name)?.trim())) {
      form.querySelector("textarea").focus();
      return say(words.empty);
    }
    report.set("elapsed_ms", `${Date.now() - began}`);
    isSending = true;
    say(words.sending, "");
    const { answer, reason, wait, field, isUnread } = await deliver(site, report);
    isDirty = false;
    if (answer) {
      carried = report;
      return finish(dialog, answer, site, open);
    }
    fail(reason);
    site.run("elsewhere", "lead", status, report, isUnread);
    // What is still to be sent after the dialog is closed is what is kept.
    if (wait) timer = setTimeout(() => (form.isConnected ? submit() : resend(site)), wait * 1000);
    if (form[field]) ((form[field].ariaInvalid = true), form[field].focus());
    tell("failed", { reason });
  };

  /** @param {string} reason */
  const fail = (reason) => {
    isSending = false;
    send.textContent = words.again;
    say(reason);
    site.run("kept", "offer", form, fields, copyButton);
  };

  /** @param {string} text */
  const say = (text, look = "bad") => ((status.className = look), (status.textContent = text));

  const send = button(words.send, "send", submit);
  const options = button("⋯", "options", () => site.run("options", "show", form));
  options.ariaLabel = words.options;
  form.append(
    make(
      "footer",
      {},
      send,
      button(words.cancel, "cancel", () => dialog.close()),
      options,
    ),
  );
  dialog.oncancel = (/** @type {Event} */ event) => {
    if (!isDirty) return;
    event.preventDefault();
    isDirty = false;
    say(words.leave, "");
  };
  dialog.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    if (isSeen) submit();
  };
  // The key that opens it also sends it: who pressed it again, as nothing had come yet, has not seen what would be
  // sent; the time begins with the first frame, whatever the page did to its timers.
  dialog.animate([], BLINK).onfinish = () => (isSeen = true);
  form.oninput = (/** @type {any} */ { target }) => {
    clearTimeout(timer);
    say("");
    isDirty = isSeen = true;
    target.ariaInvalid = null;
    if (target == form.kind) form.kind.chosen = true;
    update(site, form, fields);
    site.run("kept", "ready"); // should the network fail before it is sent
    if (/@|\d{2}/.test(form.comment.value)) site.run("personal", "warn", form.comment);
    // Other words are another report: what waited to be sent is not what the reader wants any more.
    forget(fields.id, UNSENT, DRAFT);
    fields.id = uuid();
    fields.at = Date.now();
    try {
      add(DRAFT, written());
    } catch {
      // As in submit.
    }
  };
};

/** Show what follows from what is typed so far. @param {Site} site @param {any} form @param {Fields} fields */
const update = (site, form, fields) => {
  const { exact } = fields;
  const { suggestion, comment, kind, source_url, wants_reply, email } = form;
  const after = suggestion.value;
  const changed = exact && after != exact;
  fields.remove = exact && !after.trim() ? 1 : "";
  const diff = form.querySelector(".diff");
  diff.hidden = !changed;
  if (changed) site.run("difference", "show", form, fields);
  const { length } = comment.value;
  comment.ariaDescription = comment.nextSibling.textContent = length < MANY ? "" : `${length} / 1000`;
  // What is hidden is not sent either.
  source_url.disabled = source_url.parentNode.hidden = kind.value == "spelling";
  email.disabled = email.parentNode.hidden = !wants_reply.checked;
};

/** Whether the page's own address is plainly that of the article that a range is in. @param {Range | null} range */
const isOneArticle = (range) => {
  /** @type {HTMLLinkElement | null} */
  const canonical = document.querySelector("link[rel~=canonical i]");
  const [title, another] = document.querySelectorAll("h1");
  const isIn = title && !another && range?.startContainer.parentElement?.closest("article")?.contains(title);
  return (
    !location.hash &&
    (canonical || location).href == location.href &&
    (isIn || !document.querySelector("article,li,[itemid],[data-url],h2 a,h3 a,a h2,a h3"))
  );
};

// The first is there on https only; an object's address ends in one too.
const uuid = () => crypto.randomUUID?.() || URL.createObjectURL(new Blob()).slice(-36);

/** Whether words of this colour stand on a dark page. @param {string} color */
const isLight = (color) => {
  const [red, green, blue] = color.match(/[\d.]+/g)?.map(Number) || [];
  return red + green + blue > LIGHT;
};
