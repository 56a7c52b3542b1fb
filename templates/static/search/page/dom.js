// Elements made without a word of HTML: text is text whatever it holds, so nothing that a record says can be markup.

/** @typedef {string | number | Node | null | undefined | false} Child */
/** @typedef {any} Made an element; of which kind, the page's template tells */

/** An element with attributes (null and false are left out, true is an empty one) and children (null is left out). */
/** @type {(tag: string, attributes?: Record<string, any>, ...children: (Child | Child[])[]) => Made} */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(.../** @type {any[]} */ (children.flat()).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const PIECE = /<(\/?)mark>|&(amp|lt|gt|quot|#39|#34|#x27);|([^<&]+|[<&])/g;
/** @type {Record<string, string>} */
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"', "#x27": "'" };

/** What an engine marked (escaped text with <mark>) as nodes: the marks are elements, all else is text. */
/** @type {(html: string) => (string | HTMLElement)[]} */
export function marked(html) {
  /** @type {(string | HTMLElement)[]} */
  const nodes = [];
  let text = "";
  let inside = false;
  const flush = () => {
    if (text) nodes.push(inside ? make("mark", {}, text) : text);
    text = "";
  };
  for (const [, closing, entity, plain] of html.matchAll(PIECE)) {
    if (plain !== undefined) text += plain;
    else if (entity !== undefined) text += ENTITIES[entity];
    else {
      flush();
      inside = closing === "";
    }
  }
  flush();
  return nodes;
}

/** A small drawing of one bar, so many hundredths high. */
/** @type {(height: number) => SVGSVGElement} */
export function bar(height) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const drawn = document.createElementNS(space, "rect");
  for (const [name, value] of [["viewBox", "0 0 10 100"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) {
    picture.setAttribute(name, value);
  }
  for (const [name, value] of /** @type {[string, any][]} */ ([["x", 0], ["y", 100 - height], ["width", 10], ["height", height]])) {
    drawn.setAttribute(name, value);
  }
  picture.append(drawn);
  return picture;
}

/** An address that may stand in a link: on this site, or http and https; else "#". */
/** @type {(address: string) => string} */
export function safe(address) {
  try {
    return ["http:", "https:"].includes(new URL(address, location.href).protocol) ? address : "#";
  } catch {
    return "#";
  }
}
