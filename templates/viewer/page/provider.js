/** What h5web asks of a file, asked of the worker that reads it. */

import { DataProviderApi } from "@h5web/app";

/** Asks the worker, and tells its answers apart by their numbers. */
export class Reader {
  /** @param {(done: number, total: number) => void} progress of a file that is fetched whole */
  constructor(progress) {
    this.worker = new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module" });
    this.waiting = new Map();
    this.count = 0;
    this.worker.addEventListener("message", ({ data }) => {
      if (data.progress) {
        progress(data.progress.done, data.progress.total);
        return;
      }
      const { resolve, reject } = this.waiting.get(data.number);
      this.waiting.delete(data.number);
      if (data.failed) reject(Object.assign(new Error(data.failed.message), { kind: data.failed.kind }));
      else resolve(data.answer);
    });
    this.worker.addEventListener("error", (event) => {
      for (const { reject } of this.waiting.values()) reject(new Error(event.message));
      this.waiting.clear();
    });
  }

  ask(question, asked) {
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.worker.postMessage({ number, question, asked });
    });
  }
}

export class Provider extends DataProviderApi {
  constructor(name, reader) {
    super(name);
    this.reader = reader;
  }

  async getEntity(path) {
    return this.reader.ask("entity", { path });
  }

  async getValue({ dataset, selection }) {
    return this.reader.ask("value", { path: dataset.path, selection });
  }

  async getAttrValues({ path, attributes }) {
    const names = attributes.map((one) => one.name);
    return Object.fromEntries(await this.reader.ask("attributes", { path, names }));
  }

  async getSearchablePaths(path) {
    return this.reader.ask("paths", { path });
  }

  getExportURL(format, dataset, selection, builtIn) {
    return builtIn && (async () => new Blob([builtIn()]));
  }
}
