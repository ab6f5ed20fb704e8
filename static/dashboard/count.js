// @ts-check
// Says how long a text is before it is too long. Nothing is cut: the service refuses it, and it stays in its field.

const NEAR = 0.8;
// Five fields of more than this, of letters that take twelve bytes each, do not fit into one request:
// then the page keeps them.
const SENDABLE = 17_000;

/** What was counted last. @type {WeakMap<Element, number>} */
const lengths = new WeakMap();

/** @param {number} number */
const plain = (number) => number.toLocaleString("en");

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
function count(field) {
  const most = Number(field.dataset.most);
  const length = [...field.value.normalize("NFC").trim()].length;
  const words = `${plain(length)} of ${plain(most)} characters`;
  const was = lengths.get(field) || 0;
  const note = document.getElementById(`${field.id}-count`) || (length > most * NEAR ? added(field) : null);
  if (!note) return;
  note.hidden = length <= most * NEAR;
  note.textContent = length > most ? `${words}: ${plain(length - most)} too many` : words;
  note.classList.toggle("error", length > most);
  field.setCustomValidity(length > SENDABLE ? "This is too long to be sent." : "");
  // Which shows it, whatever is chosen.
  if (length > SENDABLE) field.setAttribute("aria-invalid", "true");
  else if (was > SENDABLE) field.removeAttribute("aria-invalid");
  lengths.set(field, length);
}

/** @param {HTMLElement} field */
function added(field) {
  const note = document.createElement("span");
  note.id = `${field.id}-count`;
  note.className = "hint";
  note.ariaLive = "polite";
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  field.after(note);
  return note;
}

for (const field of document.querySelectorAll("[data-most]")) {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
  field.addEventListener("input", () => count(field));
  if (!field.matches("[aria-invalid]")) count(field);
}
