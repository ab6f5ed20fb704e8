// @ts-check
// After the dialog: the Tab key goes on from the selected words, and not from the end of the page.

/** @param {unknown} site @param {Range} range */
export function to(site, range) {
  const near = range.startContainer.parentElement;
  if (near && document.activeElement == document.body && !near.hasAttribute("tabindex")) {
    near.tabIndex = -1;
    near.focus({ preventScroll: true });
    near.blur();
    near.removeAttribute("tabindex");
  }
}
