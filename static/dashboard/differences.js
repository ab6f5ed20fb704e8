// @ts-check
// Shows beside the table of who may decide what a change of it would change, before it is kept.

const table = document.querySelector("#deciders");
let asked = 0;

table?.addEventListener("change", async () => {
  const mine = ++asked;
  const body = new FormData(/** @type {HTMLFormElement} */ (table.closest("form")));
  body.set("action", "preview");
  const answer = await fetch(location.pathname, { method: "POST", body }).catch(() => null);
  const text = answer?.ok ? await answer.text() : ""; // of what is refused nothing is shown: the button says why
  if (mine != asked) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const parts = page.querySelector("#differences")?.childNodes || [];
  document.querySelector("#differences")?.replaceChildren(...parts);
});
