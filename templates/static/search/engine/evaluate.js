// Which documents a search means: the tree of a query, narrowed by chosen facets and ranges (site/search/evaluate.py).

/** @import { Columns } from "./columns.js" */
/** @import { MostNode, QueryNode } from "./nodes.js" */
/** @import { SearchRequest } from "./request.js" */
/** @import { Hits, Terms } from "./terms.js" */

import { wordWeight } from "./terms.js";

/** @typedef {Hits & {without: (name: string) => Uint8Array}} Narrowed */

const NOT_ALL = "Not every record has all the words; those that have most come first. A + before a word asks for it.";

/** The documents that a node means, `{mask, scores}`; fresh arrays, which the caller may change. */
/** @type {(node: QueryNode, index: {terms: Terms, columns: Columns}, notes: Set<string>) => Promise<Hits>} */
export async function evaluated(node, { terms, columns }, notes) {
  // A beginning is not looked for in identifiers and file names: too many begin alike.
  const every = node.type === "prefix" ? terms.names.filter((name) => name !== "identifier") : terms.names;
  const fields = node.fields?.length ? node.fields : every;
  switch (node.type) {
    case "word": return terms.word(node.text, fields);
    case "phrase": return terms.phrase(node.text, fields);
    case "prefix": return terms.prefix(node.text, fields, notes);
    case "doi": return terms.doi(node.key, node.prefix);
    case "most": return most(node, terms, notes);
    case "and":
    case "or": {
      /** @type {Set<string>[]} */
      const noted = node.nodes.map(() => new Set()); // in the order of the query, whichever file comes first
      const parts = await Promise.all(node.nodes.map((one, at) => evaluated(one, { terms, columns }, noted[at])));
      for (const some of noted) for (const note of some) notes.add(note);
      const [{ mask, scores }, ...others] = parts;
      for (const other of others) {
        for (let row = 0; row < mask.length; row += 1) {
          mask[row] = node.type === "and" ? mask[row] & other.mask[row] : mask[row] | other.mask[row];
          scores[row] += other.scores[row];
        }
      }
      return { mask, scores };
    }
    case "not": {
      const { mask } = await evaluated(node.node, { terms, columns }, notes);
      return unscored(mask.map((one) => 1 - one));
    }
    case "years": return unscored(await columns.inYears(node.first, node.last));
    case "range": return unscored(await columns.inRange(node.column, node.low, node.high));
    case "facet": return unscored(await columns.having(node.facet, node.value));
    default: return unscored(new Uint8Array(columns.count).fill(1));
  }
}

/** What has enough of these words by their weight, half of what the best has; of keywords all, where anything has all. A word that nothing has is left out, with a note. */
/** @type {(node: MostNode, terms: Terms, notes: Set<string>) => Promise<Hits>} */
async function most({ nodes, keywords }, terms, notes) {
  const parts = await Promise.all(nodes.map(({ text }) => terms.word(text, terms.names)));
  const times = parts.map(({ mask }) => mask.reduce((sum, one) => sum + one, 0));
  const weights = times.map((found) => (found ? wordWeight(found, terms.count) : 0));
  const unknown = nodes.filter((_, at) => !times[at]).map(({ text }) => text);
  if (unknown.length && unknown.length < nodes.length) {
    notes.add(`In no record: ${unknown.join(", ")}. The other words were searched.`);
  }
  /** @type {(row: number) => boolean} */
  const all = (row) => parts.every(({ mask }, at) => mask[row] || !times[at]);
  const strict = keywords && !unknown.length
    && parts[0].mask.some((one, row) => one && all(row));
  const found = terms.none();
  const had = new Float64Array(terms.count);
  parts.forEach(({ mask, scores }, at) => {
    for (let row = 0; row < had.length; row += 1) {
      if (!mask[row]) continue;
      found.mask[row] = 1;
      had[row] += weights[at];
      found.scores[row] += scores[row];
    }
  });
  const enough = terms.tables.enough * had.reduce((best, one) => Math.max(best, one), 0);
  let short = false;
  for (let row = 0; row < had.length; row += 1) {
    if (strict ? !all(row) : had[row] < enough) found.mask[row] = 0;
    short ||= found.mask[row] > 0 && !all(row);
  }
  if (short) notes.add(NOT_ALL);
  return found;
}

/**
 * The sets of one search: `mask` is what it finds, `without(name)` what it would without one facet or range; `base` is
 * what its query means.
 * @type {(request: SearchRequest, base: Hits, index: {columns: Columns}) => Promise<Narrowed>}
 */
export async function narrowed(request, { mask: base, scores }, index) {
  const chosen = await Promise.all([
    ...request.choices.map(([name, values]) => having(index.columns, request, name, values)),
    ...request.ranges.map(([name, { low, high }]) => index.columns.inRange(name, low, high)),
  ]);
  const names = [...request.choices, ...request.ranges].map(([name]) => name);
  /** @type {(left: string | null) => Uint8Array} */
  const all = (left) => {
    const mask = base.slice();
    chosen.forEach((part, at) => {
      if (names[at] !== left) for (let row = 0; row < mask.length; row += 1) mask[row] &= part[row];
    });
    return mask;
  };
  const mask = all(null);
  for (let row = 0; row < scores.length; row += 1) if (!base[row]) scores[row] = 0;
  return { mask, scores, without: (name) => (names.includes(name) ? all(name) : mask) };
}

/** @type {(mask: Uint8Array) => Hits} */
const unscored = (mask) => ({ mask, scores: new Float64Array(mask.length) });

/** The documents with one of the chosen values; of elements as the search says: with all, any or only these. */
/** @type {(columns: Columns, request: SearchRequest, name: string, values: string[]) => Promise<Uint8Array>} */
async function having(columns, request, name, values) {
  if (name === "element" && request.elements === "only") return columns.havingOnly(name, values);
  const [found, ...others] = await Promise.all(values.map((value) => columns.having(name, value)));
  const every = name === "element" && request.elements === "all";
  for (const other of others) {
    for (let row = 0; row < found.length; row += 1) {
      found[row] = every ? found[row] & other[row] : found[row] | other[row];
    }
  }
  return found;
}
