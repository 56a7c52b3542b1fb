// Which documents a search means: the tree of a query, narrowed by chosen facets and ranges (site/search/evaluate.py).

/** The documents that a node means, `{mask, scores}`; fresh arrays, which the caller may change. */
export async function evaluated(node, { terms, columns }, notes) {
  // A beginning is not looked for in identifiers and file names: too many begin alike.
  const every = node.type === "prefix" ? terms.names.filter((name) => name !== "identifier") : terms.names;
  const fields = node.fields?.length ? node.fields : every;
  switch (node.type) {
    case "word": return terms.word(node.text, fields);
    case "phrase": return terms.phrase(node.text, fields);
    case "prefix": return terms.prefix(node.text, fields, notes);
    case "doi": return terms.doi(node.key, node.prefix);
    case "and":
    case "or": {
      const parts = await Promise.all(node.nodes.map((one) => evaluated(one, { terms, columns }, notes)));
      const [{ mask, scores }, ...others] = parts;
      for (const other of others) {
        for (let row = 0; row < mask.length; row += 1) {
          mask[row] = node.type === "and" ? mask[row] & other.mask[row] : mask[row] | other.mask[row];
          scores[row] += other.scores[row];
        }
      }
      return { mask, scores };
    }
    case "not": {
      const { mask } = await evaluated(node.node, { terms, columns }, notes);
      return unscored(mask.map((one) => 1 - one));
    }
    case "years": return unscored(await columns.inYears(node.first, node.last));
    case "range": return unscored(await columns.inRange(node.column, node.low, node.high));
    case "facet": return unscored(await columns.having(node.facet, node.value));
    default: return unscored(new Uint8Array(columns.count).fill(1));
  }
}

/** The sets of one search: `mask` is what it finds, `without(name)` what it would without one facet or range. */
export async function narrowed(request, node, index, notes) {
  const [{ mask: base, scores }, ...chosen] = await Promise.all([
    evaluated(node, index, notes),
    ...request.choices.map(([name, values]) => having(index.columns, request, name, values)),
    ...request.ranges.map(([name, { low, high }]) => index.columns.inRange(name, low, high)),
  ]);
  const names = [...request.choices, ...request.ranges].map(([name]) => name);
  const all = (left) => {
    const mask = base.slice();
    chosen.forEach((part, at) => {
      if (names[at] !== left) for (let row = 0; row < mask.length; row += 1) mask[row] &= part[row];
    });
    return mask;
  };
  const mask = all(null);
  for (let row = 0; row < scores.length; row += 1) if (!base[row]) scores[row] = 0;
  return { mask, scores, without: (name) => (names.includes(name) ? all(name) : mask) };
}

const unscored = (mask) => ({ mask, scores: new Float64Array(mask.length) });

/** The documents with one of the chosen values; of elements as the search says: with all, any or only these. */
async function having(columns, request, name, values) {
  if (name === "element" && request.elements === "only") return columns.havingOnly(name, values);
  const [found, ...others] = await Promise.all(values.map((value) => columns.having(name, value)));
  const every = name === "element" && request.elements === "all";
  for (const other of others) {
    for (let row = 0; row < found.length; row += 1) {
      found[row] = every ? found[row] & other[row] : found[row] | other[row];
    }
  }
  return found;
}
