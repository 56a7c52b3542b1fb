// Names in a sentence, as builders/search/language/known_names.py reads them.

/** @import { Reader } from "./amounts.js" */
/** @import { Condition, KnownNames, Patterns, SentenceTables } from "./sentence.js" */
/** @import { WordsOf } from "./words.js" */

import { byCharacter } from "./answer.js";

const LONGEST_NAME = 10;
const SHORTEST_UNWANTED = 3;

/**
 * `known(labels)` gives the names of a site's labels by their words; `named` and `said` read conditions.
 * @type {(tables: SentenceTables, patterns: Patterns, words: WordsOf) => {said: Reader,
 *   known: (labels: Record<string, readonly string[]>) => KnownNames,
 *   named: (rest: string, sentence: string, names: KnownNames) => Generator<Condition>}}
 */
export function namesOf({ sentence: told, named: facets, stopWords, carriers, carriedFrom }, patterns, words) {
  const idle = new Set([...stopWords, ...carriers]);
  /** @type {(text: string) => import("./words.js").Word[]} */
  const plain = (text) => [...words(text)].filter((word) => !word.whole);
  /** @type {(text: string) => string[]} */
  const partsOf = (text) => plain(text).map((word) => word.text);

  /** @type {(labels: Record<string, readonly string[]>) => KnownNames} */
  function known(labels) {
    /** @type {KnownNames} */
    const found = new Map();
    /** @type {(name: string, facet: string, ...meant: string[]) => void} */
    const add = (name, facet, ...meant) => {
      const parts = partsOf(name);
      const key = parts.join(" ");
      if (!parts.length || parts.length > LONGEST_NAME || found.has(key) || meant.some((label) => label.includes('"'))) return;
      found.set(key, [facet, meant]);
    };
    const has = Object.fromEntries(facets.map((facet) => [facet, [...labels[facet]].sort(byCharacter)]));
    for (const label of has.technique) add(label, "technique", label);
    for (const [name, label] of Object.entries(told.techniques)) if (has.technique.includes(label)) add(name, "technique", label);
    for (const label of has.instrument) add(label, "instrument", label);
    for (const label of has.instrument) add(label.split(/ [-–—] | ?[:(]/u)[0], "instrument", label);
    for (const names of told.facilities) {
      const keys = names.map((name) => partsOf(name).join(" "));
      const own = has.facility.find((label) => keys.includes(partsOf(label).join(" ")));
      if (own !== undefined) for (const name of names) add(name, "facility", own);
    }
    for (const label of has.facility) add(label, "facility", label);
    /** @type {Map<string, string[]>} */
    const licences = new Map();
    for (const label of has.licence) {
      for (let parts = partsOf(label); parts.length; parts = parts.slice(0, -1)) {
        const key = parts.join(" ");
        licences.set(key, [...(licences.get(key) ?? []), label]);
        if (!/^[0-9.]+$/.test(parts.at(-1) ?? "")) break;
      }
    }
    for (const [key, some] of licences) add(key, "licence", ...some);
    return found;
  }

  /**
   * The names that a site knows, the longest first; those of one word where a word before or capitals say so.
   * @type {(rest: string, sentence: string, names: KnownNames) => Generator<Condition>}
   */
  function* named(rest, sentence, names) {
    const found = plain(rest);
    for (let at = 0; at < found.length; at += 1) {
      for (let length = Math.min(LONGEST_NAME, found.length - at); length > 0; length -= 1) {
        const meant = names.get(found.slice(at, at + length).map((word) => word.text).join(" "));
        const condition = meant && name(rest, sentence, found[at].start, found[at + length - 1].end, ...meant);
        if (!condition) continue;
        yield condition;
        at += length - 1;
        break;
      }
    }
  }

  /** @type {(rest: string, sentence: string, start: number, end: number, facet: string, labels: string[]) => Condition | null} */
  function name(rest, sentence, start, end, facet, labels) {
    const typed = sentence.slice(start, end);
    const cue = patterns[`cue.${facet}`];
    cue.lastIndex = 0;
    const before = cue.exec(rest.slice(0, start));
    const capitals = [...typed].filter((letter) => letter !== letter.toLowerCase()).length;
    const several = typed.includes(" ") || (facet !== "technique" && typed.includes("-"));
    if (!before && sentence.split(" ").length < carriedFrom) return null;
    if (!before && !several && capitals < 2 && !(facet === "instrument" && /[0-9]/.test(typed))) return null;
    if (facet === "licence" && !before && capitals < 2) return null;
    const begin = before ? before.index : start;
    let exact = labels.map((label) => `${facet}:="${label}"`).join(" OR ");
    if (facet === "technique") exact = `(technique:="${labels[0]}" OR "${typed}")`;
    else if (facet === "facility") exact = `facility:"${labels[0]}"`;
    else if (labels.length > 1) exact = `(${exact})`;
    return condition(facet, labels.length === 1 ? labels[0] : typed, exact, sentence, begin, end, facet !== "licence");
  }

  const PEOPLE = ["author", "first", "pi"];
  /** @type {Record<string, string>} */
  const KINDS = { first: "first", pi: "pi", author: "author", by: "author", proposal: "proposal", formula: "sample", without: "word" };

  /**
   * People, proposals, formulae and unwanted words, by what is said in front of them.
   * @type {Reader}
   */
  function* said(rest, sentence) {
    /** @type {[number, number][]} */
    const taken = [];
    for (const [kind, key] of Object.entries(KINDS)) {
      for (const found of rest.matchAll(patterns[kind])) {
        const all = found.groups?.value ?? "";
        const value = PEOPLE.includes(key) ? person(all, kind !== "by") : all;
        if (!value || (key === "word" && !unwanted(value))) continue;
        const start = found.index;
        const end = start + found[0].length - all.length + value.length;
        if (taken.some(([first, last]) => start < last && first < end)) continue;
        taken.push([start, end]);
        let exact = `${key}:"${value}"`;
        if (PEOPLE.includes(key)) exact = `${key}:(${value})`;
        if (key === "word") exact = `-${value}`;
        yield { ...condition(key, value, exact, sentence, start, end, ["by", "first", "pi"].includes(kind)), negated: key === "word" };
      }
    }
  }

  /**
   * The words of a name that a text begins with: those with a capital; one without it where somebody said so.
   * @type {(text: string, sure: boolean) => string}
   */
  function person(text, sure) {
    const all = text.split(" ");
    /** @type {(word: string) => boolean} */
    const capital = (word) => {
      const bare = word.replace(/^[.,;:]+|[.,;:]+$/g, "");
      const [letter] = bare;
      return Boolean(letter) && /\p{L}/u.test(letter) && letter !== letter.toLowerCase()
        && !([...bare].length > 2 && bare === bare.toUpperCase());
    };
    const end = all.findIndex((word) => !capital(word));
    let names = end < 0 ? all : all.slice(0, end);
    if (!names.length && sure && !idle.has(all[0].toLowerCase())) names = all.slice(0, 1);
    if (!names.length || (!sure && names.length === 1 && [...names[0].replace(/^\.+|\.+$/g, "")].length < 3)) return "";
    return names.join(" ").replace(/[.,;:]+$/, "");
  }

  /** @type {(word: string) => boolean} */
  const unwanted = (word) => [...word].length >= SHORTEST_UNWANTED && !idle.has(word.toLowerCase())
    && !"-+\ufffc".includes(word[0]);

  return { known, named, said };
}

/** @type {(key: string, value: string, exact: string, sentence: string, start: number, end: number, guessed: boolean) => Condition} */
function condition(key, value, exact, sentence, start, end, guessed) {
  return { key, value, negated: false, exact, typed: sentence.slice(start, end), start, end, guessed, asRange: "" };
}
