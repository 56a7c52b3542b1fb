// What a search found, put together as /api/search tells it (site/search/answer.py).

/** @import { Columns } from "./columns.js" */
/** @import { Narrowed } from "./evaluate.js" */
/** @import { Wanted } from "./highlight.js" */
/** @import { Histogram } from "./histograms.js" */
/** @import { SearchRequest } from "./request.js" */
/** @import { Hits } from "./terms.js" */
/** @import { WordsOf } from "./words.js" */

import { excerpt, highlighted } from "./highlight.js";

/** @typedef {any[]} CardValues a document's card as its file has it, without names */
/**
 * @typedef {{doi: string, title: string, url: string, creators: string[], creator_count: number, year: number,
 *   day: string | null, instruments: string[], techniques: string[], facility: string | null, datasets: number,
 *   files: number, size_bytes: number, superseded: boolean, publication: string | null}} Shown
 */
/** @typedef {Shown & {abstract: string, told: [string, string][]}} Card */
/**
 * @typedef {Shown & {title_html: string, score: number, highlight: string,
 *   numbers: {label: string, value_words: string}[]}} Result
 */
/** @typedef {{value: string, count: number, chosen: boolean}[]} Counts */
/**
 * @typedef {{query: string, total: number, limit: number, offset: number, sort: string, in: string, results: Result[],
 *   notes: string[], understood: Understood | null, suggestion: string | null, facets: Record<string, Counts>,
 *   histograms: Histogram[]}} Answer
 */
/**
 * @typedef {{key: string, value: string, negated: boolean, typed: string, exact: string,
 *   without: string}} UnderstoodCondition
 */
/** @typedef {{query: string, conditions: UnderstoodCondition[]}} Understood */

const SHOWN_COUNTS = 20;
const SHOWN_CREATORS = 6;
const WHOLE = ["technique", "year", "element"]; // a tree, a time line and a periodic table are made from them

/** The numbers of the documents that were found, in the order that was asked for. */
/** @type {(hits: Hits, sort: string, columns: Columns) => Promise<number[]>} */
export async function ordered({ mask, scores }, sort, columns) {
  /** @type {number[]} */
  const rows = [];
  for (let row = 0; row < mask.length; row += 1) if (mask[row]) rows.push(row);
  // The number of a document tells its place by newest day, then key: equal ones stay in that order.
  switch (sort) {
    case "newest": return rows;
    case "oldest": {
      const days = await columns.days();
      return rows.sort((one, other) => days[one] - days[other] || one - other);
    }
    case "largest": {
      const sizes = await columns.sizes();
      return rows.sort((one, other) => sizes[other] - sizes[one] || one - other);
    }
    case "title": {
      const titles = await columns.titles();
      return rows.sort((one, other) => titles[one] - titles[other]);
    }
    default: {
      const steps = scores.map((score) => halfToEven(score * 10_000) / 10_000);
      return rows.sort((one, other) => steps[other] - steps[one] || one - other);
    }
  }
}

/** The counts of every facet over what matches everything but its own choices: the most frequent first. */
/** @type {(names: string[], columns: Columns, found: Narrowed, request: SearchRequest) => Promise<Record<string, Counts>>} */
export async function facetCounts(names, columns, found, request) {
  const chosen = Object.fromEntries(request.choices);
  const counted = await Promise.all(names.map(async (name) => {
    const facet = await columns.facet(name);
    const times = new Map((chosen[name] ?? []).map((value) => [value, 0]));
    columns.counts(facet, found.without(name)).forEach((count, place) => {
      if (count) times.set(String(facet.labels[place]), count);
    });
    return [name, counts(name, times, chosen[name] ?? [])];
  }));
  return Object.fromEntries(counted);
}

/** @type {(name: string, times: Map<string, number>, chosen: string[]) => Counts} */
function counts(name, times, chosen) {
  const best = [...times].sort(([one, often], [other, less]) => less - often || byCharacter(one, other));
  return best
    .filter(([value], place) => WHOLE.includes(name) || place < SHOWN_COUNTS || chosen.includes(value))
    .map(([value, count]) => ({ value, count, chosen: chosen.includes(value) }));
}

/** A document's card by its names; it holds what builders/search/static/entry.py put there, in its order. */
/** @type {(card: CardValues, site: string) => Card} */
export function cardOf(card, site) {
  const [doi, title, page, creators, year, day, abstract, instruments, techniques, facility, datasets, files,
    size_bytes, superseded, told, publication, creator_count] = card;
  return {
    doi, title, url: site + page, creators, creator_count, year, day, abstract, instruments, techniques, facility,
    datasets, files, size_bytes, superseded, told, publication,
  };
}

/** A document as a result shows it. */
/** @type {(card: CardValues, score: number, marks: Wanted, words: WordsOf, site: string) => Result} */
export function resultOf(card, score, marks, words, site) {
  const { abstract, told, ...shown } = cardOf(card, site);
  return {
    ...shown, creators: shown.creators.slice(0, SHOWN_CREATORS), title_html: highlighted(shown.title, marks, words),
    score: Number(score.toFixed(4)), highlight: excerpt(abstract, marks, words),
    numbers: told.map(([label, value_words]) => ({ label, value_words })),
  };
}

/** @type {(value: number) => number} */
function halfToEven(value) {
  const near = Math.round(value);
  return Math.abs(value % 1) === 0.5 && near % 2 ? near - 1 : near;
}

/** The order of texts by their characters, as Python has it; `<` goes by halves of characters. */
/** @type {(one: string, other: string) => number} */
export function byCharacter(one, other) {
  /** @type {any[][]} characters */
  const [first, second] = [[...one], [...other]];
  for (let at = 0; at < Math.min(first.length, second.length); at += 1) {
    const difference = first[at].codePointAt(0) - second[at].codePointAt(0);
    if (difference) return difference;
  }
  return first.length - second.length;
}
