import assert from "node:assert/strict";
import { test } from "node:test";
import { BLOCK, Kept, RangeFile } from "../../../templates/viewer/worker/blocks.js";

const bytes = Uint8Array.from({ length: 10 * BLOCK + 1234 }, (_, place) => (place * 31 + (place >> 8)) & 255);

function opened(kept = new Kept()) {
  const asked = [];
  const fetch = (from, to) => {
    asked.push([from, to]);
    return bytes.slice(from, to + 1);
  };
  return { file: new RangeFile("a", bytes.length, fetch, kept), asked, kept };
}

function read(file, position, length) {
  const into = new Uint8Array(length + 2).fill(255);
  const count = file.read(into, 1, length, position);
  assert.equal(into[0], 255);
  return into.slice(1, count + 1);
}

test("whatever is read, in whatever order, is what stands there", () => {
  const { file } = opened(new Kept(3));
  let seed = 7;
  const dice = (most) => (seed = (seed * 48271) % 2147483647) % most;
  for (let turn = 0; turn < 400; turn++) {
    const position = dice(bytes.length + 100);
    const length = dice(turn % 3 ? 5000 : 4 * BLOCK);
    assert.deepEqual(read(file, position, length), bytes.slice(position, position + length));
  }
});

test("a block is fetched once, and a part of it no second time", () => {
  const { file, asked } = opened();
  read(file, 3 * BLOCK + 5, 10);
  read(file, 3 * BLOCK, BLOCK);
  assert.deepEqual(asked, [[3 * BLOCK, 4 * BLOCK - 1]]);
});

test("what lies together is fetched in one request, without what is kept at its ends", () => {
  const { file, asked } = opened();
  read(file, 5 * BLOCK, 10);
  read(file, 2 * BLOCK + 9, 4 * BLOCK);
  assert.deepEqual(asked.slice(1), [[2 * BLOCK, 5 * BLOCK - 1], [6 * BLOCK, 7 * BLOCK - 1]]);
});

test("who reads on is read ahead for, who jumps is not, and nothing is read beyond the end", () => {
  const { file, asked } = opened();
  for (let number = 0; number < 11; number++) read(file, number * BLOCK, 100);
  assert.ok(asked.length < 6, `${asked.length} requests`);
  assert.equal(asked.at(-1)[1], bytes.length - 1);
  const jumping = opened();
  for (const number of [9, 2, 6, 0]) read(jumping.file, number * BLOCK, 100);
  assert.ok(jumping.asked.every(([from, to]) => to - from + 1 === BLOCK));
});

test("what is kept is bounded, and what was looked at last stays", () => {
  const { file, asked, kept } = opened(new Kept(4));
  for (const number of [0, 2, 4, 6]) read(file, number * BLOCK, 1);
  read(file, 0, 1);
  read(file, 8 * BLOCK, 1);
  assert.equal(kept.blocks.size, 4);
  read(file, 0, 1);
  assert.equal(asked.length, 5);
  read(file, 2 * BLOCK, 1);
  assert.equal(asked.length, 6);
});

test("two files that share what is kept do not see each other's blocks", () => {
  const kept = new Kept();
  const one = new RangeFile("one", BLOCK, () => new Uint8Array(BLOCK).fill(1), kept);
  const other = new RangeFile("other", BLOCK, () => new Uint8Array(BLOCK).fill(2), kept);
  assert.equal(read(one, 0, 1)[0], 1);
  assert.equal(read(other, 0, 1)[0], 2);
});

test("the first block that came with the size is not fetched again", () => {
  const { file, asked } = opened();
  file.begin(bytes.slice(0, BLOCK));
  read(file, 0, 4096);
  assert.deepEqual(asked, []);
});

test("places beyond four gigabytes are asked for as they are", () => {
  const asked = [];
  const size = 5.4e9;
  const file = new RangeFile("large", size, (from, to) => (asked.push([from, to]), new Uint8Array(to - from + 1)), new Kept());
  read(file, 5e9, 10);
  assert.deepEqual(asked, [[Math.floor(5e9 / BLOCK) * BLOCK, Math.floor(5e9 / BLOCK) * BLOCK + BLOCK - 1]]);
});

test("an answer that is too short is an error and is not kept", () => {
  const kept = new Kept();
  const file = new RangeFile("short", 3 * BLOCK, () => new Uint8Array(10), kept);
  assert.throws(() => read(file, 0, 100), /10 bytes came/);
  assert.equal(kept.blocks.size, 0);
});
