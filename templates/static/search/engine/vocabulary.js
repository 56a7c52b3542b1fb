// The words of a scope and who has them, from shards in alphabetical order (builders/search/static/shards.py).

/** @import { Source } from "./columns.js" */
/** @import { Reader } from "./files.js" */

import { STEM_MARK } from "./words.js";

export const KEY_MARK = "="; // before a DOI, in the field behind all others
export const PAIR_MARK = "&"; // before two frequent words that stand side by side

/**
 * The documents of a term in one field, how often each has it and the code of its field's length; and where its
 * places are found, in words of whoever keeps them.
 * @typedef {{field: number, docs: Int32Array | number[], counts: Int32Array | number[], codes: Uint8Array | number[],
 *   [places: string]: any}} Postings
 */
/**
 * @typedef {{entries: Map<string, Postings[]>, families: Map<string, string[]>, total: number,
 *   places?: {steps: Int32Array, starts: Int32Array}}} Shard
 */

export class Vocabulary {
  /**
   * `firsts` are the first words of the shards, `alone` the numbers of those with one word, which are large and never
   * fetched for another; `count` is how many documents there are.
   */
  /**
   * @param {any} files
   * @param {string} scope
   * @param {{firsts: string[], alone: number[], count: number}} told
   */
  constructor(files, scope, { firsts, alone, count }) {
    /** @type {Source} */
    this.files = files;
    this.scope = scope;
    this.firsts = firsts;
    this.alone = new Set(alone);
    this.count = count;
    /** @type {Map<number, Shard>} */
    this.shards = new Map();
  }

  /** The postings of a term by field: `[{field, docs, counts, codes, …}]`; empty when no document has it. */
  /** @type {(term: string) => Promise<Postings[]>} */
  async postings(term) {
    const shard = await this.shardWith(term);
    return shard?.entries.get(term) ?? [];
  }

  /** The postings of a stem by field, as those of a word: those of all words that have it, less those kept whole. */
  /** @type {(stem: string) => Promise<Postings[]>} */
  async ofStem(stem) {
    const family = await this.family(stem);
    const all = (await Promise.all(family.map((word) => this.postings(word)))).flat();
    const less = family.length ? await this.postings(STEM_MARK + stem) : [];
    return [...new Set(all.map((entry) => entry.field))].map((field) => {
      /** @type {(entry: Postings) => boolean} */
      const inField = (entry) => entry.field === field;
      return together(field, all.filter(inField), less.filter(inField), this.count);
    });
  }

  /** The words that have a stem and differ from it. */
  /** @type {(stem: string) => Promise<string[]>} */
  async family(stem) {
    const shard = await this.shardWith(STEM_MARK + stem);
    return shard?.families.get(STEM_MARK + stem) ?? [];
  }

  /** All terms that begin so, in order, with their postings; no stems. */
  /** @type {(text: string) => Promise<[string, Postings[]][]>} */
  async beginning(text) {
    /** @type {[string, Postings[]][]} */
    const found = [];
    for (let number = Math.max(0, this.shardOf(text)); number < this.firsts.length; number += 1) {
      const first = plain(this.firsts[number]);
      if (first > text && !first.startsWith(text)) break;
      if (this.alone.has(number) && !first.startsWith(text)) continue;
      const shard = await this.shard(number);
      for (const [term, entries] of shard.entries) {
        if (term.startsWith(text) && term[0] !== STEM_MARK) found.push([term, entries]);
      }
    }
    return found;
  }

  /** Where the word of a posting list stands in its document number `at` in the list. */
  /** @type {(entry: Postings) => Promise<(at: number) => number[]>} */
  async places(entry) {
    const { steps, starts } = await this.placesOf(entry.shard);
    return (at) => {
      const places = [];
      let place = 0;
      const first = starts[entry.first + at];
      for (let step = 0; step < entry.counts[at]; step += 1) {
        place += steps[first + step];
        places.push(place);
      }
      return places;
    };
  }

