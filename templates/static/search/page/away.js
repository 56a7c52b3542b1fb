// What one takes away: exports of the whole result, the search in code, its feed.
/** @import { Answer } from "../engine/answer.js" */
/** @import { Made } from "./dom.js" */
/** @import { View } from "./main.js" */
/** @import { State } from "./state.js" */

import { make } from "./dom.js";
import { resultParameters } from "./state.js";
import { say } from "./words.js";

/** Shows links (with a server) or buttons (without) for a state that found something. */
/** @type {(view: View, state: State, answer: Answer) => void} */
export function showAway(view, state, answer) {
  const place = view.form.querySelector("#take-away");
  place.hidden = !answer.total;
  const parameters = resultParameters(state, view.rules);
  if (view.mode === "server") {
    place.querySelector("#exports").replaceChildren(...view.page.exports.map(([form, label]) => {
      const exporting = new URLSearchParams([...parameters, ["format", form]]);
      return make("li", {}, make("a", { href: `/api/search/export?${exporting}`, download: true }, label));
    }));
    place.querySelector("#feed").href = `/api/search/feed.atom?${parameters}`;
    showCode(place, view.page.base, parameters);
  } else place.querySelector("#exports").replaceChildren(...view.page.exports.map(([form, label]) => {
    const button = make("button", { type: "button", "data-export": form }, label);
    button.addEventListener("click", () => exported(view, form, label, parameters, button));
    return make("li", {}, button);
  }));
}

/** @type {(view: View, form: string, label: string, parameters: URLSearchParams, button: HTMLButtonElement) => Promise<void>} */
async function exported(view, form, label, parameters, button) {
  const { words } = view.page;
  button.disabled = true;
  view.tell(say(words.preparing, { name: label }));
  try {
    const [{ save }, found] = await Promise.all([import("./export.js"), /** @type {any} */ (view.source.exportRows)(parameters)]);
    save(form, found);
    view.tell("");
  } catch (error) {
    view.tell(say(words.failed, { reason: error instanceof Error ? error.message : String(error) }));
  } finally {
    button.disabled = false;
  }
}

/** @type {(place: Made, base: string, parameters: URLSearchParams) => void} */
function showCode(place, base, parameters) {
  const endpoint = `${base}/api/search`;
  /** @type {(text: string) => string} */
  const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);
  const given = [...parameters].map(([name, value]) => ` \\\n  --data-urlencode ${quoted(`${name}=${value}`)}`).join("");
  const [curl, python] = place.querySelectorAll("pre");
  curl.textContent = `curl --get ${quoted(endpoint)}${given}`;
  const address = `${parameters}` ? `${endpoint}?${parameters}` : endpoint;
  python.textContent = python.textContent.replace(/urlopen\(".*"\)/, () => `urlopen("${address.replace(/["\\]/g, "\\$&")}")`);
}
