// @ts-check
// Cases are ticked by x, a range by Shift; the bar says how many they are and how many mails a decision sends.

import { areOff, isTyping } from "./keyboard.js";
import { say } from "./words.js";

// Each list that is shown brings its own.
const bar = () => /** @type {HTMLFormElement | null} */ (document.getElementById("many"));
/** @type {HTMLInputElement | null} */
let last = null;
let asked = 0;

const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[data-rows] .pick input")]);

async function tell() {
  const picked = boxes().filter((box) => box.checked);
  const form = bar();
  const status = form?.querySelector(".picked");
  if (!form || !status) return;
  form.hidden = !picked.length;
  form.querySelector("[type=reset]")?.toggleAttribute("hidden", !picked.length);
  const turn = ++asked;
  if (!picked.length) return void (status.textContent = "");
  const ticked = say("ticked", { n: picked.length });
  status.textContent = ticked;
  const query = new URLSearchParams(picked.map((box) => ["case", box.value]));
  const answer = await fetch(`/bulk/mails?${query}`);
  if (!answer.ok) return;
  const { mails } = await answer.json();
  if (turn == asked) status.textContent = `${ticked} · ${mails ? say("mails", { n: mails }) : say("no_mail")}`;
}

/**
 * @param {HTMLInputElement} box
 * @param {boolean} isRange
 */
function pick(box, isRange) {
  const all = boxes();
  const [from, to] = [last ? all.indexOf(last) : -1, all.indexOf(box)];
  if (isRange && from >= 0) {
    for (const other of all.slice(Math.min(from, to), Math.max(from, to) + 1)) other.checked = box.checked;
  }
  last = box;
  tell().catch(() => {});
}

addEventListener("click", (event) => {
  const box = event.target;
  if (box instanceof HTMLInputElement && box.matches(".pick input")) pick(box, event.shiftKey);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return;
  if (event.key.toLowerCase() != "x" || areOff()) return;
  const open = document.querySelector("[data-rows] .row[aria-current]");
  const row = document.activeElement?.closest("[data-rows] tr") || open?.closest("tr");
  const box = row?.querySelector(".pick input");
  if (!(box instanceof HTMLInputElement)) return;
  event.preventDefault();
  box.checked = event.shiftKey || !box.checked;
  pick(box, event.shiftKey);
});

addEventListener("reset", (event) => {
  if (event.target == bar()) setTimeout(() => tell().catch(() => {}));
});
addEventListener("desk:listed", () => void tell().catch(() => {}));
tell().catch(() => {});
