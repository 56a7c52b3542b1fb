/** The worker that reads HDF5 files: it answers one question after the other, each with its number. */

import { Attribute, Dataset, File, ready } from "h5wasm";
import { Kept } from "./blocks.js";
import { entity } from "./entities.js";
import { Filters } from "./filters.js";
import { lazy, MOST_WHOLE, moved, opened, RemoteError } from "./remote.js";

const ROOT = "/data";
const MOST_VALUES = 256 * 1024 * 1024;
const MOST_PROBED = 50;
const kept = new Kept();

/** @type {any} */
let hdf5;
/** @type {Filters} */
let filters;
/** @type {any} */
let main;
let folder = ROOT;
/** @type {Map<string, any>} */
const open = new Map();

/**
 * @param {string} path on the virtual disk
 * @returns {any} the file, open
 */
function fileAt(path) {
  const found = open.get(path) ?? new File(path, "r");
  open.set(path, found);
  return found;
}

/**
 * Puts a file on the virtual disk, which reads it from afar.
 * @param {string} path
 * @param {import("./remote.js").Readable} source
 */
function mount(path, source) {
  const { FS } = hdf5;
  const slash = path.lastIndexOf("/");
  FS.mkdirTree(path.slice(0, slash));
  const node = FS.createFile(path.slice(0, slash), path.slice(slash + 1), {}, true, false);
  Object.defineProperty(node, "usedBytes", { get: () => source.size });
  node.stream_ops = {
    ...node.stream_ops,
    read: (/** @type {any} */ _, /** @type {Uint8Array} */ buffer, /** @type {number} */ place, /** @type {number} */ length,
      /** @type {number} */ position) => source.read(buffer, place, length, position),
  };
}

const answers = {
  /**
   * Opens a file with those beside it that it may lead to. Raises RemoteError when its host does not give it.
   * @param {{ files: { name: string, address: string, size: number | null }[], file: number }} listed
   */
  async open({ files, file }) {
    hdf5 = await ready;
    hdf5.activate_throwing_error_handler();
    filters = new Filters(hdf5, fileAt);
    let budget = MOST_WHOLE;
    let probed = 0;
    const progress = (/** @type {number} */ done, /** @type {number} */ total) => postMessage({ progress: { done, total } });
    /** @type {Map<string, boolean>} */
    const gives = new Map();
    const order = [files[file], ...files.filter((_, place) => place !== file)];
    for (const [place, one] of order.entries()) {
      const host = new URL(one.address).origin;
      /** @type {import("./remote.js").Readable | undefined} */
      let source;
      if (gives.get(host)) {
        source = lazy(one, kept);
      } else if (place && (probed >= MOST_PROBED || !/\.(h5|hdf5?|nxs|nx5|cxi|nexus)$/i.test(one.name))) {
        continue; // nobody knows whether its host answers, and what a file leads to is HDF5 as a rule
      } else if (gives.get(host) !== false || (one.size ?? Infinity) <= budget) {
        probed++;
        try {
          source = await opened(one, kept, place ? () => {} : progress, budget);
          gives.set(host, "fetch" in source);
          if (!("fetch" in source)) budget -= source.size;
        } catch (error) {
          if (!place) throw error;
        }
      }
      if (source) mount(`${ROOT}/${one.name}`, source);
    }
    const path = `${ROOT}/${files[file].name}`;
    folder = path.slice(0, path.lastIndexOf("/"));
    hdf5.FS.chdir(folder);
    main = fileAt(path);
  },

  /** @param {{ path: string }} asked */
  entity: ({ path }) => entity(hdf5, main.file_id, path),

  /** @param {{ path: string, selection?: string }} asked the selection is `:` or a number for each dimension */
  async value({ path, selection }) {
    await filters.ready(main.file_id, path, folder);
    const dataset = new Dataset(main.file_id, path);
    const dims = dataset.shape ?? [];
    const ranges = (selection ?? dims.map(() => ":").join()).split(",").map((one, axis) =>
      one === ":" ? [0, dims[axis]] : [Number(one), Number(one) + 1]);
    const count = dims.reduce((all, _, axis) => all * (ranges[axis][1] - ranges[axis][0]), 1);
    if (count * dataset.metadata.size > MOST_VALUES) throw new Error("These are more values than can be shown at once.");
    if (!selection) return dataset.value;
    const found = dataset.slice(/** @type {any} */ (ranges));
    return Array.isArray(found) && !selection.includes(":") ? found[0] : found;
  },

  /** @param {{ path: string, names: string[] }} asked */
  attributes: ({ path, names }) =>
    names.map((name) => [name, new Attribute(main.file_id, path, name).json_value]),

  /** @param {{ path: string }} asked */
  paths: ({ path }) =>
    hdf5.get_names(main.file_id, path, true).map((/** @type {string} */ one) => (path === "/" ? `/${one}` : `${path}/${one}`)),

  moved: () => moved,
};

addEventListener("message", async ({ data: { number, question, asked } }) => {
  try {
    const answer = await answers[/** @type {keyof typeof answers} */ (question)](asked);
    postMessage({ number, answer }, ArrayBuffer.isView(answer) ? { transfer: [answer.buffer] } : {});
  } catch (error) {
    const kind = error instanceof RemoteError ? error.kind : "hdf5";
    postMessage({ number, failed: { kind, message: error instanceof Error ? error.message : String(error) } });
  }
});
