// The state of a search as its address tells it, and the addresses of the searches beside it, by the rules that
// builders/search/language/request.py sends with the page: defaults are left out, the order is fixed, one state has one
// address.

/**
 * What may be asked for; the first of each list is the usual.
 * @typedef {{elements: string[], sorts: string[], scopes: string[], views: string[], usualLimit: number,
 *   largestLimit: number, deepestOffset: number, longestQuery: number, longestValue: number, mostValues: number}} Bounds
 */
/**
 * The rules of a page: `facets` and `ranges` are the names of its parameters, in order.
 * @typedef {{facets: string[], ranges: string[], request: Bounds}} Rules
 */
/**
 * @typedef {{query: string, chosen: [string, string][], ranges: [string, string][], elements: string, sort: string,
 *   scope: string, view: string, limit: number, offset: number}} State
 */
/** @typedef {"elements" | "sort" | "scope" | "view"} Closed a part of the state with a closed list of values */

/**
 * Parameters with a closed list of values: parameter, name in the state, values.
 * @param {Bounds} request
 * @returns {[string, Closed, string[]][]}
 */
const ones = (request) => [
  ["elements", "elements", request.elements], ["sort", "sort", request.sorts],
  ["in", "scope", request.scopes], ["view", "view", request.views],
];

/**
 * Parameters that are numbers, with the least and the most.
 * @param {Bounds} request
 * @returns {["limit" | "offset", number, number][]}
 */
const numbers = (request) => [["limit", 1, request.largestLimit], ["offset", 0, request.deepestOffset]];

/**
 * The state in which nothing is asked.
 * @param {Rules} rules
 * @returns {State}
 */
export function plain({ request }) {
  return {
    query: "", chosen: [], ranges: [], elements: request.elements[0], sort: request.sorts[0], scope: request.scopes[0],
    view: request.views[0], limit: request.usualLimit, offset: 0,
  };
}

/**
 * The rules that a page's data say.
 * @param {{facets: object, quantities: object, request: Bounds}} page
 * @returns {Rules}
 */
export function rulesOf(page) {
  const ranges = [...Object.keys(page.quantities), "size", "date"];
  return { facets: Object.keys(page.facets), ranges, request: page.request };
}

/**
 * The state that a query string or parameters tell.
 * @param {string | URLSearchParams} search
 * @param {Rules} rules
 * @returns {State}
 */
export function readState(search, rules) {
  const { request } = rules;
  const state = plain(rules);
  /** @type {Map<string, [string, string]>} */
  const chosen = new Map();
  /** @type {Map<string, string>} */
  const ranges = new Map();
  for (const [name, raw] of new URLSearchParams(search)) {
    const value = raw.trim();
    if (!value) continue;
    const one = ones(request).find(([parameter]) => parameter === name);
    const bounded = numbers(request).find(([parameter]) => parameter === name);
    if (name === "q") state.query = value.slice(0, request.longestQuery);
    else if (value.length > request.longestValue) continue;
    else if (rules.facets.includes(name)) chosen.set(`${name}\n${value}`, [name, value]);
    else if (rules.ranges.includes(name)) {
      ranges.delete(name);
      ranges.set(name, value);
    } else if (one && one[2].includes(value)) state[one[1]] = value;
    else if (bounded && /^\d{1,11}$/.test(value)) {
      state[bounded[0]] = Math.min(Math.max(bounded[1], Number(value)), bounded[2]);
    }
  }
  state.chosen = [...chosen.values()];
  state.ranges = [...ranges];
  if (valuesOf(state, "element").length === 0) state.elements = request.elements[0];
  return state;
}

/**
 * The state that is searched: of each facet the first values only; the answer says so when there are more.
 * @param {State} state
 * @param {Rules} rules
 * @returns {State}
 */
export function bounded(state, { request }) {
  /** @type {Record<string, number>} */
  const times = {};
  const chosen = state.chosen.filter(([name]) => (times[name] = (times[name] ?? 0) + 1) <= request.mostValues);
  return { ...state, chosen };
}

/**
 * What is chosen in a facet.
 * @param {State} state
 * @param {string} facet
 */
export function valuesOf(state, facet) {
  return state.chosen.filter(([name]) => name === facet).map(([, value]) => value);
}

/**
 * The range that a quantity has to lie in, or "".
 * @param {State} state
 * @param {string} key
 */
export function rangeOf(state, key) {
  return state.ranges.find(([name]) => name === key)?.[1] ?? "";
}

/**
 * The same with these values of a facet chosen or, when all are, with none of them; from the first page.
 * @param {State} state
 * @param {string} facet
 * @param {string[]} values
 * @returns {State}
 */
export function toggled(state, facet, values) {
  const has = (/** @type {string} */ value) => state.chosen.some(([name, other]) => name === facet && other === value);
  /** @type {[string, string][]} */
  const more = values.filter((value) => !has(value)).map((value) => [facet, value]);
  const chosen = values.every(has)
    ? state.chosen.filter(([name, value]) => !(name === facet && values.includes(value)))
    : [...state.chosen, ...more];
  return { ...state, chosen, offset: 0 };
}

/**
 * The same with another range of a quantity, or with none.
 * @param {State} state
 * @param {string} key
 * @param {string} text
 * @returns {State}
 */
export function ranged(state, key, text) {
  const ranges = state.ranges.filter(([name]) => name !== key);
  return { ...state, ranges: text ? [...ranges, [key, text]] : ranges, offset: 0 };
}

/**
 * The same words in the same scope and order, and nothing else.
 * @param {State} state
 * @param {Rules} rules
 * @returns {State}
 */
export function cleared(state, rules) {
  return { ...state, chosen: [], ranges: [], elements: plain(rules).elements, offset: 0 };
}

/**
 * The parameters; without the view, what an engine is sent.
 * @param {State} state
 * @param {Rules} rules
 */
export function parametersOf(state, rules, { view = true } = {}) {
  const found = new URLSearchParams();
  const usual = plain(rules);
  if (state.query) found.append("q", state.query);
  for (const facet of rules.facets) for (const value of valuesOf(state, facet)) found.append(facet, value);
  for (const key of rules.ranges) if (rangeOf(state, key)) found.append(key, rangeOf(state, key));
  for (const [name, key] of ones(rules.request)) {
    if (state[key] !== usual[key] && (view || name !== "view")) found.append(name, state[key]);
  }
  for (const [name] of numbers(rules.request)) if (state[name] !== usual[name]) found.append(name, String(state[name]));
  return found;
}

/**
 * What a program asks for to have the same results from the first on.
 * @param {State} state
 * @param {Rules} rules
 */
export function resultParameters(state, rules) {
  return parametersOf({ ...state, offset: 0, limit: rules.request.usualLimit }, rules, { view: false });
}

/**
 * The address relative to the page.
 * @param {State} state
 * @param {Rules} rules
 */
export function addressOf(state, rules) {
  return `?${parametersOf(state, rules)}`;
}