  /** The last shard whose first term is not behind a term; -1 when all are. */
  /** @type {(term: string) => number} */
  shardOf(term) {
    let low = 0;
    let high = this.firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(this.firsts[middle], term)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The shard that has a term, if any has it. */
  /** @type {(term: string) => Promise<Shard | null>} */
  async shardWith(term) {
    const number = this.shardOf(term);
    if (number < 0 || (this.alone.has(number) && this.firsts[number] !== term)) return null;
    return this.shard(number);
  }

  /** @type {(number: number) => Promise<Shard>} */
  async shard(number) {
    if (!this.shards.has(number)) {
      const { text, numbers } = await this.files.get(`${this.scope}/words-${number}`);
      if (!this.shards.has(number)) this.shards.set(number, this.decoded(number, text, numbers.reader()));
    }
    return /** @type {Shard} */ (this.shards.get(number));
  }

  /** @type {(shard: number, text: string, numbers: Reader) => Shard} */
  decoded(shard, text, numbers) {
    const families = new Map();
    const terms = text.split("\n").map((line) => {
      const [term, ...family] = line.split("\t");
      if (family.length) families.set(term, family);
      return term;
    });
    const lists = [];
    let total = 0;
    for (const term of terms) {
      for (let fields = numbers.next(); fields > 0; fields -= 1) {
        const field = numbers.next();
        const count = numbers.next();
        lists.push({ term, field, count, first: total, shard });
        total += count;
      }
    }
    const docs = numbers.fill(new Int32Array(total));
    const counts = numbers.fill(new Int32Array(total));
    const codes = numbers.take(total);
    /** @type {Map<string, Postings[]>} */
    const entries = new Map(terms.map((term) => [term, []]));
    for (const { term, field, count, first } of lists) {
      const end = first + count;
      for (let at = first + 1; at < end; at += 1) docs[at] += docs[at - 1];
      /** @type {Postings[]} */ (entries.get(term)).push({
        field, shard, first,
        docs: docs.subarray(first, end), counts: counts.subarray(first, end), codes: codes.subarray(first, end),
      });
    }
    return { entries, families, total };
  }

  /** @type {(number: number) => Promise<{steps: Int32Array, starts: Int32Array}>} */
  async placesOf(number) {
    const shard = await this.shard(number);
    if (!shard.places) {
      const { numbers } = await this.files.get(`${this.scope}/places-${number}`);
      const starts = new Int32Array(shard.total);
      let start = 0;
      for (const [term, entries] of shard.entries) {
        if (term[0] === STEM_MARK || term[0] === KEY_MARK) continue;
        for (const { first, counts } of entries) {
          for (let at = 0; at < counts.length; at += 1) {
            starts[first + at] = start;
            start += counts[at];
          }
        }
      }
      shard.places = { steps: numbers.reader().fill(new Int32Array(start)), starts };
    }
    return shard.places;
  }
}

/** Postings of several words in one field as those of one, less others. */
/** @type {(field: number, more: Postings[], less: Postings[], size: number) => Postings} */
function together(field, more, less, size) {
  if (more.length === 1 && !less.length) return more[0];
  const sums = new Int32Array(size);
  const lengths = new Uint8Array(size);
  for (const { docs, counts, codes } of more) {
    docs.forEach((doc, at) => {
      sums[doc] += counts[at];
      lengths[doc] = codes[at];
    });
  }
  for (const { docs, counts } of less) docs.forEach((doc, at) => { sums[doc] -= counts[at]; });
  const docs = [];
  for (let doc = 0; doc < size; doc += 1) if (sums[doc]) docs.push(doc);
  return { field, docs, counts: docs.map((doc) => sums[doc]), codes: docs.map((doc) => lengths[doc]) };
}

/** @type {(term: string) => string} */
const plain = (term) => (term[0] === STEM_MARK ? term.slice(1) : term);

/** Whether the first term is the second, or before it: stems stand behind the word that is like them. */
/** @type {(first: string, second: string) => boolean} */
function inOrder(first, second) {
  const [one, other] = [plain(first), plain(second)];
  if (one !== other) return one < other;
  return first[0] !== STEM_MARK || second[0] === STEM_MARK;
}
