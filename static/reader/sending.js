// @ts-check
// Sends a report, and keeps what was typed and not sent in the reader's browser.

/** @typedef {import("./dialog.js").Site} Site */

export const DRAFT = "corrections:draft";
export const UNSENT = "corrections:unsent";
const DAY = 86_400_000; // milliseconds
const KEPT = 14 * DAY;
const PATIENCE = 20_000; // milliseconds
const MOST = 20; // reports that are kept
const NEVER = [413, 422]; // what the service takes no better the next time

/** @type {{[name: string]: string}} */
const memory = { [DRAFT]: "", [UNSENT]: "" };

/**
 * Send one report: kept before, forgotten after an answer that carries its reference.
 * @param {Site} site @param {URLSearchParams} report
 * @returns {Promise<{answer?: any, reason?: any, wait?: number, field?: any, isUnread?: boolean}>}
 */
export const deliver = async (site, report) => {
  const id = report.get("id");
  forget(id, UNSENT);
  add(UNSENT, report);
  try {
    const response = await call(`${BASE}/api/v1/reports`, report);
    /** @type {any} */
    const { ok, status, headers } = response;
    const answer = (await response.json().catch(() => 0)) || {};
    const stored = ok && answer.reference && answer.id == id;
    if (stored || NEVER.includes(status)) forget(id, UNSENT);
    if (stored) {
      forget(id, DRAFT);
      return { answer };
    }
    const wait = Number(headers.get("Retry-After"));
    if (wait) return { reason: words.later.replace("{0}", `${wait}`), wait };
    const wrong = answer.errors?.[0] || answer;
    return { reason: failed(wrong.detail || words.broken), field: wrong.field };
  } catch {
    return { reason: navigator.onLine ? failed(words.broken) : words.offline, isUnread: true };
  }
};

/** @param {string} reason */
export const failed = (reason) => words.failed.replace("{0}", reason);

/** @param {string} url @param {URLSearchParams} [body] */
export const call = async (url, body) =>
  fetch(url, {
    method: body ? "POST" : "GET",
    body,
    credentials: "omit",
    keepalive: true,
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout?.(PATIENCE),
  });

/** @param {string} name @param {URLSearchParams} report */
export const add = (name, report) => keep(name, [...kept(name), report].slice(-MOST));

/** @param {string | null} id @param {string[]} names */
export const forget = (id, ...names) =>
  names.forEach((name) =>
    keep(
      name,
      kept(name).filter((one) => one.get("id") != id),
    ),
  );

/** @param {string} name @param {URLSearchParams[]} reports */
export const keep = (name, reports) => {
  const text = reports.join("\n");
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
    memory[name] = "";
  } catch {
    memory[name] = text;
    // Storage is full or blocked: memory has them as long as the page is open.
    addEventListener("beforeunload", warn);
  }
  return reports;
};

/** @param {Event} event */
const warn = (event) => {
  if (Object.values(memory).join("")) event.preventDefault();
};

/** The reports kept under a name that are not too old. @param {string} name */
export const kept = (name) => {
  let text = "";
  try {
    text = localStorage.getItem(name) || "";
  } catch {
    // As above.
  }
  return `${text}\n${memory[name]}`
    .split("\n")
    .filter((line, at, all) => all.indexOf(line) == at) // a page may have another Set
    .map((line) => new URLSearchParams(line))
    .filter((one) => Date.now() - Number(one.get("at")) < KEPT);
};
