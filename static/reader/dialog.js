// @ts-check
// The reader's dialog: asks, sends, and says honestly what became of it.

import { quoteOf, sentenceOf } from "./quote.js";

/** @typedef {{key: string, api: string, base: string, page: string, log: string, shadow: "open" | "closed"}} Site */
/** @typedef {{[name: string]: string}} Fields */

const LANGUAGES = ["en", "uk", "de", "ar", "fr", "es", "pl"];
const KINDS = ["spelling", "fact", "context", "name", "media", "other"];
const DRAFT = "corrections:draft";
const UNSENT = "corrections:unsent";
const KEPT_DAYS = 14;
const MOST_UNSENT = 20;

const CSS = `
:host{all:initial!important;display:block!important}
dialog{--ink:#1b1a18;--faint:#67625a;--line:#d9d4ca;--ground:#fff;--well:#f6f4ef;--mark:#fde9a3;--main:#1f4e8c;--on:#fff;--bad:#a1260d;
color-scheme:light;box-sizing:border-box;width:min(32rem,100vw - 1rem);max-width:none;max-height:min(46rem,100dvh - 1rem);margin:auto;padding:0;border:1px solid var(--line);border-radius:12px;background:var(--ground);color:var(--ink);font:16px/1.45 inherit;font-family:inherit;box-shadow:0 12px 48px #0004;overflow:auto;overscroll-behavior:contain}
dialog.dark{--ink:#ece8e1;--faint:#a8a297;--line:#45413a;--ground:#211f1c;--well:#2b2925;--mark:#6b5410;--main:#9cc2f5;--on:#10233d;--bad:#ffb4a3;color-scheme:dark}
dialog::backdrop{background:#0006}
*{box-sizing:border-box}
form,.end{padding:1.1rem 1.25rem 0}
h2{font-size:1.2em;line-height:1.25;margin:0 0 .7rem;font-weight:700}
blockquote{margin:0 0 .9rem;padding:.55rem .8rem;background:var(--well);border-radius:8px;color:var(--faint);max-height:7.5em;overflow:auto;overflow-wrap:anywhere}
mark{background:var(--mark);color:var(--ink);border-radius:2px;padding:0 .1em}
label{display:block;margin:0 0 .85rem;font-size:.9em;font-weight:600}
label.check{display:flex;gap:.55rem;align-items:center;font-weight:400;min-height:2rem}
textarea,input:not([type=checkbox]),select{display:block;width:100%;margin-top:.25rem;padding:.5rem .65rem;border:1px solid var(--faint);border-radius:7px;background:var(--ground);color:var(--ink);font:inherit;font-size:1rem;font-weight:400;min-height:2.75rem}
textarea{resize:vertical;field-sizing:content;min-height:3.6em;max-height:12em}
input[type=checkbox]{width:1.25rem;height:1.25rem;margin:0;accent-color:var(--main)}
small{display:block;color:var(--faint);font-weight:400;font-size:.85rem;margin-top:.2rem}
.diff{margin:-.4rem 0 .85rem;font-size:.95em;overflow-wrap:anywhere}
del{color:var(--bad)}ins{font-weight:600;text-decoration:underline;text-underline-offset:.15em}
.website{position:absolute;inset-inline-start:-99rem}
[hidden]{display:none!important}
[role=status]{margin:0 0 .7rem;overflow-wrap:anywhere}
[role=status].bad{color:var(--bad)}
footer{position:sticky;bottom:0;display:flex;flex-wrap:wrap;gap:.6rem;padding:.8rem 0 1rem;background:var(--ground)}
button,a.button{font:inherit;font-weight:600;min-height:2.75rem;padding:.45rem 1.1rem;border:1px solid var(--faint);border-radius:8px;background:transparent;color:var(--ink);cursor:pointer;text-decoration:none;display:inline-flex;align-items:center}
button.main{background:var(--main);border-color:var(--main);color:var(--on)}
button:disabled{opacity:.6}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
.offer{position:fixed;z-index:2147483647;min-height:44px;background:#1b1a18;color:#fff;border:1px solid #fff8;border-radius:22px;padding:.4rem 1.1rem;font-family:inherit;font-size:15px;box-shadow:0 3px 14px #0005}
@media (prefers-reduced-motion:no-preference){dialog[open]{animation:in .14s ease-out}@keyframes in{from{opacity:0;transform:translateY(6px)}}}
@media (max-width:34rem){dialog{margin-block-end:0;border-end-start-radius:0;border-end-end-radius:0;width:100vw}}
@media print{:host{display:none!important}}
`;

