// Units as people write them and the quantities that can be searched, by the tables of the build (ontologies/units.py).

import { stripped } from "./words.js";

const MINUS_ONE = /(?<=[A-Za-zÅµ%°])\s*(?:\^|\*\*)?\s*\(?(?:[-−])([1-3])\)?(?![0-9.])/g;
const POWER = /\s*(?:\^|\*\*)\s*\(?([23])\)?(?![0-9.])/g;
const BARE_POWER = /(?<=[A-Za-zÅ])([23])(?![0-9.])/g;
/** @type {Record<string, string>} */
const RAISED = { 2: "²", 3: "³" };
/** @type {Record<string, string>} */
const RAISED_MINUS = { 1: "⁻¹", 2: "⁻²", 3: "⁻³" };
/** @type {Record<string, string>} */
const MEANT_TOO = { A: "Å", C: "°C" };
const TOO_LONG = 60;

/** @typedef {[string, number, number]} Scale kind, factor and offset of a unit */
/** @typedef {{key: string, label: string, kind: string, unit: string}} Told what the build tells of a quantity */
/** @typedef {Told & {toSi: (value: number, unit: string) => number | null, fromSi: (value: number) => number}} Quantity */
/** @typedef {{units: {exact: Record<string, Scale>, folded: Record<string, Scale>}, quantities: Told[]}} UnitTables */

/**
 * The quantities by their keys, of the build's `units` (`exact` and `folded`: spelling to `[kind, factor, offset]`) and
 * `quantities` (`{key, label, kind, unit}`); each gets `toSi(value, unit)` and `fromSi(value)`.
 */
/** @type {(tables: UnitTables) => Record<string, Quantity>} */
export function quantitiesOf({ units, quantities }) {
  /** @type {(written: string | undefined) => {kind: string, factor: number, offset: number} | null} */
  function interpret(written) {
    if (!written || written.length > TOO_LONG) return null;
    const plain = plainUnit(written);
    const found = own(units.exact, plain) ?? own(units.folded, plain.toLowerCase());
    return found ? { kind: found[0], factor: found[1], offset: found[2] } : null;
  }

  /** A value in another unit of the same kind; where a length is wanted, `A` is ångström. Null when there is none. */
  /** @type {(value: number, written: string, wanted: string) => number | null} */
  function converted(value, written, wanted) {
    const want = interpret(wanted);
    const have = interpret(own(MEANT_TOO, stripped(written)));
    if (!have || !want || have.kind !== want.kind) return null;
    if (have.factor === want.factor && have.offset === want.offset) return value;
    const found = have.offset === 0 && want.offset === 0
      ? value * (have.factor / want.factor)
      : (value * have.factor + have.offset - want.offset) / want.factor;
    return Number.isFinite(found) ? rounded(found, 14) : null;
  }

  /** @type {Record<string, Quantity>} */
  const byKey = {};
  for (const quantity of quantities) {
    const own = interpret(quantity.unit);
    if (!own) throw new Error(`${quantity.unit} is no unit`);
    /** @type {(value: number, unit: string) => number | null} */
    const toSi = (value, unit) => {
      const meant = unit ? interpret(unit) : own;
      if (meant && meant.kind === quantity.kind) return value * meant.factor + meant.offset;
      const found = unit ? converted(value, unit, quantity.unit) : null;
      return found === null ? null : toSi(found, "");
    };
    /** @type {(value: number) => number} */
    const fromSi = (value) => rounded((value - own.offset) / own.factor, 12);
    byKey[quantity.key] = { ...quantity, toSi, fromSi };
  }
  return byKey;
}

/** What a table holds under a name; not what every object has, such as `constructor`. */
/** @type {<T>(table: Record<string, T>, name: string) => T | undefined} */
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

/**
 * A number with so many significant digits, as Python's format writes it: halves go to the even digit.
 * @param {number} value
 * @param {number} digits
 * @returns {number}
 */
export function rounded(value, digits) {
  if (!Number.isFinite(value) || value === 0) return value;
  const shown = value.toPrecision(digits);
  const [mantissa, power = "0"] = value.toExponential(Math.min(100, digits + 30)).split("e");
  const all = mantissa.replace(/[-.]/g, "");
  if (!/^50*$/.test(all.slice(digits)) || Number(all[digits - 1]) % 2) return Number(shown);
  return Number(`${value < 0 ? "-" : ""}${all.slice(0, digits)}e${Number(power) - digits + 1}`); // the even one is below
}

/** One spelling of mu, ångström, powers, products and blanks. */
/**
 * One spelling of mu, ångström, powers, products and blanks.
 * @type {(written: string) => string}
 */
export function plainUnit(written) {
  let text = written.replaceAll("\u212b", "Å").replaceAll("\u03bc", "µ").normalize("NFC");
  text = stripped(text).replace(/^[[\]()]+|[[\]()]+$/g, "");
  text = text.replaceAll("\u2212", "-").replaceAll("⋅", "·").replaceAll("×", "·").replaceAll("⁻ ", "⁻");
  text = text.replace(MINUS_ONE, (_, power) => RAISED_MINUS[power]);
  text = text.replace(POWER, (_, power) => RAISED[power]).replace(BARE_POWER, (_, power) => RAISED[power]);
  return stripped(text.replace(/\s+/g, " ").replace(/\s*\/\s*/g, "/"));
}
