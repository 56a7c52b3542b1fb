// Years and quantities: bars that are links, and the two ends of a range with its unit.
/** @import { Answer } from "../engine/answer.js" */
/** @import { Histogram } from "../engine/histograms.js" */
/** @import { Made } from "./dom.js" */
/** @import { View } from "./main.js" */
/** @import { State } from "./state.js" */
/** @import { Ends } from "./words.js" */

import { bar, make } from "./dom.js";
import { countsOf } from "./filters.js";
import { addressOf, ranged, rangeOf, toggled } from "./state.js";
import { daysOf, endsOf, number, plainNumber, say } from "./words.js";

/** @typedef {Pick<Answer, "facets">} World */
/** @typedef {{state: State, low: string, high: string, count: number, chosen: boolean}} Bar */

const MOST_BARS = 10;
const LEAST_HEIGHT = 4;
const SPANS = [1, 2, 5, 10, 20, 50, 100];
const YEAR = /^[0-9]{4}$/; // as records have it; bars up to the year 9999999999, if asked for, would have no end

/** Shows the years and all quantities. */
/** @type {(view: View, state: State, answer: Answer, world: World) => void} */
export function showBars(view, state, answer, world) {
  view.form.querySelector("#year-bars").replaceChildren(...histogram(view, yearBars(state, answer, world), ""));
  fill(view.form.querySelector('[data-range="date"]'), daysOf(rangeOf(state, "date")));
  fill(view.form.querySelector('[data-range="size"]'), endsOf(rangeOf(state, "size"), "GB"));
  showQuantities(view, state, answer);
}

/** @type {(state: State, answer: Answer, world: World) => Bar[]} */
function yearBars(state, answer, world) {
  const counts = new Map([...countsOf(answer, "year")].filter(([year]) => YEAR.test(year)).map(([year, count]) => [Number(year), count]));
  const known = new Set([...counts.keys(), ...[...countsOf(world, "year").keys()].filter((year) => YEAR.test(year)).map(Number)]);
  if (!known.size) return [];
  const first = Math.min(...known);
  const last = Math.max(...known);
  const span = SPANS.find((size) => Math.floor(last / size) - Math.floor(first / size) < MOST_BARS) ?? SPANS[SPANS.length - 1];
  /** @type {Bar[]} */
  const bars = [];
  for (let start = Math.floor(first / span) * span; start <= last; start += span) {
    /** @type {number[]} */
    const inside = [];
    for (let year = Math.max(start, first); year <= Math.min(start + span - 1, last); year += 1) inside.push(year);
    const years = inside.filter((year) => known.has(year));
    const values = (years.length ? years : inside).map(String);
    bars.push({
      state: toggled(state, "year", values),
      low: String(inside[0]),
      high: String(inside.at(-1)),
      count: inside.reduce((sum, year) => sum + (counts.get(year) ?? 0), 0),
      chosen: values.every((value) => state.chosen.some(([facet, other]) => facet === "year" && other === value)),
    });
  }
  return bars;
}

/** @type {(view: View, state: State, answer: Answer) => void} */
function showQuantities(view, state, answer) {
  const histograms = new Map(answer.histograms.map((one) => [one.key, one]));
  const known = Object.keys(view.page.quantities);
  const told = [...histograms.keys()].filter((key) => known.includes(key));
  told.push(...known.filter((key) => !histograms.has(key) && rangeOf(state, key)));
  const untold = known.filter((key) => !told.includes(key));
  /** @type {Map<string, Made>} */
  const places = new Map([...view.form.querySelectorAll("[data-quantity]")].map((place) => [place.dataset.quantity, place]));
  arrange(view.told, told.map((key) => places.get(key)));
  arrange(view.untold, untold.map((key) => places.get(key)));
  for (const key of known) showQuantity(view, state, key, histograms.get(key), places.get(key), told.indexOf(key));
}

/** Puts elements into this order without moving those that stand right already, for moving one takes its focus away. */
/** @type {(container: Element, wanted: Element[]) => void} */
function arrange(container, wanted) {
  let next = container.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else container.insertBefore(element, next);
  }
}

/** @type {(view: View, state: State, key: string, found: Histogram | undefined, place: Made, rank: number) => void} */
function showQuantity(view, state, key, found, place, rank) {
  const [, unit] = view.page.quantities[key];
  const asked = rangeOf(state, key);
  const bars = (found?.bars ?? []).map((one) => {
    const [low, high] = [plainNumber(one.low), plainNumber(one.high)];
    const text = `${low}..${high}${unit}`;
    return { state: ranged(state, key, text === asked ? "" : text), low, high, count: one.count, chosen: text === asked };
  });
  place.querySelector("summary small").textContent = found ? number(found.count) : "";
  place.querySelector(".spread").replaceChildren(...histogram(view, bars, unit));
  if (asked || (rank >= 0 && rank < 2 && !view.arranged)) place.open = true;
  fill(place.querySelector(".ends"), endsOf(asked, unit), asked);
}

/** Writes a range into its form, but not under the hands of who is typing there; an empty one keeps the unit. */
/** @type {(ends: Made, range: Ends, asked?: string) => void} */
function fill(ends, { low, high, unit }, asked = "") {
  if (ends.contains(document.activeElement) && document.activeElement?.tagName === "INPUT") return;
  const [first, last] = ends.querySelectorAll("input");
  first.value = low;
  last.value = high;
  const units = ends.querySelector("select");
  if (units && asked && [...units.options].some((option) => option.value === unit)) {
    units.value = unit;
    units.dataset.was = unit;
  }
}

/** @type {(view: View, bars: Bar[], unit: string) => Made[]} */
function histogram({ page, rules }, bars, unit) {
  if (!bars.length) return [];
  const highest = Math.max(...bars.map(({ count }) => count)) || 1;
  const drawn = bars.map(({ state, low, high, count, chosen }) => {
    const stretch = (low === high ? low : say(page.words.range, { low, high })) + (unit ? ` ${unit}` : "");
    const words = `${stretch}: ${number(count)}`;
    const height = count ? Math.max(LEAST_HEIGHT, Math.floor((100 * count) / highest + 0.5)) : 0;
    return make("li", {}, make("a", { href: addressOf(state, rules), title: words, "aria-current": chosen ? "true" : null },
      make("span", { class: "hidden" }, words), bar(height)));
  });
  return [
    make("ol", { class: "bars" }, drawn),
    make("p", { class: "scale", "aria-hidden": "true" },
      make("span", {}, bars[0].low), make("span", {}, /** @type {Bar} */ (bars.at(-1)).high + (unit ? ` ${unit}` : ""))),
  ];
}
