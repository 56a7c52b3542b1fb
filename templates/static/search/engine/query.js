// The search language, read into a tree as builders/search/language/query.py does: nothing that a person types is an error.

/** @import { IdentifierTables, Identifiers } from "./identifiers.js" */
/** @import { QueryNode, TextNode } from "./nodes.js" */
/** @import { Ranges } from "./ranges.js" */
/** @import { WordsOf } from "./words.js" */

import { identifiersOf } from "./identifiers.js";
import { all, elementNodes, facetNode, negated, yearsNode } from "./nodes.js";
import { DAYS, RANGE } from "./ranges.js";
import { BLANK } from "./words.js";

const TOKEN = new RegExp(
  `(?<open>\\()|(?<close>\\))|(?<minus>-(?=[^${BLANK})]))?`
  + `(?:(?<field>[A-Za-z][A-Za-z_]{1,20}):(?=[^${BLANK}])(?<exact>=(?="))?)?`
  + `(?:"(?<phrase>[^"]*)"|(?<group>(?<=:)\\()|(?<word>[^${BLANK}()"]+))|(?<other>.)`, "suy");
const BLANKS = new RegExp(`[${BLANK}]+`, "uy");
const MUST = new RegExp(`\\+(?=[^${BLANK}()+])`, "uy");
const SHORTEST_PREFIX = 3;
const IDENTIFIER = "identifier";

/**
 * @typedef {IdentifierTables & {fields: Record<string, string[]>, facets: string[], has: string[], stopWords: string[],
 *   carriers: string[], carriedFrom: number, mostKeywords: number, elements: string[], isotopes: Record<string, string>,
 *   longest: number, deepest: number, mostTerms: number, colon: string}} LanguageTables
 */
/** @typedef {Omit<LanguageTables, "colon"> & {termAddress: RegExp, colon: RegExp, identifiers: Identifiers}} Language */
/** @typedef {{node: QueryNode, notes: string[]}} Query */

/**
 * The reader of queries: `parse(text)` gives `{node, notes}`. `language` are the build's tables (fields, facets, stop
 * words, elements, limits), `words` and `fold` the analysis of words.js, `ranges` from ranges.js.
 */
/**
 * @type {(language: LanguageTables, analysis: {words: WordsOf, fold: (text: string) => string}, ranges: Ranges) =>
 *   {parse: (text: string) => Query}}
 */
export function queriesOf(language, { words, fold }, ranges) {
  // `panet:PaNET01188` or a term's whole address: all mean the term.
  const termAddress = new RegExp(
    `(?<![${language.letters}_/])(?:https?://[^${BLANK}"()]{1,100}[/#]|panet:)(panet[0-9]+)(?![${language.letters}_])/?`,
    "giu");
  const colon = new RegExp(`(?<![^${BLANK}(-])(${language.colon}):[${BLANK}]+(?=[^${BLANK}])`, "giu");
  const identifiers = identifiersOf(language, fold);
  return { parse: (text) => new Parser(text, { ...language, termAddress, colon, identifiers }, words, ranges).query() };
}

/** Reads one query by recursive descent. */
class Parser {
  /**
   * @param {string} text
   * @param {Language} language
   * @param {WordsOf} words
   * @param {Ranges} ranges
   */
  constructor(text, language, words, ranges) {
    this.language = language;
    this.words = words;
    this.ranges = ranges;
    /** @type {Set<string>} */
    this.notes = new Set();
    this.at = 0;
    this.terms = 0;
    text = text.replaceAll("\0", " ").normalize("NFC").replaceAll("≤", "<=").replaceAll("≥", ">=").replace(/[“”„‟«»]/g, '"');
    const { longest, termAddress, colon } = language;
    if (text.length > longest && [...text].length > longest) {
      text = [...text].slice(0, longest).join("");
      this.note(`The query was longer than ${longest} characters; the rest was left out.`);
    }
    text = text.replace(termAddress, "$1").replace(colon, "$1:");
    if (text.split('"').length % 2 === 0) {
      const at = text.lastIndexOf('"');
      text = `${text.slice(0, at)} ${text.slice(at + 1)}`;
      this.note("A quotation mark has no partner; its words were searched one by one.");
    }
    this.text = text;
  }

