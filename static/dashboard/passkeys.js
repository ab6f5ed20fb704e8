// @ts-check
// Has the browser make or find a passkey when a form with `data-passkey` is sent, and sends with it what it says.

/** @param {string} text */
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

/** What the service asks for, as the browser takes it. @param {HTMLFormElement} form */
async function options(form) {
  const body = new URLSearchParams({ csrf_token: field(form, "csrf_token").value });
  const answer = await fetch(form.dataset.passkey || "", { method: "POST", body });
  if (!answer.ok) throw new Error(String(answer.status));
  const asked = await answer.json();
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const credential of asked.excludeCredentials || []) credential.id = bytes(credential.id);
  return asked;
}

/** @param {HTMLFormElement} form @param {string} name */
const field = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** What the browser says, as the service reads it. @param {HTMLFormElement} form */
async function credential(form) {
  const publicKey = await options(form);
  const keys = navigator.credentials;
  const made = /** @type {any} */ (await (publicKey.user ? keys.create({ publicKey }) : keys.get({ publicKey })));
  /** @type {Record<string, string>} */
  const response = {};
  for (const part of PARTS) if (made.response[part]) response[part] = text(made.response[part]);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const failure = form.querySelector("[data-failed]");
  const button = form.querySelector("button");
  if (button) button.disabled = true;
  try {
    field(form, "credential").value = await credential(form);
    form.submit();
  } catch {
    if (failure instanceof HTMLElement) failure.textContent = failure.dataset.failed || "";
    if (button) button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!(form instanceof HTMLFormElement) || !window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
