// What was read from a sentence: a chip for each condition, that takes it away, and all of it in the search language.
/** @import { Answer, UnderstoodCondition } from "../engine/answer.js" */
/** @import { View } from "./main.js" */
/** @import { State } from "./state.js" */

import { make } from "./dom.js";
import { addressOf } from "./state.js";
import { rangeWords, say } from "./words.js";

/**
 * What a condition is on, and what it asks.
 * @type {(view: View, condition: UnderstoodCondition) => [string, string]}
 */
export function conditionWords({ page, rules }, { key, value, negated }) {
  const { words, facets, values, quantities } = page;
  const ranged = key === "year" || rules.ranges.includes(key);
  const asked = ranged ? rangeWords(key, value, quantities[key]?.[1] ?? "", words) : values[`${key}=${value}`] ?? value;
  return [facets[key] ?? quantities[key]?.[0] ?? words[key], negated ? say(words.unwanted, { value: asked }) : asked];
}

/** @type {(view: View, state: State, answer: Answer) => void} */
export function showUnderstood(view, state, { understood }) {
  const { page: { words }, rules } = view;
  if (!understood) {
    view.understood.replaceChildren();
    return;
  }
  /** @type {(query: string) => string} */
  const asking = (query) => addressOf({ ...state, query, offset: 0 }, rules);
  const chips = understood.conditions.map((one) => {
    const [label, text] = conditionWords(view, one);
    return make("li", {}, make("a", { class: "chip", href: asking(one.without) },
      make("span", { class: "label" }, label), make("span", { dir: "auto" }, text), make("span", { class: "hidden" }, `, ${words.remove}`)));
  });
  view.understood.replaceChildren(
    make("p", { class: "label", id: "understood-label" }, words.understood),
    make("ul", { class: "chosen", "aria-labelledby": "understood-label" }, chips,
      make("li", { class: "exact" }, `${words.exact} `, make("a", { href: asking(understood.query) }, make("code", {}, understood.query)))));
}
