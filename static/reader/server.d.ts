// What the server puts before a module: the site, the sentences of one language that the module uses, its style sheet.
declare const SITE: import("./dialog.js").Site;
/** Where the service is. */
declare const BASE: string;
/** The words of one language that carry facts, as the class guard has them. */
declare const FACTS: { facts: string; opposites: string; endings: string };
/** How many characters of a quote are sent. */
declare const LONGEST_EXACT: number;
/** How many characters may be typed into each text, and how many are near the limit of none. */
declare const LIMITS: { [name: string]: number };
declare const SHORT: number;
declare const STYLE: string;
declare const words: (typeof import("../../corrections_service/translations/en.json"))["dialog"] & {
  language: string;
  direction: string;
};
declare const SHADOW: "open" | "closed";
