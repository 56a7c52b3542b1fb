import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { BLOCK, Kept } from "../../../templates/viewer/worker/blocks.js";
import { moved, opened } from "../../../templates/viewer/worker/remote.js";

const bytes = Uint8Array.from({ length: 3 * BLOCK }, (_, place) => place % 251);
let host;
let server;

before(async () => {
  server = createServer((request, response) => {
    const kind = request.url.slice(1);
    if (kind === "missing") {
      response.writeHead(404).end();
    } else if (kind === "parts") {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range).map(Number);
      response.writeHead(206, { "content-range": `bytes ${from}-${to}/${bytes.length}` }).end(bytes.slice(from, to + 1));
    } else if (kind === "whole") {
      response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    } else {
      response.writeHead(200); // and goes on until nobody listens
      const more = setInterval(() => response.write(new Uint8Array(1 << 20)), 1);
      response.on("close", () => clearInterval(more));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  host = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const quiet = () => {};

test("a host that gives parts is asked for the first one, and tells the size", async () => {
  const file = await opened({ address: `${host}/parts`, size: 7 }, new Kept(), quiet);
  assert.equal(file.size, bytes.length);
  const into = new Uint8Array(100);
  assert.equal(file.read(into, 0, 100, 50), 100);
  assert.deepEqual(into, bytes.slice(50, 150));
});

test("a small file of a host that gives none is fetched whole, and tells how far it is", async () => {
  const told = [];
  const file = await opened({ address: `${host}/whole`, size: null }, new Kept(), (...one) => told.push(one));
  assert.deepEqual(told.at(-1), [bytes.length, bytes.length]);
  const into = new Uint8Array(10);
  assert.equal(file.read(into, 0, 10, bytes.length - 4), 4);
  assert.deepEqual(into.slice(0, 4), bytes.slice(-4));
});

test("a large file of such a host is not begun", async () => {
  const before = moved.bytes;
  await assert.rejects(opened({ address: `${host}/endless`, size: 65 << 20 }, new Kept(), quiet), { kind: "whole" });
  assert.equal(moved.bytes, before);
});

test("a file whose size nobody tells is given up where it is too much", async () => {
  const asked = opened({ address: `${host}/endless`, size: null }, new Kept(), quiet, 4 << 20);
  await assert.rejects(asked, { kind: "whole" });
});

test("what is not there, and who does not answer, are told apart", async () => {
  await assert.rejects(opened({ address: `${host}/missing`, size: 1 }, new Kept(), quiet), { kind: "missing" });
  await assert.rejects(opened({ address: "http://127.0.0.1:9/x", size: 1 }, new Kept(), quiet), { kind: "refused" });
});
