// The box that completes what is typed: a combobox with a grouped list, after the pattern of the ARIA Authoring
// Practices Guide (editable combobox with list autocomplete). The list is read by `suggest`; what is chosen goes to `go`.
/** @import { Group, Item } from "../engine/autocomplete.js" */
/** @import { Page } from "./main.js" */
/** @import { Source } from "./source.js" */

import { make, safe } from "./dom.js";
import { say } from "./words.js";

const WAIT = 120; // milliseconds without a key before the list is asked for
const MOST = 8;

/** Makes an input a combobox: `suggest(text, signal)` gives groups, `go(query)` searches for a chosen item's query. */
/**
 * @type {(input: HTMLInputElement, page: Page, suggest: Source["suggest"], go: (query: string) => void) =>
 *   {close: () => void}}
 */
export function completing(input, page, suggest, go) {
  const list = make("div", { class: "options", id: "options", role: "listbox", "aria-label": page.words.suggested, hidden: true });
  const told = make("p", { class: "hidden", role: "status" });
  input.after(list, told);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "options"],
    ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"]]) input.setAttribute(name, value);
  /** @type {Item[]} */
  let items = [];
  let at = -1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let asked;

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  /** @type {(item: Item) => void} */
  const choose = (item) => {
    close();
    if (item.url) location.assign(safe(item.url.startsWith(page.base) ? item.url.slice(page.base.length) : item.url));
    else {
      input.value = item.query;
      go(item.query);
    }
  };
  /** @type {(to: number) => void} */
  const move = (to) => {
    const options = /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=option]"));
    at = (to + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };
  /** @type {(groups: Group[], text: string) => void} */
  const show = (groups, text) => {
    items = [];
    const shown = groups.filter((group) => group.items.length).map((group) => {
      const options = group.items.slice(0, MOST - items.length).map((item) => {
        const place = items.push(item) - 1;
        const option = make("div", { role: "option", id: `option-${place}`, "aria-selected": "false", dir: "auto" }, typed(item.label, text));
        option.addEventListener("mousedown", (/** @type {MouseEvent} */ event) => event.preventDefault());
        option.addEventListener("click", () => choose(item));
        return option;
      });
      if (!options.length) return null;
      const name = page.words[group.name] ?? group.name;
      return make("div", { role: "group", "aria-label": name }, make("span", { "aria-hidden": "true" }, name), options);
    });
    list.replaceChildren(...shown.filter(Boolean));
    list.hidden = !items.length;
    at = -1;
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", String(items.length > 0));
    told.textContent = items.length ? say(page.words.suggestions, { count: items.length }) : "";
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    try {
      const { groups } = await suggest(text, mine.signal);
      if (!mine.signal.aborted && document.activeElement === input) show(groups, text);
    } catch {
      if (!mine.signal.aborted) close(); // without suggestions the box is still a box
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the next one empties the box
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      choose(items[at]);
    } else if (event.key === "Enter") close();
  });
  return { close };
}

/** A label with what was typed in bold, where it begins with it or one of its words does. */
/** @type {(label: string, text: string) => (string | HTMLElement)[]} */
function typed(label, text) {
  const place = label.toLowerCase().search(new RegExp(`(?:^|[^\\p{L}\\p{N}])${escaped(text.toLowerCase())}`, "u"));
  if (place < 0) return [label];
  const start = label.toLowerCase().indexOf(text.toLowerCase(), place);
  return [label.slice(0, start), make("b", {}, label.slice(start, start + text.length)), label.slice(start + text.length)];
}

/** @type {(text: string) => string} */
function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
