import assert from "node:assert/strict";
import { test } from "node:test";
import { next, ordinal } from "../../../../../templates/static/search/engine/ranges.js";
import { asJson, ranges, vectors } from "../vectors.js";

test("ranges have the ends that Python reads, or none", () => {
  for (const [name, text, expected] of vectors.ranges) {
    assert.deepEqual(asJson(ranges.read(name, ":", text.trim())), expected, `${name}:${text}`);
  }
});

test("the double next to a value has none between", () => {
  for (const value of [0, 1, -1, 12.4, 5e-324, Number.MAX_VALUE]) {
    assert.ok(next(value, 1) > value && next(value, -1) < value);
    assert.equal(next(next(value, 1), -1), value);
  }
});

test("days that no calendar has have no number", () => {
  assert.equal(ordinal(2023, 2, 29), null);
  assert.equal(ordinal(2024, 3, 1) - ordinal(2024, 2, 28), 2);
});
