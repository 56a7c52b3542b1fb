// The search page comes to life: on a plain file host it answers from the site's own files, on a served page it spares
// the reader whole pages. The address holds the state, so Back, Forward, refresh and sharing do what they should.
/** @import { Answer } from "../engine/answer.js" */
/** @import { Scale } from "../engine/units.js" */
/** @import { World } from "./bars.js" */
/** @import { Made } from "./dom.js" */
/** @import { Source } from "./source.js" */
/** @import { Bounds, Rules, State } from "./state.js" */

import { showAway } from "./away.js";
import { showBars } from "./bars.js";
import { make } from "./dom.js";
import { showFilters } from "./filters.js";
import { restoreFocus, rememberFocus } from "./focus.js";
import { showResults } from "./results.js";
import { sourceFor } from "./source.js";
import { addressOf, bounded, parametersOf, readState, rulesOf, toggled } from "./state.js";
import { completing } from "./suggest.js";
import { showUnderstood } from "./understood.js";
import { convert, stateOf } from "./units.js";
import { say } from "./words.js";

/**
 * What the page says of itself (builders/search/page/reading.py): its words, the labels of facets and values, the
 * quantities with their labels and units, and what it is published under.
 * @typedef {{words: Record<string, string>, facets: Record<string, string>, values: Record<string, string>,
 *   quantities: Record<string, [string, string]>, units: Record<string, Scale>, request: Bounds, base: string,
 *   exports: [string, string][], notes: [string, string][], sizes?: [string, string][], decimal?: string}} Page
 */
/**
 * The parts of the page that answers are shown in.
 * @typedef {{form: Made, page: Page, mode: string, rules: Rules, source: Source, results: Made, count: Made, notes: Made,
 *   understood: Made, chosen: Made, filters: Made, firstLists: Made, lists: Made, told: Made, untold: Made, tell: (words: string) => void,
 *   answer: Answer | null, arranged: boolean}} View
 */

const LONGEST_TITLE = 70; // as `in_tab` in builders/html/renderer.py
/** @type {(id: string) => any} */
const named = (id) => document.getElementById(id);
const form = named("find");
/** @type {Page} */
const page = JSON.parse(form.dataset.page);
/** @type {View} */
const view = {
  form, page, mode: form.dataset.mode, rules: rulesOf(page), source: sourceFor(form.dataset.mode),
  results: named("results"), count: named("count"), notes: named("notes"), understood: named("understood"), chosen: named("chosen"),
  filters: named("filters"), firstLists: named("first-lists"), lists: named("lists"), told: named("told"), untold: named("untold"),
  tell: (words) => { named("told-so").textContent = words; },
  answer: null, arranged: form.dataset.mode === "server",
};
const box = named("q");
const titleOf = [document.querySelector("h1")?.textContent ?? "", document.querySelector("link[rel=search]")?.getAttribute("title") ?? ""];
/** @type {(state: State, early?: (answer: Answer) => void) => Promise<Answer>} */
const ask = (state, early) => view.source.search(parametersOf(state, view.rules, { view: false }), early);
/** @type {(state: State) => Promise<number>} */
const count = async (state) => {
  const parameters = parametersOf({ ...state, offset: 0 }, view.rules, { view: false });
  parameters.set("limit", "0");
  return (await view.source.search(parameters)).total;
};
let state = bounded(readState(location.search, view.rules), view.rules);
let turn = 0;

/** Goes to a state: asks, shows, and writes it into the address. */
/** @type {(next: State, how?: {push?: boolean, top?: boolean}) => Promise<void>} */
async function go(next, { push = true, top = false } = {}) {
  state = bounded(next, view.rules);
  const mine = (turn += 1);
  if (push) history.pushState(null, "", addressOf(next, view.rules));
  document.title = inTab(state.query);
  keepOutOfIndexes(`${parametersOf(state, view.rules)}` !== "");
  view.results.setAttribute("aria-busy", "true");
  /** @type {(found: Answer) => void} */
  const early = (found) => { if (mine === turn) showEarly(found); };
  /** @type {Answer} */
  let answer;
  /** @type {World} */
  let world;
  try {
    [answer, world] = await Promise.all([ask(next, early), view.source.world(state.scope)]);
  } catch (error) {
    if (mine === turn) fail(error);
    return;
  }
  if (mine !== turn) return; // a later question has been asked
  await show(answer, world);
  if (top) {
    named("found").focus({ preventScroll: true });
    named("find").scrollIntoView();
  }
}

/** Results that are there before the counts of the filters are. */
/** @type {(answer: Answer) => void} */
function showEarly(answer) {
  if (!answer.total || view.results.contains(document.activeElement)) return; // the focus would be lost
  form.classList.remove("asleep");
  view.results.removeAttribute("aria-busy");
  showResults(view, state, answer, count);
}

