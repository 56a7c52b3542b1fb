// The stretch of a text that shows why it was found, as HTML: escaped, hits in <mark> (site/search/highlight.py).

/** @import { GroupNode, QueryNode, TextNode } from "./nodes.js" */
/** @import { WordsOf } from "./words.js" */

import { BLANK } from "./words.js";

/** @typedef {{whole: Set<string>, stems: Set<string>, beginnings: string[]}} Wanted */
/** @typedef {[number, number, string][]} Places where hits begin and end, and which word each is */

const WIDTH = 260; // characters
const LONGEST = 20_000;
/** @type {Record<string, string>} */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
const BLANKS = new RegExp(`[${BLANK}]+`, "u");

/** The words of a query, but for those that must not occur: `{whole, stems, beginnings}`. */
/** @type {(node: QueryNode, words: WordsOf) => Wanted} */
export function wanted(node, words) {
  /** @type {{whole: Set<string>, stems: Set<string>, beginnings: string[]}} */
  const found = { whole: new Set(), stems: new Set(), beginnings: [] };
  for (const leaf of leaves(node)) {
    if (leaf.type === "prefix") {
      found.beginnings.push(leaf.text);
      continue;
    }
    for (const word of words(leaf.text)) {
      found.whole.add(word.text);
      if (leaf.type === "word" && word.stem !== null) found.stems.add(word.stem);
    }
  }
  return found;
}

/** The whole text, its hits marked. */
/** @type {(text: string, query: Wanted, words: WordsOf) => string} */
export function highlighted(text, query, words) {
  const letters = [...text];
  return marked(letters, hitsIn(text, letters, query, words), 0, letters.length);
}

/** The stretch of the text with the most different hits, about 260 characters, or its beginning without any. */
/** @type {(text: string, query: Wanted, words: WordsOf) => string} */
export function excerpt(text, query, words) {
  const shorter = text.length > LONGEST ? [...text].slice(0, LONGEST).join("") : text;
  const plain = shorter.split(BLANKS).filter(Boolean).join(" ");
  const letters = [...plain]; // characters, not halves of them: places count as they do in Python
  const hits = hitsIn(plain, letters, query, words);
  const start = best(letters, hits);
  let end = Math.min(letters.length, start + WIDTH);
  if (end < letters.length) {
    let blank = end - 1;
    while (blank >= start + WIDTH / 2 && letters[blank] !== " ") blank -= 1;
    if (blank >= start + WIDTH / 2) end = blank;
  }
  return (start > 0 ? "… " : "") + marked(letters, hits, start, end) + (end < letters.length ? " …" : "");
}

/** @type {(node: QueryNode) => Generator<TextNode>} */
function* leaves(node) {
  if (["word", "phrase", "prefix"].includes(node.type)) yield /** @type {TextNode} */ (node);
  else if (["and", "or", "most"].includes(node.type)) for (const other of /** @type {GroupNode} */ (node).nodes) yield* leaves(other);
}

/** Where the hits stand, in characters, and which word each is: `[start, end, name]` in order, none inside another. */
/** @type {(text: string, letters: string[], query: Wanted, words: WordsOf) => Places} */
function hitsIn(text, letters, query, words) {
  const places = text.length === letters.length ? null : placesOf(letters);
  /** @type {Places} */
  const found = [];
  for (const word of words(text)) {
    const hit = query.whole.has(word.text) || query.stems.has(word.text)
      || (word.stem !== null && query.stems.has(word.stem))
      || query.beginnings.some((beginning) => word.text.startsWith(beginning));
    if (!hit) continue;
    const [start, end] = places ? [places[word.start], places[word.end]] : [word.start, word.end];
    while (found.length && /** @type {Places[0]} */ (found.at(-1))[0] >= start) found.pop(); // a compound takes the place of its parts
    found.push([start, end, word.stem || word.text]);
  }
  return found;
}

/** For each place in UTF-16 the number of characters before it. */
/** @type {(letters: string[]) => number[]} */
function placesOf(letters) {
  /** @type {number[]} */
  const places = [];
  letters.forEach((letter, at) => {
    for (let half = 0; half < letter.length; half += 1) places.push(at);
  });
  return [...places, letters.length];
}

/** Where the stretch begins: a blank shortly before the first of the densest run of hits. */
/** @type {(letters: string[], hits: Places) => number} */
function best(letters, hits) {
  let found = 0;
  let most = 0;
  hits.slice(0, 200).forEach(([start], at) => {
    const run = new Set(hits.slice(at, at + 40).filter(([, end]) => end <= start + WIDTH - 60).map(([, , name]) => name));
    if (run.size > most) [found, most] = [start, run.size];
  });
  if (found < 80) return 0;
  for (let at = found - 60; at < found; at += 1) if (letters[at] === " ") return at + 1;
  return found;
}

/** @type {(letters: string[], hits: Places, start: number, end: number) => string} */
function marked(letters, hits, start, end) {
  /** @type {(from: number, to: number) => string} */
  const escaped = (from, to) => letters.slice(from, to).join("").replace(/[&<>"']/g, (letter) => ESCAPES[letter]);
  let html = "";
  let at = start;
  for (const [begin, finish] of hits) {
    if (begin < at || finish > end) continue;
    html += `${escaped(at, begin)}<mark>${escaped(begin, finish)}</mark>`;
    at = finish;
  }
  return html + escaped(at, end);
}
