// Amounts, years and days in a sentence, as builders/search/language/amounts.py and days.py read them.

/** @import { Ranges } from "./ranges.js" */
/** @import { Condition, Patterns, SentenceTables } from "./sentence.js" */

import { plainUnit } from "./units.js";

/** @typedef {(rest: string, sentence: string) => Generator<Condition>} Reader */
/** @typedef {Record<string, string>} Groups what a pattern found by its names */
/** @typedef {"below" | "above" | "most" | "least"} Sign */

const SHORTEST_SPELT = 3;
const LARGEST_SPELT = 1e15;
/** @type {Record<Sign, Sign>} */
const INVERTED = { below: "least", above: "most", most: "above", least: "below" };
/** @type {Record<string, string>} */
const SIGNS = { below: "<", above: ">", most: "<=", least: ">=" };
/** @type {Record<string, string>} */
const SHOWN = { below: "< ", above: "> ", most: "≤ ", least: "≥ " };
const TELLING = [...Object.keys(SIGNS), "between", "within", "published", "measured"];
const FILES = "files";
const BYTES = /^(?:[kKMGTP]i?B|B)$/;

/** @type {<T>(table: Record<string, T>, name: string) => T | undefined} */
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
/**
 * `not above` is `most`.
 * @type {(sign: string | undefined, negated: boolean) => [string | undefined, boolean]}
 */
const inverted = (sign, negated) => (negated && sign ? [INVERTED[/** @type {Sign} */ (sign)], false] : [sign, negated]);

/**
 * The first place of a pattern from some place on.
 * @type {(pattern: RegExp, text: string, at?: number) => RegExpExecArray | null}
 */
function first(pattern, text, at = 0) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * The readers of amounts and of days; `ranges` are of ranges.js.
 * @type {(tables: SentenceTables, patterns: Patterns, ranges: Ranges) => {amounts: Reader, days: Reader}}
 */
