// @ts-check
// All that can be done on a page, with its key: listed by ?, found by Ctrl+K, done by Enter.

import { say } from "./words.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("keys"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("command"));
const list = /** @type {HTMLElement} */ (document.getElementById("commands"));

/** What each line of the list does. @type {WeakMap<Element, HTMLElement | null>} */
const targets = new WeakMap();

/** @typedef {{ key: string, name: string, target: HTMLElement | null }} Command */

/** What the keys of the list do. @type {Command[]} */
const OF_LIST = [
  { key: "j / k", name: say("move"), target: null },
  { key: "Enter", name: say("open"), target: null },
];

/** @param {Element} one */
function nameOf(one) {
  const label = one.getAttribute("data-name") || one.getAttribute("aria-label") || one.getAttribute("placeholder");
  return (label || one.textContent || "").trim().replace(/\s+/g, " ");
}

/** @returns {Command[]} */
function commands() {
  const there = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-key]:not(dialog *)"));
  const named = [...there].filter((one) => !one.closest("[hidden], [inert]"));
  const found = named.map((target) => ({ key: target.dataset.cap || "", name: nameOf(target), target }));
  const fixed = document.querySelector("[data-rows]") ? OF_LIST : [];
  return [...fixed, ...found, { key: "?", name: say("these_keys"), target: null }];
}

/** @param {Command} command */
function line({ key, name, target }) {
  const item = document.createElement("li");
  const cap = document.createElement("kbd");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.textContent = name;
  cap.textContent = key == "mod+enter" ? say("ctrl_enter") : key;
  item.append(cap);
  targets.set(item, target);
  return item;
}

function fill() {
  const words = field.value.toLowerCase().split(/\s+/);
  const matches = commands().filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  list.replaceChildren(...matches.map(line));
  [...list.children].forEach((item, index) => (item.id = `command-${index}`));
  choose(list.firstElementChild);
}

/** @param {Element | null} item */
function choose(item) {
  for (const one of list.children) one.setAttribute("aria-selected", `${one == item}`);
  field.setAttribute("aria-activedescendant", item?.id || "");
  item?.scrollIntoView({ block: "nearest" });
}

/** @param {Element | null | undefined} item */
function run(item) {
  const target = item && targets.get(item);
  dialog.close();
  if (!target) return;
  if (target.matches("label")) target.dispatchEvent(new CustomEvent("desk:key", { bubbles: true }));
  else if (target.matches("input")) target.focus();
  else target.click();
}

function show() {
  field.value = "";
  fill();
  dialog.showModal();
  field.focus();
}

field.addEventListener("input", fill);
field.addEventListener("keydown", (event) => {
  const here = list.querySelector("[aria-selected=true]");
  if (event.key == "ArrowDown") choose(here?.nextElementSibling || list.firstElementChild);
  else if (event.key == "ArrowUp") choose(here?.previousElementSibling || list.lastElementChild);
  else if (event.key == "Enter") run(here);
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => run(/** @type {Element} */ (event.target).closest("li")));
addEventListener("desk:commands", show);
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() != "k" || !(event.ctrlKey || event.metaKey) || dialog.open) return;
  event.preventDefault();
  show();
});
