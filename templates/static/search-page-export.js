// What one takes away without a server: the whole result as a file made in the browser. One function for each form.

const CSV_COLUMNS = [
  ["doi", (one) => one.doi], ["title", (one) => one.title], ["publication", (one) => one.publication],
  ["creators", (one) => people(one, "et al.").join("; ")], ["year", (one) => one.year], ["day", (one) => one.day],
  ["facility", (one) => one.facility], ["instruments", (one) => one.instruments.join("; ")],
  ["techniques", (one) => one.techniques.join("; ")], ["datasets", (one) => one.datasets],
  ["files", (one) => one.files], ["size_bytes", (one) => one.size_bytes],
  ["url", (one, base) => absolute(one.url, base)],
];

/** The forms: file name, media type, and what makes the text of rows for a site at `base`. */
export const FORMS = {
  csv: ["search.csv", "text/csv", csv],
  json: ["search.json", "application/json", (rows) => JSON.stringify(rows, null, 1)],
  bibtex: ["search.bib", "application/x-bibtex", bibtex],
  ris: ["search.ris", "application/x-research-info-systems", ris],
  dois: ["dois.txt", "text/plain", (rows) => [...new Set(rows.map(({ doi }) => `${doi}\n`))].join("")],
};

/** Saves rows in a form; the browser asks where to, or puts it where downloads go. */
export function save(form, rows, base) {
  const [name, type, write] = FORMS[form];
  const address = URL.createObjectURL(new Blob([write(rows, base)], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function absolute(address, base) {
  return address.startsWith("/") ? base + address : address;
}

/** Cards hold the first six creators; whoever reads the file must see that there are more. */
const isWhole = (one) => one.creators.length >= one.creator_count;
const people = (one, others) => (others && !isWhole(one) ? [...one.creators, others] : one.creators);

/** RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
function csv(rows, base) {
  const cell = (value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [CSV_COLUMNS.map(([name]) => name), ...rows.map((row) => CSV_COLUMNS.map(([, of]) => of(row, base)))];
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

function bibtex(rows, base) {
  const plain = (text) => String(text).replace(/[\\{}]/g, "").replace(/[#$%&_]/g, "\\$&").replace(/\^/g, "\\^{}").replace(/~/g, "\\~{}");
  const keys = new Map();
  return rows.map((one) => {
    const name = `${one.doi.replace(/[^A-Za-z0-9]+/g, "_").toLowerCase()}`;
    const seen = keys.get(name) ?? 0;
    keys.set(name, seen + 1);
    const fields = [
      ["author", people(one).map((person) => `{${plain(person)}}`).concat(isWhole(one) ? [] : "others").join(" and ")], ["title", `{${plain(one.title)}}`],
      ["year", one.year], ["doi", one.doi], ["url", absolute(one.url, base)],
    ].filter(([, value]) => value);
    return `@misc{${seen ? `${name}_${seen + 1}` : name},\n${fields.map(([key, value]) => `  ${key} = {${value}},\n`).join("")}}\n`;
  }).join("\n");
}

function ris(rows, base) {
  const line = (tag, value) => (value ? `${tag}  - ${String(value).replace(/\s+/g, " ")}\r\n` : "");
  return rows.map((one) => [
    line("TY", "DATA"), ...people(one, "et al.").map((person) => line("AU", person)), line("TI", one.title), line("PY", one.year),
    line("DO", one.doi), line("UR", absolute(one.url, base)), "ER  - \r\n",
  ].join("")).join("\r\n");
}
