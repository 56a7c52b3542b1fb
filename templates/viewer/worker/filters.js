/** The filters that HDF5 has not by itself, by their registered numbers, and which of them the values of a dataset need. */

const NAMES = new Map([
  [307, "bz2"],
  [32000, "lzf"],
  [32001, "blosc"],
  [32004, "lz4"],
  [32008, "bshuf"],
  [32013, "zfp"],
  [32015, "zstd"],
  [32019, "jpeg"],
  [32022, "bitgroom"],
  [32023, "bitround"],
  [32026, "blosc2"],
]);
const FOLDER = "/plugins";
const MOST_SOURCES = 64;

/** Fetches filters when a dataset needs them, once each. */
export class Filters {
  /**
   * @param {any} hdf5 the module of h5wasm
   * @param {(path: string) => any} open opens a file of the virtual disk
   */
  constructor(hdf5, open) {
    this.hdf5 = hdf5;
    this.open = open;
    this.there = new Set();
    hdf5.FS.mkdirTree(FOLDER);
    hdf5.remove_plugin_search_path(0);
    hdf5.insert_plugin_search_path(FOLDER, 0);
  }

  /**
   * Makes ready what the values of a dataset need, those of the datasets that it is put together from too.
   * @param {bigint} file
   * @param {string} path
   * @param {string} folder of the file, on the virtual disk
   */
  async ready(file, path, folder) {
    for (const number of this.needed(file, path, folder, 0)) {
      const name = NAMES.get(number);
      if (!name || this.there.has(name)) continue;
      const answer = await fetch(new URL(`plugins/libH5Z${name}.so`, self.location.href));
      if (!answer.ok) throw new Error(`the filter ${name} cannot be fetched (${answer.status})`);
      this.hdf5.FS.writeFile(`${FOLDER}/libH5Z${name}.so`, new Uint8Array(await answer.arrayBuffer()));
      this.there.add(name);
    }
  }

  /**
   * @param {bigint} file
   * @param {string} path
   * @param {string} folder
   * @param {number} depth
   * @returns {Set<number>}
   */
  needed(file, path, folder, depth) {
    const found = new Set(this.hdf5.get_dataset_filters(file, path).map((/** @type {{ id: number }} */ one) => one.id));
    const sources = this.hdf5.get_dataset_metadata(file, path).virtual_sources ?? [];
    const seen = new Set();
    for (const source of depth < 4 ? sources : []) {
      if (seen.has(source.file_name) || seen.size >= MOST_SOURCES) continue;
      seen.add(source.file_name);
      try {
        const inside = source.file_name === "." ? file : this.open(`${folder}/${source.file_name}`).file_id;
        for (const one of this.needed(inside, source.dset_name, folder, depth + 1)) found.add(one);
      } catch {
        continue; // HDF5 fills the part of a source that is not there with the fill value
      }
    }
    return found;
  }
}
