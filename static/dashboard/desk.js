// @ts-check
// Cases change beside the list without a page load: the next one is fetched before it is asked for, and what is done
// with one is sent from here. The links and forms do the same without this.

import { clearChord } from "./keyboard.js";
import { say } from "./words.js";

/** What was fetched before it is opened, by its address. @type {Map<string, Part>} */
const ready = new Map();
const asked = new Set();

/** @typedef {{ address: string, ok: boolean, page: Document, main: HTMLElement | null }} Part */

const pane = () => /** @type {HTMLElement} */ (document.getElementById("main"));
const next = () => /** @type {HTMLAnchorElement | null} */ (pane().querySelector("a[rel=next].exit"));

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @param {string} [part] which part of the page is asked for; "" is all of it
 * @returns {Promise<Part>}
 */
async function ask(address, options = {}, part = "case") {
  const answer = await fetch(address, { ...options, headers: part ? { "X-Part": part } : {} });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isPart = page.documentElement.hasAttribute("data-part");
  const there = new URL(answer.headers.get("X-Address") || answer.url, location.href).href;
  return { address: there, ok: answer.ok, page, main: isPart ? page.getElementById("main") : null };
}

function prefetch() {
  const address = next()?.href;
  if (!address || asked.has(address)) return;
  asked.add(address);
  ask(address, {}, "ahead").then((part) => part.main && part.ok && ready.set(address, part)).catch(() => {});
}

/** Lets go of what was fetched: it may be another by now. */
function forget() {
  ready.clear();
  asked.clear();
}

/** @param {Part} part */
function tell(part) {
  const toasts = document.querySelector(".toasts");
  const said = part.page.querySelectorAll(".toasts .toast");
  if (toasts && said.length) toasts.replaceChildren(...said);
  expire();
}

/** Takes the way back away once the mails are gone. */
function expire() {
  for (const form of document.querySelectorAll(".toast form[data-left]")) {
    const left = Number(form.getAttribute("data-left"));
    form.removeAttribute("data-left");
    setTimeout(() => {
      const hadFocus = form.contains(document.activeElement);
      form.remove();
      if (hadFocus) pane().focus({ preventScroll: true });
    }, left * 1000);
  }
}

/** @param {string} text */
function warn(text) {
  const toast = document.createElement("div");
  toast.className = "toast wrong";
  toast.textContent = text;
  document.querySelector(".toasts")?.replaceChildren(toast);
}

/**
 * Shows a case, or that there is none, where the case is shown.
 * @param {Part} part
 * @param {{ keepsAddress?: boolean, keepsFocus?: boolean }} [how]
 */
