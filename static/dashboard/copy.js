// @ts-check
// A button that copies the text of another element; without this script there is no such button.

import { say } from "./words.js";

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  const words = document.getElementById(button.dataset.copy || "")?.textContent || "";
  const before = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words);
    button.textContent = say("copied");
    button.addEventListener("blur", () => (button.textContent = before), { once: true });
  });
}
