// The search of a site without a server: answers as /api/search does, from the files that the build left.
//
//   const search = await openSearch(new URL("/search/data/", location.href));
//   const answer = await search.search(new URLSearchParams("q=foam&year=2024"));
//
// `search` answers with the very object that /api/search gives, `suggest` as /api/suggest, and `exportRows` with how
// many there are and the cards of the first 10,000 in order. A request that cannot be one rejects with RequestError.
// `search` takes a second argument: a function that gets the answer early, without facets and histograms.

/** @import { Answer, Card, CardValues, Result } from "./answer.js" */
/** @import { Group } from "./autocomplete.js" */
/** @import { QueryNode } from "./nodes.js" */
/** @import { LanguageTables } from "./query.js" */
/** @import { RequestTables } from "./request.js" */
/** @import { KnownNames, Reading, SentenceTables } from "./sentence.js" */
/** @import { Hits, Scoring } from "./terms.js" */
/** @import { About, Order } from "./united.js" */
/** @import { UnitTables } from "./units.js" */
/** @import { Letters } from "./words.js" */

import { cardOf, facetCounts, ordered, resultOf } from "./answer.js";
import { RequestError, readRequest } from "./request.js";
import { Columns } from "./columns.js";
import { completions } from "./autocomplete.js";
import { Files, Replaced } from "./files.js";
import { queriesOf } from "./query.js";
import { inWords, isLoose, notAll } from "./nodes.js";
import { rangesOf } from "./ranges.js";
import { evaluated, narrowed } from "./evaluate.js";
import { wanted } from "./highlight.js";
import { mended } from "./spelling.js";
import { histogramsOf } from "./histograms.js";
import { sentencesOf, understood } from "./sentence.js";
import { Terms } from "./terms.js";
import { Bundle, united } from "./united.js";
import { quantitiesOf } from "./units.js";
import { Vocabulary } from "./vocabulary.js";
import { analysis } from "./words.js";

export { RequestError };

const IN_WORDS = "No record has what is in quotation marks as it stands; its words were searched.";

/**
 * The build's own tables, which every search reads first.
 * @typedef {Letters & LanguageTables & SentenceTables & RequestTables & Scoring & UnitTables &
 *   {site: string, completed: Record<string, string>}} Tables
 */
/**
 * What the files tell of a scope: how many documents it has, its quantities, and where its words begin.
 * @typedef {{count: number, numbers: string[], frequent: string[], firsts: string[], alone: number[],
 *   spelling: string[], complete: Record<string, string[]>}} ScopeFile
 */
/** @typedef {{reading: Reading, node: QueryNode, base: Hits, notes: Set<string>}} Meaning */
/** @typedef {{files: Files | Bundle, told: ScopeFile, vocabulary: Vocabulary, columns: Columns}} Part */
/**
 * @typedef {{scope: string, parts: Part[], order: Order | null, labels: About["labels"], terms: Terms,
 *   columns: Columns, names?: Promise<KnownNames>}} Index
 */
/** @typedef {{total: number, most: number, rows: Card[]}} Exported */
/**
 * @typedef {{suggest: (text: string) => Promise<{groups: Group[]}>,
 *   search: (parameters: URLSearchParams, early?: ((answer: Answer) => void) | null) => Promise<Answer>,
 *   exportRows: (parameters: URLSearchParams) => Promise<Exported>}} Search
 */

/** Opens the search whose files lie below an address; rejects with an Error when there are none. */
/** @type {(base: URL) => Promise<Search>} */
export async function openSearch(base) {
  let generation = await opened(base);
  /** A search that is under way while the site is published anew begins again with the new files. */
  /** @type {(ask: "search" | "suggest" | "exportRows") => (...given: any[]) => Promise<any>} */
  const again = (ask) => async (...given) => {
    try {
      return await generation[ask](...given);
    } catch (error) {
      if (!(error instanceof Replaced)) throw error;
      generation = await opened(base);
      return generation[ask](...given);
    }
  };
  return { search: again("search"), suggest: again("suggest"), exportRows: again("exportRows") };
}