function show(part, how = {}) {
  if (!part.main) return void location.assign(part.address);
  const main = document.importNode(part.main, true);
  pane().replaceWith(main);
  document.title = part.page.title;
  document.querySelector(".desk")?.classList.toggle("has-case", main.matches("[data-case]"));
  if (!how.keepsAddress && part.address != location.href) history.pushState(null, "", part.address);
  mark(main.dataset.case);
  clearChord();
  dispatchEvent(new CustomEvent("desk:shown"));
  if (!how.keepsFocus && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
  prefetch();
}

/** Marks the row of the case that is open. @param {string | undefined} number */
function mark(number) {
  for (const row of document.querySelectorAll("[data-rows] .row")) {
    const isOpen = row.closest("tr")?.dataset.case == number;
    row.toggleAttribute("aria-current", isOpen);
    if (!isOpen) continue;
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
  }
  if (number) sessionStorage.setItem("case", number);
}

/** @param {string} address */
async function open(address, how = {}) {
  const known = ready.get(address);
  forget();
  show(known || (await ask(address)), how);
}

/** Milliseconds in which a case that comes by itself takes neither key nor click, meant for the one before. */
const UNREAD = 700;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let unread;

/**
 * Shows what came of something sent; another case than the one in sight decides nothing until it can have been seen.
 * @param {Part} part
 */
function arrive(part) {
  const before = pane().dataset.case;
  show(part, { keepsAddress: !part.ok });
  const main = pane();
  if (!part.ok || !main.dataset.case || main.dataset.case == before) return;
  main.inert = true;
  unread = setTimeout(() => {
    main.inert = false;
    if (document.activeElement == document.body) main.focus({ preventScroll: true });
  }, UNREAD);
}

/** What is sent goes one after the other. @type {Promise<void>} */
let line = Promise.resolve();

/**
 * Sends what is done with a case. Where the next case then opens, and is here already, it is shown at once.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function send(form, submitter) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form, submitter)));
  const leaves = (pane().dataset.leaves || "").split(" ").some((action) => form.action.includes(`/${action}`));
  const address = leaves && form.closest("main") ? next()?.href : undefined;
  const number = new URL(form.action).pathname.split("/")[2] || "";
  const before = { main: pane(), address: location.href };
  const ahead = address && ready.get(address);
  clearTimeout(unread);
  clearChord();
  form.closest(".toast")?.setAttribute("hidden", "");
  if (address) body.set("ready", new URL(address).pathname.split("/")[2] || "");
  if (before.main.dataset.case == number) dispatchEvent(new CustomEvent("desk:sending", { detail: number }));
  if (ahead) show(ahead);
  else before.main.inert = true;
  const here = pane();
  line = line.then(() => finish(form.action, body, number, before, here, Boolean(ahead)));
  line = line.then(() => void dispatchEvent(new CustomEvent("desk:answered", { detail: number })));
}

/**
 * @param {string} action
 * @param {URLSearchParams} body
 * @param {string} number
 * @param {{ main: HTMLElement, address: string }} before
 * @param {HTMLElement} here
 * @param {boolean} isAhead
 */
async function finish(action, body, number, before, here, isAhead) {
  let trouble = say("no_answer");
  try {
    const part = await ask(action, { method: "POST", body });
    if (part.main) {
      tell(part);
      if (part.ok) dispatchEvent(new CustomEvent("desk:sent", { detail: new URL(action).pathname }));
      // Where an editor works on in the case that is shown, another one does not take its place.
      const isFree = pane() == here && !here.dataset.touched;
      if (isAhead && isFree && !part.ok) history.replaceState(null, "", before.address);
      if (!isAhead || (isFree && needsShowing(part, here))) arrive(part);
      else if (!part.ok) warn(say("unchanged", { number }));
      return void dispatchEvent(new CustomEvent("desk:changed", { detail: number }));
    }
    trouble = part.page.querySelector("main")?.innerText || say("failed");
  } catch {
    // told below
  } finally {
    before.main.inert = false;
  }
  if (isAhead && pane() == here && !here.dataset.touched) {
    here.replaceWith(before.main);
    history.replaceState(null, "", before.address);
    mark(number);
  }
  warn(isAhead ? say("of_case", { number, trouble }) : trouble);
}

/** @param {Part} part @param {HTMLElement} here */
function needsShowing(part, here) {
  const isSame = part.main?.dataset.case == here.dataset.case && part.main?.dataset.version == here.dataset.version;
  return !part.ok || !isSame;
}

/** @param {HTMLAnchorElement} link */
const isCase = (link) => /^\/cases\/\d+$/.test(link.pathname) && link.origin == location.origin && !link.hash;

addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.id == "new") {
    event.preventDefault();
    return void renew(link.href).catch(() => location.assign(link.href));
  }
  const isBack = link.matches("[data-back]");
  if (!isBack && (!isCase(link) || !link.closest(".desk, .toasts"))) return;
  event.preventDefault();
  const isRow = link.matches(".row");
  open(link.href, { keepsFocus: isRow || isBack }).catch(() => location.assign(link.href));
  if (isBack) rowOf(sessionStorage.getItem("case"))?.focus();
});

/** Shows the list as it is now, with what is new on top. @param {string} address */
async function renew(address) {
  const { page } = await ask(address, {}, "");
  const [list, fresh] = [document.getElementById("list"), page.getElementById("list")];
  if (!list || !fresh) return location.assign(address);
  list.replaceChildren(...fresh.childNodes);
  list.dataset.newest = fresh.dataset.newest;
  list.dataset.since = fresh.dataset.since;
  list.scrollTop = 0;
  mark(pane().dataset.case);
  /** @type {HTMLElement | null} */ (list.querySelector(".row"))?.focus();
  dispatchEvent(new CustomEvent("desk:listed"));
}

/** @param {string | null} number @returns {HTMLElement | null} */
const rowOf = (number) => document.querySelector(`[data-rows] [data-case="${CSS.escape(number || "")}"] .row`);

addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest(".pane, .toasts") || !new URL(form.action).pathname.startsWith("/cases/")) return;
  event.preventDefault();
  send(form, event.submitter);
});

addEventListener("input", (event) => {
  const main = /** @type {Element} */ (event.target).closest("main");
  if (main instanceof HTMLElement) main.dataset.touched = "1";
});
addEventListener("popstate", () => open(location.href, { keepsAddress: true }).catch(() => location.reload()));

prefetch();
expire();
