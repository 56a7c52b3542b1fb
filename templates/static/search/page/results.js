// What a search found: the line above, notes, cards, pages, and what to do when there is nothing. The same elements as
// templates/macros/search_results.html; a test compares the two.
/** @import { Answer, Result } from "../engine/answer.js" */
/** @import { Made } from "./dom.js" */
/** @import { Page, View } from "./main.js" */
/** @import { Rules, State } from "./state.js" */

import { make, marked, safe } from "./dom.js";
import { addressOf, cleared, plain, ranged, rangeOf, toggled, valuesOf } from "./state.js";
import { conditionWords } from "./understood.js";
import { counted, number, rangeWords, remark, say, sizeWritten } from "./words.js";

const MOST_PEOPLE = 4;
const MOST_DROPS = 8;
// One whose page's address needs no escapes, as builders/search/page/page.py has it.
const PLAIN_DOI = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?([0-9]{2}\.[0-9]{4,9}(?:\/(?!\.{1,2}(?:\/|$))[a-z0-9._~()-]+)+)\/?$/i;
const BROWSE = ["techniques", "instruments", "people", "years"];

/** @typedef {(state: State) => Promise<number>} CountOf */
/** @typedef {[string, State, number][]} Drops a condition in words, the state without it, and how many that finds */

/** Shows an answer to a state; `count` tells how many another state would find. */
/** @type {(view: View, state: State, answer: Answer, count: CountOf) => Promise<void>} */
export async function showResults(view, state, answer, count) {
  const { page } = view;
  showHead(view, state, answer);
  const shown = [];
  if (answer.results.length) shown.push(cards(page, answer.results));
  if (answer.total) shown.push(...pages(view, state, answer.total));
  else shown.push(nothing(view, state, []));
  view.results.replaceChildren(...shown);
  if (answer.total) return;
  const drops = await dropsOf(view, state, answer, count);
  if (view.answer === answer) view.results.replaceChildren(nothing(view, state, drops));
}

/** The noun for so many results. */
/** @type {(page: Page, state: State, total: number) => string} */
function noun(page, state, total) {
  const { words } = page;
  if (state.scope === "datasets") return total === 1 ? words.dataset : words.datasets;
  return total === 1 ? words.publication : words.publications;
}

/** @type {(view: View, state: State, answer: Answer) => void} */
function showHead({ page, count, notes, rules }, state, answer) {
  const { words } = page;
  const line = [];
  if (answer.total) {
    line.push(make("strong", {}, number(answer.total)), ` ${noun(page, state, answer.total)}`);
    if (answer.results.length && answer.total > state.limit) {
      const last = state.offset + answer.results.length;
      line.push(" ", make("span", { class: "quiet" }, say(words.shown, { low: number(state.offset + 1), high: number(last) })));
    }
  } else line.push(words.nothing);
  count.replaceChildren(...line);
  const said = answer.notes.map((note) => make("p", { class: "banner superseded", role: "note" }, remark(note, page.notes)));
  if (answer.suggestion) {
    const [before, after] = words.mean.split("{query}");
    const better = spelt(rules, state, answer.suggestion);
    const link = make("a", { href: addressOf(better, rules) }, answer.suggestion);
    said.push(make("p", { class: "banner open", role: "note" }, before, link, after));
  }
  notes.replaceChildren(...said);
}

/** @type {(rules: Rules, state: State, query: string) => State} */
function spelt(rules, state, query) {
  return { ...plain(rules), query, scope: state.scope };
}

/** @type {(page: Page, results: Result[]) => Made} */
function cards(page, results) {
  return make("ol", { class: "cards" }, results.map((found) => card(page, found)));
}

/** @type {(page: Page, found: Result) => Made} */
function card(page, found) {
  const { words, base } = page;
  const facts = [String(found.year), ...found.instruments.slice(0, 2)];
  if (found.datasets && !found.publication) facts.push(counted(found.datasets, words.dataset, words.datasets));
  if (found.files) facts.push(counted(found.files, words.file, words.files));
  if (found.size_bytes) facts.push(sizeWritten(found.size_bytes, page));
  const more = found.creator_count - MOST_PEOPLE;
  const address = found.url.startsWith(base) ? found.url.slice(base.length) : found.url;
  const auto = { dir: "auto" };
  return make("li", { class: "card" },
    make("p", { class: "kicker" },
      make("span", { class: "badge open" }, words.open),
      facts.map((fact) => make("span", auto, fact)),
      found.superseded ? make("span", { class: "badge superseded" }, words.superseded) : null),
    make("h3", {}, make("a", { href: safe(address), ...auto }, marked(found.title_html))),
    found.publication ? make("p", { class: "by" }, `${words.part_of} `, make("span", auto, found.publication)) : null,
    found.creators.length
      ? make("p", { class: "by" }, make("span", auto, found.creators.slice(0, MOST_PEOPLE).join(", ")),
        more > 0 ? ` ${say(words.more_people, { count: more })}` : null)
      : null,
    found.highlight ? make("p", { class: "snippet", ...auto }, marked(found.highlight)) : null,
    found.numbers?.length
      ? make("dl", { class: "figures" }, found.numbers.map((one) =>
        make("div", {}, make("dt", auto, one.label), make("dd", auto, one.value_words))))
      : null,
    found.techniques.length
      ? make("p", { class: "marks" }, found.techniques.slice(0, 4).map((mark) =>
        make("span", { class: "chip technique", ...auto }, mark)))
      : null,
    make("p", { class: "doi" }, found.doi));
}