/** @type {(base: URL) => Promise<Record<string, any>>} */
async function opened(base) {
  const answer = await fetch(new URL("manifest.json", base), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`This site has no files to search in (${answer.status}).`);
  const manifest = await answer.json();
  const files = new Files(new URL(`${manifest.generation}/`, base));
  if (manifest.revised) files.revised = JSON.parse((await files.get(manifest.revised)).text);
  const [{ text }, delta] = await Promise.all([
    files.get("tables"), manifest.delta ? files.bytes(manifest.delta).then((bytes) => new Bundle(bytes)) : null,
  ]);
  return new Generation(files, JSON.parse(text), manifest, delta);
}

/** The index of a scope in some files. */
/** @type {(files: Files | Bundle, scope: string) => Promise<Part>} */
async function part(files, scope) {
  const told = JSON.parse((await files.get(`${scope}/index`)).text);
  return {
    files, told,
    vocabulary: new Vocabulary(files, scope, told), columns: new Columns(files, scope, told.count, told.numbers),
  };
}

/** The files of one build and what has changed since (null: nothing), and what can be asked of them. */
class Generation {
  /**
   * @param {Files} files
   * @param {Tables} tables
   * @param {{block: number}} manifest
   * @param {Bundle | null} delta
   */
  constructor(files, tables, { block }, delta) {
    this.files = files;
    this.delta = delta;
    this.tables = tables;
    this.block = block; // cards in a file
    const read = analysis(tables);
    this.words = read.words;
    this.quantities = quantitiesOf(tables);
    this.ranges = rangesOf(this.quantities);
    this.queries = queriesOf(tables, read, this.ranges);
    this.sentences = sentencesOf(tables, read, this.ranges);
    /** @type {Map<string, Index>} */
    this.indexes = new Map();
  }

  /**
   * @param {URLSearchParams} parameters
   * @param {((answer: object) => void) | null} early
   */
  async search(parameters, early = null) {
    const request = readRequest(parameters, this.tables, this.ranges);
    const { deepestOffset } = this.tables.request;
    const index = await this.index(request.scope);
    const { reading, node, notes: remarks, base } = await this.meaning(request.query, index);
    const notes = new Set([...request.notes, ...remarks]);
    const found = await narrowed(request, base, index);
    const rows = await ordered(found, request.sort, index.columns);
    const end = request.offset + request.limit;
    if (rows.length > deepestOffset + request.limit && end > deepestOffset) {
      notes.add(`Results after the first ${deepestOffset} are not listed; narrow the search instead.`);
    }
    const results = await this.results(index, rows.slice(request.offset, end), found, request, node);
    /** @type {Record<string, any>} */
    const answer = {
      query: request.query, total: rows.length, limit: request.limit, offset: request.offset, sort: request.sort,
      in: request.scope, results, notes: [...notes], understood: understood(reading), suggestion: null, facets: {}, histograms: [],
    };
    early?.({ ...answer });
    [answer.suggestion, answer.facets, answer.histograms] = await Promise.all([
      rows.length && !isLoose(node) ? null : this.mended(reading.query, node, index),
      facetCounts([...this.tables.facets, "year"], index.columns, found, request),
      histogramsOf(index.columns, found, request, this.quantities),
    ]);
    return answer;
  }

  /** @type {(parameters: URLSearchParams) => Promise<Exported>} */
  async exportRows(parameters) {
    const request = readRequest(parameters, this.tables, this.ranges);
    const index = await this.index(request.scope);
    const { base } = await this.meaning(request.query, index);
    const found = await narrowed(request, base, index);
    const rows = await ordered(found, request.sort, index.columns);
    const most = this.tables.request.deepestOffset;
    const cards = await this.cards(index, rows.slice(0, most));
    return { total: rows.length, most, rows: cards.map((card) => cardOf(card, this.tables.site)) };
  }

