// The periodic table under the keys: one stop of the Tab key, and the arrows go from cell to cell.

/** Lets arrow keys, Home and End move through a grid of check boxes. */
/** @type {(table: HTMLElement) => void} */
export function arrowKeys(table) {
  const boxes = [...table.querySelectorAll("input")];
  /** @type {(box: HTMLInputElement) => void} */
  const stop = (box) => boxes.forEach((one) => { one.tabIndex = one === box ? 0 : -1; });
  stop(boxes[0]);
  table.addEventListener("focusin", (/** @type {any} */ { target }) => { if (boxes.includes(target)) stop(target); });
  table.addEventListener("keydown", (/** @type {any} */ event) => {
    const at = boxes.indexOf(event.target);
    const next = at < 0 ? null : /** @type {Record<string, () => HTMLInputElement | null | undefined>} */ ({
      ArrowRight: () => boxes[at + 1],
      ArrowLeft: () => boxes[at - 1],
      ArrowDown: () => nearest(boxes, boxes[at], 1),
      ArrowUp: () => nearest(boxes, boxes[at], -1),
      Home: () => boxes[0],
      End: () => boxes.at(-1),
    })[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

/** The box above (-1) or below (1) another, as the eye sees it. */
/** @type {(boxes: HTMLInputElement[], from: HTMLInputElement, way: 1 | -1) => HTMLInputElement | null} */
function nearest(boxes, from, way) {
  const here = from.getBoundingClientRect();
  const [x, y] = [here.left + here.width / 2, here.top + here.height / 2];
  /** @type {HTMLInputElement | null} */
  let best = null;
  let least = Infinity;
  for (const box of boxes) {
    const there = box.getBoundingClientRect();
    const down = (there.top + there.height / 2 - y) * way;
    const aside = Math.abs(there.left + there.width / 2 - x);
    if (down > here.height / 2 && aside < here.width && down < least) [best, least] = [box, down];
  }
  return best;
}
