// DOIs and other identifiers in a query, read as builders/search/language/named.py reads them.

/** @import { DoiNode, QueryNode } from "./nodes.js" */

import { parsedDoi, unquoted } from "./dois.js";
import { BEFORE_DOI, doiNode, unclosed } from "./nodes.js";
import { BLANK } from "./words.js";

const DOI = new RegExp(
  `(?:https?://[^${BLANK}"()]{1,200}?/|(?:(?:dx\\.|www\\.)?doi\\.org/|(?:urn:|info:)?doi[ :=/]{0,3}))?`
  + `(10\\.[0-9]{4,9}(?:\\.[0-9]+)*/[^${BLANK}]+)`, "iuy");
const FIELDS = ["identifier"];

/** @typedef {{letters: string, identifierLead: string, identifierVersion: string}} IdentifierTables */
/** @typedef {(text: string, at: number) => {node: QueryNode, end: number} | null} ReadAt */
/**
 * @typedef {{namedAt: ReadAt, identifiedAt: ReadAt, namedNode: (text: string) => QueryNode,
 *   nodeOf: (text: string) => QueryNode | null}} Identifiers
 */

/**
 * `namedAt(text, at)` and `identifiedAt(text, at)` give `{node, end}` of the DOI or identifier that stands there, or
 * null; `namedNode(text)` what a DOI means, `nodeOf(text)` what has an identifier or file name. `language` are the
 * build's tables, `fold` is of words.js.
 */
/** @type {(language: IdentifierTables, fold: (text: string) => string) => Identifiers} */
export function identifiersOf(language, fold) {
  const lead = new RegExp(`^${language.identifierLead}`, "iu");
  const version = new RegExp(language.identifierVersion, "iu");
  const identified = new RegExp(`${language.identifierLead}(?!["(])[^${BLANK}]+`, "iuy");
  const other = new RegExp(`[^${language.letters}]+`, "gu");

  /** The one word that an identifier is found by. */
  /** @type {(text: string) => string} */
  function wordOf(text) {
    let bare = text.replace(lead, "");
    if (bare.endsWith(".pdf")) bare = bare.slice(0, -4);
    return fold(bare.replace(version, "$1").replace(other, ""));
  }

  /** @type {(text: string) => QueryNode | null} */
  function nodeOf(text) {
    const word = wordOf(text);
    return word ? { type: text.endsWith("*") ? "prefix" : "word", text: word, fields: FIELDS } : null;
  }

  /** What has this DOI, and what names it; with the slash behind it too, which may belong to it. */
  /** @type {(bare: string, slash: boolean) => QueryNode} */
  function named(bare, slash) {
    /** @type {DoiNode[]} */
    const own = [doiNode(bare)];
    if (own[0].prefix) return own[0];
    if (bare.includes("%")) own.push(doiNode(unquoted(bare)));
    if (slash) own.push({ type: "doi", key: `${own[0].key}/`, prefix: false });
    const keys = new Map(own.map((node) => [`${node.key} ${node.prefix}`, node]));
    const words = new Set(own.map(({ key }) => wordOf(key)));
    return { type: "or", nodes: [...keys.values(), ...[...words].map((text) => ({ type: /** @type {const} */ ("word"), text, fields: FIELDS }))] };
  }

  /** @type {ReadAt} */
  function namedAt(text, at) {
    DOI.lastIndex = at;
    const found = DOI.exec(text);
    const bare = found && unclosed(found[1]);
    if (!bare || parsedDoi(bare.replace(/\*+$/, "")) === null) return null;
    const start = at + found[0].length - found[1].length;
    return { node: named(bare, found[1].startsWith(`${bare}/`)), end: start + bare.length };
  }

  /** The same of what stands behind `doi:`, even where it is no DOI. */
  /** @type {(text: string) => QueryNode} */
  const namedNode = (text) => namedAt(text.replace(BEFORE_DOI, ""), 0)?.node ?? doiNode(text);

  /** @type {ReadAt} */
  function identifiedAt(text, at) {
    identified.lastIndex = at;
    const bare = unclosed(identified.exec(text)?.[0] ?? "");
    const node = nodeOf(bare);
    return node && { node, end: at + bare.length };
  }

  return { namedAt, namedNode, identifiedAt, nodeOf };
}
