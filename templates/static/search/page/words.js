// Numbers, sizes and sentences as the pages of this site write them; the sentences themselves come with the page.

/** A sentence with its names in braces filled in. */
/** @type {(sentence: string, values?: Record<string, any>) => string} */
export function say(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** A count with its thousands parted by narrow no-break spaces. */
/** @type {(count: number) => string} */
export function number(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A count with its noun. */
/** @type {(count: number, one: string, many: string) => string} */
export function counted(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * A number with at most six digits.
 * @param {number} value
 * @returns {string}
 */
export function plainNumber(value) {
  return String(Number(value.toPrecision(6)));
}

const SIZES = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

/** A size in bytes as people read it, in decimal units: tenths below a hundred, whole numbers above. */
/** @type {(bytes: number) => string} */
function sizeInWords(bytes) {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  for (let power = 1; ; power += 1) {
    const scale = 1000 ** power;
    const name = SIZES[power];
    const tenths = Math.floor((bytes * 10 + scale / 2) / scale);
    if (tenths < 1000) return `${Math.floor(tenths / 10)}.${tenths % 10} ${name}`.replace(".0 ", " ");
    const whole = Math.floor((bytes + scale / 2) / scale);
    if (whole < 1000 || power === SIZES.length - 1) return `${whole} ${name}`;
  }
}

/** The same in the site's language: its units and its decimal mark. */
/** @type {(bytes: number, language: {sizes?: [string, string][], decimal?: string}) => string} */
export function sizeWritten(bytes, { sizes = [], decimal = "." }) {
  const written = sizes.reduce((text, [ours, theirs]) => text.replace(` ${ours}`, ` ${theirs}`), sizeInWords(bytes));
  return written.replace(".", decimal);
}

/** A remark on a query in the site's language; as it stands where none of the page's sentences is like it. */
/** @type {(note: string, notes?: [string, string][]) => string} */
export function remark(note, notes = []) {
  for (const [ours, theirs] of notes) {
    const pattern = ours.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, (_, name) => `(?<${name}>.+?)`);
    const found = new RegExp(`^${pattern}$`, "s").exec(note);
    if (found) return say(theirs, found.groups);
  }
  return note;
}

/** @typedef {{low: string, high: string, unit: string}} Ends */

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGE = new RegExp(String.raw`^(${NUMBER})?\s*\.\.\s*(${NUMBER})?\s*([^\d\s.].*)?$`);
const DAYS = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/;

/** A range taken apart for a form: its ends and its unit; what no form can show gives empty ends. */
/** @type {(text: string, unit: string) => Ends} */
export function endsOf(text, unit) {
  const found = RANGE.exec(text.trim());
  if (!found) return { low: "", high: "", unit };
  return { low: found[1] ?? "", high: found[2] ?? "", unit: (found[3] ?? unit).trim() };
}

/** The same for a range of days. */
/** @type {(text: string) => Ends} */
export function daysOf(text) {
  const found = DAYS.exec(text.trim());
  return { low: found?.[1] ?? "", high: found?.[2] ?? "", unit: "" };
}

/** A range as a chip says it. */
/** @type {(key: string, text: string, unit: string, words: Record<string, string>) => string} */
export function rangeWords(key, text, unit, words) {
  const ends = key === "date" ? daysOf(text) : endsOf(text, unit);
  const tail = ends.unit ? ` ${ends.unit}` : "";
  if (ends.low && ends.high) return say(words.range, { low: ends.low, high: ends.high }) + tail;
  if (ends.low) return say(words.from, { low: ends.low + tail });
  if (ends.high) return say(words.up_to, { high: ends.high + tail });
  return text.replace(/^([<>]=?)\s*/, "$1 ");
}
