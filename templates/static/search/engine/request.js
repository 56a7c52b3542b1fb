// What a search asks for, read from the parameters of an address as builders/search/language/request.py reads them.

/** @import { Ranges } from "./ranges.js" */
/** @import { Told } from "./units.js" */
/** @import { Bounds } from "../page/state.js" */

import { stripped } from "./words.js";

/** @typedef {{facets: string[], quantities: Told[], request: Bounds & {single: string[]}}} RequestTables */
/**
 * @typedef {{query: string, choices: [string, string[]][], ranges: [string, {low: number, high: number}][],
 *   elements: string, scope: string, sort: string, limit: number, offset: number, notes: string[]}} SearchRequest
 */

/** A request that cannot be one, such as `limit=x`; the message names the parameter first. */
export class RequestError extends Error {}

/**
 * `{query, choices, ranges, elements, scope, sort, limit, offset, notes}` of URLSearchParams: choices are
 * `[facet, values]`, ranges `[quantity, {low, high}]`. Throws RequestError.
 */
/** @type {(parameters: URLSearchParams, tables: RequestTables, ranges: Ranges) => SearchRequest} */
export function readRequest(parameters, tables, ranges) {
  const bounds = tables.request;
  const names = [...tables.facets, "year"];
  /** @type {Record<string, string>} */
  const one = {};
  /** @type {Record<string, Set<string>>} */
  const chosen = {};
  /** @type {Set<string>} */
  const notes = new Set();
  for (const [name, value] of parameters) {
    if (names.includes(name)) choose(chosen, name, value, bounds, notes);
    else if (bounds.single.includes(name) || ranges.isRange(name)) one[name] = value;
    else notes.add(`“${shortened(name, 40)}” is no parameter of the search; it was left out.`);
  }
  const query = one.q ?? "";
  if (longer(query, bounds.longestQuery)) throw new RequestError(`q: longer than ${bounds.longestQuery} characters`);
  /** @type {SearchRequest["ranges"]} */
  const read = [];
  for (const name of Object.keys(one).filter((found) => !bounds.single.includes(found)).sort()) {
    const value = stripped(one[name]);
    if (!value) continue;
    const range = longer(value, bounds.longestValue) ? null : ranges.read(name, ":", value);
    if (range) read.push([name, range]);
    else notes.add(`“${name}=${shortened(value, 60)}” is no range; it is written ${name}=${example(name, tables)}.`);
  }
  return {
    query,
    choices: names.filter((name) => chosen[name]?.size).map((name) => [name, [...chosen[name]]]),
    ranges: read,
    elements: oneOf("elements", one.elements, bounds.elements),
    scope: oneOf("in", one.in, bounds.scopes),
    sort: oneOf("sort", one.sort, bounds.sorts),
    limit: number("limit", one.limit, bounds.usualLimit, bounds.largestLimit),
    offset: number("offset", one.offset, 0, bounds.deepestOffset),
    notes: [...notes].slice(0, bounds.mostValues),
  };
}

/** @type {(chosen: Record<string, Set<string>>, name: string, value: string, bounds: Bounds, notes: Set<string>) => void} */
function choose(chosen, name, value, { mostValues, longestValue }, notes) {
  if (!value) return;
  chosen[name] ??= new Set();
  if (chosen[name].size >= mostValues || longer(value, longestValue)) {
    notes.add(`Too much is chosen of ${name}; the rest was left out.`);
  } else {
    chosen[name].add(value);
  }
}

/** @type {(name: string, value: string | undefined, allowed: string[]) => string} */
function oneOf(name, value, allowed) {
  if (!value) return allowed[0];
  if (!allowed.includes(value)) throw new RequestError(`${name}: one of ${allowed.join(", ")}`);
  return value;
}

/** @type {(name: string, value: string | undefined, usual: number, most: number) => number} */
function number(name, value, usual, most) {
  if (!value) return usual;
  if (!/^[0-9]{1,12}$/.test(value) || Number(value) > most) {
    throw new RequestError(`${name}: a whole number from 0 to ${most}`);
  }
  return Number(value);
}

/** @type {(name: string, tables: RequestTables) => string} */
function example(name, { quantities }) {
  if (name === "size") return "1GB..10GB";
  return name === "date" ? "2021-03..2021-06" : `1..2${/** @type {Told} */ (quantities.find((one) => one.key === name)).unit}`;
}

/** @type {(text: string, most: number) => string} */
const shortened = (text, most) => (longer(text, most) ? [...text].slice(0, most).join("") : text);
/** @type {(text: string, most: number) => boolean} */
const longer = (text, most) => text.length > most && [...text].length > most;
