// The nodes of a query's tree, and what makes them.
//
// A node is `{type: "word" | "phrase" | "prefix", text, fields}`, `{type: "years", first, last}`, `{type: "range",
// column, low, high}`, `{type: "doi", key, prefix}`, `{type: "facet", facet, value}`, `{type: "not", node}`,
// `{type: "and" | "or", nodes}` or `{type: "everything"}`.

import { doiKey, parsedDoi } from "./search-dois.js";

const BEFORE_DOI = /^['‘’‚‹<([{]+/;
const AFTER_DOI = /[.,;:!?…'‘’"”›/\u200b]+$/; // a sentence's marks, and the last slash of a page's address

export const facetNode = (facet, value) => ({ type: "facet", facet, value });
export const yearsNode = (first, last) => ({ type: "years", first, last });
export const negated = (node) => (node ? { type: "not", node } : null);

/** What has all of these; null when there is none. */
export function all(nodes) {
  if (!nodes.length) return null;
  return nodes.length === 1 ? nodes[0] : { type: "and", nodes };
}

/** A DOI without what closes something outside of it, and without the sentence's own marks. */
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
export function doiNode(value) {
  value = value.replace(BEFORE_DOI, "");
  const prefix = value.replace(AFTER_DOI, "").endsWith("*");
  const bare = prefix ? value.replace(AFTER_DOI, "").replace(/\*+$/, "") : unclosed(value);
  const doi = parsedDoi(bare) ?? bare.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)/i, "");
  return { type: "doi", key: doiKey(doi), prefix };
}
