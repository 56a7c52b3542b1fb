// Where the keyboard was, found again after a part of the page was made anew.

const PARTS = ["chosen", "first-lists", "lists", "year-bars", "told", "untold", "results", "notes"];

/** @typedef {{element: HTMLElement, part: string, named: any, place: number}} Focus */

/** The place of the focus, in words that outlive the elements; null when it is in no part that is made anew. */
/** @type {() => Focus | null} */
export function rememberFocus() {
  const at = /** @type {HTMLInputElement} */ (document.activeElement);
  const part = PARTS.map((id) => document.getElementById(id)).find((one) => one?.contains(at));
  if (!part) return null;
  const named = at.name ? { name: at.name, value: at.value } : null;
  return { element: at, part: part.id, named, place: stops(part).indexOf(at) };
}

/** Puts the focus back: on the same thing, else on what stands in its place now, else on `otherwise`. */
/** @type {(focus: Focus | null, otherwise: HTMLElement) => void} */
export function restoreFocus(focus, otherwise) {
  if (!focus || focus.element.isConnected) return;
  const here = stops(document.getElementById(focus.part));
  const same = focus.named && here.find((one) => one.name === focus.named.name && one.value === focus.named.value);
  const rest = same && same.closest("details.rest:not([open])");
  if (rest) rest.open = true;
  const next = same ?? (focus.named ? null : here[Math.min(focus.place, here.length - 1)]);
  (next ?? otherwise).focus({ preventScroll: true });
}

/** @type {(part: any) => any[]} */
function stops(part) {
  return [...part.querySelectorAll("a[href], input, select, summary, button")];
}
