/** What the viewer may open: the files that the page of a dataset lists, by the place of the dataset and of the file. */

const DATASET = /^\/doi\/(?:[^/?#\\%]|%[0-9A-F]{2})+\/(?:(?:[^/?#\\%]|%[0-9A-F]{2})+\/)+datasets\/(?:[^/?#\\%]|%[0-9A-F]{2})+\/$/;

/**
 * @typedef {{ name: string, address: string, size: number | null }} Listed
 * @typedef {{ dataset: string, publication: string, files: Listed[], shown: number[] }} Listing
 */

/**
 * Which dataset and which of its files an address asks for; null when it names no dataset of this site.
 * @param {string} search such as `?dataset=/doi/10.5072/a/datasets/scan/&file=0`
 * @returns {{ dataset: string, file: number } | null}
 */
export function asked(search) {
  const words = new URLSearchParams(search);
  const dataset = words.get("dataset") ?? "";
  const file = Number(words.get("file") ?? 0);
  if (!DATASET.test(dataset) || dataset.split("/").some((name) => name === "." || name === "..")) return null;
  if (!Number.isInteger(file) || file < 0) return null;
  return { dataset, file };
}

/**
 * The files of a dataset of this site; null when it lists none, as one that was withdrawn.
 * @param {string} dataset
 * @returns {Promise<Listing | null>}
 */
export async function listing(dataset) {
  const answer = await fetch(`${dataset}viewer.json`, { redirect: "error" });
  return answer.ok ? answer.json() : null;
}
