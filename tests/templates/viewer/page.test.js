import assert from "node:assert/strict";
import { test } from "node:test";
import { asked } from "../../../templates/viewer/page/listing.js";
import ndarray, { assign } from "../../../templates/viewer/page/ndarray.js";

test("an address names a dataset of this site and the number of a file, or nothing", () => {
  const place = "/doi/10.5072/eps-es-1/datasets/scan-0001/";
  assert.deepEqual(asked(`?dataset=${place}&file=3`), { dataset: place, file: 3 });
  assert.deepEqual(asked(`?dataset=${place}`), { dataset: place, file: 0 });
  assert.ok(asked(`?dataset=${encodeURIComponent("/doi/10.5072/a%3Cb/datasets/x/")}`));
  for (const other of [
    "https://example.org/doi/10.1/a/datasets/x/", "//example.org/doi/10.1/a/datasets/x/", "/doi/10.1/a/datasets/../x/",
    "/doi/../datasets/x/", "/doi/10.1/a/datasets/x", "/about/", "/doi/10.1/a/datasets/x/?y=/", "/doi/10.1/a/datasets/x#/",
    "/doi/10.1\\a/datasets/x/", "javascript:alert(1)", "",
  ]) {
    assert.equal(asked(`?${new URLSearchParams({ dataset: other })}`), null, other);
  }
  for (const file of ["-1", "1.5", "x", "1e999"]) assert.equal(asked(`?dataset=${place}&file=${file}`), null, file);
});

test("views of numbers are taken apart as ndarray takes them", () => {
  const whole = ndarray(Float32Array.from({ length: 24 }, (_, place) => place), [2, 3, 4]);
  assert.equal(whole.get(1, 2, 3), 23);
  assert.deepEqual(whole.pick(1, null, null).shape, [3, 4]);
  assert.equal(whole.pick(1, null, null).get(2, 3), 23);
  assert.equal(whole.transpose(2, 0, 1).get(3, 1, 2), 23);
  assert.equal(whole.lo(1, 1, 1).get(0, 0, 0), 17);
  assert.deepEqual(whole.hi(1, 2, 3).shape, [1, 2, 3]);
  assert.equal(whole.step(1, 1, -1).get(0, 0, 0), 3);
  assert.deepEqual(whole.step(1, 2, 2).shape, [2, 2, 2]);
  assert.equal(whole.dtype, "float32");
  assert.deepEqual([whole.size, whole.dimension, whole.order], [24, 3, [2, 1, 0]]);
  const copy = assign(ndarray(new Float64Array(24), [4, 2, 3]), whole.transpose(2, 0, 1));
  for (let i = 0; i < 4; i++) for (let j = 0; j < 2; j++) for (let k = 0; k < 3; k++) assert.equal(copy.get(i, j, k), whole.get(j, k, i));
});
