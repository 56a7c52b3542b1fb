// A sentence read as the search language, as builders/search/language/sentence.py reads it, by the same tables.

/** @import { Understood } from "./answer.js" */
/** @import { LanguageTables } from "./query.js" */
/** @import { Ranges } from "./ranges.js" */
/** @import { UnitTables } from "./units.js" */
/** @import { WordsOf } from "./words.js" */

import { amountsOf } from "./amounts.js";
import { namesOf } from "./names.js";
import { BLANK } from "./words.js";

/**
 * The tables of builders/search/language/phrases.py.
 * @typedef {{patterns: Record<string, string>, numbers: Record<string, number>, times: Record<string, number>,
 *   months: Record<string, number>, units: Record<string, string>, alone: string[], around: Record<string, string[]>,
 *   signs: Record<string, string>, days: Record<string, string>, facilities: string[][],
 *   techniques: Record<string, string>, exact: string, opaque: string, longest: number}} Phrases
 */
/** @typedef {{sentence: Phrases, named: string[]} & LanguageTables & UnitTables} SentenceTables */
/** @typedef {Record<string, RegExp>} Patterns */
/** @typedef {Map<string, [string, string[]]>} KnownNames the facet and the labels that words mean */
/**
 * @typedef {{key: string, value: string, negated: boolean, exact: string, typed: string, start: number, end: number,
 *   guessed: boolean, asRange: string}} Condition
 */
/** @typedef {{query: string, conditions: Condition[], sentence: string}} Reading */
/**
 * @typedef {{read: (text: string, names: KnownNames, guessing?: boolean) => Reading,
 *   known: (labels: Record<string, readonly string[]>) => KnownNames}} Sentences
 */

const MARKS = /^[,;:.!?]+|[,;:.!?]+$/g;
const COVER = "\ufffc"; // stands for what was read already or is not to be read: it is in no pattern
const BLANKS = new RegExp(`[${BLANK}]+`, "u");

/** @type {(word: string) => string} */
const bare = (word) => word.replace(MARKS, "");
/** @type {(text: string) => string} */
const covered = (text) => COVER.repeat(text.length);

/**
 * The reader of sentences: `read(text, known, guessing)` gives `{query, conditions, sentence}`, `without(reading,
 * condition)` the sentence as if that had not been said, and `known(labels)` the names of a site's labels.
 * @type {(tables: SentenceTables, analysis: {words: WordsOf}, ranges: Ranges) => Sentences}
 */
export function sentencesOf(tables, { words }, ranges) {
  const { sentence: told, stopWords, carriers, carriedFrom } = tables;
  const patterns = Object.fromEntries(Object.entries(told.patterns)
    .map(([name, source]) => [name, new RegExp(source.replaceAll("(?P<", "(?<"), "giu")]));
  const [exact, opaque] = [new RegExp(told.exact, "u"), new RegExp(told.opaque, "gu")];
  const { amounts, days } = amountsOf(tables, patterns, ranges);
  const { known, named, said } = namesOf(tables, patterns, words);
  const idle = new Set([...stopWords, ...carriers]);

  /** @type {Sentences["read"]} */
  function read(text, names, guessing = true) {
    const sentence = split(text.replaceAll("\0", " ").normalize("NFC")).join(" ").replace(/[“”„‟«»]/g, '"');
    const nothing = { query: text, conditions: [], sentence };
    if ([...sentence].length > told.longest || sentence.split('"').length % 2 === 0) return nothing;
    let rest = sentence.replace(opaque, covered);
    if (exact.test(rest)) return nothing;
    /** @type {Condition[]} */
    const found = [];
    for (const reader of [amounts, days, named, said]) {
      for (const condition of reader(rest, sentence, names)) {
        if (!guessing && condition.guessed) continue;
        found.push(condition);
        rest = rest.slice(0, condition.start) + covered(condition.typed) + rest.slice(condition.end);
      }
    }
    if (!found.length) return nothing;
    found.sort((one, other) => one.start - other.start);
    return { query: rewritten(sentence, rest, found), conditions: found, sentence };
  }

  /**
   * The sentence with its conditions in the exact language; of few words those that carry the question drop out.
   * @type {(sentence: string, rest: string, found: Condition[]) => string}
   */
  function rewritten(sentence, rest, found) {
    const telling = split(rest).map((word) => bare(word).toLowerCase())
      .filter((word) => word.replaceAll(COVER, "") && !stopWords.includes(word));
    /** @type {(text: string) => string} */
    const kept = (text) => split(text)
      .filter((word) => bare(word) && (telling.length >= carriedFrom || !idle.has(bare(word).toLowerCase()))).join(" ");
    const pieces = [];
    let at = 0;
    for (const condition of found) {
      pieces.push(kept(sentence.slice(at, condition.start)), condition.exact);
      at = condition.end;
    }
    return [...pieces, kept(sentence.slice(at))].filter(Boolean).join(" ");
  }

  return { read, known };
}

/**
 * The sentence as if a condition had not been said.
 * @type {(reading: Reading, condition: Condition) => string}
 */
export function without({ sentence }, { start, end }) {
  return split(`${sentence.slice(0, start)} ${sentence.slice(end)}`).join(" ").replace(/^[,;:.!? ]+| (?=[,;:.!?](?: |$))/g, "");
}

/**
 * What an answer tells of a reading; null where nothing was read.
 * @type {(reading: Reading) => Understood | null}
 */
export function understood(reading) {
  if (!reading.conditions.length) return null;
  const conditions = reading.conditions.map((one) => {
    const { key, value, negated, typed, exact } = one;
    return { key, value, negated, typed, exact, without: without(reading, one) };
  });
  return { query: reading.query, conditions };
}

/** @type {(text: string) => string[]} */
const split = (text) => text.split(BLANKS).filter(Boolean);
