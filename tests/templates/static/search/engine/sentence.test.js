import assert from "node:assert/strict";
import { test } from "node:test";
import { without } from "../../../../../templates/static/search/engine/sentence.js";
import { sentences, vectors } from "../vectors.js";

test("sentences are read into the conditions that Python reads, with guesses and without", () => {
  const known = sentences.known(vectors.labels);
  assert.ok(vectors.sentences.length > 80);
  for (const [text, ...expected] of vectors.sentences) {
    for (const [place, guessing] of [true, false].entries()) {
      const reading = sentences.read(text, known, guessing);
      const { query } = reading;
      const conditions = reading.conditions.map((one) => {
        const { key, value, negated, exact, typed, guessed, asRange } = one;
        return { key, value, negated, exact, typed, guessed, asRange, without: without(reading, one) };
      });
      assert.deepEqual({ query, conditions }, expected[place], JSON.stringify(text));
    }
  }
});
