// @ts-check
// New mails come in at the top by themselves; what is open stays open.

let version = "";

async function look() {
  if (document.hidden) return;
  const answer = await fetch("/", { headers: version ? { "If-None-Match": version } : {} });
  version = answer.headers.get("ETag") || "";
  if (answer.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = document.querySelector("main");
  if (!here) return;
  here.querySelector(".empty")?.remove();
  const mails = [...fresh.querySelectorAll("main > article")].reverse();
  for (const mail of mails) if (!document.getElementById(mail.id)) here.prepend(document.adoptNode(mail));
  document.title = fresh.title;
}

setInterval(() => look().catch(() => {}), 2000);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const output = form.querySelector("output");
  const send = form.querySelector("button");
  if (!output || !send) return;
  send.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  output.textContent = answer ? await answer.text() : "The demo does not answer; is it running?";
  if (answer?.ok) form.querySelector("textarea")?.setAttribute("readonly", "");
  else send.disabled = false;
});
