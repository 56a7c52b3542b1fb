// What one can narrow a search by: chips of what is chosen, lists with counts, the tree of techniques, the periodic
// table. Lists are made anew; the tree and the table stand in the page and only their counts change.
/** @import { Answer } from "../engine/answer.js" */
/** @import { World } from "./bars.js" */
/** @import { Made } from "./dom.js" */
/** @import { Page, View } from "./main.js" */
/** @import { State } from "./state.js" */

import { make } from "./dom.js";
import { addressOf, cleared, ranged, rangeOf, toggled, valuesOf } from "./state.js";
import { number, rangeWords, say } from "./words.js";

const LISTED = ["instrument", "facility", "kind", "has", "format", "licence", "detail"];
const FIRST = 8;
const MOST_OWN = 6;

/** Shows all but the bars. */
/** @type {(view: View, state: State, answer: Answer, world: World) => void} */
export function showFilters(view, state, answer, world) {
  showChips(view, state);
  showLists(view, state, answer, world);
  showTree(view, state, countsOf(answer, "technique"));
  showOwn(view, state, countsOf(answer, "technique"));
  showTable(view, state, countsOf(answer, "element"));
}

/** A facet's values with their counts, in the answer's order. */
/** @type {(answer: World, facet: string) => Map<string, number>} */
export function countsOf(answer, facet) {
  return new Map((answer.facets?.[facet] ?? []).map(({ value, count }) => [value, count]));
}

/** What is chosen: label, words, and the state without it; years that follow each other are one. */
/** @type {(view: View, state: State) => [string, string, State][]} */
function chipsOf({ page, rules }, state) {
  /** @type {[string, string, State][]} */
  const chips = [];
  for (const facet of rules.facets) {
    const values = valuesOf(state, facet);
    const groups = facet === "year" ? runs(values) : values.map((value) => [value]);
    for (const group of groups) {
      const words = group.length === 1
        ? page.values[`${facet}=${group[0]}`] ?? group[0]
        : say(page.words.range, { low: group[0], high: group.at(-1) });
      chips.push([page.facets[facet], words, toggled(state, facet, group)]);
    }
  }
  for (const key of rules.ranges) {
    const asked = rangeOf(state, key);
    if (!asked) continue;
    const [label, unit] = page.quantities[key] ?? [page.words[key], ""];
    chips.push([label, rangeWords(key, asked, unit, page.words), ranged(state, key, "")]);
  }
  return chips;
}

/** @type {(years: string[]) => string[][]} */
function runs(years) {
  /** @type {string[][]} */
  const found = [];
  for (const year of [...years].sort()) {
    const run = found.at(-1);
    if (run && /^\d+$/.test(year) && Number(run.at(-1)) + 1 === Number(year)) run.push(year);
    else found.push([year]);
  }
  return found;
}

/** @type {(view: View, state: State) => void} */
function showChips(view, state) {
  const { page: { words }, rules } = view;
  const chips = chipsOf(view, state);
  const summary = view.filters.querySelector("summary");
  summary.replaceChildren(summary.firstElementChild, ...(chips.length ? [" ", make("b", {}, String(chips.length))] : []));
  if (!chips.length) {
    view.chosen.replaceChildren();
    return;
  }
  view.chosen.replaceChildren(make("ul", { class: "chosen", "aria-label": words.chosen },
    chips.map(([label, text, without]) => make("li", {}, make("a", { class: "chip", href: addressOf(without, rules) },
      make("span", { class: "label" }, label),
      make("span", { dir: "auto" }, text),
      make("span", { class: "hidden" }, `, ${words.remove}`)))),
    make("li", {}, make("a", { class: "clear", href: addressOf(cleared(state, rules), rules) }, words.clear_all))));
}

/** @type {(view: View, state: State, answer: Answer, world: World) => void} */
function showLists(view, state, answer, world) {
  /** @type {Map<string, [boolean, boolean]>} */
  const open = new Map([...view.form.querySelectorAll("[id$=lists] > details")].map((facet) =>
    [facet.dataset.facet, [facet.open, facet.querySelector(".rest")?.open ?? false]]));
  /** @type {(names: string[]) => Made[]} */
  const shown = (names) => names.flatMap((name) => listFacet(view.page, name, state, answer, world, open.get(name)));
  view.firstLists.replaceChildren(...shown(LISTED.slice(0, 1)));
  view.lists.replaceChildren(...shown(LISTED.slice(1)));
}

/**
 * @type {(page: Page, name: string, state: State, answer: Answer, world: World, opened?: [boolean, boolean]) => Made[]}
 */