export function amountsOf({ sentence: told, units }, patterns, ranges) {
  /**
   * The conditions that a pattern's places are read as; behind one that is none a place may begin at once.
   * @param {string} rest
   * @param {string} name
   * @param {(groups: Groups, start: number, end: number) => Condition | null} read
   * @returns {Generator<Condition>}
   */
  function* each(rest, name, read) {
    let at = 0;
    for (;;) {
      const found = first(patterns[name], rest, at);
      if (!found) return;
      const condition = read(found.groups ?? {}, found.index, found.index + found[0].length);
      if (condition) yield condition;
      at = condition ? found.index + found[0].length : found.index + 1;
    }
  }

  /** @type {(text: string, name: string, table: Record<string, string>) => string[]} */
  const rolesOf = (text, name, table) => [...text.matchAll(patterns[name])].map(([phrase]) => table[phrase.toLowerCase()]);

  /** @type {Reader} */
  function* amounts(rest, sentence) {
    yield* each(rest, "amount", (groups, start, end) => amount(groups, start, end, sentence));
  }

  /** @type {(groups: Groups, start: number, end: number, sentence: string) => Condition | null} */
  function amount(groups, start, end, sentence) {
    const roles = [...rolesOf(groups.lead, "signs", told.signs), ...rolesOf(groups.tail, "signs", told.signs)];
    const names = roles.filter((role) => role.startsWith("quantity.")).map((role) => role.slice("quantity.".length));
    const signs = roles.map((role) => role.replace(/^tail\./, "")).filter((role) => role in SIGNS);
    const [sign, negated] = inverted(signs.at(-1), roles.includes("not"));
    const low = number(groups.first);
    const high = groups.second === undefined ? undefined : number(groups.second);
    let unit = unitOf(groups.unit);
    const its = groups.its === undefined ? "" : unitOf(groups.its);
    if (unit === null || its === null || (high !== undefined && sign)) return null;
    const spelt = !/^[-−0-9]/.test(groups.first);
    if (spelt && [...unit].length < SHORTEST_SPELT && [...groups.unit].length < SHORTEST_SPELT) return null;
    if (unit === FILES) {
      if (its || !sign) return null; // `three files` are words
      unit = "";
    }
    const value = high === undefined ? `${low}${unit}` : `${low}${its}..${high}${unit}`;
    for (const key of names.length ? names : quantitiesOf(unit || FILES, sentence)) {
      if (!ranges.read(key, ":", value)) continue;
      const guessed = !names.length && !sign && !negated && !(high && roles.includes("between"));
      const range = `${key}${sign ? SIGNS[sign] : ":"}${value}`;
      const begin = guessed ? start + groups.lead.length : start;
      const typed = sentence.slice(begin, end);
      return {
        key, value: high === undefined ? `${sign ? SHOWN[sign] : ""}${low} ${unit}`.trimEnd() : value, negated,
        exact: `${negated ? "-" : ""}${guessed ? `(${range} OR "${typed}")` : range}`, typed, start: begin, end, guessed,
        asRange: guessed ? range : "",
      };
    }
    return null;
  }

  /**
   * A number as the search language writes it; nothing where it is too large for words.
   * @type {(text: string) => string}
   */
  function number(text) {
    let [total, scale, last] = /** @type {[number, number, string]} */ ([0, 0, ""]);
    for (const { 0: word, groups } of text.matchAll(patterns.number)) {
      const lower = word.toLowerCase();
      if (groups?.plain) {
        last = plain(groups.plain);
        scale = Number(last);
      } else if (own(told.times, lower)) {
        scale = (scale || 1) * told.times[lower];
        last = "";
      } else if (own(told.numbers, lower)) {
        total += scale;
        scale = told.numbers[lower];
        last = "";
      }
    }
    const value = total + scale;
    if (last || !(Math.abs(value) < LARGEST_SPELT)) return last;
    return Math.abs(value - Math.round(value)) < 1e-6 ? String(Math.round(value)) : String(value);
  }

  /**
   * A unit as a range has it; null for what is none that both the server and the browser know.
   * @type {(written: string) => string | null}
   */
  function unitOf(written) {
    const unit = own(told.units, written) ?? own(told.units, written.toLowerCase()) ?? written;
    if (BYTES.test(unit) || unit === FILES) return unit;
    const found = plainUnit(unit);
    const meant = own(units.exact, found)
      ?? ([...found].length >= SHORTEST_SPELT ? own(units.folded, found.toLowerCase()) : undefined);
    return meant && !/[\s()"]/.test(found) ? found : null;
  }

  /**
   * What a unit that stands alone may measure here.
   * @type {(unit: string, sentence: string) => string[]}
   */
  function quantitiesOf(unit, sentence) {
    if (BYTES.test(unit)) return ["size"];
    if (unit === FILES) return [FILES];
    const around = new Set(sentence.split(" ").map((word) => word.replace(/^[,;:.!?]+|[,;:.!?]+$/g, "").toLowerCase()));
    const lengths = Object.keys(told.around).filter((key) => told.around[key].some((word) => around.has(word)));
    return [...told.alone, ...lengths];
  }

  /** @type {Reader} */
  function* days(rest, sentence) {
    yield* each(rest, "day", (groups, start, end) => day(groups, start, end, sentence));
  }

  /** @type {(groups: Groups, start: number, end: number, sentence: string) => Condition | null} */
  function day(groups, start, end, sentence) {
    const roles = rolesOf(groups.lead, "days", told.days);
    if (groups.tail) roles.push("least");
    if (!roles.some((role) => TELLING.includes(role))) return null;
    const low = date(groups.first);
    const high = groups.second === undefined ? undefined : date(groups.second);
    if (high === undefined && roles.includes("between")) return null;
    const signs = high === undefined ? roles.filter((role) => role in SIGNS) : [];
    const [sign, negated] = inverted(signs.at(-1), roles.includes("not"));
    const span = high === undefined ? low : `${low}..${high}`;
    let key = "year";
    if (roles.includes("measured") && ranges.read("measured", ":", span)) key = "measured";
    else if (low.length !== 4 || (high ?? low).length !== 4) {
      if (!ranges.read("date", ":", span)) return null;
      key = "date";
    }
    const value = `${sign ? SHOWN[sign] : ""}${span}`;
    const exact = `${negated ? "-" : ""}${key}:${sign ? SIGNS[sign] : ""}${span}`;
    return { key, value, negated, exact, typed: sentence.slice(start, end), start, end, guessed: key === "measured", asRange: "" };
  }

  /**
   * A year, a month or a day as ISO 8601 has it.
   * @type {(text: string) => string}
   */
  function date(text) {
    const found = first(patterns.date, text);
    if (!found) return text;
    const { month, month2, month3, dom, dom2, year } = found.groups ?? {};
    const which = told.months[(month ?? month2 ?? month3).toLowerCase()];
    /** @type {(value: string | number) => string} */
    const two = (value) => String(Number(value)).padStart(2, "0");
    const inMonth = dom ?? dom2;
    return `${year}-${two(which)}${inMonth ? `-${two(inMonth)}` : ""}`;
  }

  return { amounts, days };
}

/**
 * Digits with their thousands run together and a point as the decimal mark.
 * @type {(text: string) => string}
 */
function plain(text) {
  const written = text.replaceAll("−", "-").replaceAll("’", "'");
  const whole = /^-?[0-9]{1,3}(?:[,'][0-9]{3})+(?![0-9])/.exec(written)?.[0] ?? "";
  return (whole.replace(/[,']/g, "") + written.slice(whole.length)).replaceAll(",", ".");
}
