// @ts-check
// The form of the dialog: what is asked, and what was typed into it before.

import { make } from "./elements.js";
import { sentenceOf } from "./quote.js";
import { DRAFT, kept } from "./sending.js";

/** @typedef {import("./quote.js").Quote} Quote */
/** @typedef {import("./dialog.js").Fields} Fields */
/** @typedef {import("./dialog.js").State} State */

const KINDS = ["spelling", "fact", "context", "name", "media", "other"];

/** The form on a quote. @param {Quote | null} quote @param {string} exact */
export const formOf = (quote, exact) => {
  /** @param {string} name @param {string} label @param {any} field */
  const asked = (name, label, field, hint = "") => {
    Object.assign(field, { name, ariaLabel: label, ariaDescription: hint });
    return make("label", {}, label, field, make("small", {}, hint));
  };
  const text = (value = "") => make("textarea", { rows: 2, dir: "auto", autofocus: "" }, value);
  const form = make("form", {}, make("h2", {}, words.title));
  if (quote) {
    const [before, after] = sentenceOf(quote);
    form.append(make("blockquote", { dir: "auto", tabindex: 0 }, before, make("mark", {}, exact), after));
  }
  form.append(
    asked("suggestion", words.should, text(exact)),
    make("p", { class: "diff", dir: "auto" }),
    asked("comment", words.tell, text()),
    asked(
      "kind",
      words.kind,
      make("select", {}, ...KINDS.map((value, at) => make("option", { value }, words.kinds[at]))),
    ),
    asked("source_url", words.source, make("input", { type: "url" })),
    asked("wants_reply", words.reply, make("input", { type: "checkbox" })),
    asked("email", words.email, make("input", { type: "email", autocomplete: "email", required: "" }), words.emailHint),
    make("p", { role: "status" }),
  );
  form.kind.value = quote ? "spelling" : "other";
  return form;
};

/** What was typed here before and not sent. @param {Fields} fields */
export const draftOf = (fields) =>
  kept(DRAFT).findLast((one) => ["url", "exact", "prefix"].every((name) => one.get(name) == fields[name]));

/** Fill in what a report says. @param {any} form @param {State} state @param {URLSearchParams} report */
export const fill = (form, state, report) => {
  for (const [name, value] of report) {
    const field = form.elements[name];
    if (field) field.value = value;
    else state.fields[name] = value;
  }
  state.isChosen = report.has("kind");
  form.wants_reply.checked = report.has("wants_reply");
};
