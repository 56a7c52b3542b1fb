import assert from "node:assert/strict";
import { test } from "node:test";
import { asJson, vectors, words } from "../vectors.js";

test("texts have the words that Python finds, at the same places", () => {
  for (const [text, expected] of vectors.words) {
    assert.deepEqual(asJson([...words(text)]), expected, JSON.stringify(text));
  }
});