/** @type {{host: HTMLElement, root: ShadowRoot, words: any, language: string} | undefined} */
let ready;
let isOpen = false;
/** @type {Fields} */
let carried = {};
/** @type {{[name: string]: string}} */
const memory = {};

/**
 * Open the dialog on what is selected, or with "Which part?".
 * @param {Site} site
 */
export async function open(site) {
  if (isOpen) return;
  isOpen = true;
  const selection = getSelection();
  const quote = quoteOf(selection);
  const ranges = quote && selection ? [selection.getRangeAt(0).cloneRange()] : /** @type {Range[]} */ ([]);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const { root, words, language } = await prepare(site, quote?.lang || "");
  root.querySelector(".offer")?.remove();
  const began = Date.now();
  /** @type {Fields} */
  const fields = { site: site.key, url: address(), id: uuid(), lang: language, title: document.title.slice(0, 300) };
  if (quote) Object.assign(fields, { exact: quote.exact, prefix: quote.prefix, suffix: quote.suffix, selection_length: `${[...quote.whole].length}` });
  if (quote && quote.whole != quote.exact) fields.selection_sha256 = await sha256(quote.whole);

  const dialog = make("dialog", { dir: rtl(language) ? "rtl" : "ltr", lang: language, "aria-labelledby": "title" });
  dialog.classList.toggle("dark", isDark());
  const view = form(words, quote);
  dialog.append(view.form);
  root.append(dialog);
  restore(view, fields);
  update(view, fields.exact || "");

  const close = () => dialog.close();
  const isDirty = () => view.typed.some((one) => one.value && one.value != one.dataset.start);
  let asked = false;
  dialog.addEventListener("cancel", (event) => {
    if (!view.form.isConnected || !isDirty() || asked) return;
    event.preventDefault();
    asked = true;
    say(view.status, words.leave);
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key == "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && view.form.isConnected) {
      event.preventDefault();
      send();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target == dialog && !isDirty()) close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    isOpen = false;
    focused?.focus?.({ preventScroll: true });
    for (const range of ranges) {
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  });
  view.kind.addEventListener("input", () => (view.touched.kind = true));
  view.form.addEventListener("input", () => {
    update(view, fields.exact || "");
    keep(DRAFT, JSON.stringify({ at: Date.now(), url: fields.url, exact: fields.exact || "", ...values(view) }));
  });
  view.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (/** @type {any} */ (event).submitter?.value == "cancel") close();
    else send();
  });

  async function send() {
    if (view.send.disabled) return;
    const said = values(view);
    if (said.wants_reply && said.email && !view.email.checkValidity()) {
      view.email.reportValidity();
      return;
    }
    const report = { ...fields, ...clean(said, fields.exact || ""), elapsed_ms: `${Math.min(Date.now() - began, 9e8)}` };
    if (!report.exact && !report.place && !report.comment) {
      say(view.status, words.empty, true);
      view.typed[0].focus();
      return;
    }
    view.send.disabled = true;
    say(view.status, words.sending);
    const outcome = await deliver(site, report);
    view.send.disabled = false;
    if (outcome.answer) {
      keep(DRAFT, "");
      carried = { kind: said.kind, email: said.wants_reply ? said.email : "" };
      finish(outcome.answer);
    } else {
      tell("failed", { reason: outcome.reason });
      fail(outcome, report);
    }
  }

  /** @param {{reference: string, status_url: string, readers: number}} answer */
  function finish(answer) {
    const status = make("p", { role: "status", tabindex: "-1" });
    const known = answer.readers > 1 ? ` ${plural(words.known, answer.readers - 1, language)}` : "";
    status.textContent = words.stored.replace("{0}", answer.reference) + "." + known;
    const link = make("a", { href: answer.status_url, target: "_blank", rel: "noopener" }, words.follow);
    const copy = button(words.copy, "copy", () => {
      navigator.clipboard?.writeText(answer.status_url).then(() => (copy.textContent = words.copied));
    });
    const another = button(words.another, "another", () => {
      ranges.length = 0;
      getSelection()?.removeAllRanges();
      dialog.addEventListener("close", () => open(site));
      close();
    });
    const end = make("div", { class: "end" });
    const row = make("footer");
    row.append(button(words.close, "close", close, "main"), copy, another);
    const line = make("p");
    line.append(link);
    end.append(make("h2", { id: "title" }, words.title), status, line, row);
    view.form.replaceWith(end);
    status.focus();
    tell("stored", { reference: answer.reference });
  }

  /** @param {{reason: string, offline?: boolean}} outcome @param {Fields} report */
  function fail(outcome, report) {
    const why = words[outcome.reason] || outcome.reason;
    say(view.status, outcome.offline ? words.offline : words.failed.replace("{0}", why), true);
    view.send.textContent = words.again;
    const rescue = view.rescue;
    rescue.hidden = false;
    rescue.replaceChildren(
      button(words.copy, "copy", () => navigator.clipboard?.writeText(asText(report))),
      make("a", { class: "button", href: plainPage(site, report), target: "_blank", rel: "noopener" }, words.write),
    );
  }

  dialog.showModal();
  const first = view.typed[0];
  first.focus({ preventScroll: true });
  tell("open", {});
}

