// @ts-check
// Says beside a notice's fields, while it is typed, what the service would refuse and what to write instead.

const PAUSE = 400;
const FIELDS = ["wrong", "right", "notice", "late"];

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
let asked = 0;

/** @param {HTMLFormElement} form */
async function check(form) {
  const number = ++asked;
  /** @type {Record<string, string>} */
  let refusals = {};
  try {
    const action = new URL(form.action);
    action.pathname = action.pathname.replace(/decide$/, "check");
    const answer = await fetch(action, { method: "POST", body: new FormData(form), redirect: "error" });
    if (!answer.ok) return;
    refusals = await answer.json();
  } catch {
    return; // what is wrong is said when it is sent
  }
  if (number != asked) return;
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement) say(field, refusals[name] || "");
  }
}

/** @param {HTMLElement} field @param {string} words */
function say(field, words) {
  const note = document.getElementById(`${field.id}-check`) || (words ? added(field) : null);
  if (!note || note.textContent == words) return;
  note.textContent = words;
  note.hidden = !words;
}

/** @param {HTMLElement} field */
function added(field) {
  const note = document.createElement("span");
  note.id = `${field.id}-check`;
  note.className = "hint check";
  note.ariaLive = "polite";
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  field.after(note);
  return note;
}

/** @param {Event} event */
function plan(event) {
  const form = /** @type {Element} */ (event.target).closest("#decide");
  if (!(form instanceof HTMLFormElement) || !form.querySelector("[data-public]:checked")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => void check(form), event.type == "change" ? 0 : PAUSE);
}

addEventListener("input", plan);
addEventListener("change", plan);