/** @type {(view: View, state: State, total: number) => Made[]} */
function pages({ page: { words }, rules }, state, total) {
  const reach = Math.min(total, rules.request.deepestOffset + state.limit);
  const last = Math.ceil(reach / state.limit);
  const here = Math.floor(state.offset / state.limit) + 1;
  const shown = [];
  if (last > 1) {
    /** @type {(rel: string, offset: number, text: string) => Made} */
    const link = (rel, offset, text) => make("a", { rel, href: addressOf({ ...state, offset }, rules) }, text);
    shown.push(make("nav", { class: "pager", "aria-label": words.pages },
      state.offset ? link("prev", Math.max(0, state.offset - state.limit), `← ${words.previous}`) : make("span"),
      make("span", { class: "quiet" }, say(words.page_of, { page: number(here), last: number(last) })),
      here < last ? link("next", state.offset + state.limit, `${words.next} →`) : make("span")));
  }
  if (reach < total && here >= last) shown.push(make("p", { class: "quiet" }, say(words.capped, { count: number(reach) })));
  return shown;
}

/** What the search would find if one condition were not there, those that help only. */
/** @type {(view: View, state: State, answer: Answer, count: CountOf) => Promise<Drops>} */
async function dropsOf(view, state, { understood }, count) {
  const { page, rules } = view;
  /** @type {(key: string) => string} */
  const label = (key) => page.quantities[key]?.[0] ?? page.words[key];
  /** @type {[string, State][]} */
  const without = rules.facets.filter((facet) => valuesOf(state, facet).length).map((facet) => {
    const values = valuesOf(state, facet);
    const words = values.map((value) => page.values[`${facet}=${value}`] ?? value).join(", ");
    return [say(page.words.condition, { label: page.facets[facet], value: words }), toggled(state, facet, values)];
  });
  for (const key of rules.ranges.filter((one) => rangeOf(state, one))) {
    const words = rangeWords(key, rangeOf(state, key), page.quantities[key]?.[1] ?? "", page.words);
    without.push([say(page.words.condition, { label: label(key), value: words }), ranged(state, key, "")]);
  }
  for (const one of understood?.conditions ?? []) {
    const [on, value] = conditionWords(view, one);
    without.push([say(page.words.condition, { label: on, value }), { ...state, query: one.without, offset: 0 }]);
  }
  if (state.query && (without.length || state.scope !== "publications")) {
    without.push([say(page.words.quoted, { query: state.query.slice(0, 80) }), { ...state, query: "", offset: 0 }]);
  }
  const fewer = without.slice(0, MOST_DROPS);
  if (state.query && without.length > 2) fewer.push([page.words.drop_all, cleared(state, rules)]);
  const totals = await Promise.all(fewer.map(([, other]) => count(other).catch(() => 0)));
  return /** @type {Drops} */ (fewer.map(([words, other], place) => [words, other, totals[place]])).filter(([, , total]) => total);
}

/** @type {(view: View, state: State, drops: Drops) => Made} */
function nothing({ page, rules }, state, drops) {
  const { words } = page;
  const helped = drops.length
    ? [make("p", {}, words.drop), make("ul", {}, drops.map(([condition, other, total]) => make("li", {},
      make("a", { href: addressOf(other, rules) },
        condition === words.drop_all ? condition : say(words.would_find, { condition })),
      " ", make("span", { class: "quiet" }, `${number(total)} ${noun(page, state, total)}`))))]
    : [];
  const doi = PLAIN_DOI.exec(state.query.trim());
  const notice = doi ? `/doi/${doi[1].toLowerCase()}/` : "";
  const links = [...BROWSE.map((name) => [`/${name}/`, words[`browse_${name}`]]), ["/publications/", words.browse_all], ["/help/", words.how_to]];
  return make("div", { class: "nothing" },
    notice ? make("p", {}, `${words.doi_page} `, make("a", { href: notice }, notice)) : null,
    helped,
    make("p", {}, `${words.browse} `, links.flatMap(([href, text], place) =>
      [place ? " · " : "", make("a", { href }, text)])));
}
