// @ts-check
// Cases change beside the list without a page load: the next one is fetched before it is asked for, and what is done
// with one is sent from here. The links and forms do the same without this.

import { clearChord } from "./keyboard.js";

const PART = { "X-Part": "case" };

/** A case that was fetched before it is opened, by its address. @type {Map<string, Promise<Part>>} */
const fetched = new Map();

/** @typedef {{ address: string, ok: boolean, page: Document, main: HTMLElement | null }} Part */

const pane = () => /** @type {HTMLElement} */ (document.getElementById("main"));

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Part>}
 */
async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { ...PART, ...options.headers } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isPart = page.documentElement.hasAttribute("data-part");
  return { address: answer.url, ok: answer.ok, page, main: isPart ? page.getElementById("main") : null };
}

/** @param {string} address */
function prefetch(address) {
  if (fetched.has(address)) return;
  const part = ask(address);
  fetched.set(address, part);
  part.catch(() => fetched.delete(address));
}

/** @param {Part} part */
function tell(part) {
  const toasts = document.querySelector(".toasts");
  const said = part.page.querySelectorAll(".toasts .toast");
  if (toasts && said.length) toasts.replaceChildren(...said);
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
  const next = /** @type {HTMLAnchorElement | null} */ (main.querySelector("a[rel=next].exit"));
  if (next) prefetch(next.href);
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
  const known = fetched.get(address);
  fetched.delete(address);
  show(await (known || ask(address)), how);
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function send(form, submitter) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form, submitter)));
  const before = pane();
  before.inert = true;
  clearChord();
  form.closest(".toast")?.setAttribute("hidden", "");
  try {
    const part = await ask(form.action, { method: "POST", body });
    fetched.clear();
    if (part.main) {
      tell(part);
      show(part, { keepsAddress: !part.ok });
    } else {
      warn(part.page.querySelector("main")?.innerText || "This could not be done.");
    }
    dispatchEvent(new CustomEvent("desk:changed"));
  } catch {
    warn("The service cannot be reached. Nothing was changed, and your words are still here.");
  } finally {
    before.inert = false;
  }
}

/** @param {HTMLAnchorElement} link */
const isCase = (link) => /^\/cases\/\d+$/.test(link.pathname) && link.origin == location.origin && !link.hash;

addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isBack = link.matches("[data-back]");
  if (!isBack && (!isCase(link) || !link.closest(".desk, .toasts"))) return;
  event.preventDefault();
  const isRow = link.matches(".row");
  open(link.href, { keepsFocus: isRow || isBack }).catch(() => location.assign(link.href));
  if (isBack) rowOf(sessionStorage.getItem("case"))?.focus();
});

/** @param {string | null} number @returns {HTMLElement | null} */
const rowOf = (number) => document.querySelector(`[data-rows] [data-case="${CSS.escape(number || "")}"] .row`);

addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest(".pane, .toasts") || !new URL(form.action).pathname.startsWith("/cases/")) return;
  event.preventDefault();
  send(form, event.submitter);
});

addEventListener("popstate", () => open(location.href, { keepsAddress: true }).catch(() => location.reload()));

const next = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[rel=next].exit"));
if (next) prefetch(next.href);
