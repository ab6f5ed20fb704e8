// @ts-check
// A saved answer goes into the field for the readers, behind what was typed there; its decision is chosen with it.

addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-answer]");
  if (!(button instanceof HTMLButtonElement) || !button.form) return;
  const field = button.form.elements.namedItem("reason");
  const radio = button.form.querySelector(`[name=resolution][value="${button.dataset.decision}"]:enabled`);
  if (!(field instanceof HTMLTextAreaElement) || !(radio instanceof HTMLInputElement)) return;
  event.preventDefault();
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const text = button.dataset.answer || "";
  const typed = field.value.trimEnd();
  if (!typed.includes(text)) field.value = typed ? `${typed}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
});
