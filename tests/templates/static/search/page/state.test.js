import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, bounded, cleared, plain, readState, toggled } from "../../../../../templates/static/search/page/state.js";
import { vectors } from "../vectors.js";

const { rules } = vectors;

test("the page writes one search's address as the server does, from whatever address it was read", () => {
  assert.ok(vectors.addresses.length > 20);
  for (const [asked, address] of vectors.addresses) assert.equal(addressOf(readState(asked, rules), rules), address, asked);
});

test("what a server refuses is left out by the page, which has to go on", () => {
  for (const odd of ["sort=best", "in=files", "limit=x", "offset=-1", "elements=none"]) {
    assert.deepEqual(readState(odd, rules), plain(rules), odd);
  }
  assert.equal(readState("limit=5000&offset=99999", rules).limit, rules.request.largestLimit);
});

test("no more values of a facet are searched than the server reads", () => {
  const many = toggled(plain(rules), "instrument", Array.from({ length: rules.request.mostValues + 5 }, (_, place) => `I${place}`));
  assert.equal(bounded(many, rules).chosen.length, rules.request.mostValues);
});

test("clearing keeps words, scope and order, and no more", () => {
  const state = readState("q=foam&element=Fe&elements=any&energy=1keV&sort=title&in=datasets&offset=20", rules);
  assert.equal(addressOf(cleared(state, rules), rules), "?q=foam&sort=title&in=datasets");
});
