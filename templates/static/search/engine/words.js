// The words of a text, as builders/search/documents/words.py has them: folded, stemmed where it helps, compounds in parts and whole.

import { stem } from "./stemmer.js";

const VALUE_END = "\u2029"; // parts the values of one field: no phrase reaches over it
const VALUE_GAP = 8;
const LONGEST_WORD = 120;
export const STEM_MARK = "~";
/** What parts words, as the inside of a character class: Python's blanks, which are not JavaScript's. */
export const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/**
 * The analysis by the build's own tables (`letters`, `combining`, `folded`, `greek`): `fold(text)` and
 * `words(text)`, which gives `{text, stem, position, start, end, whole}` for each word; `stem` is null for what is
 * kept whole, `start` and `end` count in UTF-16.
 */
export function analysis(tables) {
  const part = `[${tables.letters}]+(?:(?<=\\p{Nd})\\.(?=\\p{Nd})[${tables.letters}]+)*`;
  const compounds = new RegExp(`${part}(?:[-‐‑–_./:+'’]${part})*`, "gu");
  const parts = new RegExp(part, "gu");
  const combining = new RegExp(`[${tables.combining}]`, "gu");
  const known = new Map();

  function fold(text) {
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    let folded = "";
    for (const letter of text) {
      folded += tables.folded[letter] ?? lower(letter.normalize("NFKD").replace(combining, ""));
    }
    return folded;
  }

  /** A part folded, and its stem when it is an ordinary word: letters a to z, no capital but the first. */
  function plain(part) {
    let found = known.get(part);
    if (!found) {
      let folded = fold(part);
      if (Object.hasOwn(tables.greek, folded)) folded = tables.greek[folded]; // not what every object has: `constructor`
      else if (/^[a-z0-9]*μ[a-z0-9]+$/.test(folded)) folded = folded.replaceAll("μ", "u");
      const [first] = part;
      const rest = part.slice(first.length);
      const ordinary = /^[a-z]{4,}$/.test(folded) && rest === lower(rest);
      found = [folded, ordinary ? stem(folded) : null];
      if (known.size < 50_000) known.set(part, found);
    }
    return found;
  }

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
      let count = 0;
      for (const part of compound[0].matchAll(parts)) {
        position += 1;
        count += 1;
        const [word, root] = plain(shortened(part[0]));
        const at = start + part.index;
        yield { text: word, stem: root, position, start: at, end: at + part[0].length, whole: false };
        joined += part[0].length > LONGEST_WORD ? plain(part[0])[0] : word;
      }
      if (count > 1) yield { text: shortened(joined), stem: null, position, start, end, whole: true };
    }
  }

  return { fold, words };
}

const ENDS = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "gu");

/**
 * A text without Python's blanks at its ends.
 * @type {(text: string) => string}
 */
export const stripped = (text) => text.replace(ENDS, "");

/** Letter by letter, so that a Σ at the end of a word is as any other. */
function lower(text) {
  let lowered = "";
  for (const letter of text) lowered += letter.toLowerCase();
  return lowered;
}

function shortened(word) {
  return word.length > LONGEST_WORD ? [...word].slice(0, LONGEST_WORD).join("") : word;
}
