// @ts-check
// What the parts of the dialog are made of.

/** @typedef {import("./dialog.js").Fields} Fields */

/** The document's own, whatever a page calls by that name. @param {Document} where @returns {Selection | null} */
export const selectionOf = (where) => Object.getPrototypeOf(where).getSelection.call(where);

/** @param {string} text @param {string} value @param {(event: any) => void} act */
export const button = (text, value, act) => {
  const made = make("button", { type: "button", value }, text);
  made.onclick = act;
  return made;
};

/** @param {string} name @param {Fields} attributes @param {(string | Node)[]} parts @returns {any} */
export const make = (name, attributes = {}, ...parts) => {
  const made = document.createElement(name);
  for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
  made.append(...parts);
  return made;
};

/** A button that copies a text. @param {string} text */
export const copyButton = (text) =>
  button(words.copy, "copy", ({ target }) =>
    navigator.clipboard?.writeText(text).then(() => (target.textContent = words.copied)),
  );

/** Tell the page what happened. @param {string} what */
export const tell = (what, detail = {}) => {
  try {
    document.dispatchEvent(new CustomEvent(`corrections:${what}`, { bubbles: true, detail }));
  } catch {
    // A page with another CustomEvent hears nothing.
  }
};
