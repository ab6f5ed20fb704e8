// @ts-check
// What a reader typed into the dialog in a page that may not send it comes along behind the # of the address, which no
// server sees; here it is put into the form.

const form = document.querySelector("form");
const carried = new URLSearchParams(location.hash.slice(1));

if (form && carried.has("id")) {
  for (const [name, value] of carried) {
    const field = /** @type {any} */ (form.elements.namedItem(name));
    if (field?.type == "checkbox") field.checked = Boolean(value);
    else if (name != "token" && field) field.value = value;
    else if (!field) {
      const more = document.createElement("input");
      Object.assign(more, { type: "hidden", name, value });
      form.append(more);
    }
  }
  // Not in the history, and not once more over what is changed here.
  history.replaceState(null, "", location.pathname + location.search);
}
