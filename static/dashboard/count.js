// @ts-check
// Says how long a text is before it is too long. Nothing is cut: the service refuses it, and it stays in its field.

const NEAR = 0.8;
// How many a field of no more has is seen at a glance.
const AT_A_GLANCE = 20;
// Five fields of more than this, of letters that take twelve bytes each, do not fit into one request:
// then the page keeps them.
const SENDABLE = 17_000;

/** What is said at the desk; a reader's page says it on its forms. */
const DESK = JSON.parse(document.documentElement.dataset.words || "{}");

/** What was counted last. @type {WeakMap<Element, number>} */
const lengths = new WeakMap();

/** @param {number} number */
const plain = (number) => number.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
function count(field) {
  const most = Number(field.dataset.most);
  const length = [...field.value.normalize("NFC").trim()].length;
  const words = { ...DESK, ...field.form?.dataset };
  const isTold = length > (most > AT_A_GLANCE ? most * NEAR : most);
  const was = lengths.get(field) || 0;
  const note = document.getElementById(`${field.id}-count`) || (isTold ? added(field) : null);
  if (!note) return;
  note.hidden = !isTold;
  note.textContent = (length > most ? words.tooLong : words.counted)
    .replace("{0}", plain(length))
    .replace("{1}", plain(most))
    .replace("{2}", plain(length - most));
  note.classList.toggle("error", length > most);
  field.setCustomValidity(length > SENDABLE ? words.unsendable : "");
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

/** @param {EventTarget | null} one */
const isCounted = (one) =>
  (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement) && one.matches("[data-most]");

function countAll() {
  for (const field of document.querySelectorAll("[data-most]:not([aria-invalid])")) {
    if (isCounted(field)) count(/** @type {HTMLInputElement} */ (field));
  }
}

addEventListener("input", (event) => {
  if (isCounted(event.target)) count(/** @type {HTMLInputElement} */ (event.target));
});
// Another case is shown beside the list.
addEventListener("desk:shown", countAll);
countAll();
