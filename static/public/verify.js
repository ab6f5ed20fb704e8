// @ts-check
// Checks a downloaded log in the browser: nothing is sent anywhere (docs/log.md says how a log is written down).

const outcome = /** @type {HTMLElement} */ (document.getElementById("outcome"));
const input = /** @type {HTMLInputElement} */ (document.getElementById("log"));
const FIRST = "0".repeat(64);
const OTHER = /^\{"checkpoint":|"signature":"|^\{"end":|\{"entries":/;

/** The one way to write a value down: sorted keys, no spaces (RFC 8785). @param {any} value @returns {string} */
const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical)}]`
    : value && typeof value == "object"
      ? `{${Object.keys(value)
          .sort()
          .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`
      : JSON.stringify(value);

/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text);

/** The bytes of base64url, which there is one way alone to write. @param {string} value */
const unpacked = (value) => {
  const binary = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  if (btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") != value) throw new SyntaxError(value);
  return Uint8Array.from(binary, (one) => one.charCodeAt(0));
};

/** @param {string} text */
const digest = async (text) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** True, false, or null where this browser cannot tell. @param {any} line */
async function isSigned({ checkpoint, key, signature }) {
  try {
    const publicKey = await crypto.subtle.importKey("raw", unpacked(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", publicKey, unpacked(signature), bytesOf(canonical(checkpoint)));
  } catch (error) {
    return /** @type {Error} */ (error).name == "NotSupportedError" ? null : false;
  }
}

/** The lines of a file as bytes, each with its end. @param {Uint8Array} bytes */
function* linesOf(bytes) {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** What is wrong first, by the number of the entry where it is. */
class BadLog extends Error {
  /** @param {number} entry */
  constructor(entry) {
    super();
    this.entry = entry;
  }
}

/**
 * Check a whole log. Throws a BadLog.
 * @param {Uint8Array} bytes
 */
export async function check(bytes) {
  let [entries, signedUpTo, head, hasEnded, areUnsigned] = [0, 0, FIRST, false, false];
  /** @type {Set<string>} */
  const keys = new Set();
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const bytesOfLine of linesOf(bytes)) {
    const loose = new TextDecoder().decode(bytesOfLine);
    const broken = () => new BadLog(!loose.startsWith('{"entry":') && OTHER.test(loose) ? entries : entries + 1);
    if (hasEnded) throw new BadLog(entries);
    /** @type {any} */
    let line;
    try {
      const text = strict.decode(bytesOfLine);
      line = JSON.parse(text);
      if (`${canonical(line)}\n` != text) throw broken();
    } catch {
      throw broken();
    }
    if (line.entry) {
      const isNext = line.entry.number == entries + 1 && line.entry.previous == head;
      if (!isNext || (await digest(canonical(line.entry))) != line.hash) throw new BadLog(entries + 1);
      entries += 1;
      head = line.hash;
    } else if (line.checkpoint) {
      const isHere = line.checkpoint.entries == entries && line.checkpoint.hash == head;
      const signed = isHere && (await isSigned(line));
      if (signed === false) throw new BadLog(entries);
      areUnsigned ||= signed === null;
      if (signed) signedUpTo = entries;
      keys.add(line.key);
    } else if (line.end) {
      if (line.end.entries != entries || line.end.hash != head) throw new BadLog(entries);
      hasEnded = true;
    } else throw broken();
  }
  if (!hasEnded) throw new BadLog(entries);
  return { entries, signedUpTo, keys, areUnsigned };
}

/** @param {File} file */
async function tell(file) {
  const said = outcome.dataset;
  /** @param {number} value */
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  try {
    const { entries, signedUpTo, keys, areUnsigned } = await check(new Uint8Array(await file.arrayBuffer()));
    const own = new Set([...document.querySelectorAll("[data-log-key]")].map((one) => one.textContent));
    const parts = [(said.good || "").replace("{0}", number(entries)).replace("{1}", number(signedUpTo))];
    if (signedUpTo < entries) parts.push(said.beyond || "");
    if (areUnsigned) parts.push(said.unsigned || "");
    const isOther = [...keys].some((key) => !own.has(key));
    if (isOther) parts.push(said.otherKey || "");
    outcome.textContent = parts.join(" ");
    outcome.className = isOther || (entries && !signedUpTo) ? "summary" : "done";
  } catch (error) {
    if (!(error instanceof BadLog)) throw error;
    outcome.textContent = (said.bad || "").replace("{0}", number(error.entry));
    outcome.className = "summary";
  }
  outcome.dataset.checked = file.name;
}

if (input)
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) tell(file);
  });
