// The files of the base and the file of what has changed since, read as one index (builders/search/static/delta.py).
//
// The living documents of both are numbered anew, by newest day, then by key: whoever reads the index knows of one
// part only. Posting lists, columns and cards are translated as they are asked for.

/** @import { Labelled } from "./columns.js" */
/** @import { Part } from "./engine.js" */
/** @import { Taken } from "./files.js" */
/** @import { Postings } from "./vocabulary.js" */

import { byCharacter } from "./answer.js";
import { Columns } from "./columns.js";
import { taken } from "./files.js";
import { Vocabulary } from "./vocabulary.js";

/**
 * What a delta tells of a scope: the steps from one dead document of the base to the next, and of each of its own the
 * one of the base that it stands before; where its files are, and how many documents more each label has.
 * @typedef {{dead: number[], before: number[], titles: number[], files: Record<string, [number, number]>,
 *   labels: Record<string, Record<string, number>>}} About
 */
/** @typedef {{place: Int32Array[], part: Uint8Array, row: Int32Array, count: number}} Order */

/** The files of a delta, all of them at hand; asked for as `Files` is. */
export class Bundle {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const end = bytes.indexOf(0);
    /** @type {Record<string, About>} */
    this.told = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    this.bytes = bytes.subarray(end + 1);
  }

  /** @type {(name: string) => Promise<Taken>} */
  async get(name) {
    const [scope, file] = name.split("/");
    const [begin, length] = this.told[scope].files[file];
    return taken(this.bytes.subarray(begin, begin + length));
  }
}

/** The indexes of a base and of a delta as one; `about` is what the delta tells of the scope. */
/** @type {(parts: Part[], about: About) => Omit<Part, "files"> & {order: Order, labels: About["labels"]}} */
export function united(parts, about) {
  const [{ told }] = parts;
  const order = numbering(told.count, about);
  return {
    told, order, labels: about.labels,
    vocabulary: new UnitedVocabulary(parts.map(({ vocabulary }) => vocabulary), order),
    columns: new UnitedColumns(parts.map(({ columns }) => columns), order, about.titles),
  };
}

/** Who is who: `place` is a part's number of a document to the common one (-1: dead), `part` and `row` the way back. */
/** @type {(count: number, about: {dead: number[], before: number[]}) => Order} */
export function numbering(count, { dead, before }) {
  const base = new Int32Array(count);
  let number = 0;
  for (const step of dead) base[number += step] = -1;
  const delta = new Int32Array(before.length);
  /** @type {[number[], number[]]} */
  const [part, row] = [[], []];
  /** @type {(from: number, at: number) => number} */
  const next = (from, at) => part.push(from) && row.push(at) - 1;
  let at = 0;
  for (let old = 0; old <= count; old += 1) {
    for (; at < before.length && before[at] <= old; at += 1) delta[at] = next(1, at);
    if (old < count && base[old] === 0) base[old] = next(0, old);
  }
  return { place: [base, delta], part: Uint8Array.from(part), row: Int32Array.from(row), count: part.length };
}

/** The words of both parts; a vocabulary as any. */
export class UnitedVocabulary extends Vocabulary {
  /**
   * @param {Vocabulary[]} parts
   * @param {{place: Int32Array[], count: number}} order
   */
  constructor(parts, { place, count }) {
    super(null, "", { firsts: [], alone: [], count });
    this.parts = parts;
    this.place = place;
  }

  /** @type {(term: string) => Promise<Postings[]>} */
  async postings(term) {
    return this.together(await Promise.all(this.parts.map((part) => part.postings(term))));
  }

  /** @type {(stem: string) => Promise<string[]>} */
  async family(stem) {
    const found = await Promise.all(this.parts.map((part) => part.family(stem)));
    return [...new Set(found.flat())];
  }

  /** @type {(text: string) => Promise<[string, Postings[]][]>} */
  async beginning(text) {
    /** @type {Map<string, any>} */
    const terms = new Map();
    for (const [number, part] of this.parts.entries()) {
      for (const [term, entries] of await part.beginning(text)) {
        if (!terms.has(term)) terms.set(term, this.parts.map(() => []));
        terms.get(term)[number] = entries;
      }
    }
    return [...terms.keys()].sort()
      .map((term) => /** @type {[string, Postings[]]} */ ([term, this.together(terms.get(term))]))
      .filter(([, entries]) => entries.length);
  }

  /** @type {(entry: Postings) => Promise<(at: number) => number[]>} */
  async places(entry) {
    const found = await Promise.all(/** @type {any[]} */ (entry.lists).map((list, number) => list && this.parts[number].places(list)));
    return (at) => found[entry.part[at]](entry.at[at]);
  }

