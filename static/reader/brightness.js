// @ts-check
// Whether a colour is a light one, where a page writes its colours otherwise than in red, green and blue from 0 to 255.

// From where on a colour is a light one, on the scale of its colour space; one of the rest goes from 0 to 1.
const LIGHT = { lab: 50, oklab: 0.6, rest: 0.5 };
const GAMMA = 2.2; // XYZ is measured by light, and not by what eyes make of it

/**
 * Whether words of this colour, as the browser says it is, stand on a dark page.
 * @param {unknown} site @param {string} color
 */
export async function isLight(site, color) {
  const [, kind, space, said] = /^(\w+)\(([a-z][\w-]*)?(.*)/.exec(color) || ["", "", "", ""];
  const [one = 0, two = 0, three = 0] = (said.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
  if (/^(ok)?(lab|lch)$/.test(kind)) return one > (kind.startsWith("ok") ? LIGHT.oklab : LIGHT.lab);
  // Of XYZ the second is how bright it is.
  const bright = space?.startsWith("xyz") ? two ** (1 / GAMMA) : (one + two + three) / 3;
  return bright > LIGHT.rest;
}
