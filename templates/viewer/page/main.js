/** The viewer's page: looks up what its address asks for, has the worker open it, and hands it to h5web. */

import "@h5web/app/styles.css";
import { App, DataProvider, enableBigIntSerialization } from "@h5web/app";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { asked, listing } from "./listing.js";
import { Provider, Reader } from "./provider.js";

const NARROW = 700; // pixels: below, the tree stands folded

const place = document.getElementById("viewer");
const said = document.getElementById("viewer-said");

/** Shows one of the page's own sentences, with what it leaves open. */
function say(name, values = {}) {
  const words = said.querySelector(`template[data-name="${name}"]`).content.textContent;
  said.querySelector("p").textContent = words.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  said.hidden = false;
}

function megabytes(bytes) {
  return (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
}

/** Fills the choice of files and the ways back, which lie in the page, hidden until they lead somewhere. */
function lead(found, wanted) {
  const file = found.files[wanted.file];
  const bar = document.getElementById("viewer-bar");
  const back = bar.querySelector("a[data-back]");
  back.href = wanted.dataset;
  back.textContent = found.dataset;
  bar.querySelector("a[data-get]").href = file.address;
  const choice = bar.querySelector("select");
  choice.replaceChildren(
    ...found.shown.map((number) => new Option(found.files[number].name, number, false, number === wanted.file)));
  choice.addEventListener("change", () => {
    location.href = `?${new URLSearchParams({ dataset: wanted.dataset, file: choice.value })}`;
  });
  bar.hidden = false;
  document.title = `${file.name} | ${document.title}`;
}

/** Keeps the path of what is shown in the address, so that it can be sent to somebody. */
function follow() {
  const watch = new MutationObserver(() => {
    const path = place.querySelector('[aria-selected="true"][data-path]')?.dataset.path;
    if (path && path !== pathAsked()) history.replaceState(null, "", `#${encodeURI(path)}`);
  });
  watch.observe(place, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-selected"] });
}

function pathAsked() {
  const path = decodeURI(location.hash.slice(1));
  return path.startsWith("/") ? path : "/";
}

async function show() {
  const wanted = asked(location.search);
  const found = wanted && (await listing(wanted.dataset));
  if (!found?.shown.includes(wanted.file)) {
    say("unlisted");
    return;
  }
  lead(found, wanted);
  const file = found.files[wanted.file];
  const reader = new Reader((done, total) => say("progress", { done: megabytes(done), total: megabytes(total) }));
  globalThis.panfairMoved = () => reader.ask("moved");
  say("opening", { file: file.name });
  try {
    await reader.ask("open", { files: found.files.map((one) => ({ ...one, address: new URL(one.address, location.href).href })), file: wanted.file });
  } catch (error) {
    say(error.kind ?? "hdf5", { host: new URL(file.address, location.href).host, size: megabytes(file.size ?? 0), reason: error.message });
    return;
  }
  said.hidden = true;
  enableBigIntSerialization();
  const root = createRoot(place);
  const api = new Provider(file.name, reader);
  const render = () => {
    const path = pathAsked();
    root.render(createElement(DataProvider, { api }, createElement(App, { key: path, initialPath: path, sidebarOpen: innerWidth > NARROW })));
  };
  render();
  follow();
  addEventListener("hashchange", render);
}

show().catch((error) => say("hdf5", { reason: error.message }));
