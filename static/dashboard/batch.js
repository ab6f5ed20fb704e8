// @ts-check
// Shows how far it is, until it is over; without this the page is loaded anew.

const PAUSE = 700;

async function look() {
  const shown = document.getElementById("batch");
  if (!shown || shown.matches("[data-over]")) return;
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("batch");
  if (answer.ok && now && now.innerHTML != shown.innerHTML) {
    const focused = document.activeElement?.getAttribute("data-key");
    shown.replaceWith(document.importNode(now, true));
    document.title = page.title;
    const again = focused && document.querySelector(`#batch [data-key="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus();
  }
  setTimeout(go, PAUSE);
}

function go() {
  look().catch(() => setTimeout(go, 5 * PAUSE));
}

setTimeout(go, PAUSE);
