// @ts-check
// One key for what a button or link does; the key stands on the element itself (data-key).

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-rows] > tr")]);
let before = "";

const MOVES = ["j", "k", "ArrowDown", "ArrowUp"];
const TYPED_INTO = "input:not([type=radio],[type=checkbox]),textarea,select,dialog[open]";

/** @param {EventTarget} one */
const isTypedInto = (one) => one instanceof HTMLElement && (one.isContentEditable || one.matches(TYPED_INTO));

/** @param {Event} event */
export const isTyping = (event) => event.composedPath().some(isTypedInto);

/** @param {number} step */
function move(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const here = at < 0 ? all.findIndex((row) => row.querySelector(".row[aria-current]")) : at;
  const next = all[Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + step))]?.querySelector("a");
  next?.focus();
  // Beside an open case the next one opens.
  if (document.querySelector("main[data-case]")) next?.click();
}

/** What was pressed before is no beginning any more. */
export function clearChord() {
  before = "";
}

/** @param {string} key */
function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not([hidden], [hidden] *, [inert] *)`);
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input[type=search]")) target.focus();
  else if (target.matches("label")) target.dispatchEvent(new CustomEvent("desk:key", { bubbles: true }));
  else target.click();
  if (target.matches("input[type=radio]")) target.focus();
  if (target.matches("summary")) {
    const field = target.parentElement?.querySelector("textarea, input:not([type=hidden])");
    if (field instanceof HTMLElement) field.focus();
  }
  return true;
}

const root = document.documentElement;

/** Keys that this person chose, by those that they stand for. @type {Record<string, string>} */
const own = JSON.parse(root.dataset.keys || "{}");

export const areOff = () => root.hasAttribute("data-keys-off") || localStorage.getItem("keys") == "off";

/** The key that does what ours does. @param {string} key */
export const ownKey = (key) => own[key] || key;

/** What the pressed key stands for; ours does nothing where it was given away. @param {string} key */
const meant = (key) => Object.keys(own).find((ours) => own[ours] == key) || (own[key] ? "" : key);

/** Shows people's own keys where ours stand. */
function dress() {
  for (const one of document.querySelectorAll("[data-key]")) {
    const [first = "", ...rest] = (one.getAttribute("data-key") || "").split(" ");
    one.setAttribute("data-cap", [ownKey(first), ...rest].join(" "));
  }
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  if (event.key == "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = /** @type {Element} */ (event.target).closest("form");
    const button = form?.querySelector("button:not(.plain)");
    if (button instanceof HTMLButtonElement) {
      event.preventDefault();
      button.click();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || areOff()) return;
  if (event.key == "Escape" && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (isTyping(event)) return;
  if (event.key.startsWith("Arrow") && /** @type {Element} */ (event.target).matches("input[type=radio]")) return;
  const key = event.key.length == 1 ? meant(event.key.toLowerCase()) : event.key;
  if (event.repeat && !MOVES.includes(key)) return;
  const chord = `${before} ${key}`;
  before = key;
  if (key == "j" || key == "ArrowDown" && document.querySelector("[data-rows]")) move(1);
  else if (key == "k" || key == "ArrowUp" && document.querySelector("[data-rows]")) move(-1);
  else if (key == "?") dispatchEvent(new CustomEvent("desk:commands"));
  else if (press(chord)) clearChord();
  else if (!press(key)) return;
  event.preventDefault();
});

const choice = document.getElementById("keys-on");
if (choice instanceof HTMLInputElement) {
  choice.checked = !areOff();
  choice.addEventListener("change", () => {
    localStorage.setItem("keys", choice.checked ? "on" : "off");
    root.toggleAttribute("data-keys-off", false);
    const form = /** @type {HTMLFormElement} */ (document.querySelector("form[action='/account/keys']"));
    const body = new URLSearchParams({ single: choice.checked ? "on" : "off" });
    body.set("csrf_token", /** @type {HTMLInputElement} */ (form.elements.namedItem("csrf_token")).value);
    fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  });
  document.getElementById("keys-switch")?.removeAttribute("hidden");
  document.querySelector("#keys-choice [data-without-script]")?.setAttribute("hidden", "");
}

/** After a refused form: to the first field that is wrong, which names its message, or to the message itself. */
function arrive() {
  const wrong =
    document.querySelector("[aria-invalid=true]") || document.querySelector("main .summary[role=alert]");
  if (!(wrong instanceof HTMLElement)) return false;
  for (let one = wrong.closest("details"); one; one = one.parentElement?.closest("details") || null) one.open = true;
  if (!wrong.matches("input, textarea, select, button")) wrong.tabIndex = -1;
  wrong.focus();
  return true;
}

addEventListener("desk:shown", () => {
  dress();
  arrive();
});
addEventListener("desk:listed", dress);
dress();
root.classList.toggle("keyed", !areOff());
const last = sessionStorage.getItem("case");
const known = last && document.querySelector(`[data-rows] > [data-case="${CSS.escape(last)}"] a`);
const open = document.querySelector("main[data-case]")?.getAttribute("data-case");
if (!arrive() && !open && known instanceof HTMLElement) known.focus({ preventScroll: false });
if (open) sessionStorage.setItem("case", open);
