// @ts-check
// The reader's dialog: asks, sends, and says honestly what became of it.

import { quoteOf, sentenceOf } from "./quote.js";

/** @typedef {{key: string, base: string, modules: string, slug: string, shadow: "open" | "closed"}} Site */
/** @typedef {{[name: string]: string}} Fields */
/** @typedef {{root: ShadowRoot, words: any, language: string}} Ready */

const LANGUAGES = ["en", "uk", "de", "ar", "fr", "es", "pl"];
const KINDS = ["spelling", "fact", "context", "name", "media", "other"];
const DRAFT = "corrections:draft";
const UNSENT = "corrections:unsent";
const KEPT = 14 * 864e5; // milliseconds

const CSS = `:host{all:initial!important;display:block!important}
*{box-sizing:border-box;font:inherit}
dialog{color-scheme:light;width:min(32rem,100vw);max-width:none;max-height:100dvh;padding:1.1rem 1.1rem 0;border:1px solid #888;border-radius:8px;font-size:16px;line-height:1.45;overflow-wrap:anywhere;box-shadow:0 0 3rem #0008}
.dark{color-scheme:dark}
h2{font-size:1.2em;font-weight:700;margin:0 0 .85rem}
blockquote{margin:0 0 .85rem;padding:.5rem .8rem;border-radius:8px;background:#8882;max-height:7.5em;overflow:auto}
mark{background:#fc06;color:inherit}
label,p{display:block;margin:0 0 .85rem}
small{display:block;font-size:.85em}
input,textarea,select,button{min-height:2.75rem;padding:.5rem .6rem;border:1px solid #888;border-radius:8px}
input,textarea,select{display:block;width:100%;margin-top:.25rem}
textarea{resize:vertical;field-sizing:content;max-height:12em}
[type=checkbox]{float:inline-start;width:1.25rem;min-height:1.25rem;margin:0;margin-inline-end:.6rem}
[hidden]{display:none}
ins{font-weight:700}
del,.bad{color:light-dark(#a1260d,#ffb4a3)}
footer{position:sticky;bottom:0;display:flex;flex-wrap:wrap;gap:.6rem;padding:.85rem 0;background:Canvas}
button{padding-inline:1.1rem;font-weight:600;cursor:pointer}
.main{background:#1f4e8c;color:#fff}
@media (max-width:34rem){dialog{margin-bottom:0}}`;

/** @type {Ready | undefined} */
let ready;
/** @type {Fields} */
let carried = {};
/** @type {Fields} */
const memory = {};

/**
 * Open the dialog on what is selected, or with "Which part?".
 * @param {Site} site
 */
export async function open(site) {
  const selection = getSelection();
  const quote = quoteOf(selection);
  const { exact, prefix, suffix, whole } = quote || { exact: "", prefix: "", suffix: "", whole: "" };
  const range = quote && selection?.getRangeAt(0).cloneRange();
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const here = await prepare(site, quote?.lang);
  const { root, words, language } = here;
  if (root.querySelector("dialog")) return;
  root.querySelector(".offer")?.remove();
  /** @type {Fields} */
  const fields = { site: site.key, url: address(), lang: language, title: document.title.slice(0, 300), exact, prefix, suffix };
  if (whole != exact) Object.assign(fields, await measured(whole));
  const dialog = make("dialog", { class: isDark() ? "dark" : "", dir: language == "ar" ? "rtl" : "ltr", lang: language, "aria-label": words.title });
  const form = formOf(words, quote);
  dialog.append(form);
  root.append(dialog);
  restore(form, fields);
  update(form, fields.exact);
  listen(site, here, dialog, form, fields);
  dialog.addEventListener("close", () => {
    dialog.remove();
    focused?.focus({ preventScroll: true });
    if (range) selection?.removeAllRanges(), selection?.addRange(range);
  });
  dialog.showModal();
  form.querySelector("textarea").focus({ preventScroll: true });
  tell("open", {});
}

/**
 * Show a button below a finished selection, on touch screens only.
 * @param {Site} site
 */
export async function offer(site) {
  if (matchMedia("(pointer:coarse)").matches) (await import("./touch.js")).offer(site, await prepare(site), open, button);
}

/**
 * Send what could not be sent before, each once.
 * @param {Site} site
 */
