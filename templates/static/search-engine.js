// The search of a site without a server: answers as /api/search does, from the files that the build left.
//
//   const search = await openSearch(new URL("/search/data/", location.href));
//   const answer = await search.search(new URLSearchParams("q=foam&year=2024"));
//
// `search` answers with the very object that /api/search gives, `suggest` as /api/suggest, and `exportRows` with all
// results (10,000 at most) in order, as `search` shows one.

/** Opens the search whose files lie below an address; rejects with an Error when there are none. */
export async function openSearch(base) {
  const answer = await fetch(new URL("manifest.json", base));
  if (!answer.ok) throw new Error(`This site has no files to search in (${answer.status}).`);
  const manifest = await answer.json();
  return {
    manifest,
    search: async () => { throw new Error("not yet"); },
    suggest: async () => { throw new Error("not yet"); },
    exportRows: async () => { throw new Error("not yet"); },
  };
}
