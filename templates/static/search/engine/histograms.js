// How the quantities of what was found are spread: the bars of a small histogram (site/search/histogram.py).

/** @import { Columns } from "./columns.js" */
/** @import { Narrowed } from "./evaluate.js" */
/** @import { SearchRequest } from "./request.js" */
/** @import { Quantity } from "./units.js" */

import { inside } from "./columns.js";
import { rounded } from "./units.js";

/**
 * @typedef {{key: string, label: string, unit: string, count: number,
 *   bars: {low: number, high: number, count: number}[]}} Histogram
 */

const MOST_SHOWN = 5;
const BARS = 8;
const DIGITS = 3;
const LOGARITHMIC = 50;

/** The quantities that most of what was found tells, at most five; those with a range always, over all without it. */
/**
 * @type {(columns: Columns, found: Narrowed, request: SearchRequest, quantities: Record<string, Quantity>) =>
 *   Promise<Histogram[]>}
 */
export async function histogramsOf(columns, found, request, quantities) {
  const chosen = new Set(request.ranges.map(([name]) => name).filter((name) => columns.numbers.includes(name)));
  const facet = await columns.facet("told");
  const counts = columns.counts(facet, found.mask);
  /** @type {{key: string, count: number, free: any}[]} */
  const counted = [];
  for (const key of columns.numbers) {
    const here = chosen.has(key) ? columns.counts(facet, found.without(key)) : counts;
    const count = here[facet.labels.indexOf(key)];
    if (count) counted.push({ key, count, free: !chosen.has(key) });
  }
  counted.sort((one, other) => one.free - other.free || other.count - one.count || (one.key < other.key ? -1 : 1));
  const shown = counted.filter(({ free }, place) => place < MOST_SHOWN || !free);
  return Promise.all(shown.map(({ key, count }) => histogram(columns, found.without(key), quantities[key], count)));
}

/** @type {(columns: Columns, mask: Uint8Array, quantity: Quantity, count: number) => Promise<Histogram>} */
async function histogram(columns, mask, quantity, count) {
  const column = await columns.quantity(quantity.key);
  const ofLabels = columns.counts(column, mask);
  const values = column.labels.filter((_, place) => ofLabels[place]);
  const ends = endsOf(quantity.fromSi(values[0]), quantity.fromSi(values.at(-1)));
  const ofSets = new Uint32Array(column.sets.length);
  for (let row = 0; row < mask.length; row += 1) ofSets[column.rows[row]] += mask[row];
  const bars = ends.slice(1).map((high, at) => {
    const [bottom, top] = [ends[at], high].map((end) => rounded(/** @type {number} */ (quantity.toSi(end, "")), 12));
    const within = inside(column, bottom, top);
    return { low: ends[at], high, count: ofSets.reduce((sum, times, set) => sum + (within[set] ? times : 0), 0) };
  });
  return { key: quantity.key, label: quantity.label, unit: quantity.unit, count, bars };
}

/** The ends of the bars, round numbers that hold all between the lowest and the highest value. */
/** @type {(low: number, high: number) => number[]} */
function endsOf(low, high) {
  if (low === high) return [toDigits(low, -1), toDigits(high, 1)];
  /** @type {(step: number) => number} */
  let inner = (step) => low + ((high - low) * step) / BARS;
  if (low > 0 && high / low > LOGARITHMIC) {
    const [first, last] = [Math.log10(low), Math.log10(high)];
    inner = (step) => 10 ** (first + ((last - first) * step) / BARS);
  }
  const ends = [toDigits(low, -1), toDigits(high, 1)];
  for (let step = 1; step < BARS; step += 1) ends.push(toDigits(inner(step), 0));
  return [...new Set(ends)].sort((one, other) => one - other);
}

/** A value with three digits, down (-1), up (1) or to the nearest (0). */
/** @type {(value: number, way: -1 | 0 | 1) => number} */
function toDigits(value, way) {
  if (value === 0) return 0;
  let near = rounded(value, DIGITS);
  const step = Number(`1e${Number(value.toExponential().split("e")[1]) - DIGITS + 1}`);
  if (way < 0 && near > value) near -= step;
  if (way > 0 && near < value) near += step;
  return rounded(near, DIGITS + 1);
}
