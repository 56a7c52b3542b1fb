// Words, phrases and beginnings: which documents have them and how well they match, by BM25F (builders/search/documents/scoring.py).

/** @import { Postings, Vocabulary } from "./vocabulary.js" */
/** @import { Word, WordsOf } from "./words.js" */

import { otherForms } from "./words.js";
import { KEY_MARK, PAIR_MARK } from "./vocabulary.js";

const MOST_EXPANSIONS = 200;

/** @typedef {{mask: Uint8Array, scores: Float64Array}} Hits which documents, by their numbers, and how well they match */
/**
 * @typedef {{names: string[], stemmed: string[], weights: Record<string, number>, usualLengths: Record<string, number>,
 *   lengthCounts: number, namedByDoi: number, saturation: number, enough: number}} Scoring
 */
/** @typedef {{term: string, offset: number}[]} Run */

export class Terms {
  /** `frequent` are the words whose pairs are told, `tables` the build's, `count` is how many documents there are. */
  /**
   * @param {Vocabulary} vocabulary
   * @param {Set<string>} frequent
   * @param {WordsOf} words
   * @param {Scoring} tables
   * @param {number} count
   */
  constructor(vocabulary, frequent, words, tables, count) {
    this.vocabulary = vocabulary;
    this.frequent = frequent;
    this.words = words;
    this.tables = tables;
    this.count = count;
    this.names = tables.names;
    this.weights = this.names.map((name) => weightsOf(name, tables));
  }

  /** A word as typed: itself and its stem; of a compound the whole, or its parts in a row. */
  /** @type {(text: string, fields: string[]) => Promise<Hits>} */
  async word(text, fields) {
    const found = [...this.words(text)];
    const others = otherForms(found);
    if (found.filter((word) => !word.whole).length !== 1) {
      const whole = await Promise.all(others.map((other) => this.inFields(other, fields)));
      return this.scored([...whole.flat(), ...await this.inARow(found, fields)]);
    }
    const [{ text: word, stem }] = found;
    const other = await Promise.all(others.map((form) => this.inFields(form, fields)));
    const lists = [this.vocabulary.postings(word)];
    if (stem !== null) lists.push(this.vocabulary.ofStem(stem));
    if (stem !== null && stem !== word) lists.push(this.vocabulary.postings(stem));
    return this.scored([...this.byField(await Promise.all(lists), fields, this.tables.stemmed), ...other.flat()]);
  }

  /** @type {(text: string, fields: string[]) => Promise<Hits>} */
  async phrase(text, fields) {
    return this.scored(await this.inARow([...this.words(text)], fields));
  }

  /** @type {(text: string, fields: string[], notes: Set<string>) => Promise<Hits>} */
  async prefix(text, fields, notes) {
    const terms = await this.vocabulary.beginning(text);
    const lists = [];
    for (const field of fields) {
      const number = this.names.indexOf(field);
      const here = [];
      for (const [, entries] of terms) here.push(...entries.filter((entry) => entry.field === number));
      if (here.length > MOST_EXPANSIONS) {
        notes.add(`“${text}*” begins too many words; the first ${MOST_EXPANSIONS} were searched.`);
      }
      lists.push(...here.slice(0, MOST_EXPANSIONS));
    }
    return this.scored(lists);
  }

  /** The documents of one DOI, or of all that begin so, with the score of what is asked for by name. */
  /** @type {(key: string, prefix: boolean) => Promise<Hits>} */
  async doi(key, prefix) {
    /** @type {[string, Postings[]][]} */
    const terms = prefix
      ? await this.vocabulary.beginning(KEY_MARK + key)
      : [[key, await this.vocabulary.postings(KEY_MARK + key)]];
    const hits = this.none();
    for (const [, entries] of terms) for (const { docs } of entries) for (const row of docs) hits.mask[row] = 1;
    for (let row = 0; row < this.count; row += 1) hits.scores[row] = hits.mask[row] * this.tables.namedByDoi;
    return hits;
  }

  /** @type {() => Hits} */
  none() {
    return { mask: new Uint8Array(this.count), scores: new Float64Array(this.count) };
  }

  /** @type {(term: string, fields: string[]) => Promise<Postings[]>} */
  async inFields(term, fields) {
    return this.byField([await this.vocabulary.postings(term)], fields, fields);
  }

  /** The postings of the variants of a word, field by field; those behind the first only in fields that have stems. */
  /** @type {(variants: Postings[][], fields: string[], stemmed: string[]) => Postings[]} */
  byField(variants, fields, stemmed) {
    return fields.flatMap((field) => {
      const number = this.names.indexOf(field);
      const here = stemmed.includes(field) ? variants : variants.slice(0, 1);
      return here.flatMap((entries) => entries.filter((entry) => entry.field === number));
    });
  }

