// @ts-check
// The form of the dialog: what is asked, and what was typed into it before.

import { make } from "./elements.js";
import { sentenceOf } from "./quote.js";
import { DRAFT, kept } from "./sending.js";

/** @typedef {import("./quote.js").Quote} Quote */
/** @typedef {import("./dialog.js").Fields} Fields */

const KINDS = ["spelling", "fact", "context", "name", "media", "other"];
export const LONGEST = 2000; // characters that may be suggested
const LONGEST_COMMENT = 1000;

/**
 * The form on a quote, with what the report before it on this page said of its reader.
 * @param {Quote | null} quote @param {string} exact @param {URLSearchParams} [carried]
 */
export const formOf = (quote, exact, carried) => {
  /** @param {string} name @param {string} label @param {any} field @param {Node[]} more */
  const asked = (name, label, field, ...more) => {
    Object.assign(field, { name, ariaLabel: label, ariaDescription: more[0]?.textContent });
    return make("label", {}, label, field, ...more);
  };
  const text = (/** @type {number} */ most, value = "") =>
    make("textarea", { maxlength: most, rows: 2, dir: "auto", autofocus: "" }, value);
  const note = (said = "") => make("small", {}, said);
  const form = make("form", {}, make("h2", {}, words.title));
  if (quote) {
    const [before, after] = sentenceOf(quote);
    form.append(make("blockquote", { dir: "auto", tabindex: 0 }, before, make("mark", {}, exact), after));
  }
  form.append(
    asked("suggestion", words.should, text(LONGEST, exact)),
    make("p", { class: "diff", dir: "auto" }),
    asked("comment", words.tell, text(LONGEST_COMMENT), note()),
    asked(
      "kind",
      words.kind,
      make("select", {}, ...KINDS.map((value, at) => make("option", { value }, words.kinds[at]))),
    ),
    asked("source_url", words.source, make("input", { type: "url" })),
    asked("wants_reply", words.reply, make("input", { type: "checkbox" })),
    asked(
      "email",
      words.email,
      make("input", { type: "email", autocomplete: "email", required: "" }),
      note(words.emailHint),
    ),
    make("p", { role: "status" }),
  );
  form.kind.chosen = carried?.get("kind");
  form.kind.value = form.kind.chosen || (quote ? "spelling" : "other");
  form.wants_reply.checked = form.email.value = carried?.get("email") || "";
  return form;
};

/** Bring back what was typed here before and not sent. @param {any} form @param {Fields} fields */
export const restore = (form, fields) => {
  const draft = kept(DRAFT).findLast((one) =>
    ["url", "exact", "prefix"].every((name) => one.get(name) == fields[name]),
  );
  if (!draft) return;
  for (const [name, value] of draft) {
    const field = form.elements[name];
    if (field) field.value = value;
    else fields[name] = value;
  }
  form.kind.chosen = draft.has("kind");
  form.wants_reply.checked = draft.has("wants_reply");
};
