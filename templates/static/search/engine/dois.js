// DOIs as people write them, read as ontologies/identifiers.py reads them.

import { BLANK } from "./words.js";

const DOI = new RegExp(`^[0-9]{2}\\.[0-9]{4,9}(?:\\.[0-9]+)*/[^${BLANK}]+$`, "u");
const LEAD = /^(?:https?:\/\/(?:dx\.)?(?:www\.)?doi\.org\/|info:doi\/|doi\s*[:=]?\s*)+/i;
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]/gu;
const PLAIN = /[a-z0-9._~()-]/;
const LONGEST_DOI = 800;
const LONGEST_NAME = 240; // bytes of one part of a page's address

/** The DOI without any resolver before it; null when the text is none. */
/** @type {(text: string) => string | null} */
export function parsedDoi(text) {
  let bare = text.replace(FORBIDDEN, "").trim();
  const lead = LEAD.exec(bare);
  if (lead) {
    bare = bare.slice(lead[0].length);
    if (bare.includes("%")) bare = unquoted(bare);
  }
  if (!DOI.test(bare) || [...bare].length > LONGEST_DOI) return null;
  return lengthsOfNames(bare).some((length) => length > LONGEST_NAME) ? null : bare;
}

/** The form that two spellings of one DOI share: ASCII letters have no case. */
/** @type {(doi: string) => string} */
export function doiKey(doi) {
  return doi.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A text without its percent signs, where they stand for bytes. */
/** @type {(text: string) => string} */
export function unquoted(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(/** @type {string[]} */ (run.match(/[0-9a-f]{2}/gi)), (byte) => parseInt(byte, 16))));
}

/** How long the parts of the page's address are: what is not plain is written in percent, and so is an odd slash. */
/** @type {(doi: string) => number[]} */
function lengthsOfNames(doi) {
  const lengths = [];
  let glue = false;
  for (const part of doi.split("/")) {
    let length = 0;
    for (const letter of part) length += PLAIN.test(letter) ? 1 : 3 * new TextEncoder().encode(letter).length;
    const odd = ["", ".", ".."].includes(part);
    if (lengths.length && (glue || odd)) lengths[lengths.length - 1] += 3 + length;
    else lengths.push(length);
    glue = odd;
  }
  return lengths;
}
