// The search of a site without a server: answers as /api/search does, from the files that the build left.
//
//   const search = await openSearch(new URL("/search/data/", location.href));
//   const answer = await search.search(new URLSearchParams("q=foam&year=2024"));
//
// `search` answers with the very object that /api/search gives, `suggest` as /api/suggest, and `exportRows` with how
// many there are and the cards of the first 10,000 in order. A request that cannot be one rejects with RequestError.
// `search` takes a second argument: a function that gets the answer early, without facets and spreads.

import { cardOf, facetCounts, ordered, resultOf } from "./answer.js";
import { RequestError, readRequest } from "./request.js";
import { Columns } from "./columns.js";
import { completions } from "./autocomplete.js";
import { Files, Replaced } from "./files.js";
import { queriesOf } from "./query.js";
import { isLoose } from "./nodes.js";
import { rangesOf } from "./ranges.js";
import { evaluated, narrowed } from "./evaluate.js";
import { wanted } from "./highlight.js";
import { mended } from "./spelling.js";
import { histogramsOf } from "./histograms.js";
import { Terms } from "./terms.js";
import { Bundle, united } from "./united.js";
import { quantitiesOf } from "./units.js";
import { Vocabulary } from "./vocabulary.js";
import { analysis } from "./words.js";

export { RequestError };

/** Opens the search whose files lie below an address; rejects with an Error when there are none. */
export async function openSearch(base) {
  let generation = await opened(base);
  /** A search that is under way while the site is published anew begins again with the new files. */
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

async function opened(base) {
  const answer = await fetch(new URL("manifest.json", base), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`This site has no files to search in (${answer.status}).`);
  const manifest = await answer.json();
  const files = new Files(new URL(`${manifest.generation}/`, base));
  const [{ text }, delta] = await Promise.all([
    files.get("tables"), manifest.delta ? files.bytes(manifest.delta).then((bytes) => new Bundle(bytes)) : null,
  ]);
  return new Generation(files, JSON.parse(text), manifest, delta);
}

/** The index of a scope in some files. */
async function part(files, scope) {
  const told = JSON.parse((await files.get(`${scope}/index`)).text);
  return {
    files, told,
    vocabulary: new Vocabulary(files, scope, told), columns: new Columns(files, scope, told.count, told.numbers),
  };
}

/** The files of one build and what has changed since (null: nothing), and what can be asked of them. */
class Generation {
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
    this.indexes = new Map();
  }

  /**
   * @param {URLSearchParams} parameters
   * @param {((answer: object) => void) | null} early
   */
  async search(parameters, early = null) {
    const request = readRequest(parameters, this.tables, this.ranges);
    const { deepestOffset } = this.tables.request;
    const { node, notes: remarks } = this.queries.parse(request.query);
    const notes = new Set([...request.notes, ...remarks]);
    const index = await this.index(request.scope);
    const found = await narrowed(request, node, index, notes);
    const rows = await ordered(found, request.sort, index.columns);
    const end = request.offset + request.limit;
    if (rows.length > deepestOffset + request.limit && end > deepestOffset) {
      notes.add(`Results after the first ${deepestOffset} are not listed; narrow the search instead.`);
    }
    const results = await this.results(index, rows.slice(request.offset, end), found, request, node);
    /** @type {Record<string, any>} */
    const answer = {
      query: request.query, total: rows.length, limit: request.limit, offset: request.offset, sort: request.sort,
      in: request.scope, results, notes: [...notes], suggestion: null, facets: {}, spreads: [],
    };
    early?.({ ...answer });
    [answer.suggestion, answer.facets, answer.spreads] = await Promise.all([
      rows.length && !isLoose(node) ? null : this.mended(request.query, node, index),
      facetCounts([...this.tables.facets, "year"], index.columns, found, request),
      histogramsOf(index.columns, found, request, this.quantities),
    ]);
    return answer;
  }

  async exportRows(parameters) {
    const request = readRequest(parameters, this.tables, this.ranges);
    const { node } = this.queries.parse(request.query);
    const index = await this.index(request.scope);
    const found = await narrowed(request, node, index, new Set());
    const rows = await ordered(found, request.sort, index.columns);
    const most = this.tables.request.deepestOffset;
    const cards = await this.cards(index, rows.slice(0, most));
    return { total: rows.length, most, rows: cards.map((card) => cardOf(card, this.tables.site)) };
  }

  async suggest(text) {
    const index = await this.index("publications");
    const titles = async (node) => {
      const found = await evaluated(node, index, new Set());
      const rows = (await ordered(found, "relevance", index.columns)).slice(0, 4);
      return this.results(index, rows, found, { sort: "relevance" }, node);
    };
    return { groups: await completions(text, index, this.tables, this.words, titles) };
  }

  async index(scope) {
    if (!this.indexes.has(scope)) {
      const parts = await Promise.all([this.files, this.delta].filter(Boolean).map((files) => part(files, scope)));
      const { vocabulary, columns, told, order = null, labels = {} } = parts.length > 1
        ? united(parts, this.delta.told[scope]) : parts[0];
      const terms = new Terms(vocabulary, new Set(told.frequent), this.words, this.tables, columns.count);
      this.indexes.set(scope, { scope, parts, order, labels, terms, columns });
    }
    return this.indexes.get(scope);
  }

  cards({ scope, parts, order }, rows) {
    return Promise.all(rows.map(async (number) => {
      const row = order ? order.row[number] : number;
      const { files } = parts[order ? order.part[number] : 0];
      const { text } = await files.get(`${scope}/cards-${Math.floor(row / this.block)}`);
      return JSON.parse(text)[row % this.block];
    }));
  }

  async results(index, rows, { scores }, { sort }, node) {
    const marks = wanted(node, this.words);
    const scoreOf = (row) => (sort === "relevance" ? scores[row] : 0); // no other order has scores
    const cards = await this.cards(index, rows);
    return cards.map((card, at) => resultOf(card, scoreOf(rows[at]), marks, this.words, this.tables.site));
  }

  async mended(query, node, index) {
    const shorter = [...query].slice(0, this.tables.longest).join("");
    return mended(shorter, node, index, this.words, async (better) => {
      const { mask } = await evaluated(this.queries.parse(better).node, index, new Set());
      return mask.includes(1);
    });
  }
}
