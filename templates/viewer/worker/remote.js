/** Files on a host that may give parts of them, or only the whole, or nothing. */

import { BLOCK, RangeFile } from "./blocks.js";

export const MOST_WHOLE = 64 * 1024 * 1024;

/** Why a file cannot be opened: `kind` is `refused` (no answer, or none that this page may read), `missing`, `whole` or `changed`. */
export class RemoteError extends Error {
  /**
   * @param {"refused" | "missing" | "whole" | "changed"} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** How many bytes were moved, in how many requests. */
export const moved = { bytes: 0, requests: 0 };

/** @typedef {{ size: number, read: (into: Uint8Array, place: number, length: number, position: number) => number }} Readable */

/**
 * Whether the host of a file gives parts, and what its first part says of it.
 * @param {{ address: string, size: number | null }} file
 * @param {import("./blocks.js").Kept} kept
 * @param {(done: number, total: number) => void} progress of a file that must be fetched whole
 * @param {number} budget how many bytes of whole files may be fetched
 * @returns {Promise<Readable>}
 */
export async function opened(file, kept, progress, budget = MOST_WHOLE) {
  const aborting = new AbortController();
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(file.address, { headers: { Range: `bytes=0-${BLOCK - 1}` }, signal: aborting.signal });
  } catch {
    throw new RemoteError("refused", file.address);
  }
  moved.requests++;
  if (answer.status === 206) {
    const first = new Uint8Array(await answer.arrayBuffer());
    moved.bytes += first.length;
    const size = total(answer.headers.get("content-range")) ?? file.size;
    if (!size) throw new RemoteError("refused", "its size is not told");
    return ranged(file.address, size, kept, first, answer.headers.get("etag"));
  }
  if (answer.status !== 200 || !answer.body) {
    aborting.abort();
    throw new RemoteError("missing", String(answer.status));
  }
  const said = Number(answer.headers.get("content-length")) || file.size;
  if (said && said > budget) {
    aborting.abort();
    throw new RemoteError("whole", String(said));
  }
  const bytes = await whole(answer.body, budget, (done) => progress(done, said || done)).catch((error) => {
    aborting.abort();
    throw error;
  });
  return inMemory(bytes);
}

/**
 * A file on a host of which it is known that it gives parts; nothing is asked before somebody reads it.
 * @param {{ address: string, size: number | null }} file
 * @param {import("./blocks.js").Kept} kept
 * @returns {Readable}
 */
export function lazy(file, kept) {
  /** @type {Readable | undefined} */
  let found;
  const begun = () => {
    if (!found) {
      const first = part(file.address, 0, BLOCK - 1);
      const size = first.size ?? file.size ?? (first.bytes.length < BLOCK ? first.bytes.length : null);
      if (!size) throw new RemoteError("refused", file.address);
      found = ranged(file.address, size, kept, first.bytes, first.tag);
    }
    return found;
  };
  return {
    get size() {
      return begun().size;
    },
    read: (into, place, length, position) => begun().read(into, place, length, position),
  };
}

/**
 * @param {string} address
 * @param {number} size
 * @param {import("./blocks.js").Kept} kept
 * @param {Uint8Array} first its first block
 * @param {string | null} tag its ETag
 * @returns {RangeFile}
 */
function ranged(address, size, kept, first, tag) {
  const fetch = (/** @type {number} */ from, /** @type {number} */ to) => {
    const found = part(address, from, to);
    const other = (found.size !== null && found.size !== size) || (tag && found.tag && tag !== found.tag);
    if (other) throw new RemoteError("changed", address);
    return found.bytes;
  };
  const file = new RangeFile(address, size, fetch, kept);
  file.begin(first);
  return file;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Readable}
 */
function inMemory(bytes) {
  return {
    size: bytes.length,
    read(into, place, length, position) {
      const found = bytes.subarray(position, position + length);
      into.set(found, place);
      return found.length;
    },
  };
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} most
 * @param {(done: number) => void} progress
 * @returns {Promise<Uint8Array>}
 */
async function whole(body, most, progress) {
  const pieces = [];
  let done = 0;
  const reader = body.getReader();
  for (;;) {
    const piece = await reader.read();
    if (piece.done) break;
    pieces.push(piece.value);
    done += piece.value.length;
    moved.bytes += piece.value.length;
    if (done > most) throw new RemoteError("whole", String(done));
    progress(done);
  }
  const bytes = new Uint8Array(done);
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}

/**
 * Fetches a part while HDF5 waits for it: it reads as from a disk, so the request must be one that blocks this worker.
 * @param {string} address
 * @param {number} from
 * @param {number} to
 * @returns {{ bytes: Uint8Array, size: number | null, tag: string | null }} with what the answer tells of the whole file
 */
function part(address, from, to) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  request.setRequestHeader("Range", `bytes=${from}-${to}`);
  try {
    request.send();
  } catch {
    throw new RemoteError("refused", address);
  }
  moved.requests++;
  const bytes = new Uint8Array(request.response ?? 0);
  moved.bytes += bytes.length;
  if (request.status !== 206) throw new RemoteError("missing", String(request.status));
  return { bytes, size: total(request.getResponseHeader("content-range")), tag: request.getResponseHeader("etag") };
}

/**
 * The size of the whole file that a Content-Range tells; null where it tells none, or may not be read.
 * @param {string | null} range
 * @returns {number | null}
 */
function total(range) {
  const found = /^bytes \d+-\d+\/(\d+)$/.exec(range ?? "");
  return found ? Number(found[1]) : null;
}