  /**
   * What a query means to an index; where a guess finds nothing, its words are words (site/search/reading.py).
   * @type {(query: string, index: Index) => Promise<Meaning>}
   */
  async meaning(query, index) {
    const names = await this.names(index);
    /** @type {(reading: Reading, told: string[]) => Promise<Meaning>} */
    const meant = async (reading, told) => {
      const parsed = this.queries.parse(reading.query);
      const notes = new Set([...told, ...parsed.notes]);
      let { node } = parsed;
      for (const { asRange, typed } of reading.conditions) {
        if (asRange) notes.add(`“${typed}” was read as ${asRange}; in quotation marks it is searched as words.`);
      }
      let base = await evaluated(node, index, notes);
      if (reading.conditions.length && !base.mask.includes(1)) { // what has all the words may not be what the conditions leave
        node = notAll(node);
        base = await evaluated(node, index, notes);
      }
      const loose = inWords(node, this.words);
      if (loose === node || base.mask.includes(1)) return { reading, node, base, notes };
      const found = await evaluated(loose, index, new Set());
      if (!found.mask.includes(1)) return { reading, node, base, notes };
      notes.add(IN_WORDS);
      return { reading, node: loose, base: found, notes };
    };
    const reading = this.sentences.read(query, names);
    const found = await meant(reading, []);
    const guesses = reading.conditions.filter(({ guessed }) => guessed);
    if (!guesses.length || found.base.mask.includes(1)) return found;
    const told = guesses.map(({ typed }) => `“${typed}”`).join(", ");
    return meant(this.sentences.read(query, names, false),
      [`Nothing is found with ${told} as a condition; it was searched as words.`]);
  }

  /**
   * The names of what the documents of an index have.
   * @type {(index: Index) => Promise<KnownNames>}
   */
  async names(index) {
    index.names ??= Promise.all(this.tables.named.map(async (name) => {
      const facet = await index.columns.facet(name);
      const counts = index.columns.counts(facet, new Uint8Array(index.columns.count).fill(1));
      return [name, facet.labels.filter((_, place) => counts[place])];
    })).then((labels) => this.sentences.known(Object.fromEntries(labels)));
    return index.names;
  }

  /** @type {(text: string) => Promise<{groups: Group[]}>} */
  async suggest(text) {
    const index = await this.index("publications");
    /** @type {(node: QueryNode) => Promise<Result[]>} */
    const titles = async (node) => {
      const found = await evaluated(node, index, new Set());
      const rows = (await ordered(found, "relevance", index.columns)).slice(0, 4);
      return this.results(index, rows, found, { sort: "relevance" }, node);
    };
    return { groups: await completions(text, index, this.tables, this.words, titles) };
  }

  /** @type {(scope: string) => Promise<Index>} */
  async index(scope) {
    if (!this.indexes.has(scope)) {
      const parts = await Promise.all(/** @type {(Files | Bundle)[]} */ ([this.files, this.delta].filter(Boolean)).map((files) => part(files, scope)));
      /** @type {Omit<Part, "files"> & {order?: Order | null, labels?: About["labels"]}} */
      const { vocabulary, columns, told, order = null, labels = {} } = parts.length > 1
        ? united(parts, /** @type {Bundle} */ (this.delta).told[scope]) : parts[0];
      const terms = new Terms(vocabulary, new Set(told.frequent), this.words, this.tables, columns.count);
      this.indexes.set(scope, { scope, parts, order, labels, terms, columns });
    }
    return /** @type {Index} */ (this.indexes.get(scope));
  }

  /** @type {(index: Index, rows: number[]) => Promise<CardValues[]>} */
  cards({ scope, parts, order }, rows) {
    return Promise.all(rows.map(async (number) => {
      const row = order ? order.row[number] : number;
      const { files } = parts[order ? order.part[number] : 0];
      const { text } = await files.get(`${scope}/cards-${Math.floor(row / this.block)}`);
      return JSON.parse(text)[row % this.block];
    }));
  }

  /** @type {(index: Index, rows: number[], hits: Hits, request: {sort: string}, node: QueryNode) => Promise<Result[]>} */
  async results(index, rows, { scores }, { sort }, node) {
    const marks = wanted(node, this.words);
    /** @type {(row: number) => number} */
    const scoreOf = (row) => (sort === "relevance" ? scores[row] : 0); // no other order has scores
    const cards = await this.cards(index, rows);
    return cards.map((card, at) => resultOf(card, scoreOf(rows[at]), marks, this.words, this.tables.site));
  }

  /** @type {(query: string, node: QueryNode, index: Index) => Promise<string | null>} */
  async mended(query, node, index) {
    const shorter = [...query].slice(0, this.tables.longest).join("");
    return mended(shorter, node, index, this.words, async (better) => {
      const { mask } = await evaluated(this.queries.parse(better).node, index, new Set());
      return mask.includes(1);
    });
  }
}
