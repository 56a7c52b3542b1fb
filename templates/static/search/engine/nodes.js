// The nodes of a query's tree, and what makes them.
//
// A node is `{type: "word" | "phrase" | "prefix", text, fields}`, `{type: "years", first, last}`, `{type: "range",
// column, low, high}`, `{type: "doi", key, prefix}`, `{type: "facet", facet, value}`, `{type: "not", node}`,
// `{type: "and" | "or", nodes}`, `{type: "most", nodes, keywords}` or `{type: "everything"}`.

/** @import { WordsOf } from "./words.js" */

import { doiKey, parsedDoi } from "./dois.js";
import { BLANK } from "./words.js";

/** @typedef {{type: "word" | "phrase" | "prefix", text: string, fields: string[]}} TextNode */
/** @typedef {{type: "doi", key: string, prefix: boolean}} DoiNode */
/** @typedef {{type: "range", column: string, low: number, high: number}} RangeNode */
/** @typedef {{type: "and" | "or", nodes: QueryNode[]}} GroupNode */
/** @typedef {{type: "most", nodes: TextNode[], keywords: boolean}} MostNode */
/**
 * @typedef {DoiNode | RangeNode | GroupNode | MostNode | {type: "years", first: number, last: number}
 *   | {type: "facet", facet: string, value: string} | {type: "not", node: QueryNode} | {type: "everything"}} OtherNode
 */
/** @typedef {TextNode | (OtherNode & {fields?: undefined})} QueryNode */

export const BEFORE_DOI = /^['‘’‚‹<([{]+/;
const AFTER_DOI = /[.,;:!?…'‘’"”›/\u200b]+$/; // a sentence's marks, and the last slash of a page's address
const YEAR = /^(?:(>=|<=|>|<)?([0-9]{1,4})|([0-9]{1,4})?\.\.([0-9]{1,4})?)$/;

/** @type {(facet: string, value: string) => QueryNode} */
export const facetNode = (facet, value) => ({ type: "facet", facet, value });
/** @type {(node: QueryNode | null) => QueryNode | null} */
export const negated = (node) => (node ? { type: "not", node } : null);

/** What has all of these; null when there is none. */
/** @type {(nodes: QueryNode[]) => QueryNode | null} */
export function all(nodes) {
  if (!nodes.length) return null;
  return nodes.length === 1 ? nodes[0] : { type: "and", nodes };
}

/** The years that `2020`, `2019..2023`, `2019..` or `>2019` mean; null when it is none of these. */
/** @type {(value: string) => QueryNode | null} */
export function yearsNode(value) {
  const found = YEAR.exec(value);
  if (!found || value === "..") return null;
  const [, sign, one, first, last] = found;
  const year = Number(one);
  switch (one === undefined ? ".." : sign) {
    case "..": return years(Number(first ?? 0), Number(last ?? 9999));
    case ">": return years(year + 1, 9999);
    case ">=": return years(year, 9999);
    case "<": return years(0, year - 1);
    case "<=": return years(0, year);
    default: return years(year, year);
  }
}

/** @type {(first: number, last: number) => QueryNode} */
const years = (first, last) => ({ type: "years", first, last });

/** The elements that symbols in any case mean, a node each; null when there is none, or one that is no element. */
/** @type {(symbols: string[], tables: {isotopes: Record<string, string>, elements: string[]}) => QueryNode[] | null} */
export function elementNodes(symbols, { isotopes, elements }) {
  const known = symbols.map((text) => {
    const symbol = text[0].toUpperCase() + text.slice(1).toLowerCase();
    return Object.hasOwn(isotopes, symbol) ? isotopes[symbol] : symbol;
  });
  if (!known.length || !known.every((symbol) => elements.includes(symbol))) return null;
  return known.map((symbol) => facetNode("element", symbol));
}

/** A DOI without what closes something outside of it, and without the sentence's own marks. */
/** @type {(text: string) => string} */
export function unclosed(text) {
  text = text.replace(AFTER_DOI, "");
  for (const [opens, closes] of ["()", "[]", "{}", "<>"]) {
    while (text.endsWith(closes) && text.split(closes).length > text.split(opens).length) {
      text = text.slice(0, -1).replace(AFTER_DOI, "");
    }
  }
  return text;
}

/** The DOI as a person writes it, in any case and with any resolver before it; a star at its end asks for more. */
/** @type {(value: string) => DoiNode} */
export function doiNode(value) {
  value = value.replace(BEFORE_DOI, "");
  const prefix = value.replace(AFTER_DOI, "").endsWith("*");
  const bare = prefix ? value.replace(AFTER_DOI, "").replace(/\*+$/, "") : unclosed(value);
  const doi = parsedDoi(bare) ?? bare.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)/i, "");
  return { type: "doi", key: doiKey(doi), prefix };
}

/** Whether a document need not have all the words that are asked for. */
/** @type {(node: QueryNode) => boolean} */
export function isLoose(node) {
  if (node.type === "most") return true;
  return ["and", "or"].includes(node.type) && /** @type {GroupNode} */ (node).nodes.some(isLoose);
}

/**
 * The tree with the words of its quoted phrases in any place and order, of a field as they are; the very same where it
 * has none.
 * @type {(node: QueryNode, words: WordsOf) => QueryNode}
 */
export function inWords(node, words) {
  if (node.type === "phrase" && !node.fields.length) {
    const texts = node.text.split(new RegExp(`[${BLANK}]+`, "u")).filter((text) => !words(text).next().done);
    return texts.length > 1 ? { type: "and", nodes: texts.map((text) => ({ type: "word", text, fields: [] })) } : node;
  }
  if (node.type !== "and") return node;
  const nodes = node.nodes.map((one) => inWords(one, words));
  return nodes.some((one, at) => one !== node.nodes[at]) ? { ...node, nodes } : node;
}

/**
 * The tree with keywords of which a document need not have all.
 * @type {(node: QueryNode) => QueryNode}
 */
export function notAll(node) {
  if (node.type === "most") return { ...node, keywords: false };
  return node.type === "and" ? { ...node, nodes: node.nodes.map(notAll) } : node;
}
