// @ts-check
// Offers what the query in the search box may go on as: filters, then their values. Without this it is typed.

const box = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
const list = document.getElementById("q-choices");

/** @typedef {{ q: string, is: string }} Choice */

let asked = 0;
let chosen = -1;
/** @type {Choice[]} */
let choices = [];

const options = () => /** @type {HTMLElement[]} */ ([...(list?.children || [])]);

function unpoint() {
  chosen = -1;
  for (const option of options()) option.setAttribute("aria-selected", "false");
  box?.removeAttribute("aria-activedescendant");
}

function close() {
  asked++;
  unpoint();
  if (list) list.hidden = true;
  box?.setAttribute("aria-expanded", "false");
}

async function offer() {
  if (!box || !list) return;
  const number = ++asked;
  unpoint(); // what was chosen went on from other words
  const answer = await fetch(`/queue/complete?${new URLSearchParams({ q: box.value })}`);
  if (!answer.ok || number != asked) return;
  const offered = /** @type {Choice[]} */ (await answer.json());
  if (number != asked || document.activeElement != box) return;
  const typed = box.value;
  const pointed = choices[chosen]?.q;
  choices = offered.filter((choice) => choice.q.trim() != typed.trim());
  unpoint();
  list.replaceChildren(...choices.map((choice, at) => shown(choice, at, typed)));
  list.hidden = !choices.length;
  const again = choices.findIndex((choice) => choice.q == pointed);
  if (again >= 0) point(again); // it was pointed at while the answer was under way
  box.setAttribute("aria-expanded", `${!list.hidden}`);
}

/** @param {Choice} choice @param {number} at @param {string} typed */
function shown(choice, at, typed) {
  const option = document.createElement("li");
  const name = document.createElement("bdi");
  const meaning = document.createElement("span");
  option.id = `q-choice-${at}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  // What stands before the part that is completed stays in the box.
  const start = typed.slice(0, typed.search(/("[^"]*"?|\S)*$/));
  name.textContent = choice.q.startsWith(start) ? choice.q.slice(start.length) : choice.q;
  meaning.textContent = choice.is;
  meaning.className = "faint";
  option.append(name, meaning);
  option.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(at);
  });
  return option;
}

/** @param {number} at */
function point(at) {
  chosen = (at + choices.length) % choices.length;
  for (const [place, option] of options().entries()) option.setAttribute("aria-selected", `${place == chosen}`);
  options()[chosen].scrollIntoView({ block: "nearest" });
  box?.setAttribute("aria-activedescendant", options()[chosen].id);
}

/** @param {number} at */
function take(at) {
  if (!box) return;
  const { q } = choices[at];
  close(); // so that Enter, pressed again before there is more to choose, sends the query
  box.value = /[:<>]$/.test(q) ? q : `${q} `;
  offer().catch(close);
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.isComposing || !list || list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key == "ArrowDown") point(chosen + 1);
  else if (event.key == "ArrowUp") point(chosen < 0 ? choices.length - 1 : chosen - 1);
  else if ((event.key == "Enter" || event.key == "Tab") && chosen >= 0) take(chosen);
  else if (event.key == "Escape") close();
  else return;
  event.preventDefault();
}

if (box && list) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => void offer().catch(close));
  box.addEventListener("focus", () => void offer().catch(close));
  box.addEventListener("blur", close);
  box.addEventListener("keydown", press);
}
