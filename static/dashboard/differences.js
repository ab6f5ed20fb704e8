// @ts-check
// Shows beside the table of who may decide what a change of it would change, before it is kept.

const table = document.querySelector("#deciders");
let asked = 0;

table?.addEventListener("change", async () => {
  const mine = ++asked;
  const body = new FormData(/** @type {HTMLFormElement} */ (table.closest("form")));
  body.set("action", "preview");
  const answer = await fetch(location.pathname, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || mine != asked) return; // the button says what is wrong
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = page.querySelector("#differences");
  if (shown) document.querySelector("#differences")?.replaceChildren(...shown.childNodes);
});
