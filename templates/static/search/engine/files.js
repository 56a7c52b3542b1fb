// The files of the static search: fetched once, unpacked, and taken apart into their text and their numbers.

/**
 * @typedef {{next: () => number, take: (count: number) => Uint8Array,
 *   fill: <A extends Uint32Array | Int32Array | Float64Array>(array: A) => A}} Reader
 */
/** @typedef {{text: string, numbers: {reader: () => Reader}}} Taken a file taken apart */

/** A file of this generation is gone: the site was published anew. */
export class Replaced extends Error {}

export class Files {
  /** @param {URL} folder */
  constructor(folder) {
    this.folder = folder;
    /** @type {Map<string, Promise<Taken>>} */
    this.promised = new Map();
    /** @type {Record<string, string>} what stands behind the name of a file that was written anew */
    this.revised = {};
  }

  /** `{text, numbers}` of a file, such as `publications/words-7`; asked twice, it is fetched once. */
  /** @type {(name: string) => Promise<Taken>} */
  get(name) {
    if (!this.promised.has(name)) {
      const fetched = this.fetched(name);
      fetched.catch(() => this.promised.delete(name)); // the next one who asks may have a better connection
      this.promised.set(name, fetched);
    }
    return /** @type {Promise<Taken>} */ (this.promised.get(name));
  }

  /** @type {(name: string) => Promise<Taken>} */
  async fetched(name) {
    return taken(await this.bytes(name));
  }

  /** A file as it is, unpacked. */
  /** @type {(name: string) => Promise<Uint8Array<ArrayBuffer>>} */
  async bytes(name) {
    const end = this.revised[name] ? `-${this.revised[name]}` : "";
    const answer = await fetch(new URL(`${name}${end}.bin`, this.folder));
    if (answer.status === 404) throw new Replaced(`${name} is gone: the site was published anew.`);
    if (!answer.ok) throw new Error(`${name} could not be fetched (${answer.status}).`);
    return unpacked(new Uint8Array(await answer.arrayBuffer()));
  }
}

/** `{text, numbers}` of a file's bytes. */
/** @type {(bytes: Uint8Array) => Taken} */
export function taken(bytes) {
  const end = bytes.indexOf(0);
  return { text: new TextDecoder().decode(bytes.subarray(0, end)), numbers: new Numbers(bytes.subarray(end + 1)) };
}

/** Some hosts unpack on the way; what is no gzip is taken as it is. */
/** @type {(bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>} */
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Whole numbers as varints: seven bits a byte, the lowest first, bit 8 set in all bytes but the last. */
class Numbers {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  /** A reader from the beginning; several may read at once. */
  /** @type {() => Reader} */
  reader() {
    const { bytes } = this;
    let at = 0;

    /** @type {() => number} */
    function next() {
      let byte = bytes[at++];
      if (byte < 128) return byte;
      let value = byte & 127;
      for (let scale = 128; byte > 127; scale *= 128) { // not by shifts: sizes go beyond 32 bits
        byte = bytes[at++];
        value += (byte & 127) * scale;
      }
      return value;
    }

    return {
      next,
      /** The next numbers, as many as the array holds. */
      /** @type {<A extends Uint32Array | Int32Array | Float64Array>(array: A) => A} */
      fill(array) {
        for (let place = 0; place < array.length; place += 1) array[place] = next();
        return array;
      },
      /** The next bytes as they are. */
      /** @type {(count: number) => Uint8Array} */
      take: (count) => bytes.subarray(at, (at += count)),
    };
  }
}
