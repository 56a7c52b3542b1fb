// What Python says of words, units, ranges and queries (vectors.json), and the scripts' own parts made of its tables.
import { readFileSync } from "node:fs";
import { queriesOf } from "../../../../templates/static/search/engine/query.js";
import { rangesOf } from "../../../../templates/static/search/engine/ranges.js";
import { sentencesOf } from "../../../../templates/static/search/engine/sentence.js";
import { quantitiesOf } from "../../../../templates/static/search/engine/units.js";
import { analysis } from "../../../../templates/static/search/engine/words.js";

export const vectors = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8"));
export const quantities = quantitiesOf(vectors.tables);
export const ranges = rangesOf(quantities);
const read = analysis(vectors.tables);
export const { words } = read;
export const sentences = sentencesOf(vectors.tables, read, ranges);
export const queries = queriesOf(vectors.tables, read, ranges);

/** A value as JSON holds it, infinite numbers as texts. */
export const asJson = (value) => JSON.parse(JSON.stringify(value, (_, one) => (Math.abs(one) === Infinity ? String(one) : one)));
