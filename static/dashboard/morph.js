// @ts-check
// Makes an element like a newer one, step by step, so that the focus, a tick and the place in a list stay as they are.

/** @param {Element} old @param {Element} fresh */
function sameAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) != value) old.setAttribute(name, value);
}

/** @param {Node} one */
const kind = (one) => (one instanceof Element ? one.tagName : one.nodeType);

/** @param {Element} old @param {Element} fresh */
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  sameAttributes(old, fresh);
  const wanted = [...fresh.childNodes];
  while (old.childNodes.length > wanted.length) old.lastChild?.remove();
  wanted.forEach((node, index) => {
    const here = old.childNodes[index];
    if (!here) old.append(node);
    else if (kind(here) != kind(node)) here.replaceWith(node);
    else if (here instanceof Element) morph(here, /** @type {Element} */ (node));
    else if (here.nodeValue != node.nodeValue) here.nodeValue = node.nodeValue;
  });
}

/** @param {string} html @returns {DocumentFragment} */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