/**
 * Show a small button below a finished selection, on touch screens only.
 * @param {Site} site
 */
export async function offer(site) {
  const selection = getSelection();
  if (isOpen || !selection || !matchMedia("(pointer: coarse)").matches) return;
  const { root, words } = await prepare(site, "");
  root.querySelector(".offer")?.remove();
  if (selection.isCollapsed || !quoteOf(selection)) return;
  const box = selection.getRangeAt(0).getBoundingClientRect();
  const small = button(words.title, "offer", () => open(site));
  small.className = "offer";
  small.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - 190))}px`;
  small.style.top = `${Math.max(8, Math.min(box.bottom + 28, innerHeight - 56))}px`;
  small.addEventListener("pointerdown", (event) => event.preventDefault());
  root.append(small);
  const away = () => {
    if (getSelection()?.isCollapsed || isOpen) {
      small.remove();
      document.removeEventListener("selectionchange", away);
    }
  };
  document.addEventListener("selectionchange", away);
}

/**
 * Send what could not be sent before, each once.
 * @param {Site} site
 */
export async function resend(site) {
  for (const { report, at } of unsent()) {
    if (Date.now() - at > KEPT_DAYS * 864e5) forget(report.id);
    else if (report.site == site.key && navigator.onLine) await deliver(site, report);
  }
}

/** @param {Site} site @param {string} wanted */
async function prepare(site, wanted) {
  const spoken = [wanted, document.documentElement.lang, ...navigator.languages].map((one) => one.slice(0, 2).toLowerCase());
  const language = spoken.find((one) => LANGUAGES.includes(one)) || "en";
  if (ready?.language != language) {
    const words = (await import(`./words/${language}.js`)).default;
    const host = ready?.host || document.createElement("corrections-dialog");
    const root = ready?.root || host.attachShadow({ mode: site.shadow });
    if (!ready) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      addEventListener("online", () => resend(site));
    }
    ready = { host, root, words, language };
  }
  const { host } = ready;
  const page = document.documentElement;
  if (getComputedStyle(page).display == "none") page.style.setProperty("display", "block", "important");
  if (!host.isConnected) page.append(host);
  host.style.setProperty("font-family", getComputedStyle(document.body).fontFamily, "important");
  return ready;
}

/** @param {any} words @param {import("./quote.js").Quote | null} quote */
function form(words, quote) {
  const form = /** @type {HTMLFormElement} */ (make("form", { novalidate: "", autocomplete: "on" }));
  const typed = /** @type {HTMLTextAreaElement[]} */ ([]);
  /** @param {string} name @param {string} label @param {any} more */
  const text = (name, label, more = {}) => {
    const field = /** @type {HTMLTextAreaElement} */ (make("textarea", { name, rows: "2", dir: "auto", ...more }));
    typed.push(field);
    return [labelled(label, field), field];
  };
  const status = make("p", { role: "status" });
  form.append(make("h2", { id: "title" }, words.title));
  if (quote) {
    const [before, after] = sentenceOf(quote);
    const line = make("blockquote", { dir: "auto" });
    line.append(before, make("mark", {}, quote.exact), after);
    form.append(line);
    if (quote.whole != quote.exact) form.append(make("small", {}, words.cut));
  } else form.append(text("place", words.part, { maxlength: "300", placeholder: words.partHint })[0]);
  const [should, suggestion] = text("suggestion", words.should, { maxlength: "2000" });
  if (quote) {
    /** @type {any} */ (suggestion).value = quote.exact;
    suggestion.dataset.start = quote.exact;
  }
  const diff = make("p", { class: "diff", dir: "auto", "aria-hidden": "true", hidden: "" });
  const [tell, comment] = text("comment", words.tell, { maxlength: "1000" });
  const counter = make("small", { hidden: "" });
  tell.append(counter);
  const kind = /** @type {HTMLSelectElement} */ (make("select", { name: "kind" }));
  for (const [at, one] of KINDS.entries()) kind.append(make("option", { value: one }, words.kinds[at]));
  kind.value = carried.kind || (quote ? "spelling" : "other");
  const source = make("input", { name: "source_url", type: "url", maxlength: "2048", inputmode: "url" });
  const sourceLabel = labelled(words.source, source);
  const reply = /** @type {HTMLInputElement} */ (make("input", { name: "wants_reply", type: "checkbox" }));
  const check = make("label", { class: "check" });
  check.append(reply, words.reply);
  const email = /** @type {HTMLInputElement} */ (make("input", { name: "email", type: "email", autocomplete: "email", maxlength: "254" }));
  const emailLabel = labelled(words.email, email);
  emailLabel.append(make("small", {}, words.emailHint));
  if (carried.email) {
    reply.checked = true;
    email.value = carried.email;
  }
  const website = make("input", { name: "website", class: "website", tabindex: "-1", autocomplete: "off", "aria-hidden": "true" });
  const send = /** @type {HTMLButtonElement} */ (make("button", { value: "send", class: "main" }, words.send));
  const cancel = make("button", { value: "cancel", type: "submit" }, words.cancel);
  const rescue = make("p", { hidden: "" });
  const row = make("footer");
  row.append(send, cancel);
  form.append(should, diff, tell, labelled(words.kind, kind), sourceLabel, check, emailLabel, website, status, rescue, row);
  return { form, typed, suggestion: /** @type {HTMLTextAreaElement} */ (suggestion), comment: /** @type {HTMLTextAreaElement} */ (comment), diff, counter, kind, sourceLabel, reply, email, emailLabel, status, rescue, send, touched: { kind: Boolean(carried.kind) } };
}

/** @param {ReturnType<typeof form>} view @param {string} exact */
function update(view, exact) {
  const after = view.suggestion.value;
  const changed = exact && after && after != exact;
  if (changed && !view.touched.kind) view.kind.value = guess(exact, after);
  view.diff.hidden = !changed;
  if (changed) showDifference(view.diff, exact, after);
  const length = view.comment.value.length;
  view.counter.hidden = length < 800;
  view.counter.textContent = `${length} / 1000`;
  view.sourceLabel.hidden = view.kind.value == "spelling";
  view.emailLabel.hidden = !view.reply.checked;
}

/** @param {HTMLElement} place @param {string} before @param {string} after */
function showDifference(place, before, after) {
  const a = before.split(/(\s+)/);
  const b = after.split(/(\s+)/);
  let start = 0;
  let end = 0;
  while (start < a.length && start < b.length && a[start] == b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] == b[b.length - 1 - end]) end++;
  /** @param {string[]} all */
  const middle = (all) => all.slice(start, all.length - end).join("");
  place.replaceChildren(a.slice(Math.max(0, start - 6), start).join(""), make("del", {}, middle(a)), " ", make("ins", {}, middle(b)), a.slice(a.length - end, a.length - end + 6).join(""));
}

/** @param {string} before @param {string} after */
function guess(before, after) {
  const numbers = (/** @type {string} */ text) => (text.match(/\p{N}+/gu) || []).join();
  const names = (/** @type {string} */ text) => (text.match(/(?<=\S\s)\p{Lu}\p{L}+/gu) || []).join();
  if (numbers(before) != numbers(after)) return "fact";
  if (names(before).toLowerCase() != names(after).toLowerCase()) return "name";
  return "spelling";
}

/** @param {ReturnType<typeof form>} view @returns {Fields} */
function values(view) {
  const found = Object.fromEntries(new FormData(view.form));
  return /** @type {Fields} */ ({ ...found });
}

/** @param {Fields} said @param {string} exact @returns {Fields} */
function clean(said, exact) {
  const { wants_reply, ...rest } = said;
  if (!wants_reply) delete rest.email;
  if (rest.kind == "spelling") delete rest.source_url;
  if (rest.suggestion == exact) delete rest.suggestion;
  if (rest.source_url && !/^https?:/i.test(rest.source_url)) rest.source_url = `https://${rest.source_url}`;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value.trim()));
}

