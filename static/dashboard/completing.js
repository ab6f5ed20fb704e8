// @ts-check
// Offers what the query in the search box may go on as: filters, then their values. Without this it is typed.

import { choosing } from "./choosing.js";

const box = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
const list = document.getElementById("q-choices");

/** @typedef {{ q: string, is: string }} Choice */

/** @param {Choice} choice @param {number} at @param {string} typed */
function shown(choice, at, typed) {
  const option = document.createElement("li");
  const name = document.createElement("bdi");
  const meaning = document.createElement("span");
  option.id = `q-choice-${at}`;
  option.dataset.q = choice.q;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  // What stands before the part that is completed stays in the box.
  const start = typed.slice(0, typed.search(/("[^"]*"?|\S)*$/));
  name.textContent = choice.q.startsWith(start) ? choice.q.slice(start.length) : choice.q;
  meaning.textContent = choice.is;
  meaning.className = "faint";
  option.append(name, meaning);
  return option;
}

/** @param {HTMLInputElement} box @param {HTMLElement} list */
function complete(box, list) {
  let asked = 0;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-expanded", "false");
  const choice = choosing(box, list, (option) => {
    close(); // so that Enter, pressed again before there is more to choose, sends the query
    const q = option.dataset.q || "";
    box.value = /[:<>]$/.test(q) ? q : `${q} `;
    offer().catch(close);
  });

  function close() {
    asked++;
    choice.hide();
  }

  async function offer() {
    const number = ++asked;
    choice.point(null); // what was chosen went on from other words
    const answer = await fetch(`/queue/complete?${new URLSearchParams({ q: box.value })}`);
    if (!answer.ok || number != asked) return;
    const offered = /** @type {Choice[]} */ (await answer.json());
    if (number != asked || document.activeElement != box) return;
    const typed = box.value;
    const pointed = choice.chosen()?.dataset.q;
    const options = offered.filter(({ q }) => q.trim() != typed.trim()).map((one, at) => shown(one, at, typed));
    list.replaceChildren(...options);
    // It was pointed at while the answer was under way.
    choice.point(options.find((one) => one.dataset.q == pointed) || null);
    if (options.length) choice.show();
    else choice.hide();
  }

  box.addEventListener("input", () => void offer().catch(close));
  box.addEventListener("focus", () => void offer().catch(close));
  box.addEventListener("blur", close);
}

if (box && list) complete(box, list);
