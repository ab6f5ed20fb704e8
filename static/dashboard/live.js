// @ts-check
// Keeps an open desk true: counts, changed rows, who is where. Says when there is something new, and moves nothing.

import { fragment, morph } from "./morph.js";
import { say } from "./words.js";

const EVERY = 4000;
const STAY = 25_000;
const TYPING = 15_000;

const list = /** @type {HTMLElement} */ (document.getElementById("list"));
const pane = () => /** @type {HTMLElement} */ (document.getElementById("main"));

/** Cases that were changed from here: their rows go when they are done with. @type {Set<string>} */
const mine = new Set();

/** Cases of which something that was done is on its way. @type {Set<string>} */
const awaited = new Set();

let version = "";
let tick = "";
let since = list.dataset.since || "0";
let typed = -TYPING;
let said = "";
let saidAt = 0;

/** @returns {HTMLElement[]} */
const rows = () => [...list.querySelectorAll("[data-rows] > tr")].filter((row) => row instanceof HTMLElement);

function question() {
  const asked = new URLSearchParams(location.search);
  asked.delete("cursor");
  asked.set("newest", list.dataset.newest || "0");
  asked.set("since", since);
  asked.set("tick", tick);
  asked.set("rows", rows().map((row) => row.dataset.case).join(","));
  const { case: number, version: known } = pane().dataset;
  if (number) {
    asked.set("case", number);
    asked.set("version", known || "");
  }
  return `/queue/changes?${asked}`;
}

async function look() {
  const { case: asked, version: known } = pane().dataset;
  const answer = await fetch(question(), { headers: version ? { "If-None-Match": version } : {} });
  if (answer.status != 200) return;
  const changes = await answer.json();
  version = answer.headers.get("ETag") || "";
  since = changes.since;
  tick = changes.tick;
  count(changes.counts);
  for (const row of rows()) refresh(row, changes.rows[row.dataset.case || ""], changes.here);
  hint(changes.new);
  const place = document.getElementById("meanwhile");
  const { case: shown, version: present } = pane().dataset;
  if (place && shown == asked && present == known) {
    const fresh = /** @type {HTMLElement} */ (place.cloneNode());
    fresh.append(fragment(changes.case));
    morph(place, fresh);
  }
}

/** @param {Record<string, number>} counts */
function count(counts) {
  for (const [view, number] of Object.entries(counts)) {
    const shown = number ? `${number}` : "";
    for (const place of document.querySelectorAll(`[data-count="${view}"]`)) place.textContent = shown;
  }
  if (pane().matches("[data-case]")) return;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (counts.inbox) document.title = `(${counts.inbox}) ${document.title}`;
}

/** @param {HTMLElement} row @param {string | undefined} html @param {number[]} here */
function refresh(row, html, here) {
  const number = row.dataset.case || "";
  if (html == undefined) {
    if (!here.includes(Number(number))) row.querySelectorAll(".here").forEach((one) => one.remove());
    return;
  }
  const fresh = fragment(html).querySelector("tr");
  if (!fresh) return;
  if (fresh.matches(".is-gone") && mine.has(number)) return row.remove();
  const isOpen = row.querySelector(".row[aria-current]");
  if (isOpen) fresh.querySelector(".row")?.setAttribute("aria-current", "true");
  morph(row, fresh);
}

/** @param {number} fresh */
function hint(fresh) {
  const place = document.getElementById("new");
  if (!place) return;
  place.hidden = !fresh;
  const words = say("new_cases", { n: fresh });
  if (fresh && place.textContent != words) place.textContent = words;
}

/** Tells colleagues that somebody is here; a page that only stays open does so rarely. */
function tell() {
  const number = pane().dataset.case;
  const doing = performance.now() - typed < TYPING ? "writing" : "looking";
  const now = `${number} ${doing}`;
  if (said && !said.startsWith(`${number} `)) leave();
  if (!number || (said == now && performance.now() - saidAt < STAY)) return;
  said = now;
  saidAt = performance.now();
  post(number, doing).catch(() => {});
}

function leave() {
  const number = said.split(" ")[0];
  said = "";
  if (number && !awaited.has(number)) post(number, "gone").catch(() => {});
}

/**
 * Colleagues are told only now: before, the case would have been free for one of them, and undecided.
 * @param {string} number
 */
function leaveDone(number) {
  if (awaited.delete(number) && pane().dataset.case != number) post(number, "gone").catch(() => {});
}

/** @param {string} number @param {string} doing */
function post(number, doing) {
  const token = document.querySelector("input[name=csrf_token]");
  const body = new URLSearchParams({ doing, csrf_token: token instanceof HTMLInputElement ? token.value : "" });
  return fetch(`/cases/${number}/here`, { method: "POST", body, keepalive: true });
}

function step() {
  if (document.hidden) return;
  tell();
  look().catch(() => {});
}

addEventListener("input", (event) => {
  const isText = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
  if (!isText || !event.target.closest("main[data-case]")) return;
  const begins = performance.now() - typed > TYPING;
  typed = performance.now();
  if (begins) tell();
});
addEventListener("desk:sending", (event) => awaited.add(/** @type {CustomEvent} */ (event).detail));
addEventListener("desk:answered", (event) => leaveDone(/** @type {CustomEvent} */ (event).detail));
addEventListener("desk:changed", (event) => {
  mine.add(/** @type {CustomEvent} */ (event).detail);
  step();
});
addEventListener("desk:shown", () => {
  typed = -TYPING;
  tell();
});
addEventListener("desk:listed", () => {
  since = list.dataset.since || "0";
  version = "";
});
addEventListener("visibilitychange", step);
addEventListener("pagehide", leave);
setInterval(step, EVERY);
tell();