  /** @type {() => Query} */
  query() {
    const nodes = [];
    while (this.at < this.text.length) {
      const node = this.either(0, []);
      if (node) nodes.push(node);
      if (this.peek("close")) this.note("A closing parenthesis has no partner; it was left out.");
    }
    const node = all(nodes);
    if (!node && this.text.replace(new RegExp(`[${BLANK}]+`, "gu"), "")) {
      this.note("Nothing in the query can be searched; all records are shown.");
    }
    return { node: node ?? { type: "everything" }, notes: [...this.notes] };
  }

  /** @type {(text: string) => void} */
  note(text) {
    this.notes.add(text);
  }

  /** What a pattern finds right here. */
  /** @type {(pattern: RegExp) => any} */
  match(pattern) {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  blanks() {
    this.at += this.match(BLANKS)?.[0].length ?? 0;
  }

  /** @type {() => any} */
  token() {
    this.blanks();
    return this.match(TOKEN);
  }

  /** Takes a token of this kind when it comes next. */
  /** @type {(kind: string) => boolean} */
  peek(kind) {
    const token = this.token();
    if (token?.groups[kind] === undefined) return false;
    this.at += token[0].length;
    return true;
  }

  /** Takes `OR`, `AND` or `NOT` in capitals when it comes next. */
  /** @type {(word: string) => boolean} */
  keyword(word) {
    this.blanks();
    const end = this.at + word.length;
    if (!this.text.startsWith(word, this.at)) return false;
    if (end < this.text.length && !' \t\n()"-'.includes(this.text[end])) return false;
    this.at = end;
    return true;
  }

  /** One or more runs of terms with OR between them, up to a closing parenthesis or the end. */
  /** @type {(depth: number, fields: string[]) => QueryNode | null} */
  either(depth, fields) {
    const choices = [];
    let missing = false;
    for (;;) {
      const run = this.run(depth, fields);
      if (run) choices.push(run);
      else missing = true;
      if (!this.keyword("OR")) break;
      this.blanks();
      if (this.at >= this.text.length) missing = true;
    }
    if (missing && choices.length && this.terms <= this.language.mostTerms) {
      this.note("OR stands beside nothing; it was left out.");
    }
    if (!choices.length) return null;
    return choices.length === 1 ? choices[0] : { type: "or", nodes: choices };
  }

  /** Terms side by side: all of them are wanted. */
  /** @type {(depth: number, fields: string[]) => QueryNode | null} */
  run(depth, fields) {
    const nodes = [];
    let strict = false;
    for (;;) {
      this.blanks();
      if (this.at >= this.text.length || this.text[this.at] === ")") break;
      const before = this.at;
      if (this.keyword("OR")) {
        this.at = before;
        break;
      }
      if (this.keyword("AND")) {
        strict = true;
        continue;
      }
      const node = this.term(depth, fields);
      if (node) nodes.push(node);
    }
    const told = this.withoutStopWords(nodes);
    return all(strict ? told : this.loosened(told));
  }

  /** One term with what stands before it; null when nothing of it can be searched. */
  /** @type {(depth: number, fields: string[]) => QueryNode | null} */
  term(depth, fields) {
    if (this.keyword("NOT")) return negated(depth < this.language.deepest ? this.term(depth + 1, fields) : null);
    if (this.match(MUST)) {
      this.at += 1;
      const wanted = depth < this.language.deepest ? this.term(depth + 1, fields) : null;
      return wanted && { type: "and", nodes: [wanted] };
    }
    if (this.text.startsWith("-(", this.at)) {
      this.at += 2;
      return negated(this.group(depth, fields));
    }
    const { namedAt, identifiedAt } = this.language.identifiers;
    const named = namedAt(this.text, this.at) ?? (fields.length ? null : identifiedAt(this.text, this.at));
    if (named) {
      this.at = named.end;
      return this.counted(named.node);
    }
    const ranged = this.range(fields);
    if (ranged !== undefined) return ranged;
    const token = this.token();
    if (!token) return null;
    this.at += token[0].length;
    const { open, close, other, minus } = token.groups;
    if (open !== undefined) return this.group(depth, fields);
    if (close !== undefined || other !== undefined) return null;
    const node = this.value(token.groups, depth, fields);
    return minus === undefined ? node : negated(node);
  }

  /** A range, if one stands here; undefined when none does, or none that can be read. */
  /** @type {(fields: string[]) => QueryNode | null | undefined} */
  range(fields) {
    const found = this.match(RANGE);
    if (!found) return undefined;
    const { minus, sign, value } = found.groups;
    let { apart = "" } = found.groups;
    const name = found.groups.name.toLowerCase();
    if (!this.ranges.isRange(name) || (sign === ":" && fields.length)) return undefined;
    const unit = apart.replace(/[ \u00a0\u202f]/g, "");
    let wanted = unit && !DAYS.includes(name) ? this.ranges.read(name, sign, value + unit) : null;
    if (!wanted) [wanted, apart] = [this.ranges.read(name, sign, value), ""];
    if (wanted) {
      this.at += found[0].length + apart.length;
      const node = this.counted(wanted);
      return minus === undefined ? node : negated(node);
    }
    if (sign !== ":" || !Object.hasOwn(this.language.fields, name)) {
      this.note(`“${found[0]}” is no range of ${name}; it is written ${this.ranges.example(name)}.`);
    }
    return undefined;
  }

  /** @type {(depth: number, fields: string[]) => QueryNode | null} */
  group(depth, fields) {
    if (depth + 1 >= this.language.deepest) {
      this.note(`Parentheses are deeper than ${this.language.deepest}; the inner ones were left out.`);
      return null;
    }
    const node = this.either(depth + 1, fields);
    if (!this.peek("close")) this.note("A parenthesis has no partner; it was closed at the end.");
    return node;
  }

  /** @type {(parts: Record<string, string | undefined>, depth: number, fields: string[]) => QueryNode | null} */
  value({ field, exact, phrase, group, word }, depth, fields) {
    const name = (field ?? "").toLowerCase();
    let value = phrase ?? word ?? "";
    if (group === undefined) {
      if (name === "year") return this.years(value);
      if (name === "element") return this.elements(value);
      if (name === "has" && !this.language.has.includes(value.toLowerCase())) {
        this.note(`has:${value} finds nothing; what stands after has: is one of ${this.language.has.join(", ")}.`);
      }
      if (["has", "kind", "is"].includes(name)) {
        return this.counted(facetNode(name === "is" ? "kind" : name, value.toLowerCase()));
      }
      if (name === "doi") return this.counted(this.language.identifiers.namedNode(value));
    }
    if (this.language.facets.includes(name) && exact !== undefined) return this.counted(facetNode(name, value));
    if (Object.hasOwn(this.language.fields, name)) {
      fields = this.language.fields[name];
    } else if (name) {
      if (!value.startsWith("//")) {
        this.note(`“${name}” is not a field that can be searched; it was taken as a word. `
          + `Fields are ${Object.keys(this.language.fields).sort().join(", ")}.`);
      }
      value = `${name} ${value}`;
      if (phrase === undefined) return this.several(split(value), fields);
    }
    if (group !== undefined) return this.group(depth, fields);
    if (fields.length === 1 && fields[0] === IDENTIFIER) {
      const node = this.language.identifiers.nodeOf(value);
      return node && this.counted(node);
    }
    return phrase === undefined ? this.word(value, fields) : this.phrase(value, fields);
  }

  /** @type {(values: string[], fields: string[]) => QueryNode | null} */
  several(values, fields) {
    return all(/** @type {QueryNode[]} */ (values.map((value) => this.word(value, fields)).filter(Boolean)));
  }

  /** @type {(text: string, fields: string[]) => QueryNode | null} */
  phrase(text, fields) {
    const count = [...this.words(text)].filter((word) => !word.whole).length;
    return count ? this.counted({ type: "phrase", text, fields }, count) : null;
  }

  /** @type {(value: string, fields: string[]) => QueryNode | null} */
  word(value, fields) {
    if (value.endsWith("*")) {
      const found = [...this.words(value)].filter((word) => !word.whole);
      if (found.length === 1 && [...found[0].text].length >= SHORTEST_PREFIX) {
        return this.counted({ type: "prefix", text: found[0].text, fields });
      }
      this.note(`“*” needs at least ${SHORTEST_PREFIX} letters before it; it was left out.`);
    }
    // `and/or`, `Fe,Ni`: what a blank could part are words of their own, what a hyphen joins is one.
    const nodes = [];
    for (const text of value.split(/[,;|&+=<>[\]{}!?*]+/)) {
      if (this.words(text).next().done) continue;
      const node = this.counted({ type: "word", text, fields });
      if (node) nodes.push(node);
    }
    return all(nodes);
  }

  /** @type {(node: QueryNode, terms?: number) => QueryNode | null} */
  counted(node, terms = 1) {
    this.terms += terms;
    if (this.terms <= this.language.mostTerms) return node;
    this.note(`The query has more than ${this.language.mostTerms} terms; the rest was left out.`);
    return null;
  }

  /** @type {(value: string) => QueryNode | null} */
  years(value) {
    const node = yearsNode(value);
    if (node) return this.counted(node);
    this.note("A year is written year:2020 or year:2019..2023; what was given was taken as words.");
    return this.several(["year", ...value.split(/\.\.|[<>=]+/)], []);
  }

  /** @type {(value: string) => QueryNode | null} */
  elements(value) {
    const symbols = value.split(new RegExp(`[,;+${BLANK}-]+`, "u")).filter(Boolean);
    const nodes = elementNodes(symbols, this.language);
    if (nodes) return all(/** @type {QueryNode[]} */ (nodes.map((node) => this.counted(node)).filter(Boolean)));
    this.note("Elements are written by their symbols: element:Fe,Ni; what was given was taken as words.");
    return this.several(["element", ...symbols], []);
  }

  /** The terms of a run without `the` and `of`, as long as something else is asked for beside them. */
  /** @type {(nodes: QueryNode[]) => QueryNode[]} */
  withoutStopWords(nodes) {
    const { stopWords } = this.language;
    const kept = nodes.filter((node) =>
      !(node.type === "word" && !node.fields.length && stopWords.includes(node.text.toLowerCase())));
    return kept.some((node) => node.type !== "not") ? kept : nodes;
  }

  /** The terms of a run with its plain words as one, without what only carries a question. */
  /** @type {(nodes: QueryNode[]) => QueryNode[]} */
  loosened(nodes) {
    const { carriers, carriedFrom, mostKeywords } = this.language;
    /** @type {any[]} the plain words */
    const plain = nodes.filter((node) => node.type === "word" && !node.fields.length);
    if (!plain.length) return nodes;
    const some = plain.length < carriedFrom ? plain : plain.filter(({ text }) => !carriers.includes(text.toLowerCase()));
    const telling = some.length ? some : plain;
    const texts = [...new Set(telling.map(({ text }) => text))];
    const keywords = telling.length === plain.length && plain.length <= mostKeywords;
    /** @type {TextNode[]} */
    const words = texts.map((text) => ({ type: "word", text, fields: [] }));
    /** @type {QueryNode} */
    const asked = words.length > 1 ? { type: "most", nodes: words, keywords } : words[0];
    return nodes.filter((node) => node === telling[0] || !plain.includes(node))
      .map((node) => (node === telling[0] ? asked : node));
  }
}

/** @type {(text: string) => string[]} */
const split = (text) => text.split(new RegExp(`[${BLANK}]+`, "u")).filter(Boolean);
