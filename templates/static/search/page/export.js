// What one takes away without a server: the whole result as a file made in the browser. One function for each form.

/** @import { Card } from "../engine/answer.js" */
/** @import { Exported } from "../engine/engine.js" */

/** The columns of CSV and the keys of JSON, as site/search/export.py has them. */
/** @type {(keyof Card)[]} */
const COLUMNS = [
  "doi", "title", "publication", "creators", "year", "day", "facility", "instruments", "techniques", "datasets",
  "files", "size_bytes", "url",
];

/** The forms: file name, media type, and what makes the text of rows and of how many there are beside them. */
/** @type {Record<string, [string, string, (found: Exported) => string]>} */
const FORMS = {
  csv: ["search.csv", "text/csv", csv],
  json: ["search.json", "application/json", json],
  bibtex: ["search.bib", "application/x-bibtex", bibtex],
  ris: ["search.ris", "application/x-research-info-systems", ris],
  dois: ["dois.txt", "text/plain", ({ rows }) => [...new Set(rows.map(({ doi }) => `${doi}\n`))].join("")],
};

/** Saves what `exportRows` gave in a form; the browser asks where to, or puts it where downloads go. */
/** @type {(form: string, found: Exported) => void} */
export function save(form, found) {
  const [name, type, write] = FORMS[form];
  const address = URL.createObjectURL(new Blob([write(found)], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Cards hold the first sixty creators; whoever reads the file must see that there are more. */
/** @type {(one: Card) => boolean} */
const isWhole = (one) => one.creators.length >= one.creator_count;
/** @type {(one: Card) => string[]} */
const people = (one) => (isWhole(one) ? one.creators : [...one.creators, "et al."]);
/** @type {(one: Card) => Record<string, any>} */
const shown = (one) => Object.fromEntries(COLUMNS.map((name) => [name, name === "creators" ? people(one) : one[name]]));

/** RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
/** @type {(found: Exported) => string} */
function csv({ rows }) {
  /** @type {(value: any) => string} */
  const cell = (value) => {
    const words = Array.isArray(value) ? value.join("; ") : value;
    const text = typeof words === "string" && /^[=+\-@\t\r]/.test(words) ? `'${words}` : String(words ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [COLUMNS, ...rows.map((row) => Object.values(shown(row)))];
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A line for each result, in an object with how many there are. */
/** @type {(found: Exported) => string} */
function json({ total, most, rows }) {
  return `{"total":${total},"most":${most},"results":[${rows.map((row) => `\n${JSON.stringify(shown(row))}`).join(",")}\n]}\n`;
}

/** @type {(found: Exported) => string} */
function bibtex({ rows }) {
  /** @type {(text: any) => string} */
  const plain = (text) => String(text).replace(/[\\{}]/g, "").replace(/[#$%&_]/g, "\\$&").replace(/\^/g, "\\^{}").replace(/~/g, "\\~{}");
  const keys = new Map();
  return rows.map((one) => {
    const name = `${one.doi.replace(/[^A-Za-z0-9]+/g, "_").toLowerCase()}`;
    const seen = keys.get(name) ?? 0;
    keys.set(name, seen + 1);
    const fields = [
      ["author", one.creators.map((person) => `{${plain(person)}}`).concat(isWhole(one) ? [] : "others").join(" and ")], ["title", `{${plain(one.title)}}`],
      ["year", one.year], ["doi", one.doi], ["url", one.url],
    ].filter(([, value]) => value);
    return `@misc{${seen ? `${name}_${seen + 1}` : name},\n${fields.map(([key, value]) => `  ${key} = {${value}},\n`).join("")}}\n`;
  }).join("\n");
}

/** @type {(found: Exported) => string} */
function ris({ rows }) {
  /** @type {(tag: string, value: any) => string} */
  const line = (tag, value) => (value ? `${tag}  - ${String(value).replace(/\s+/g, " ")}\r\n` : "");
  return rows.map((one) => [
    line("TY", "DATA"), ...people(one).map((person) => line("AU", person)), line("TI", one.title), line("PY", one.year),
    line("DO", one.doi), line("UR", one.url), "ER  - \r\n",
  ].join("")).join("\r\n");
}
