// What a person may be about to type, in groups: techniques and instruments that begin so, or have a word that does.

const MOST = 8;
const GROUPS = [["techniques", "technique"], ["instruments", "instrument"]];

/** `{groups: [{name, items: [{label, url, query}]}]}`, eight items at most, the most frequent first. */
export async function suggested(text, columns, fold) {
  const begun = fold(text.trim());
  const groups = [];
  let left = MOST;
  for (const [name, facet] of begun ? GROUPS : []) {
    const column = await columns.facet(facet);
    const counts = columns.counts(column, new Uint8Array(columns.count).fill(1));
    const items = column.labels
      .map((label, place) => ({ label, count: counts[place], first: fold(label).startsWith(begun) }))
      .filter(({ label, first }) => first || begins(fold(label), begun))
      .sort((one, other) => other.first - one.first || other.count - one.count || (one.label < other.label ? -1 : 1))
      .slice(0, left)
      .map(({ label }) => ({ label, url: null, query: label.includes('"') ? label : `${facet}:="${label}"` }));
    left -= items.length;
    if (items.length) groups.push({ name, items });
  }
  return { groups };
}

/** Whether a word in the text begins so. */
function begins(text, begun) {
  for (let at = text.indexOf(begun); at >= 0; at = text.indexOf(begun, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}
