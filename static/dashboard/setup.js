// @ts-check
// Offers the time zone of who sets the service up, in the place of the one that stands for none.

/** What browsers still call by a former name. */
const RENAMED = new Map([["Europe/Kiev", "Europe/Kyiv"]]);

const field = /** @type {HTMLInputElement} */ (document.getElementById("zone"));
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

if (field.value == "UTC" && timeZone) field.value = RENAMED.get(timeZone) || timeZone;
