// @ts-check
// What the reader changes, shown while they type: by words, and by characters where words have no spaces between them.

const UNSPACED =
  "[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}]";
const PARTS = new RegExp(`${UNSPACED}\\p{M}*|\\s+|(?:(?!${UNSPACED})\\S)+`, "gu");
const ENDS_UNSPACED = new RegExp(`${UNSPACED}\\p{M}*$`, "u");
const MOST = 250_000; // pairs of parts that are compared; beyond that the whole of it is replaced
const AROUND = 12; // parts shown on each side

/** @typedef {import("./dialog.js").Site} Site */
/** @typedef {import("./dialog.js").State} State */

/**
 * Show it in the dialog, and have its kind guessed.
 * @param {Site} site @param {any} form @param {State} state
 */
export async function show(site, form, state) {
  const { make } = await site.load("dialog");
  const { exact: before, remove } = state.fields;
  const after = form.suggestion.value;
  if (!state.isChosen) site.run("guess", "choose", form, state);
  const all = changes(before.match(PARTS) || [], after.match(PARTS) || []);
  const shown = all.flatMap(([same, gone, come], at) => {
    const near = at == 0 ? same.slice(-AROUND) : at == all.length - 1 ? same.slice(0, AROUND) : same;
    const struck = gone.join("");
    const space = struck && come.length && !ENDS_UNSPACED.test(struck) ? " " : "";
    return [
      near.join(""),
      ...(struck ? [make("del", {}, struck)] : []),
      space,
      ...(come.length ? [make("ins", {}, come.join(""))] : []),
    ];
  });
  form.querySelector(".diff").replaceChildren(...shown);
  if (remove) site.run("remove", "tell", form);
}

/** @typedef {[string[], string[], string[]]} Change What is the same, and what goes and comes after it. */

/** @param {string[]} a @param {string[]} b @returns {Change[]} */
function changes(a, b) {
  let start = 0;
  let end = 0;
  while (start < Math.min(a.length, b.length) && a[start] == b[start]) start++;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] == b[b.length - 1 - end]) end++;
  const inner = compared(a.slice(start, a.length - end), b.slice(start, b.length - end));
  /** @type {Change[]} */
  const found = [[a.slice(0, start), [], []]];
  for (const [gone, come, same] of inner) {
    const [, struck, written] = /** @type {Change} */ (found.at(-1));
    struck.push(...gone);
    written.push(...come);
    if (!same.length) continue;
    // Two changes with a space between them are one, and so they read.
    if (same.join("").trim()) {
      found.push([same, [], []]);
      continue;
    }
    struck.push(...same);
    written.push(...same);
  }
  if (
    found
      .at(-1)
      ?.slice(1)
      .some((part) => part.length)
  )
    found.push([[], [], []]);
  found.at(-1)?.[0].push(...a.slice(a.length - end));
  return found;
}

/**
 * The longest common parts of two texts, each with what goes and comes before it.
 * @param {string[]} a @param {string[]} b @returns {[string[], string[], string[]][]}
 */
function compared(a, b) {
  if (a.length * b.length > MOST) return [[a, b, []]];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] == b[j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  /** @type {[string[], string[], string[]][]} */
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    /** @type {[string[], string[], string[]]} */
    const [gone, come, same] = [[], [], []];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] == b[j])) {
      if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1]))
        gone.push(a[i++]);
      else come.push(b[j++]);
    }
    while (i < a.length && j < b.length && a[i] == b[j]) {
      same.push(a[i++]);
      j++;
    }
    found.push([gone, come, same]);
  }
  return found;
}