/** @param {ReturnType<typeof form>} view @param {Fields} fields */
function restore(view, fields) {
  const kept = parsed(fetched(DRAFT));
  if (!kept || kept.url != fields.url || kept.exact != (fields.exact || "") || Date.now() - kept.at > KEPT_DAYS * 864e5) return;
  for (const name of ["place", "suggestion", "comment", "kind", "source_url", "email"]) {
    const field = /** @type {any} */ (view.form.elements.namedItem(name));
    if (field && kept[name]) field.value = kept[name];
  }
  if (kept.wants_reply) view.reply.checked = true;
}

/**
 * Send one report: kept before, forgotten after an answer that carries its reference.
 * @param {Site} site @param {Fields} report
 * @returns {Promise<{answer?: any, reason: string, offline?: boolean}>}
 */
async function deliver(site, report) {
  const others = unsent().filter((one) => one.report.id != report.id);
  keep(UNSENT, JSON.stringify([...others, { report, at: Date.now() }].slice(-MOST_UNSENT)));
  if (!navigator.onLine) return { reason: "offline", offline: true };
  try {
    const response = await fetch(site.api, {
      method: "POST",
      body: new URLSearchParams(report),
      mode: "cors",
      credentials: "omit",
      keepalive: true,
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(20000),
    });
    const answer = parsed(await response.text());
    if (response.ok && answer?.reference && answer.id == report.id) {
      forget(report.id);
      return { answer, reason: "" };
    }
    if (response.status == 422 || response.status == 413) forget(report.id);
    const detail = answer?.errors?.[0]?.detail;
    const reasons = /** @type {{[status: number]: string}} */ ({ 403: "refused", 429: "many", 503: "busy" });
    return { reason: detail || reasons[response.status] || "broken" };
  } catch {
    return { reason: "broken", offline: !navigator.onLine };
  }
}