function listFacet(page, name, state, answer, world, opened) {
  const chosen = valuesOf(state, name);
  /** @type {[string, number][]} */
  const none = chosen.map((value) => [value, 0]);
  /** @type {Map<string, any>} */
  const counts = new Map([...none, ...countsOf(answer, name)]);
  const values = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  values.push(...[...countsOf(world, name).keys()].filter((value) => !counts.has(value)));
  if (!values.length) return [];
  let first = values.filter((value, place) => place < FIRST || chosen.includes(value));
  let rest = values.filter((value) => !first.includes(value));
  if (rest.length === 1) [first, rest] = [values, []];
  /** @type {(some: string[]) => Made} */
  const ticks = (some) => make("ul", { class: "ticks" }, some.map((value) =>
    make("li", {}, tick(name, value, page.values[`${name}=${value}`] ?? value, counts.get(value) ?? 0, chosen.includes(value)))));
  const [open, all] = opened ?? [chosen.length > 0 || name === "instrument", false];
  return [make("details", { class: "facet", "data-facet": name, open },
    make("summary", {}, page.facets[name]),
    ticks(first),
    rest.length
      ? make("details", { class: "rest", open: all },
        make("summary", {}, say(page.words.show_all, { count: number(values.length) })), ticks(rest))
      : null)];
}

/** @type {(facet: string, value: string, words: string, count: number, chosen: boolean) => Made} */
function tick(facet, value, words, count, chosen) {
  const box = make("input", { type: "checkbox", name: facet, value, checked: chosen });
  return make("label", { class: count || chosen ? null : "none" }, box,
    make("span", { dir: "auto" }, words), " ", make("small", {}, number(count)));
}

/** Puts a count and a tick to a label that stands in the page. */
/** @type {(box: Made, count: number, chosen: boolean) => Made} */
function mark(box, count, chosen) {
  box.checked = chosen;
  const label = box.closest("label");
  label.classList.toggle("none", !count && !chosen);
  if (label.classList.length === 0) label.removeAttribute("class");
  return label.querySelector("small");
}

/** @type {(view: View, state: State, counts: Map<string, number>) => void} */
function showTree(view, state, counts) {
  const chosen = new Set(valuesOf(state, "technique"));
  const tree = view.form.querySelector('[data-facet="technique"]');
  if (!tree) return;
  const known = new Set();
  for (const box of tree.querySelectorAll("input")) {
    known.add(box.value);
    mark(box, counts.get(box.value) ?? 0, chosen.has(box.value)).textContent = number(counts.get(box.value) ?? 0);
    if (chosen.has(box.value)) open(box, tree);
  }
  for (const pointer of tree.querySelectorAll(".see a")) {
    const count = counts.get(pointer.dataset.label) ?? 0;
    pointer.nextElementSibling.textContent = number(count);
    pointer.parentElement.classList.toggle("none", !count);
  }
  const strange = [...new Set([...counts.keys(), ...chosen])].filter((label) => !known.has(label));
  if (!strange.length) return;
  let others = tree.querySelector(".other");
  if (!others) {
    others = make("details", { class: "other", open: true },
      make("summary", {}, view.page.words.other_techniques), make("ul", { class: "ticks" }));
    tree.append(others);
  }
  others.querySelector("ul").append(...strange.map((label) =>
    make("li", {}, tick("technique", label, label, counts.get(label) ?? 0, chosen.has(label)))));
}

/**
 * The narrowest techniques that most of what was found has, in front of the tree.
 * @type {(view: View, state: State, counts: Map<string, number>) => void}
 */
function showOwn({ form, page, rules }, state, counts) {
  const own = form.querySelector("#own-techniques");
  if (!own) return;
  const boxes = [...form.querySelectorAll('[data-facet="technique"] li:not(:has(> details)) > label > input')];
  /** @type {(label: string) => number} */
  const count = (label) => counts.get(label) ?? 0;
  const labels = [...new Set(boxes.map((box) => box.value))].filter(count)
    .sort((one, other) => count(other) - count(one) || (one < other ? -1 : 1)).slice(0, MOST_OWN);
  const chosen = valuesOf(state, "technique");
  const items = labels.map((label) => make("li", {},
    make("a", { href: addressOf(toggled(state, "technique", [label]), rules), "aria-current": chosen.includes(label) ? "true" : null },
      make("span", { dir: "auto" }, label)), " ", make("small", {}, number(count(label)))));
  own.replaceChildren(...(items.length ? [make("ul", { class: "own", "aria-label": page.words.own_techniques }, items)] : []));
}

/** Opens the branches that a chosen technique is in. */
/** @type {(box: Made, tree: Element) => void} */
function open(box, tree) {
  for (let at = box.closest("li").parentElement.closest("details"); at && at !== tree; at = at.parentElement.closest("details")) {
    at.open = true;
  }
}

/** @type {(view: View, state: State, counts: Map<string, number>) => void} */
function showTable(view, state, counts) {
  const chosen = valuesOf(state, "element");
  const table = view.form.querySelector('[data-facet="element"]');
  for (const box of table.querySelectorAll("input")) {
    const count = counts.get(box.value) ?? 0;
    mark(box, count, chosen.includes(box.value)).textContent = count ? number(count) : "";
  }
  table.querySelector("select").value = state.elements;
  const summary = table.querySelector("summary");
  summary.querySelector("small")?.remove();
  if (chosen.length) summary.append(" ", make("small", {}, [...chosen].sort().join(", ")));
  for (const link of table.querySelectorAll(".groups a")) {
    const symbols = link.dataset.symbols.split(" ");
    link.setAttribute("href", addressOf({ ...toggled(state, "element", symbols), elements: "any" }, view.rules));
  }
}
