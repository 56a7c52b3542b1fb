import assert from "node:assert/strict";
import { test } from "node:test";
import { stem } from "../../../../../templates/static/search/engine/stemmer.js";
import { vectors } from "../vectors.js";

test("words have the stems that Python gives them", () => {
  assert.ok(vectors.stems.length > 300);
  for (const [word, expected] of vectors.stems) assert.equal(stem(word), expected, word);
});

test("words are found by their kin and not by those that only begin alike", () => {
  for (const [one, other] of [["calibrated", "calibration"], ["irradiated", "irradiate"], ["cropped", "cropping"]]) {
    assert.equal(stem(one), stem(other));
  }
  assert.notEqual(stem("general"), stem("generation"));
});

test("a name that every object has is a word like others", () => {
  assert.equal(stem("constructor"), "constructor");
});
