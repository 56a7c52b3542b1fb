// Did you mean: the query with its unknown words replaced by the nearest that the site has (site/search/spelling.py).

/** @import { Index, Part } from "./engine.js" */
/** @import { GroupNode, QueryNode } from "./nodes.js" */
/** @import { Terms } from "./terms.js" */
/** @import { WordsOf } from "./words.js" */

const MOST_WORDS = 5;
const SHORTEST = 4; // letters: every word of three has a neighbour
const LONG = 6; // letters from which two slips are forgiven

/** The corrected query; null when no word is unknown, has no near one, or `finds(query)` says that it finds nothing. */
/**
 * @type {(query: string, node: QueryNode, index: Index, words: WordsOf, finds: (query: string) => Promise<boolean>) =>
 *   Promise<string | null>}
 */
export async function mended(query, node, index, words, finds) {
  const nearest = new Map();
  let unknown = 0;
  for await (const [word, fields] of unknownIn(node, index, words)) {
    const found = await near(word, fields, [...word].length >= LONG ? 2 : 1, index);
    if (found !== null) nearest.set(word, found);
    if ((unknown += 1) >= MOST_WORDS) break;
  }
  if (!nearest.size) return null;
  let better = "";
  let at = 0;
  for (const part of words(query)) {
    if (part.whole || !nearest.has(part.text)) continue;
    better += query.slice(at, part.start) + nearest.get(part.text);
    at = part.end;
  }
  better += query.slice(at);
  return (await finds(better)) ? better : null;
}

/** The words that no document has in the fields they are looked for in; not those left out on purpose. */
/** @type {(node: QueryNode, index: Index, words: WordsOf) => AsyncGenerator<[string, string[]]>} */
async function* unknownIn(node, index, words) {
  if (node.type === "word" || node.type === "phrase") {
    const fields = node.fields.length ? node.fields : index.terms.names;
    for (const part of words(node.text)) {
      if (part.whole || [...part.text].length < SHORTEST) continue;
      const { mask } = await index.terms.word(part.text, fields);
      if (!mask.includes(1)) yield [part.text, fields];
    }
  } else if (["and", "or", "most"].includes(node.type)) {
    for (const other of /** @type {GroupNode} */ (node).nodes) yield* unknownIn(other, index, words);
  }
}

/** The word at most so many letters away that begins alike, the nearest and most frequent; null without one. */
/** @type {(text: string, fields: string[], slips: number, index: Index) => Promise<string | null>} */
async function near(text, fields, slips, { scope, parts, terms }) {
  const wanted = fields.map((field) => terms.names.indexOf(field));
  const close = new Map();
  for (const part of parts) {
    for (const [word, counts] of await beginningAlike(text, scope, part)) {
      if (Math.abs(word.length - text.length) > 2 * slips) continue;
      const slipped = distance(text, word);
      if (slipped <= slips) close.set(word, { slipped, counts });
    }
  }
  /** @type {{word: string, slipped: number, count: number} | null} */
  let best = null;
  for (const word of [...close.keys()].sort()) {
    const { slipped, counts: all } = close.get(word);
    // A part tells of its dead documents too; where there are two, the postings tell who lives.
    const counts = parts.length > 1 ? await living(word, terms) : all;
    let count = 0;
    let told = false;
    wanted.forEach((field) => {
      if (!counts.has(field)) return;
      told = true;
      count += counts.get(field);
    });
    if (!told) continue;
    if (!best || slipped < best.slipped || (slipped === best.slipped && count > best.count)) {
      best = { word, slipped, count };
    }
  }
  return best?.word ?? null;
}

/** The words of a part that begin with the same letter, each with the number of documents by field. */
/** @type {(text: string, scope: string, part: Part) => Promise<[string, Map<number, number>][]>} */
async function beginningAlike(text, scope, { files, told: { spelling } }) {
  const [first] = text;
  let number = spelling.length - 1;
  while (number >= 0 && spelling[number] > first) number -= 1;
  if (number < 0) return [];
  const { text: list, numbers } = await files.get(`${scope}/spelling-${number}`);
  const reader = numbers.reader();
  /** @type {[string, Map<number, number>][]} */
  const found = list.split("\n").map((word) => {
    const counts = new Map();
    for (let left = reader.next(); left > 0; left -= 1) counts.set(reader.next(), reader.next());
    return [word, counts];
  });
  return found.filter(([word]) => word.startsWith(first));
}

/** @type {(word: string, terms: Terms) => Promise<Map<number, number>>} */
async function living(word, terms) {
  const entries = await terms.vocabulary.postings(word);
  return new Map(entries.map(({ field, docs }) => [field, docs.length]));
}

/** How many letters must be put in, taken out, changed, or changed with their neighbours. */
/** @type {(first: string, second: string) => number} */
function distance(first, second) {
  const [one, other] = [[...first], [...second]];
  /** @type {number[]} */
  let before = [];
  let above = other.map((_, at) => at + 1);
  above[-1] = 0;
  for (let x = 0; x < one.length; x += 1) {
    /** @type {number[]} */
    const row = [];
    row[-1] = x + 1;
    for (let y = 0; y < other.length; y += 1) {
      row[y] = Math.min(above[y] + 1, row[y - 1] + 1, above[y - 1] + (one[x] === other[y] ? 0 : 1));
      if (x > 0 && y > 0 && one[x] === other[y - 1] && one[x - 1] === other[y] && one[x] !== other[y]) {
        row[y] = Math.min(row[y], before[y - 2] + 1);
      }
    }
    [before, above] = [above, row];
  }
  return above[other.length - 1];
}