  /** The documents that hold the parts of a text one after the other in a field, counted once for each time. */
  /** @type {(found: Word[], fields: string[]) => Promise<Postings[]>} */
  async inARow(found, fields) {
    const parts = found.filter((word) => !word.whole).map((word) => word.text);
    if (parts.length < 2) return parts.length ? this.inFields(parts[0], fields) : [];
    const run = this.run(parts);
    const entries = await Promise.all(run.map(({ term }) => this.vocabulary.postings(term)));
    const lists = [];
    for (const field of fields) {
      const number = this.names.indexOf(field);
      /** @type {any[]} postings; undefined where a field lacks a term */
      const here = entries.map((all) => all.find((entry) => entry.field === number));
      if (!here.includes(undefined)) lists.push(here.length > 1 ? await this.side(number, run, here) : here[0]);
    }
    return lists;
  }

  /** What must be looked up for words in a row: pairs where both are frequent, words where no pair holds them. */
  /** @type {(parts: string[]) => Run} */
  run(parts) {
    /** @type {Run} */
    const run = [];
    let held = false; // whether the pair before holds this word
    parts.forEach((part, offset) => {
      const next = parts[offset + 1];
      const pair = next !== undefined && this.frequent.has(part) && this.frequent.has(next);
      if (pair) run.push({ term: `${PAIR_MARK}${part} ${next}`, offset });
      else if (!held) run.push({ term: part, offset });
      held = pair;
    });
    return run;
  }

  /** The documents in which the terms of a run stand at their places beside each other, in one field. */
  /** @type {(field: number, run: Run, entries: Postings[]) => Promise<Postings>} */
  async side(field, run, entries) {
    const candidates = common(entries.map((entry) => entry.docs));
    /** @type {number[]} */
    const docs = [];
    /** @type {number[]} */
    const counts = [];
    /** @type {number[]} */
    const codes = [];
    if (candidates.length) {
      const places = await Promise.all(entries.map((entry) => this.vocabulary.places(entry)));
      /** @type {(term: number, at: number[]) => number[]} */
      const starts = (term, at) => places[term](at[term]).map((place) => place - run[term].offset);
      for (const at of candidates) {
        let left = new Set(starts(0, at));
        for (let term = 1; term < run.length && left.size; term += 1) {
          left = new Set(starts(term, at).filter((start) => left.has(start)));
        }
        if (!left.size) continue;
        docs.push(entries[0].docs[at[0]]);
        counts.push(left.size);
        codes.push(entries[0].codes[at[0]]);
      }
    }
    return { field, docs, counts, codes };
  }

  /** Postings in many fields scored as one term: counts are summed before they saturate, rarity is of the union. */
  /** @type {(lists: Postings[]) => Hits} */
  scored(lists) {
    const hits = this.none();
    const { mask, scores } = hits;
    for (const { field, docs, counts, codes } of lists) {
      const weights = this.weights[field];
      for (let at = 0; at < docs.length; at += 1) {
        mask[docs[at]] = 1;
        scores[docs[at]] += counts[at] * weights[codes[at]];
      }
    }
    const matching = mask.reduce((sum, one) => sum + one, 0);
    const rarity = rarityOf(matching, this.count);
    const { saturation } = this.tables;
    for (let row = 0; row < this.count; row += 1) {
      if (mask[row]) scores[row] = (rarity * scores[row]) / (saturation + scores[row]);
    }
    return hits;
  }
}

/** How much a term tells: high when few of the documents have it. */
/** @type {(matching: number, count: number) => number} */
const rarityOf = (matching, count) => Math.log(1 + (count - matching + 0.5) / (matching + 0.5));

/** The same in thousandths, as a whole number: sums of it are the same on every machine. */
/** @type {(matching: number, count: number) => number} */
export const wordWeight = (matching, count) => Math.round(1000 * rarityOf(matching, count));

/** What one occurrence counts in a field, by the code of the field's length. */
/** @type {(name: string, tables: Scoring) => Float64Array} */
function weightsOf(name, { weights, usualLengths, lengthCounts }) {
  return Float64Array.from({ length: 256 }, (_, code) => {
    const norm = 1 - lengthCounts + (lengthCounts * (2 ** (code / 16) - 1)) / usualLengths[name];
    return weights[name] / (Math.round(norm * 1e6) / 1e6);
  });
}

/** For each document that is in all lists, where it stands in each. */
/** @type {(lists: (Int32Array | number[])[]) => number[][]} */
function common(lists) {
  const found = [];
  const at = lists.map(() => 0);
  outer: for (; at[0] < lists[0].length; at[0] += 1) {
    const doc = lists[0][at[0]];
    for (let list = 1; list < lists.length; list += 1) {
      while (lists[list][at[list]] < doc) at[list] += 1;
      if (at[list] >= lists[list].length) break outer;
      if (lists[list][at[list]] !== doc) continue outer;
    }
    found.push([...at]);
  }
  return found;
}
