/** A remote file read in blocks: only those that are looked at are fetched, and the last ones are kept. */

export const BLOCK = 64 * 1024;
const MOST_KEPT = 1024;
const MOST_AHEAD = 16;
const LONGEST = 256;

/**
 * What fetches a part of a file: the bytes from `from` to `to`, both counted in.
 * @callback Fetch
 * @param {number} from
 * @param {number} to
 * @returns {Uint8Array}
 */

/** The blocks of all open files that were looked at last; never more than 64 MB of them. */
export class Kept {
  /** @param {number} most the number of blocks */
  constructor(most = MOST_KEPT) {
    this.most = most;
    /** @type {Map<string, Uint8Array>} */
    this.blocks = new Map();
  }

  /**
   * @param {string} key
   * @returns {Uint8Array | undefined}
   */
  get(key) {
    const found = this.blocks.get(key);
    if (found) {
      this.blocks.delete(key);
      this.blocks.set(key, found);
    }
    return found;
  }

  /**
   * @param {string} key
   * @returns {boolean}
   */
  has(key) {
    return this.blocks.has(key);
  }

  /**
   * @param {string} key
   * @param {Uint8Array} block
   */
  put(key, block) {
    this.blocks.delete(key);
    this.blocks.set(key, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= this.most) break;
      this.blocks.delete(oldest);
    }
  }
}

/** A file of which parts can be fetched. */
export class RangeFile {
  /**
   * @param {string} name unique among the files that share `kept`
   * @param {number} size in bytes
   * @param {Fetch} fetch
   * @param {Kept} kept
   */
  constructor(name, size, fetch, kept) {
    this.name = name;
    this.size = size;
    this.fetch = fetch;
    this.kept = kept;
    this.next = -1;
    this.ahead = 1;
  }

  /**
   * Copies bytes of the file; the answer is how many, which at its end are fewer than `length`.
   * @param {Uint8Array} into
   * @param {number} place where in `into`
   * @param {number} length
   * @param {number} position where in the file
   * @returns {number}
   */
  read(into, place, length, position) {
    const end = Math.min(this.size, position + length);
    if (position < 0 || position >= end) return 0;
    const last = Math.floor((end - 1) / BLOCK);
    for (let at = position; at < end;) {
      const number = Math.floor(at / BLOCK);
      const kept = this.kept.get(this.key(number));
      const start = number * BLOCK;
      const bytes = kept ?? this.missing(number, last);
      const count = Math.min(start + bytes.length, end) - at;
      into.set(bytes.subarray(at - start, at - start + count), place + at - position);
      at += count;
    }
    return end - position;
  }

  /**
   * Keeps the beginning of the file, which who asked for its size has got already.
   * @param {Uint8Array} bytes
   */
  begin(bytes) {
    this.keep(0, bytes);
    this.next = Math.floor(bytes.length / BLOCK);
  }

  /**
   * Fetches, in one request, a block with those after it that are wanted and not kept, and some ahead of who reads on.
   * @param {number} number
   * @param {number} last the last block that is wanted
   * @returns {Uint8Array}
   */
  missing(number, last) {
    this.ahead = number === this.next ? Math.min(this.ahead * 2, MOST_AHEAD) : 1;
    const most = Math.min(Math.max(last, number + this.ahead - 1), number + LONGEST - 1, Math.ceil(this.size / BLOCK) - 1);
    let stop = number;
    while (stop < most && !this.kept.has(this.key(stop + 1))) stop++;
    const from = number * BLOCK;
    const to = Math.min(this.size, (stop + 1) * BLOCK) - 1;
    const bytes = this.fetch(from, to);
    if (bytes.length !== to - from + 1) throw new Error(`${bytes.length} bytes came in place of ${to - from + 1}`);
    this.next = stop + 1;
    this.keep(number, bytes);
    return bytes;
  }

  /**
   * @param {number} number the block that the bytes begin with
   * @param {Uint8Array} bytes
   */
  keep(number, bytes) {
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.slice(at, at + BLOCK);
      const start = number * BLOCK + at;
      if (block.length === BLOCK || start + block.length === this.size) this.kept.put(this.key(number + at / BLOCK), block);
    }
  }

  /**
   * @param {number} number
   * @returns {string}
   */
  key(number) {
    return `${this.name}\n${number}`;
  }
}
