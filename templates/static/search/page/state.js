// The state of a search as its address tells it, and the addresses of the searches beside it; the same rules as
// builders/search/language/request.py: defaults are left out, the order is fixed, one state has one address.

const SORTS = ["relevance", "newest", "oldest", "largest", "title"];
const PAGE_SIZE = 20;
const LARGEST_PAGE = 100;
export const DEEPEST = 10000;
const MOST_VALUES = 60; // of one facet: as many are searched
const LONGEST_QUERY = 16384;
const LONGEST_VALUE = 500;

/** @type {Record<string, any>} */
const PLAIN = {
  query: "", chosen: [], ranges: [], elements: "all", sort: "relevance", scope: "publications", view: "list",
  limit: PAGE_SIZE, offset: 0,
};
/** Parameters with a closed list of values: parameter, name in the state, values.
 * @type {[string, string, string[]][]} */
const ONES = [
  ["elements", "elements", ["all", "any", "only"]], ["sort", "sort", SORTS],
  ["in", "scope", ["publications", "datasets"]], ["view", "view", ["list", "compact"]],
];
/** @type {[string, number, number][]} */
const NUMBERS = [["limit", 1, LARGEST_PAGE], ["offset", 0, DEEPEST]];

/** The rules of this page: `facets` and `ranges` are the names of its parameters, in order. */
export function rulesOf(page) {
  return { facets: Object.keys(page.facets), ranges: [...Object.keys(page.quantities), "size", "date"] };
}

/** The state that a query string or parameters tell. */
export function readState(search, rules) {
  const state = { ...PLAIN };
  const chosen = new Map();
  const ranges = new Map();
  for (const [name, raw] of new URLSearchParams(search)) {
    const value = raw.trim();
    if (!value) continue;
    const one = ONES.find(([parameter]) => parameter === name);
    const bounded = NUMBERS.find(([parameter]) => parameter === name);
    if (name === "q") state.query = value.slice(0, LONGEST_QUERY);
    else if (value.length > LONGEST_VALUE) continue;
    else if (rules.facets.includes(name)) chosen.set(`${name}\n${value}`, [name, value]);
    else if (rules.ranges.includes(name)) {
      ranges.delete(name);
      ranges.set(name, value);
    } else if (one && one[2].includes(value)) state[one[1]] = value;
    else if (bounded && /^\d{1,11}$/.test(value)) {
      state[name] = Math.min(Math.max(bounded[1], Number(value)), bounded[2]);
    }
  }
  state.chosen = [...chosen.values()];
  state.ranges = [...ranges];
  if (valuesOf(state, "element").length === 0) state.elements = "all";
  return state;
}

/** The state that is searched: of each facet the first values only; the answer says so when there are more. */
export function bounded(state) {
  const times = {};
  const chosen = state.chosen.filter(([name]) => (times[name] = (times[name] ?? 0) + 1) <= MOST_VALUES);
  return { ...state, chosen };
}

/** What is chosen in a facet. */
export function valuesOf(state, facet) {
  return state.chosen.filter(([name]) => name === facet).map(([, value]) => value);
}

/** What is asked of a quantity, or "". */
export function rangeOf(state, key) {
  return state.ranges.find(([name]) => name === key)?.[1] ?? "";
}

/** The same with these values of a facet chosen or, when all are, with none of them; from the first page. */
export function toggled(state, facet, values) {
  const has = (value) => state.chosen.some(([name, other]) => name === facet && other === value);
  const chosen = values.every(has)
    ? state.chosen.filter(([name, value]) => !(name === facet && values.includes(value)))
    : [...state.chosen, ...values.filter((value) => !has(value)).map((value) => [facet, value])];
  return { ...state, chosen, offset: 0 };
}

/** The same with another range of a quantity, or with none. */
export function ranged(state, key, text) {
  const ranges = state.ranges.filter(([name]) => name !== key);
  return { ...state, ranges: text ? [...ranges, [key, text]] : ranges, offset: 0 };
}

/** The same words in the same scope and order, and nothing else. */
export function cleared(state) {
  return { ...state, chosen: [], ranges: [], elements: "all", offset: 0 };
}

/** The parameters; without the view, what an engine is asked. */
export function parametersOf(state, rules, { view = true } = {}) {
  const found = new URLSearchParams();
  if (state.query) found.append("q", state.query);
  for (const facet of rules.facets) for (const value of valuesOf(state, facet)) found.append(facet, value);
  for (const key of rules.ranges) if (rangeOf(state, key)) found.append(key, rangeOf(state, key));
  for (const [name, key] of ONES) {
    if (state[key] !== PLAIN[key] && (view || name !== "view")) found.append(name, state[key]);
  }
  for (const [name] of NUMBERS) if (state[name] !== PLAIN[name]) found.append(name, String(state[name]));
  return found;
}

/** What a program asks for to have the same results from the first on. */
export function resultParameters(state, rules) {
  return parametersOf({ ...state, offset: 0, limit: PAGE_SIZE }, rules, { view: false });
}

/** The address relative to the page. */
export function addressOf(state, rules) {
  return `?${parametersOf(state, rules)}`;
}
