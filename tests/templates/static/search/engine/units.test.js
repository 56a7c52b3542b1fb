import assert from "node:assert/strict";
import { test } from "node:test";
import { rounded } from "../../../../../templates/static/search/engine/units.js";
import { quantities, vectors } from "../vectors.js";

test("values have the SI values that Python gives them, in every unit on the page", () => {
  assert.ok(vectors.units.length > 20);
  for (const [key, unit, value, expected] of vectors.units) {
    assert.equal(quantities[key].toSi(value, unit), expected, `${value} ${unit} of ${key}`);
  }
});

test("a unit of another kind, or of no kind, gives nothing", () => {
  for (const unit of ["kg", "parsec", "constructor", "x".repeat(100)]) assert.equal(quantities.energy.toSi(1, unit), null);
});

test("halves are rounded to the even digit, as Python's format does", () => {
  assert.deepEqual([rounded(0.125, 2), rounded(0.375, 2), rounded(2.5, 1), rounded(-0.125, 2)], [0.12, 0.38, 2, -0.12]);
});
