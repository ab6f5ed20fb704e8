// @ts-check
// The ways out of a case: one key does what is likely, and opens the form where something has to be said first.

/** @param {Element} exit @returns {HTMLElement | null} */
function formOf(exit) {
  const name = exit.getAttribute("data-exit") || "";
  return document.getElementById(name == "accept" || name == "decline" ? "decide" : name);
}

function shut() {
  for (const form of document.querySelectorAll(".sheet-open")) form.classList.remove("sheet-open");
}

/** @param {HTMLElement} exit */
function leave(exit) {
  const form = formOf(exit);
  const name = exit.dataset.exit || "";
  if (!form) return;
  const wasOpen = form.matches(".sheet-open") && form.dataset.exit == name;
  shut();
  if (wasOpen) return;
  form.dataset.exit = name;
  if (form instanceof HTMLDetailsElement) form.open = true;
  form.classList.add("sheet-open");
  unchoose(form, name == "accept" ? "decline" : name == "decline" ? "accept" : "none");
  const first = choice(form, name, exit.dataset.class);
  if (first instanceof HTMLInputElement && first.type == "radio" && isMeant(first, name, exit)) {
    choose(first);
    if (name == "accept" && isPlain(first)) return void submit(form);
  }
  first?.focus();
  if (first instanceof HTMLInputElement && name == "same") first.select();
  form.scrollIntoView({ block: "nearest" });
}

/**
 * What the key's own name does not say is never chosen by it: a reader is told no reason that nobody chose.
 * @param {HTMLInputElement} radio
 * @param {string} name
 * @param {HTMLElement} exit
 */
function isMeant(radio, name, exit) {
  if (name == "decline") return radio.checked;
  return name != "accept" || radio.value == exit.dataset.class;
}

/**
 * Lets go of what was chosen on another way out: it may be out of sight.
 * @param {HTMLElement} form
 * @param {string} part
 */
function unchoose(form, part) {
  for (const radio of form.querySelectorAll(`[data-of=${part}] [name=resolution]:checked`)) {
    /** @type {HTMLInputElement} */ (radio).checked = false;
    delete form.dataset.chosen;
  }
}

/**
 * What an exit begins with.
 * @param {ParentNode} form
 * @param {string} name
 * @param {string | undefined} likely
 * @returns {HTMLElement | null}
 */
function choice(form, name, likely) {
  const part = name == "accept" || name == "decline" ? `[data-of=${name}] ` : "";
  const wanted = likely ? `[name=resolution][value=${likely}]:enabled` : "none";
  const isKept = name == "decline" || (form instanceof HTMLElement && form.dataset.kept);
  const chosen = isKept ? `${part}[name=resolution]:checked` : "none";
  const first = `${part}:is(input:not([type=hidden]), select, textarea, button):enabled`;
  return form.querySelector(chosen) || form.querySelector(wanted) || form.querySelector(first);
}

/** @param {HTMLInputElement} radio */
function choose(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Whether nothing has to be said about this choice. @param {HTMLInputElement} radio */
function isPlain(radio) {
  if (radio.matches("[data-public], [data-asks]")) return false;
  return radio.value != "fixed" || !radio.form?.querySelector(".silent");
}

/** @param {HTMLElement} form */
function submit(form) {
  const real = form instanceof HTMLFormElement ? form : form.querySelector("form");
  real?.requestSubmit();
}

addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const exit = target.closest("[data-exit]:is(a)");
  if (exit instanceof HTMLElement) {
    event.preventDefault();
    leave(exit);
  } else if (!target.closest(".sheet-open, dialog")) shut();
});

// A digit chooses; where nothing has to be said, or it was chosen already, that decides.
addEventListener("desk:key", (event) => {
  const radio = /** @type {HTMLLabelElement} */ (event.target).control;
  if (!(radio instanceof HTMLInputElement) || radio.type != "radio" || radio.disabled || !radio.form) return;
  const again = radio.form.dataset.chosen == radio.value || radio.checked;
  choose(radio);
  radio.form.dataset.chosen = radio.value;
  if (again || isPlain(radio)) return submit(radio.form);
  const asked = document.getElementById(radio.dataset.asks || (radio.value == "fixed" ? "why_silent" : "notice"));
  (asked || radio).focus();
});

/**
 * The cases that are offered beside the field of another one's number.
 * @param {Element} field
 */
const offered = (field) =>
  [...(field.closest("details")?.querySelectorAll(".beside button") ?? [])].filter(
    (button) => button instanceof HTMLButtonElement,
  );

// Up and down go from one offered case to the other, and Enter merges.
addEventListener("keydown", (event) => {
  const field = event.target;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(field instanceof HTMLInputElement) || !field.matches("#same [name=into]")) return;
  event.preventDefault();
  const all = offered(field);
  const next = all[all.findIndex((one) => one.value == field.value) + step];
  if (!next) return;
  field.value = next.value;
  field.select();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  next.closest(".beside")?.scrollIntoView({ block: "nearest" });
});

addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.matches("#same [name=into]")) return;
  for (const one of offered(field)) one.closest(".beside")?.toggleAttribute("data-chosen", one.value == field.value);
});

// The reason of a decision that was undone goes with that decision alone.
addEventListener("change", (event) => {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || radio.name != "resolution" || !radio.form?.dataset.kept) return;
  const reason = radio.form.elements.namedItem("reason");
  if (!(reason instanceof HTMLTextAreaElement)) return;
  const isKept = radio.value == radio.form.dataset.kept;
  if (!isKept && reason.value == reason.defaultValue) reason.value = "";
  else if (isKept && !reason.value) reason.value = reason.defaultValue;
});

addEventListener("keydown", (event) => {
  if (event.key != "Escape" || event.defaultPrevented) return;
  shut();
  delete document.getElementById("decide")?.dataset.exit;
});
