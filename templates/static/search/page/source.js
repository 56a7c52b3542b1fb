// Where answers come from: the server's API, or the files that the site left for a search without a server. Both give
// the same objects, so the page need not know.

/** @import { Answer } from "../engine/answer.js" */
/** @import { Group } from "../engine/autocomplete.js" */
/** @import { Exported, Search } from "../engine/engine.js" */

/**
 * What answers the page; `exportRows` is there without a server alone, and `early` is called then alone.
 * @typedef {{search: (parameters: URLSearchParams, early?: (answer: Answer) => void) => Promise<Answer>,
 *   suggest: (query: string, signal: AbortSignal) => Promise<{groups: Group[]}>,
 *   exportRows?: (parameters: URLSearchParams) => Promise<Exported>}} Asked
 */
/** @typedef {Asked & {world: (scope: string) => Promise<Pick<Answer, "facets">>}} Source */

/**
 * A source for a mode ("server" or "files"): `search`, `suggest`, `world` and, without a server, `exportRows`.
 * Without a server `search` may give an answer early, to a second argument, that lacks facets and histograms.
 */
/** @type {(mode: string) => Source} */
export function sourceFor(mode) {
  const source = mode === "server" ? server() : files();
  /** @type {Map<string, Promise<Pick<Answer, "facets">>>} */
  const worlds = new Map();
  return {
    ...source,
    /** What the search says of a whole scope, asked once: the values that there are at all. */
    world(scope) {
      if (!worlds.has(scope)) {
        const asked = source.search(new URLSearchParams({ in: scope, limit: "0" }));
        worlds.set(scope, asked.catch(() => { worlds.delete(scope); return { facets: {} }; }));
      }
      return /** @type {Promise<Answer>} */ (worlds.get(scope));
    },
  };
}

/** @type {() => Asked} */
function server() {
  /** @type {(path: string, parameters: URLSearchParams, signal?: AbortSignal) => Promise<any>} */
  const ask = async (path, parameters, signal) => {
    const answer = await fetch(`${path}?${parameters}`, { signal, headers: { accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.error ?? `status ${answer.status}`);
    return told;
  };
  return {
    search: (parameters) => ask("/api/search", parameters),
    suggest: (query, signal) => ask("/api/suggest", new URLSearchParams({ q: query }), signal),
  };
}

/** @type {() => Asked} */
function files() {
  /** @type {Promise<Search> | undefined} */
  let opened;
  const engine = async () => {
    opened ??= import("../engine/engine.js").then(({ openSearch }) => openSearch(new URL("/search/data/", location.href)));
    try {
      return await opened;
    } catch (error) {
      opened = undefined; // the next search tries again
      throw error;
    }
  };
  return {
    search: async (parameters, early) => (await engine()).search(parameters, early),
    suggest: async (query) => (await engine()).suggest(query),
    exportRows: async (parameters) => (await engine()).exportRows(parameters),
  };
}
