// Makes the HDF5 viewer's bundle: one script for the page, one for the worker, the filters, and whose work they are.
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = path.resolve(here, "../../node_modules");
const out = path.resolve(process.env.VIEWER_DIR ?? path.join(here, "built"));

/** The licences of all packages that stand in the bundle, and the filters' files. */
function beside() {
  const used = new Set(["h5wasm", "h5wasm-plugins"].map((name) => path.join(packages, name)));
  const note = (id) => {
    const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace(/^\0/, ""));
    if (found) used.add(found[0]);
  };
  return {
    name: "beside",
    moduleParsed: ({ id }) => note(id),
    closeBundle() {
      cpSync(path.join(packages, "h5wasm-plugins/plugins"), path.join(out, "plugins"), { recursive: true });
      const sizes = ["viewer.js", "worker.js", "main.css"].map((name) => [name, gzipSync(readFileSync(path.join(out, name))).length]);
      writeFileSync(path.join(out, "sizes.json"), JSON.stringify(Object.fromEntries(sizes)));
      writeFileSync(path.join(out, "THIRD-PARTY.txt"), [...used].sort().map(licence).join(`\n\n${"=".repeat(80)}\n\n`));
    },
  };
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((one) => /^(licen[cs]e|copying|notice)/i.test(one));
  const texts = files.map((one) => readFileSync(path.join(folder, one), "utf8").trim());
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}

export default defineConfig({
  root: here,
  base: "./",
  logLevel: "error",
  resolve: { alias: [{ find: /^ndarray(-ops)?$/, replacement: path.join(here, "page/ndarray.js") }] },
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "worker.js" } } },
  plugins: [beside()],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 6000,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: path.join(here, "page/main.js"),
      output: { entryFileNames: "viewer.js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
