// The columns of a scope as sets of documents: who has a label, who is in a range, how often each label occurs.

/** @import { Taken } from "./files.js" */

/** @typedef {{get: (name: string) => Promise<Taken>}} Source files by their names: those of a build, or of a delta */
/** @typedef {{labels: any[], sets: number[][], rows: Uint32Array}} Labelled labels are texts; years and quantities are numbers */

export class Columns {
  /**
   * @param {any} files
   * @param {string} scope
   * @param {number} count
   * @param {string[]} numbers
   */
  constructor(files, scope, count, numbers) {
    /** @type {Source} */
    this.files = files;
    this.scope = scope;
    this.count = count;
    this.numbers = numbers; // the quantities that any document tells
    /** @type {Map<string, any>} */
    this.made = new Map();
  }

  /** @type {(name: string) => Promise<Taken>} */
  get(name) {
    return this.files.get(`${this.scope}/${name}`);
  }

  /** What `make` makes of a file, once. */
  /** @type {<T>(name: string, make: (file: Taken) => T) => Promise<T>} */
  async once(name, make) {
    if (!this.made.has(name)) {
      const file = await this.get(name);
      if (!this.made.has(name)) this.made.set(name, make(file));
    }
    return this.made.get(name);
  }

  /** `{labels, sets, rows}`: the labels in order, the sets of their places, and the set of each document. */
  /** @type {(name: string) => Promise<Labelled>} */
  labelled(name) {
    return this.once(name, ({ text, numbers }) => ({
      ...JSON.parse(text), rows: numbers.reader().fill(new Uint32Array(this.count)),
    }));
  }

  /** @type {(name: string) => Promise<Labelled>} */
  facet(name) {
    return this.labelled(`facet-${name}`);
  }

  /** @type {(key: string) => Promise<Labelled>} */
  quantity(key) {
    return this.labelled(`number-${key}`);
  }

  /** The day of each document, as an ordinal; 0 where it is not known. */
  /** @type {() => Promise<Int32Array | Float64Array>} */
  days() {
    return this.once("days", ({ text }) => {
      const days = new Int32Array(this.count);
      let at = 0;
      for (const [day, run] of JSON.parse(text)) days.fill(day, at, (at += run));
      return days;
    });
  }

  /** The size of each document in bytes. */
  /** @type {() => Promise<Float64Array>} */
  sizes() {
    return this.once("sizes", ({ numbers }) => numbers.reader().fill(new Float64Array(this.count)));
  }

  /** The place of each document in the order of titles. */
  /** @type {() => Promise<Uint32Array | Float64Array>} */
  titles() {
    return this.once("titles", ({ numbers }) => numbers.reader().fill(new Uint32Array(this.count)));
  }

  /** The documents with a value between two ends; of size and date those that are known. */
  /** @type {(column: string, low: number, high: number) => Promise<Uint8Array>} */
  async inRange(column, low, high) {
    if (column === "size" || column === "date") {
      const values = column === "size" ? await this.sizes() : await this.days();
      return this.mask((row) => values[row] > 0 && values[row] >= low && values[row] <= high);
    }
    if (!this.numbers.includes(column)) return new Uint8Array(this.count);
    const found = await this.quantity(column);
    return this.ofSets(found, inside(found, low, high));
  }

  /** @type {(first: number, last: number) => Promise<Uint8Array>} */
  async inYears(first, last) {
    const years = await this.facet("year");
    return this.ofSets(years, inside(years, first, last));
  }

  /** The documents that have a label of a facet; of `year` those of that year. */
  /** @type {(name: string, value: string) => Promise<Uint8Array>} */
  async having(name, value) {
    const facet = await this.facet(name);
    const wanted = name === "year" ? (/^-?[0-9]+$/.test(value) && value.length <= 5 ? Number(value) : NaN) : value;
    const place = facet.labels.indexOf(wanted);
    return this.ofSets(facet, facet.sets.map((set) => set.includes(place)));
  }

  /** The documents that have at least one label of a facet, and none but these. */
  /** @type {(name: string, values: string[]) => Promise<Uint8Array>} */
  async havingOnly(name, values) {
    const facet = await this.facet(name);
    const wanted = new Set(values.map((value) => facet.labels.indexOf(value)));
    return this.ofSets(facet, facet.sets.map((set) => set.length > 0 && set.every((place) => wanted.has(place))));
  }

  /** How many documents of a set have each label of a column, in the order of the labels. */
  /** @type {(column: Labelled, mask: Uint8Array) => Uint32Array} */
  counts({ labels, sets, rows }, mask) {
    const ofSets = new Uint32Array(sets.length);
    for (let row = 0; row < rows.length; row += 1) ofSets[rows[row]] += mask[row];
    const counts = new Uint32Array(labels.length);
    sets.forEach((set, number) => {
      for (const place of set) counts[place] += ofSets[number];
    });
    return counts;
  }

  /** @type {(column: Labelled, wanted: boolean[]) => Uint8Array} */
  ofSets({ rows }, wanted) {
    return this.mask((row) => wanted[rows[row]]);
  }

  /** @type {(holds: (row: number) => boolean) => Uint8Array} */
  mask(holds) {
    const found = new Uint8Array(this.count);
    for (let row = 0; row < found.length; row += 1) if (holds(row)) found[row] = 1;
    return found;
  }
}

/** For each set whether one of its values lies between two ends. */
/** @type {(column: Labelled, low: number, high: number) => boolean[]} */
export function inside({ labels, sets }, low, high) {
  return sets.map((set) => set.some((place) => labels[place] >= low && labels[place] <= high));
}
