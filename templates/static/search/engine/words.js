// The words of a text, as builders/search/documents/words.py has them: folded, stemmed where it helps, compounds in parts and whole.

import { stem } from "./stemmer.js";

const VALUE_END = "\u2029"; // parts the values of one field: no phrase reaches over it
const VALUE_GAP = 8;
const LONGEST_WORD = 120;
export const STEM_MARK = "~";
const ACRONYM_BEHIND = /^[a-z]{3,}[A-Z]{2,}$/; // a compound without a hyphen: `cryoEM`, `microCT`
const CASES = /[a-z]+|[A-Z]+/g;
/** @typedef {{text: string, stem: string | null, position: number, start: number, end: number, whole: boolean}} Word */
/** @typedef {(text: string) => Generator<Word>} WordsOf */
/**
 * @typedef {{letters: string, combining: string, folded: Record<string, string>, greek: Record<string, string>,
 *   spelt: Record<string, string>}} Letters
 */

/** What parts words, as the inside of a character class: Python's blanks, which are not JavaScript's. */
export const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/**
 * The analysis by the build's own tables (`letters`, `combining`, `folded`, `greek`, `spelt`): `fold(text)` and
 * `words(text)`, which gives `{text, stem, position, start, end, whole}` for each word; `stem` is null for what is
 * kept whole, `start` and `end` count in UTF-16.
 */
/** @type {(tables: Letters) => {fold: (text: string) => string, words: WordsOf}} */
export function analysis(tables) {
  const part = `[${tables.letters}]+(?:(?<=\\p{Nd})\\.(?=\\p{Nd})[${tables.letters}]+)*`;
  const compounds = new RegExp(`${part}(?:[-‐‑–_./:+'’]${part})*`, "gu");
  const parts = new RegExp(part, "gu");
  const combining = new RegExp(`[${tables.combining}]`, "gu");
  const known = new Map();

  /** @type {(text: string) => string} */
  function fold(text) {
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    let folded = "";
    for (const letter of text) {
      folded += tables.folded[letter] ?? lower(letter.normalize("NFKD").replace(combining, ""));
    }
    return folded;
  }

  /** A part folded; its stem when it is an ordinary word: letters a to z, no capital but the first; and the part as it
   * is spelt without umlauts, which is the first again for most. */
  /** @type {(part: string) => [string, string | null, string]} */
  function plain(part) {
    let found = known.get(part);
    if (!found) {
      let folded = fold(part);
      if (Object.hasOwn(tables.greek, folded)) folded = tables.greek[folded]; // not what every object has: `constructor`
      else if (/^[a-z0-9]*μ[a-z0-9]+$/.test(folded)) folded = folded.replaceAll("μ", "u");
      const [first] = part;
      const rest = part.slice(first.length);
      const ordinary = /^[a-z]{4,}$/.test(folded) && rest === lower(rest);
      const spelt = [...part].some((letter) => Object.hasOwn(tables.spelt, letter))
        ? fold([...part].map((letter) => tables.spelt[letter] ?? letter).join("")) : folded;
      found = [folded, ordinary ? stem(folded) : null, spelt];
      if (known.size < 50_000) known.set(part, found);
    }
    return found;
  }

  /** @type {WordsOf} */
  function* words(text) {
    let position = -1;
    let last = 0;
    for (const compound of text.matchAll(compounds)) {
      const start = compound.index;
      const end = start + compound[0].length;
      const gap = text.indexOf(VALUE_END, last);
      if (gap >= 0 && gap < start) position += VALUE_GAP;
      last = end;
      let joined = "";
      let spelt = "";
      let count = 0;
      for (const part of ACRONYM_BEHIND.test(compound[0]) ? compound[0].matchAll(CASES) : compound[0].matchAll(parts)) {
        position += 1;
        count += 1;
        const [word, root, other] = plain(shortened(part[0]));
        const at = start + part.index;
        yield { text: word, stem: root, position, start: at, end: at + part[0].length, whole: false };
        if (other !== word) {
          yield { text: shortened(other), stem: null, position, start: at, end: at + part[0].length, whole: true };
        }
        const all = part[0].length > LONGEST_WORD ? plain(part[0]) : [word, root, other];
        joined += all[0];
        spelt += all[2];
      }
      if (count === 1) continue;
      yield { text: shortened(joined), stem: null, position, start, end, whole: true };
      if (spelt !== joined) yield { text: shortened(spelt), stem: null, position, start, end, whole: true };
    }
  }

  return { fold, words };
}

/** Of the words of a text, those that stand for all of it: a compound run together, another spelling. */
/** @type {(found: Word[]) => string[]} */
export function otherForms(found) {
  const plain = found.filter((word) => !word.whole);
  return found.filter((word) => word.whole && word.start <= plain[0].start && word.end >= /** @type {Word} */ (plain.at(-1)).end)
    .map((word) => word.text);
}

const ENDS = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "gu");

/**
 * A text without Python's blanks at its ends.
 * @type {(text: string) => string}
 */
export const stripped = (text) => text.replace(ENDS, "");

/** Letter by letter, so that a Σ at the end of a word is as any other. */
/** @type {(text: string) => string} */
function lower(text) {
  let lowered = "";
  for (const letter of text) lowered += letter.toLowerCase();
  return lowered;
}

/** @type {(word: string) => string} */
function shortened(word) {
  return word.length > LONGEST_WORD ? [...word].slice(0, LONGEST_WORD).join("") : word;
}