export async function resend(site) {
  for (const { report, at } of unsent()) {
    if (Date.now() - at > KEPT) forget(report.id);
    else if (report.site == site.key) await deliver(site, report);
  }
}

/** @param {Site} site @returns {Promise<Ready>} */
async function prepare(site, wanted = "") {
  const page = document.documentElement;
  const spoken = [wanted, page.lang, ...navigator.languages].map((one) => one.slice(0, 2).toLowerCase());
  const language = spoken.find((one) => LANGUAGES.includes(one)) || "en";
  const words = (await import(`./words/${language}.js`)).default;
  const root = ready?.root || document.createElement("corrections-dialog").attachShadow({ mode: site.shadow });
  const host = /** @type {HTMLElement} */ (root.host);
  if (!ready) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    addEventListener("online", () => resend(site));
  }
  ready = { root, words, language };
  // A page that hides even its root would hide the dialog with it.
  if (getComputedStyle(page).display == "none") page.style.setProperty("display", "block", "important");
  if (!host.isConnected) page.append(host);
  host.style.setProperty("font-family", getComputedStyle(document.body).fontFamily, "important");
  return ready;
}

/** @param {any} words @param {import("./quote.js").Quote | null} quote */
function formOf(words, quote) {
  /** @param {string} name @param {string} label @param {any} field @param {Node[]} more */
  const asked = (name, label, field, ...more) => (field.setAttribute("name", name), make("label", {}, label, field, ...more));
  const text = (/** @type {number} */ most) => make("textarea", { maxlength: most, rows: 2, dir: "auto" });
  const input = (/** @type {object} */ more) => make("input", more);
  const kind = make("select", {}, ...KINDS.map((one, at) => make("option", { value: one }, words.kinds[at])));
  const title = make("h2", {}, words.title);
  const form = make("form", { novalidate: "" }, title);
  if (quote) {
    const [before, after] = sentenceOf(quote);
    form.append(make("blockquote", { dir: "auto", tabindex: 0 }, before, make("mark", {}, quote.exact), after));
    if (quote.whole != quote.exact) form.append(make("small", {}, words.cut));
  } else form.append(asked("place", words.part, text(300), make("small", {}, words.partHint)));
  form.append(
    asked("suggestion", words.should, text(2000)),
    make("p", { class: "diff", dir: "auto", hidden: "" }),
    asked("comment", words.tell, text(1000), make("small", { class: "count" })),
    asked("kind", words.kind, kind),
    asked("source_url", words.source, input({ type: "url" })),
    asked("wants_reply", words.reply, input({ type: "checkbox" })),
    asked("email", words.email, input({ type: "email", autocomplete: "email" }), make("small", {}, words.emailHint)),
    make("input", { name: "website", hidden: "" }),
    make("p", { role: "status" }),
    make("p", { class: "rescue" }),
    make("footer", {}, make("button", { value: "send", class: "main" }, words.send), make("button", { value: "cancel" }, words.cancel)),
  );
  form.suggestion.value = quote?.exact || "";
  form.kind.value = carried.kind || (quote ? "spelling" : "other");
  form.kind.addEventListener("input", () => (form.kind.chosen = true));
  form.kind.chosen = Boolean(carried.kind);
  form.email.value = carried.email || "";
  form.wants_reply.checked = Boolean(carried.email);
  return form;
}

/**
 * What keys, buttons and typing do.
 * @param {Site} site @param {Ready} ready @param {any} dialog @param {any} form @param {Fields} fields
 */
