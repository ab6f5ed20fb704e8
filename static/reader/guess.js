// @ts-check
// Guesses of what kind an edit is, as the service does: tests/kinds.json binds both. FACTS has its words.

/** @typedef {{[word: string]: string}} Table */

const LONGEST = 64; // letters that are compared
const BEFORE = 60; // characters before the words, by which it is told whether a capital makes a name
const FEW = 2; // words that come or go as a slip
const ENDING = 4; // letters that a stem can have after it
const A_SLIP = 6; // letters of a word in which one more may be wrong
const ALIKE = 0.6; // of the letters

/** Tables of words and their meaning; a meaning ends with a colon, a stem with a star. @param {string} listed */
const tableOf = (listed) => {
  /** @type {Table} */
  const table = Object.create(null);
  let meaning = "";
  for (const word of listed.split(/\s+/)) {
    if (word.endsWith(":")) meaning = word;
    else table[word] ??= meaning;
  }
  return table;
};

const facts = tableOf(FACTS.facts);
const opposites = tableOf(FACTS.opposites);
const ending = RegExp(`^(?:${FACTS.endings || ".*"})$`, "u");

/**
 * Choose the likeliest kind, until the reader does.
 * @param {import("./dialog.js").Site} _site @param {any} form
 * @param {import("./dialog.js").State} state
 */
export async function choose(_site, form, state) {
  const { suggestion, kind, source_url } = form;
  const { exact, prefix } = state.fields;
  if (state.isChosen) return; // also while this was loaded
  kind.value = guess(exact, suggestion.value, prefix);
  source_url.disabled = source_url.parentNode.hidden = kind.value == "spelling";
}

/**
 * The kind of an edit, of words that stand after a prefix.
 * @param {string} before @param {string} after
 */
export function guess(before, after, prefix = "") {
  const old = wordsOf(before);
  const now = wordsOf(after);
  const gone = without(old, now);
  const come = without(now, old);
  const numbers = [before, after].map((text) => `${text.match(/\p{N}+/gu)}`);
  if (numbers[0] != numbers[1] || states(gone, come) || turns(gone, come)) return "fact";
  const [one] = names(prefix, before, gone);
  const [other] = names(prefix, after, come);
  const isSlip =
    one && other && slips(one.word, other.word) < 2 && (meaningIn(facts, one.word) || meaningIn(facts, other.word));
  if (((one?.certain || other?.certain) && !isSlip) || (one && other && !isAlike(one.word, other.word))) return "name";
  const isFew = Math.max(gone.length, come.length) <= FEW;
  return isAlike(gone.join(""), come.join("")) || ((!gone.length || !come.length) && isFew) ? "spelling" : "context";
}

/** @param {string} text */
const wordsOf = (text) =>
  text
    .toLowerCase()
    .replace(/[’ʼ]/g, "'")
    .match(/[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*/gu) || [];

/** The words of one side that the other lacks. @param {string[]} side @param {string[]} others */
const without = (side, others) => {
  const rest = [...others];
  return side.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
};

/** @param {Table} table @param {string} word */
const meaningIn = (table, word) => {
  if (table[word]) return table[word];
  for (let cut = 0; cut <= ENDING && cut < word.length; cut++) {
    const stem = table[`${word.slice(0, word.length - cut)}*`];
    if (stem && (!cut || !/^\d/.test(stem) || ending.test(word.slice(-cut)))) return stem;
  }
  return "";
};

/**
 * Whether words with a meaning come, go or change; one with a slip does not.
 * @param {string[]} gone @param {string[]} come
 */
const states = (gone, come) => {
  const [had, has] = [gone, come].map((side) => side.filter((word) => word.endsWith("n't") || meaningIn(facts, word)));
  if (had.length == has.length) return had.some((word, at) => meaningIn(facts, word) != meaningIn(facts, has[at]));
  const [more, others] = had.length > has.length ? [had, come] : [has, gone];
  return more.some(
    (word) =>
      !others.some((other) => !meaningIn(facts, other) && slips(word, other) <= 1 + Math.floor(word.length / A_SLIP)),
  );
};

/** Whether words give way to their opposites. @param {string[]} gone @param {string[]} come */
const turns = (gone, come) => {
  const [were, are] = [gone, come].map((side) =>
    side.flatMap((word) => meaningIn(opposites, word).split(/[+:]/)).filter(Boolean),
  );
  return were.some((side) => are.some((other) => side != other && side.split("/")[0] == other.split("/")[0]));
};

/**
 * Changed words with a capital; certain is one where only names have it.
 * @param {string} prefix @param {string} text @param {string[]} changed
 */
const names = (prefix, text, changed) => {
  const found = [];
  const start = prefix.slice(-BEFORE);
  for (const { 0: word, index } of (start + text).matchAll(/\p{Lu}[\p{L}\p{M}]+/gu)) {
    if (index < start.length || !changed.includes(word.toLowerCase())) continue;
    const before = (start + text).slice(0, index);
    found.push({
      word: word.toLowerCase(),
      certain: words.language != "de" && /[^\s.!?…:"'«“„‘(]["'”’»)]*\s+$/.test(before),
    });
  }
  return found;
};

/**
 * How many letters are put in, left out or changed, but for doubled ones and marks.
 * @param {string} one @param {string} other
 */
const slips = (one, other) => {
  const [bare, meant] = [one, other].map((word) =>
    word
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replace(/(.)\1+/gu, "$1"),
  );
  return Math.ceil((bare.length + meant.length - 2 * shared(bare, meant)) / 2);
};

/** @param {string} one @param {string} other */
const isAlike = (one, other) =>
  2 * shared(one.slice(0, LONGEST), other.slice(0, LONGEST)) >=
  ALIKE * Math.min(2 * LONGEST, one.length + other.length);

/** How many letters two words have in the same order. @param {string} one @param {string} other */
const shared = (one, other) => {
  let last = new Array(other.length + 1).fill(0);
  for (const letter of one.slice(0, LONGEST)) {
    const row = [0];
    for (let at = 0; at < Math.min(other.length, LONGEST); at++)
      row.push(letter == other[at] ? last[at] + 1 : Math.max(last[at + 1], row[at]));
    last = row;
  }
  return last[Math.min(other.length, LONGEST)];
};
