// While a person types: what the last word may become, in groups, as site/search/autocomplete.py has it.

/** @import { Result } from "./answer.js" */
/** @import { Index } from "./engine.js" */
/** @import { QueryNode, TextNode } from "./nodes.js" */
/** @import { WordsOf } from "./words.js" */

import { byCharacter } from "./answer.js";

const MOST_ITEMS = 8;
const MOST_OF_A_GROUP = 4;
const MOST_LOOKED_AT = 5000;
const LONGEST = 200;
const SHORTEST_TITLE = 3;
/** @type {Record<string, string>} */
const GROUPS = { technique: "techniques", instrument: "instruments", people: "people", sample: "samples" };

/** @typedef {{label: string, url: string | null, query: string}} Item */
/** @typedef {{name: string, items: Item[]}} Group */
/** @typedef {(node: QueryNode) => Promise<Result[]>} Titles */

/** `[{name, items: [{label, url, query}]}]`, eight items at most; `titles(node)` gives the best results of a query. */
/**
 * @type {(typed: string, index: Index, tables: {site: string, completed: Record<string, string>}, words: WordsOf,
 *   titles: Titles) => Promise<Group[]>}
 */
export async function completions(typed, index, tables, words, titles) {
  const asked = [...words([...typed].slice(0, LONGEST).join(""))].filter((word) => !word.whole).map(({ text }) => text);
  if (!asked.length) return [];
  const found = /** @type {[string, Item[]][]} */ (await Promise.all([
    ...Object.keys(GROUPS).map(async (column) => {
      const items = await labels(column, asked, index, words);
      const prefix = tables.completed[column];
      return [GROUPS[column], items.map(([label, page]) => item(label, page && tables.site + page, `${prefix}"${label}"`))];
    }),
    titlesOf(asked, titles).then((items) => ["titles", items]),
  ]));
  const taken = found.map(() => 0);
  let left = MOST_ITEMS; // each group its best, then the next best
  for (let place = 0; place < MOST_OF_A_GROUP; place += 1) {
    found.forEach(([, items], group) => {
      if (place >= items.length || !left) return;
      taken[group] += 1;
      left -= 1;
    });
  }
  return found
    .map(([name, items], group) => ({ name, items: items.slice(0, taken[group]) }))
    .filter(({ items }) => items.length);
}

/** @type {(label: string, url: string | null, query: string) => Item} */
const item = (label, url, query) => ({ label, url, query });

/** The labels of a column that hold all words, the last perhaps only begun: `[label, page]`, the best first. */
/** @type {(column: string, asked: string[], index: Index, words: WordsOf) => Promise<[string, string | null][]>} */
async function labels(column, asked, index, words) {
  /** @type {{label: string, count: number, page: string | null, first: any}[]} */
  const good = [];
  for (const [label, count, names, page] of await begun(column, asked, index)) {
    const own = [label, ...names].flatMap((name) => [...words(name)].map(({ text }) => text));
    if (!asked.every((one) => own.some((word) => word.startsWith(one)))) continue;
    good.push({ label, count, page, first: own.join(" ").startsWith(asked.join(" ")) });
  }
  return good
    .sort((one, other) => other.first - one.first || other.count - one.count || byCharacter(one.label, other.label))
    .filter(({ label }) => !label.includes('"') && [...label].length <= LONGEST)
    .slice(0, MOST_OF_A_GROUP)
    .map(({ label, page }) => [label, page]);
}

/** @typedef {[string, number, string[], string | null]} Label text, how many documents, other names, page */

/** The labels with a word that begins as the last word does, each once; `labels` tells how many documents more. */
/** @type {(column: string, asked: string[], index: Index) => Promise<Label[]>} */
async function begun(column, asked, { scope, parts, labels: changed }) {
  const last = /** @type {string} */ (asked.at(-1));
  const found = new Map();
  let pairs = 0;
  for (const { files, told: { complete } } of parts) {
    const firsts = complete[column];
    let number = Math.max(0, firsts.findLastIndex((first) => first < last));
    for (; number < firsts.length && (firsts[number] <= last || firsts[number].startsWith(last)); number += 1) {
      const { text } = await files.get(`${scope}/complete-${column}-${number}`);
      for (const [word, label, count, ...rest] of JSON.parse(text)) {
        if (!word.startsWith(last)) continue;
        if (pairs >= MOST_LOOKED_AT) return living(found);
        pairs += 1;
        const more = changed[column]?.[label] ?? 0;
        if (!found.has(label)) found.set(label, [label, files === parts[0].files ? count + more : more, ...rest]);
      }
    }
  }
  return living(found);
}

/** @type {(found: Map<string, Label>) => Label[]} */
const living = (found) => [...found.values()].filter(([, count]) => count > 0);

/** The best titles that hold all these words, the last one perhaps only begun. */
/** @type {(asked: string[], titles: Titles) => Promise<Item[]>} */
async function titlesOf(asked, titles) {
  const last = /** @type {string} */ (asked.at(-1));
  if ([...last].length < SHORTEST_TITLE) return [];
  const fields = ["title"];
  /** @type {TextNode[]} */
  const leaves = asked.slice(0, -1).slice(0, 8).map((text) => ({ type: "word", text, fields }));
  const results = await titles({ type: "and", nodes: [...leaves, { type: "prefix", text: last, fields }] });
  const first = results.filter(({ title }, place) => results.findIndex((one) => one.title === title) === place);
  return first.map(({ title, url }) => item(title, url, title.replaceAll('"', " ")));
}