function listen(site, { words, language }, dialog, form, fields) {
  const began = Date.now();
  const status = form.querySelector("[role=status]");
  const send = form.querySelector("button");
  const isDirty = () => [...form.querySelectorAll("textarea")].some((one) => one.value && one.value != fields.exact);
  let asked = false;
  fields.id = uuid();

  const submit = async () => {
    if (send.disabled) return;
    const said = values(form);
    if (said.wants_reply && !form.email.reportValidity()) return;
    /** @type {Fields} */
    const report = { ...fields, ...clean(said, fields.exact), elapsed_ms: `${Math.min(Date.now() - began, 9e8)}` };
    if (!form.kind.chosen) report.kind = ""; // the service guesses better
    if (![report.exact, report.place, report.comment].join("").trim()) {
      form.querySelector("textarea").focus();
      return say(status, words.empty, true);
    }
    send.disabled = true;
    say(status, words.sending);
    const { answer, reason } = await deliver(site, report);
    send.disabled = false;
    if (answer) {
      keep(DRAFT, "");
      carried = { kind: report.kind, email: said.wants_reply && said.email };
      finish(answer);
    } else {
      say(status, reason == "offline" ? words.offline : words.failed.replace("{0}", words[reason] || reason), true);
      send.textContent = words.again;
      form.querySelector(".rescue").replaceChildren(copy(asText(report)), " ", make("a", { href: plainPage(site, report), target: "_blank" }, words.write));
      tell("failed", { reason });
    }
  };

  /** @param {string} text */
  const copy = (text) => {
    const made = button(words.copy, "copy", () => navigator.clipboard?.writeText(text).then(() => (made.textContent = words.copied)));
    return made;
  };

  /** @param {{reference: string, status_url: string, readers: number}} answer */
  const finish = ({ reference, status_url, readers }) => {
    const known = words.known[new Intl.PluralRules(language).select(readers - 1)] || words.known.other;
    const line = `${words.stored.replace("{0}", reference)}. ${readers > 1 ? known.replace("{0}", readers - 1) : ""}`;
    const told = make("p", { role: "status", tabindex: -1 }, line);
    const another = button(words.another, "another", () => {
      getSelection()?.removeAllRanges();
      dialog.addEventListener("close", () => (getSelection()?.removeAllRanges(), open(site)));
      dialog.close();
    });
    const row = make("footer", {}, button(words.close, "close", () => dialog.close()), copy(status_url), another);
    const follow = make("a", { href: status_url, target: "_blank" }, words.follow);
    dialog.replaceChildren(form.querySelector("h2"), told, make("p", {}, follow), row);
    row.firstChild.className = "main";
    told.focus();
    tell("stored", { reference });
  };

  dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
    if (asked || !form.isConnected || !isDirty()) return;
    event.preventDefault();
    asked = true;
    say(status, words.leave);
  });
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key != "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || !form.isConnected) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", () => {
    update(form, fields.exact);
    keep(DRAFT, JSON.stringify({ ...values(form), chosen: form.kind.chosen, at: Date.now(), url: fields.url, exact: fields.exact }));
    // Other words are another report: what waited to be sent is not what the reader wants any more.
    forget(fields.id);
    fields.id = uuid();
  });
  form.addEventListener("submit", (/** @type {any} */ event) => {
    event.preventDefault();
    if (event.submitter?.value == "cancel") dialog.close();
    else submit();
  });
}

/** @param {any} form @param {string} exact */
function update(form, exact) {
  const after = form.suggestion.value;
  const changed = exact && after && after != exact;
  const diff = form.querySelector(".diff");
  if (changed && !form.kind.chosen) form.kind.value = guess(exact, after);
  diff.hidden = !changed;
  if (changed) showDifference(diff, exact, after);
  const { length } = form.comment.value;
  form.querySelector(".count").textContent = length < 800 ? "" : `${length} / 1000`;
  form.source_url.parentNode.hidden = form.kind.value == "spelling";
  form.email.parentNode.hidden = !(form.email.required = form.wants_reply.checked);
}

/** @param {HTMLElement} place @param {string} before @param {string} after */
function showDifference(place, before, after) {
  const a = before.split(/(\s+)/);
  const b = after.split(/(\s+)/);
  const shared = [];
  const rest = [];
  while (a.length && a[0] == b[0]) shared.push(a.shift()), b.shift();
  while (a.length && a.at(-1) == b.at(-1)) rest.unshift(a.pop()), b.pop();
  place.replaceChildren(shared.slice(-6).join(""), make("del", {}, ...a), " ", make("ins", {}, ...b), rest.slice(0, 6).join(""));
}

/** @param {string} before @param {string} after */
function guess(before, after) {
  /** @param {RegExp} what */
  const differ = (what) => `${before.match(what)}`.toLowerCase() != `${after.match(what)}`.toLowerCase();
  return differ(/\p{N}+/gu) ? "fact" : differ(/(?<=\S\s)\p{Lu}\p{L}+/gu) ? "name" : "spelling";
}

/** @param {HTMLFormElement} form @returns {any} */
const values = (form) => Object.fromEntries(new FormData(form));