/** @type {(answer: Answer, world: World) => Promise<void>} */
async function show(answer, world) {
  const focus = rememberFocus();
  view.answer = answer;
  view.results.removeAttribute("aria-busy");
  form.classList.remove("asleep");
  form.classList.toggle("compact", state.view === "compact");
  form.classList.toggle("list", state.view === "list");
  if (document.activeElement !== box) box.value = state.query;
  showSwitches();
  showUnderstood(view, state, answer);
  showFilters(view, state, answer, world);
  showBars(view, state, answer, world);
  showAway(view, state, answer);
  view.arranged = true;
  const shown = showResults(view, state, answer, count);
  restoreFocus(focus, named("found"));
  await shown;
}

/** The switches of scope, order and view: where each link leads from here, and which one holds. */
function showSwitches() {
  /** @type {Record<string, "scope" | "sort" | "view">} */
  const key = { scopes: "scope", sorts: "sort", views: "view" };
  for (const [id, name] of Object.entries(key)) {
    for (const link of named(id).querySelectorAll("a")) {
      const value = link.dataset.value;
      const other = { ...state, [name]: value, offset: name === "view" ? state.offset : 0 };
      link.setAttribute("href", addressOf(other, view.rules));
      if (value === state[name]) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

/** @type {(error: any) => void} */
function fail(error) {
  form.classList.remove("asleep");
  view.results.removeAttribute("aria-busy");
  view.count.textContent = page.words.no_answer;
  view.notes.replaceChildren(make("p", { class: "banner withdrawn", role: "alert" }, say(page.words.failed, { reason: error.message })));
}

/**
 * The title of the tab: the words asked for first, as many as fit, and the site's name where there is room, as on every
 * page.
 * @type {(query: string) => string}
 */
function inTab(query) {
  const [here, site] = titleOf;
  const words = (query ? `${query} – ${here}` : here).split(/\s+/).filter(Boolean).join(" ");
  /** @type {(text: string) => boolean} */
  const fits = (text) => [...text.replaceAll("&", "&amp;").replace(/[<>]/g, "&lt;")].length <= LONGEST_TITLE;
  if (fits(`${words} | ${site}`)) return `${words} | ${site}`;
  let shorter = words;
  for (let most = LONGEST_TITLE; most > 2 && !fits(shorter); most -= 1) {
    const cut = [...words].slice(0, most - 2).join("").trimEnd();
    shorter = `${cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cut} …`;
  }
  return shorter;
}

/** Search engines are to list the plain page alone. */
/** @type {(filtered: boolean) => void} */
function keepOutOfIndexes(filtered) {
  const meta = document.querySelector("meta[name=robots]");
  if (filtered && !meta) document.head.append(make("meta", { name: "robots", content: "noindex" }));
  if (!filtered) meta?.remove();
}

/** The state that the form tells: what is typed, and the ranges as they stand. */
function typed() {
  let next = { ...state, query: box.value.trim(), offset: 0 };
  for (const ends of form.querySelectorAll(".ends")) {
    if (ends.contains(document.activeElement)) next = stateOf(ends, next, page);
  }
  return next;
}

function listen() {
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    suggestions.close();
    go(typed());
  });
  form.addEventListener("change", (/** @type {{ target: any }} */ { target }) => {
    const ends = target.closest(".ends");
    if (target.type === "checkbox") go(toggled(state, target.name, [target.value]));
    else if (target.name === "elements") go({ ...state, elements: target.value, offset: 0 });
    else if (ends) {
      if (target.tagName === "SELECT") convert(ends, page);
      const next = stateOf(ends, state, page);
      if (addressOf(next, view.rules) !== addressOf(state, view.rules)) go(next);
    }
  });
  form.addEventListener("click", (/** @type {any} */ event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!link.getAttribute("href").startsWith("?")) return;
    event.preventDefault();
    link.closest("details.hints")?.removeAttribute("open");
    go(readState(link.search, view.rules), { top: link.rel === "next" || link.rel === "prev" });
    if (!link.closest("#chosen, #filters, .pager")) box.value = state.query;
  });
  window.addEventListener("popstate", () => {
    box.value = readState(location.search, view.rules).query;
    go(readState(location.search, view.rules), { push: false });
  });
  document.addEventListener("click", (/** @type {{ target: any }} */ { target }) => {
    for (const open of /** @type {NodeListOf<HTMLDetailsElement>} */ (form.querySelectorAll("details.pop[open]"))) if (!open.contains(target)) open.open = false;
  });
  form.addEventListener("toggle", (/** @type {{ target: any }} */ { target }) => {
    if (target.open && target.matches(".pop")) target.querySelector(".sheet").scrollIntoView({ block: "nearest" });
  }, true);
  form.addEventListener("keydown", (/** @type {any} */ event) => {
    const open = event.key === "Escape" && event.target.closest("details.pop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

const wide = window.matchMedia("(min-width: 60rem)");
const unfold = () => { view.filters.open = wide.matches; };
unfold();
wide.addEventListener("change", unfold);
form.classList.add("scripted");
const suggestions = completing(box, page, view.source.suggest, (query) => go({ ...state, query, offset: 0 }));
form.querySelector('[data-facet="element"]').addEventListener("toggle", async () => {
  const { arrowKeys } = await import("./table.js");
  arrowKeys(form.querySelector(".periodic"));
}, { once: true });
listen();
if (view.mode === "files") go(readState(location.search, view.rules), { push: false });
