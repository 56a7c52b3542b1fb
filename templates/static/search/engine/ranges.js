// Ranges in the search language, read as builders/search/language/ranges.py does: `energy:10..14keV`, `size>1GB`, `date:2021-03..`.

/** @import { RangeNode } from "./nodes.js" */
/** @import { Quantity } from "./units.js" */

import { rounded } from "./units.js";
import { BLANK, stripped } from "./words.js";

const AHEAD = "(?= {0,3}[\\-+\u2212.0-9])";
/** A range, `apart` what may be its unit after a blank. */
export const RANGE = new RegExp(
  "(?<minus>-)?(?<name>[A-Za-z][A-Za-z_]{2,20})"
  + `(?<sign>(?::?(?:<=|>=|<|>|=)|:| {1,3}(?:<=|>=|<|>|=)${AHEAD})(?:${AHEAD} {1,3})?)(?<value>[^${BLANK}()"]{1,80})`
  + `(?=(?<apart>[ \u00a0\u202f]{1,3}(?![\\-+.0-9\u2212]|[eE][\\-+]?[0-9])[^${BLANK}()"]{1,20})?)`, "uy");
const ONE = /^(?<number>[-+\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?<unit>[^0-9.].*)?$/u;
const DAY = /^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$/;
const BYTES = /^([kMGTP]?)(i?)B?$/i;
/** @type {Record<string, number>} */
const POWERS = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };
const COUNTED = ["files", "measured"]; // columns of numbers that are no quantities
export const DAYS = ["date", "measured"]; // columns whose values are days
const DAY_ONE = 719163; // 1970-01-01, counted from 0001-01-01 as day 1

/**
 * @typedef {{isRange: (name: string) => boolean, example: (name: string) => string,
 *   read: (name: string, sign: string, value: string) => RangeNode | null}} Ranges
 */

/** The reader of ranges of these quantities: `isRange(name)`, `read(name, sign, value)` and `example(name)`. */
/** @type {(quantities: Record<string, Quantity>) => Ranges} */
export function rangesOf(quantities) {
  /** @type {(name: string) => boolean} */
  const isRange = (name) => ["size", "date", ...COUNTED].includes(name) || Object.hasOwn(quantities, name);

  /** `{type: "range", column, low, high}`, both ends included; null when it cannot be read. */
  /** @type {(name: string, sign: string, value: string) => RangeNode | null} */
  function read(name, sign, value) {
    sign = sign.replace(/ /g, "").replace(/^:+/, "");
    const leading = /^(?:<=|>=|<|>|=)/.exec(value);
    if (!sign && leading) {
      sign = leading[0];
      value = value.slice(sign.length);
    }
    if ((sign === "" || sign === "=") && value.includes("..")) {
      const at = value.indexOf("..");
      return between(name, value.slice(0, at), value.slice(at + 2));
    }
    const found = bounds(name, value, "");
    if (!found) return null;
    const [low, high] = found;
    switch (sign) {
      case "<": return range(name, -Infinity, next(exact(name, value, low), -1));
      case "<=": return range(name, -Infinity, exact(name, value, high));
      case ">": return range(name, next(exact(name, value, high), 1), Infinity);
      case ">=": return range(name, exact(name, value, low), Infinity);
      default: return range(name, low, high);
    }
  }

  /** @type {(name: string, first: string, last: string) => RangeNode | null} */
  function between(name, first, last) {
    if (!first && !last) return null;
    const unit = ONE.exec(last)?.groups?.unit ?? "";
    const low = first ? bounds(name, first, unit) : [-Infinity, -Infinity];
    const high = last ? bounds(name, last, "") : [Infinity, Infinity];
    if (!low || !high) return null;
    const bottom = DAYS.includes(name) || !first ? low[0] : exact(name, first, low[0], unit);
    const top = DAYS.includes(name) || !last ? high[1] : exact(name, last, high[1]);
    return range(name, Math.min(bottom, top), Math.max(bottom, top));
  }

  /** The value itself, as an end of a range is meant; of a date the end of the stretch that it names. */
  /** @type {(name: string, value: string, whole: number, unit?: string) => number} */
  function exact(name, value, whole, unit = "") {
    if (DAYS.includes(name)) return whole;
    const found = ONE.exec(value)?.groups;
    const told = found ? inSi(name, Number(plain(found.number)), found.unit || unit) : null;
    return told ?? whole;
  }

  /** The lowest and the highest value that is written so: a bare value means what rounds to it. */
  /** @type {(name: string, value: string, unit: string) => number[] | null} */
  function bounds(name, value, unit) {
    if (DAYS.includes(name)) return days(value);
    const found = ONE.exec(value)?.groups;
    if (!found) return null;
    const number = plain(found.number);
    const middle = inSi(name, Number(number), found.unit || unit);
    if (middle === null) return null;
    const [mantissa, power = "0"] = number.toLowerCase().split("e");
    const half = 0.5 * Number(`1e${Math.max(-1e6, Number(power)) - (mantissa.split(".")[1] ?? "").length}`);
    const ends = [-half, half].map((step) => inSi(name, Number(number) + step, found.unit || unit));
    return ends.includes(null) ? null : /** @type {number[]} */ (ends);
  }

  /** @type {(name: string, value: number, unit: string) => number | null} */
  function inSi(name, value, unit) {
    if (name === "files") return !stripped(unit) && Number.isFinite(value) ? value : null;
    if (name === "size") {
      const found = BYTES.exec(stripped(unit));
      const bytes = found ? value * (found[2] ? 1024 : 1000) ** POWERS[found[1].toLowerCase()] : NaN;
      return Number.isFinite(bytes) ? bytes : null;
    }
    const found = quantities[name].toSi(value, stripped(unit));
    return found !== null && Number.isFinite(found) ? rounded(found, 12) : null;
  }

  /** @type {(name: string) => string} */
  function example(name) {
    if (name === "size") return "size>1GB";
    if (DAYS.includes(name)) return `${name}:2021-03..2021-06`;
    if (name === "files") return "files>1000";
    const { unit } = quantities[name];
    return `${name}:1..2${unit} or ${name}<2${unit}`;
  }

  return { isRange, read, example };
}

/** @type {(column: string, low: number, high: number) => RangeNode} */
const range = (column, low, high) => ({ type: "range", column, low, high });
/** @type {(number: string) => string} */
const plain = (number) => number.replaceAll("\u2212", "-");

/** The first and the last day of a year, a month or a day, counted from 0001-01-01. */
/** @type {(value: string) => number[] | null} */
function days(value) {
  const found = DAY.exec(value);
  if (!found) return null;
  const [year, month, day] = [found[1], found[2], found[3]].map((part) => Number(part ?? 0));
  const first = ordinal(year, month || 1, day || 1);
  const last = day ? ordinal(year, month || 12, day) : ordinal(year, (month || 12) + 1, 0);
  return year < 1 || month > 12 || first === null || last === null ? null : [first, last];
}

/**
 * The number of a day; null when the calendar has none. Day 0 of a month is the last of the one before.
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @returns {number | null}
 */
export function ordinal(year, month, day) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  if (day > 0 && (moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day)) return null;
  return moment.getTime() / 86_400_000 + DAY_ONE;
}

/**
 * The double next to a value, above it or below it.
 * @param {number} value
 * @param {1 | -1} way
 * @returns {number}
 */
export function next(value, way) {
  if (!Number.isFinite(value)) return value === Infinity * way ? value : -way * Number.MAX_VALUE;
  if (value === 0) return way * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 === way > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