  /** The postings of a term in the parts, field by field, as those of one; dead documents are left out. */
  /** @type {(both: Postings[][]) => Postings[]} */
  together(both) {
    const fields = [...new Set(both.flat().map(({ field }) => field))].sort((one, other) => one - other);
    return fields.flatMap((field) => {
      const lists = both.map((entries) => entries.find((entry) => entry.field === field));
      /** @type {[number[], number[], any[], number[], number[]]} */
      const [docs, counts, codes, part, at] = [[], [], [], [], []];
      const steps = lists.map(() => 0);
      /** @type {(number: number) => number} */
      const next = (number) => { // the common number of what comes next in a part's list
        const list = lists[number];
        while (list && steps[number] < list.docs.length) {
          const doc = this.place[number][list.docs[steps[number]]];
          if (doc >= 0) return doc;
          steps[number] += 1;
        }
        return Infinity;
      };
      for (;;) {
        const [one, other] = [next(0), next(1)];
        if (one === Infinity && other === Infinity) break;
        const number = one < other ? 0 : 1;
        const step = steps[number];
        docs.push(Math.min(one, other));
        counts.push(/** @type {Postings} */ (lists[number]).counts[step]);
        codes.push(/** @type {Postings} */ (lists[number]).codes[step]);
        part.push(number);
        at.push(step);
        steps[number] += 1;
      }
      return docs.length ? [{ field, docs, counts, codes, part, at, lists }] : [];
    });
  }
}

/** The columns of both parts; columns as any. */
export class UnitedColumns extends Columns {
  /**
   * @param {Columns[]} parts
   * @param {Order} order
   * @param {number[]} titles
   */
  constructor(parts, { place, part, row, count }, titles) {
    super(null, "", count, [...new Set(parts.flatMap(({ numbers }) => numbers))]);
    this.parts = parts;
    this.place = place;
    this.part = part;
    this.row = row;
    this.before = titles; // of each document of the delta: the place in the base's order of titles that it stands before
    /** @type {Map<string, Promise<any>>} */
    this.united = new Map();
  }

  /** What `make` makes, once. */
  /** @type {<T>(name: string, make: () => Promise<T>) => Promise<T>} */
  kept(name, make) {
    if (!this.united.has(name)) {
      const made = make();
      made.catch(() => this.united.delete(name));
      this.united.set(name, made);
    }
    return /** @type {Promise<any>} */ (this.united.get(name));
  }

  /** @type {(name: string) => Promise<Labelled>} */
  labelled(name) {
    return this.kept(name, async () => {
      const key = name.replace("number-", "");
      const found = await Promise.all(this.parts.map((part) => (
        name.startsWith("number-") && !part.numbers.includes(key) ? null : part.labelled(name)
      )));
      /** @type {any[]} the sets of labels by part; none where a part lacks the column */
      const own = found.map((column) => column?.sets.map((set) => set.map((place) => column.labels[place])));
      const used = new Set();
      for (let at = 0; at < this.count; at += 1) {
        const column = found[this.part[at]];
        if (column) used.add(own[this.part[at]][column.rows[this.row[at]]]);
      }
      const all = new Set([...used].flat());
      const labels = [...all].sort((one, other) => (typeof one === "number" ? one - other : byCharacter(one, other)));
      const place = new Map(labels.map((label, number) => [label, number]));
      /** @type {[any[][], Map<string, any>]} */
      const [sets, numbers] = [[], new Map()];
      /** @type {(set: any[]) => number} */
      const numbered = (set) => {
        const places = set.map((label) => place.get(label));
        const text = places.join();
        if (!numbers.has(text)) numbers.set(text, sets.push(places) - 1);
        return numbers.get(text);
      };
      /** @type {any[]} */
      const none = [];
      /** @type {any[]} */
      const setOf = own.map((part) => part?.map((/** @type {any[]} */ set) => (used.has(set) ? numbered(set) : -1)));
      const rows = new Uint32Array(this.count);
      for (let at = 0; at < this.count; at += 1) {
        const column = found[this.part[at]];
        rows[at] = column ? setOf[this.part[at]][column.rows[this.row[at]]] : numbered(none);
      }
      return { labels, sets, rows };
    });
  }

  /** @type {() => Promise<Float64Array>} */
  days() {
    return this.kept("days", async () => this.joined(await Promise.all(this.parts.map((part) => part.days()))));
  }

  /** @type {() => Promise<Float64Array>} */
  sizes() {
    return this.kept("sizes", async () => this.joined(await Promise.all(this.parts.map((part) => part.sizes()))));
  }

  /** @type {() => Promise<Float64Array>} */
  titles() {
    return this.kept("titles", async () => {
      const [base, delta] = await Promise.all(this.parts.map((part) => part.titles()));
      const between = Float64Array.from(delta, (rank, at) => this.before[at] - 1 + (rank + 1) / (delta.length + 1));
      return this.joined([base, between]);
    });
  }

  /** @type {(parts: ArrayLike<number>[]) => Float64Array} */
  joined(parts) {
    const values = new Float64Array(this.count);
    for (let at = 0; at < this.count; at += 1) values[at] = parts[this.part[at]][this.row[at]];
    return values;
  }
}
