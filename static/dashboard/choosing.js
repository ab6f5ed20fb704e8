// @ts-check
// A list of what a field may go on as, chosen from by arrows with Enter or Tab, or by pointer: the field has the focus.

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {HTMLElement} list
 * @param {(option: HTMLElement) => void} take what becomes of the field when one is chosen
 */
export function choosing(field, list, take) {
  /** @type {HTMLElement | null} */
  let chosen = null;
  const isCombobox = field.getAttribute("role") == "combobox";
  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]:not([hidden])")]);

  /** @param {HTMLElement | null} option */
  function point(option) {
    chosen = option;
    for (const one of options()) one.setAttribute("aria-selected", `${one == option}`);
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {boolean} isOpen */
  function set(isOpen) {
    list.hidden = !isOpen;
    if (list.popover) list.togglePopover(isOpen);
    if (isCombobox) field.setAttribute("aria-expanded", `${isOpen}`);
  }

  function hide() {
    point(null);
    set(false);
  }

  /** @param {number} step */
  function move(step) {
    const all = options();
    const at = chosen ? all.indexOf(chosen) : Math.min(-step, 0);
    point(all[(at + step + all.length) % all.length]);
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.isComposing || list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key == "ArrowDown") move(1);
    else if (event.key == "ArrowUp") move(-1);
    else if ((event.key == "Enter" || event.key == "Tab") && chosen) take(chosen);
    else if (event.key == "Escape") hide();
    else return;
    event.preventDefault();
  }

  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => press(/** @type {KeyboardEvent} */ (event)));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = /** @type {Element} */ (event.target).closest("[role=option]");
    if (option instanceof HTMLElement) take(option);
  });
  return { point, hide, show: () => set(true), chosen: () => chosen };
}
