// @ts-check
// What the reader is told when a report is stored.

import { button, copyButton, make, selectionOf, tell } from "./elements.js";

/** @typedef {import("./dialog.js").Site} Site */

const UNDOABLE = 10_000; // milliseconds

/**
 * Say that it is stored, under which reference, and what can be done now.
 * @param {any} dialog @param {{reference: string, status_url: string, readers: number}} answer
 * @param {Site} site @param {(site: Site) => void} open
 */
export const finish = (dialog, { reference, status_url, readers }, site, open) => {
  const told = make("p", { role: "status", tabindex: -1 }, `${words.stored.replace("{0}", reference)}.`);
  const away = () => {
    if (undo.matches(":focus")) told.focus();
    undo.remove();
  };
  const undo = button(words.undo, "undo", async () => {
    away();
    told.textContent = (await site.run("kept", "withdraw", status_url)) || words.broken;
  });
  const another = button(words.another, "another", () => {
    dialog.addEventListener("close", () => {
      selectionOf(document)?.removeAllRanges();
      open(site);
    });
    dialog.close();
  });
  setTimeout(away, UNDOABLE);
  dialog.replaceChildren(
    told,
    make("p", {}, make("a", { href: status_url, target: "_blank" }, words.follow)),
    make(
      "footer",
      {},
      button(words.close, "close", () => dialog.close()),
      copyButton(status_url),
      another,
      undo,
    ),
  );
  told.focus();
  if (readers > 1) site.run("kept", "count", told, readers - 1);
  tell("stored", { reference });
};
