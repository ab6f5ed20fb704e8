// @ts-check
// The reader's dialog: asks, sends, and says honestly what became of it.

import { quoteAt } from "./quote.js";
import { button, copyButton, make, selectionOf, tell } from "./elements.js";
import { DRAFT, UNSENT, add, call, deliver, failed, forget, keep, kept } from "./sending.js";
import { draftOf, fill, formOf } from "./form.js";
import { finish } from "./outcome.js";

export { button, make, selectionOf };

/**
 * @typedef {{key: string, version: string, doors: string, off: string, pressed?: PointerEvent,
 *   load: (name: string) => Promise<any>, run: (name: string, act: string, ...rest: any[]) => Promise<any>}} Site
 */
/** @typedef {import("./quote.js").Quote} Quote */
/** @typedef {{[name: string]: any}} Fields */

/**
 * What one opened dialog knows.
 * @typedef {object} State
 * @property {Fields} fields what is sent besides what the form asks
 * @property {boolean} isChosen the kind is the reader's choice, and no guess
 * @property {boolean} [isTyped] something was typed since the reader was last told what becomes of it
 * @property {boolean} [isSeen] the reader can have seen what would be sent
 * @property {boolean} [isSending]
 * @property {number} [retry] the timer of the next try
 */

const CUT = 999; // characters of a quote that could not be cut better
const SECOND = 1000; // milliseconds
const BLINK = 500; // milliseconds: then a reader can have seen the dialog
const LIGHT = 380; // red, green and blue together
const UUID = 36; // characters
const CARRIED = ["kind", "wants_reply", "email"];

/** @type {ShadowRoot} */
let root;
/** What the next report on this page has from the one before. @type {URLSearchParams | undefined} */
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
  const isPlain = selection?.rangeCount == 1 && !selection.isCollapsed && document.activeElement?.localName != "iframe";
  const plain = chosen || (isPlain && selection.getRangeAt(0));
  /** @type {Range[]} */
  const ranges = plain ? [plain] : (await site.run("place", "selected")) || [];
  const [range] = ranges;
  const quote = range && quoteAt(range, ranges);
  const whole = quote?.exact || "";
  const about = isOneArticle(range) ? {} : await site.run("article", "find", range);
  const exact = whole.length > LONGEST_EXACT ? (await site.run("long", "cut", whole)) || whole.slice(0, CUT) : whole;
  const { color, fontFamily } = getComputedStyle(document.body);
  const isDark = color.startsWith("rgb") ? isLight(color) : await site.run("brightness", "isLight", color);
  const dialog = make("dialog", { dir: words.direction, lang: words.language, "aria-label": words.title });
  const form = formOf(quote, exact);
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
  /** @type {State} */
  const state = { fields, isChosen: false };
  Object.assign(dialog.style, { fontFamily, colorScheme: isDark ? "dark" : "light" });
  dialog.append(form);
  if (!quote) await site.run("place", "ask", form, state);
  else if (exact != whole) site.run("long", "measure", form, fields, whole);
  if (carried) fill(form, state, carried);
  const draft = draftOf(fields);
  if (draft) {
    fill(form, state, draft);
    site.run("kept", "look", form);
  }
  // From here on at one go: who presses again meanwhile finds no dialog, or all of it.
  const before = prepare(site).querySelector("dialog");
  if (before) {
    // A page may have taken it out, and so off the screen.
    if (!before.matches(":modal")) {
      before.open = false;
      before.showModal();
    }
    return true;
  }
  root.replaceChildren(dialog);
  update(site, form, state);
  listen(site, dialog, form, state);
  dialog.onclose = () => {
    dialog.remove();
    if (quote) giveBack(selection, ranges);
  };
  dialog.showModal();
  tell("open");
  call(`${BASE}/log/${site.key}/article.json?url=${encodeURIComponent(fields.url)}`)
    .then((answer) => answer.json())
    .then((log) => log.count && site.run("page", "known", form, log))
    .catch(() => {}); // only a courtesy
  return true;
};

