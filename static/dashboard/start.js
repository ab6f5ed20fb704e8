// @ts-check
// Keeps the guide for a new site true while it is open: what the service has seen meanwhile turns green.

import { fragment, morph } from "./morph.js";

const EVERY = 3000;

let version = "";

const parts = () => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"));

async function look() {
  const answer = await fetch(location.pathname, { headers: version ? { "If-None-Match": version } : {} });
  if (answer.status != 200 || answer.redirected) return;
  version = answer.headers.get("ETag") || "";
  const fresh = fragment(await answer.text());
  for (const part of parts()) {
    const newer = fresh.getElementById(part.id);
    if (newer) morph(part, newer);
  }
}

function step() {
  if (!document.hidden && document.querySelector(".step-state.is-open")) look().catch(() => {});
}

addEventListener("visibilitychange", step);
setInterval(step, EVERY);