/** @param {Fields} said @param {string} exact @returns {Fields} */
function clean({ wants_reply, ...said }, exact) {
  if (!wants_reply) said.email = "";
  if (said.kind == "spelling") said.source_url = "";
  if (said.suggestion == exact) said.suggestion = "";
  if (said.source_url && !/^https?:/i.test(said.source_url)) said.source_url = `https://${said.source_url}`;
  return said;
}

/** @param {any} form @param {Fields} fields */
function restore(form, { url, exact }) {
  const kept = parsed(fetched(DRAFT));
  if (kept?.url != url || kept.exact != exact || Date.now() - kept.at > KEPT) return;
  form.kind.chosen = kept.chosen;
  for (const field of form.elements) {
    if (field.type == "checkbox") field.checked = Boolean(kept[field.name]);
    else if (kept[field.name]) field.value = kept[field.name];
  }
}

/**
 * Send one report: kept before, forgotten after an answer that carries its reference.
 * @param {Site} site @param {Fields} report
 * @returns {Promise<{answer?: any, reason: string}>}
 */
async function deliver(site, report) {
  const kept = unsent();
  if (!kept.some((one) => one.report.id == report.id)) keep(UNSENT, JSON.stringify([...kept.slice(-19), { report, at: Date.now() }]));
  try {
    const response = await fetch(`${site.base}/api/v1/reports`, {
      method: "POST",
      body: new URLSearchParams(report),
      credentials: "omit",
      keepalive: true,
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(20000),
    });
    const answer = parsed(await response.text());
    const { ok, status } = response;
    const stored = ok && answer?.reference && answer.id == report.id;
    if (stored || status == 422 || status == 413) forget(report.id);
    if (stored) return { answer, reason: "" };
    const reasons = /** @type {Fields} */ ({ 403: "refused", 429: "many", 503: "busy" });
    return { reason: answer?.errors?.[0].detail || reasons[status] || "broken" };
  } catch {
    return { reason: navigator.onLine ? "broken" : "offline" };
  }
}

/** @returns {{report: Fields, at: number}[]} */
const unsent = () => parsed(fetched(UNSENT)) || [];

/** @param {string} id */
function forget(id) {
  const left = unsent().filter((one) => one.report.id != id);
  keep(UNSENT, left.length ? JSON.stringify(left) : "");
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  memory[name] = value;
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Storage is full or blocked: memory has it as long as the page is open.
  }
}

/** @param {string} name */
function fetched(name) {
  try {
    return localStorage.getItem(name) || memory[name];
  } catch {
    return memory[name];
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function address() {
  const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  const url = URL.parse?.(canonical?.href || "");
  return (url?.host == location.host && url.pathname != "/" ? url : location).href.split("#")[0];
}

/** @param {Site} site @param {Fields} report */
const plainPage = (site, { url, exact }) => `${site.base}/report/${site.key}?${new URLSearchParams({ url, exact: exact.slice(0, 500) })}`;

/** @param {Fields} report */
const asText = (report) => [report.exact, report.place, report.suggestion, report.comment, report.source_url].filter(Boolean).join("\n\n");

// crypto.randomUUID is there on https only; an object's address ends in one too.
const uuid = () => URL.createObjectURL(new Blob()).slice(-36);

/** @param {string} text */
async function measured(text) {
  const digest = await crypto.subtle?.digest("SHA-256", new TextEncoder().encode(text));
  const selection_sha256 = digest ? [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("") : "";
  return { selection_length: `${[...text].length}`, selection_sha256 };
}

/** Whether the page is dark: its own words are light. */
function isDark() {
  const [red, green, blue] = getComputedStyle(document.body).color.match(/[\d.]+/g)?.map(Number) || [];
  return red + green + blue > 380;
}

/** @param {HTMLElement} place @param {string} text */
function say(place, text, bad = false) {
  place.className = bad ? "bad" : "";
  place.textContent = text;
}

/** @param {string} what @param {object} detail */
const tell = (what, detail) => document.dispatchEvent(new CustomEvent(`corrections:${what}`, { bubbles: true, detail }));

/** @param {string} text @param {string} value @param {() => void} act */
function button(text, value, act) {
  const made = make("button", { type: "button", value }, text);
  made.addEventListener("click", act);
  return made;
}

/** @param {string} name @param {{[name: string]: any}} attributes @param {(string | Node)[]} parts @returns {any} */
function make(name, attributes, ...parts) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...parts);
  return made;
}