/** Select again what the dialog was about. @param {Selection | null} selection @param {Range[]} ranges */
const giveBack = (selection, [range, ...others]) => {
  // Not over what was selected meanwhile.
  if (selection?.isCollapsed) {
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    for (const other of others) selection.addRange(other);
  }
  // The Tab key goes on from there, and not from the end of the page, where the dialog was.
  const near = range.startContainer.parentElement;
  if (!near || document.activeElement != document.body || near.hasAttribute("tabindex")) return;
  near.tabIndex = -1;
  near.focus({ preventScroll: true });
  near.removeAttribute("tabindex");
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
 * @param {Site} site @param {any} dialog @param {any} form @param {State} state
 */
const listen = (site, dialog, form, state) => {
  const { fields } = state;
  const status = form.lastChild;
  const began = fields.at;

  const written = () => {
    const report = new URLSearchParams(/** @type {string[][]} */ ([...Object.entries(fields), ...new FormData(form)]));
    if (!state.isChosen) report.delete("kind"); // the service guesses better
    return report;
  };

  const submit = () => attempt().catch(() => fail(failed(words.broken))); // in a page that replaced what browsers have
  const attempt = async () => {
    clearTimeout(state.retry);
    // A field that is not asked is valid; of any address the service makes what it can.
    const isValid = [...form].every((field) => field.type == "url" || field.reportValidity());
    if (state.isSending || !isValid) return;
    const report = written();
    if (!["exact", "place", "comment"].some((name) => report.get(name)?.trim())) {
      say(words.empty);
      form.querySelector("textarea").focus();
      return;
    }
    report.set("elapsed_ms", `${Date.now() - began}`);
    state.isSending = true;
    say(words.sending, "");
    const { answer, reason, wait, field, isUnread } = await deliver(site, report);
    state.isTyped = false;
    if (answer) {
      carried = new URLSearchParams([...report].filter(([name]) => CARRIED.includes(name)));
      finish(dialog, answer, site, open);
      return;
    }
    fail(reason);
    site.run("elsewhere", "lead", status, report, isUnread);
    // What is still to be sent after the dialog is closed is what is kept.
    if (wait) state.retry = setTimeout(() => (form.isConnected ? submit() : resend(site)), wait * SECOND);
    const wrong = form.elements[field];
    if (wrong) {
      wrong.ariaInvalid = true;
      wrong.focus();
    }
    tell("failed", { reason });
  };

  /** @param {string} reason */
  const fail = (reason) => {
    state.isSending = false;
    send.textContent = words.again;
    say(reason);
    site.run("kept", "offer", form, fields, copyButton);
  };

  /** @param {string} text */
  const say = (text, look = "bad") => {
    status.className = look;
    status.textContent = text;
  };

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
    if (!state.isTyped) return;
    event.preventDefault();
    state.isTyped = false;
    say(words.leave, "");
  };
  dialog.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    if (state.isSeen) submit();
  };
  // The key that opens it also sends it: who pressed it again, as nothing had come yet, has not seen what would be
  // sent; the time begins with the first frame, whatever the page did to its timers.
  dialog.animate([], BLINK).onfinish = () => {
    state.isSeen = true;
  };
  form.oninput = (/** @type {any} */ { target }) => {
    clearTimeout(state.retry);
    say("");
    state.isTyped = true;
    state.isSeen = true;
    target.ariaInvalid = null;
    if (target == form.kind) state.isChosen = true;
    update(site, form, state);
    site.run("kept", "look", form); // then it is also there should the network fail before it is sent
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

/** Show what follows from what is typed so far. @param {Site} site @param {any} form @param {State} state */
const update = (site, form, state) => {
  const { fields } = state;
  const { suggestion, kind, source_url, wants_reply, email } = form;
  const isChanged = fields.exact && suggestion.value != fields.exact;
  fields.remove = fields.exact && !suggestion.value.trim() ? 1 : "";
  const diff = form.querySelector(".diff");
  diff.hidden = !isChanged;
  if (isChanged) site.run("difference", "show", form, state);
  ask(source_url, kind.value != "spelling");
  ask(email, wants_reply.checked);
};

/** Ask a field or not; what is not asked is not sent either. @param {any} field @param {boolean} isAsked */
const ask = (field, isAsked) => {
  field.disabled = !isAsked;
  field.parentNode.hidden = !isAsked;
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
const uuid = () => crypto.randomUUID?.() || URL.createObjectURL(new Blob()).slice(-UUID);

/** Whether words of this colour stand on a dark page. @param {string} color */
const isLight = (color) => {
  const [red, green, blue] = color.match(/[\d.]+/g)?.map(Number) || [];
  return red + green + blue > LIGHT;
};
