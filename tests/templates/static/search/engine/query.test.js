import assert from "node:assert/strict";
import { test } from "node:test";
import { asJson, queries, vectors } from "../vectors.js";

test("queries are read into the trees that Python reads, with the same notes", () => {
  assert.ok(vectors.queries.length > 80);
  for (const [text, node, notes] of vectors.queries) {
    assert.deepEqual(asJson(queries.parse(text)), { node, notes }, JSON.stringify(text));
  }
});