/** @returns {{report: Fields, at: number}[]} */
function unsent() {
  return parsed(fetched(UNSENT)) || [];
}

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
    return localStorage.getItem(name) || memory[name] || "";
  } catch {
    return memory[name] || "";
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
  try {
    const url = new URL(canonical?.href || "");
    if (url.host == location.host && url.pathname != "/") return url.href.split("#")[0];
  } catch {
    // No canonical link, or a broken one.
  }
  return location.href.split("#")[0];
}

/** @param {Site} site @param {Fields} report */
function plainPage(site, report) {
  const asked = new URLSearchParams({ url: report.url, exact: (report.exact || "").slice(0, 500) });
  return `${site.page}?${asked}`;
}

/** @param {Fields} report */
const asText = (report) => [report.exact, report.place, report.suggestion, report.comment, report.source_url].filter(Boolean).join("\n\n");

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** @param {string} text */
async function sha256(text) {
  if (!crypto.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function isDark() {
  for (const element of [document.body, document.documentElement]) {
    const parts = getComputedStyle(element).backgroundColor.match(/[\d.]+/g)?.map(Number) || [];
    if (parts.length >= 3 && parts[3] !== 0) return parts[0] + parts[1] + parts[2] < 300;
  }
  return false;
}

/** @param {string} language */
const rtl = (language) => language == "ar" || language == "he";

/** @param {any} forms @param {number} count @param {string} language */
const plural = (forms, count, language) => (forms[new Intl.PluralRules(language).select(count)] || forms.other).replace("{0}", `${count}`);

/** @param {HTMLElement} place @param {string} text */
function say(place, text, bad = false) {
  place.classList.toggle("bad", bad);
  place.textContent = text;
}

/** @param {string} what @param {object} detail */
const tell = (what, detail) => document.dispatchEvent(new CustomEvent(`corrections:${what}`, { bubbles: true, detail }));

/** @param {string} text @param {Element} field */
function labelled(text, field) {
  const label = make("label", {}, text);
  label.append(field);
  return label;
}

/** @param {string} text @param {string} value @param {() => void} act */
function button(text, value, act, kind = "") {
  const made = make("button", { type: "button", value, class: kind }, text);
  made.addEventListener("click", act);
  return made;
}

/** @param {string} name @param {{[name: string]: string}} [attributes] @returns {any} */
function make(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
