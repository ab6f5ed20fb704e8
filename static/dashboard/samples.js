// @ts-check
// Shows below each sentence of a site's own what readers read, while it is typed.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-fillings]"));
/** @type {Record<string, string>} */
const fillings = JSON.parse(form?.dataset.fillings || "{}");

for (const output of form?.querySelectorAll("output") || []) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(output.htmlFor.value));
  const show = () => {
    const read = (field.value || field.placeholder).replace(/(\{\w+\})(\.?)/g, (_, place, stop) => {
      const filling = fillings[place] ?? place;
      return filling.endsWith(".") ? filling : filling + stop; // "2026 р." brings its own
    });
    if (output.value != read) output.value = read; // what did not change is not announced
  };
  field.addEventListener("input", show);
  show(); // it may have been typed, or brought back by the browser, before this ran
}
