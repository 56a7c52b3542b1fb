// The stem of an English word by the Snowball project's English algorithm (Porter2), step by step as its description
// has it (snowballstem.org/algorithms/english/stemmer.html); builders/search/documents/words.py takes the same from the
// package `snowballstemmer`, and a test holds the two against each other.

const VOWELS = "aeiouy"; // a `y` that is a consonant is written `Y` meanwhile
const BEGINNINGS = /^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)/; // R1 begins behind these
const SHORT = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy]|past)$/;
const HAS_VOWEL = /[aeiouy]/;
/** @type {Record<string, string>} */
const WHOLE = {
  andes: "andes", atlas: "atlas", bias: "bias", cosmos: "cosmos", early: "earli", gently: "gentl", howe: "howe",
  idly: "idl", news: "news", only: "onli", singly: "singl", skies: "sky", skis: "ski", sky: "sky", ugly: "ugli",
};
const NO_PAST = /^(?:succ|proc|exc)eed/;
const NO_GERUND = /^(?:even|cann|inn|earr|herr|out)ing$/;

/** Endings with what takes their place, the longest first: only the longest that a word ends in counts. */
/** @type {(table: Record<string, string>) => [string, string][]} */
const longest = (table) => Object.entries(table).sort(([one], [other]) => other.length - one.length);
const STEP_2 = longest({
  tional: "tion", enci: "ence", anci: "ance", abli: "able", entli: "ent", izer: "ize", ization: "ize", ational: "ate",
  ation: "ate", ator: "ate", alism: "al", aliti: "al", alli: "al", fulness: "ful", fulli: "ful", ousli: "ous",
  ousness: "ous", iveness: "ive", iviti: "ive", biliti: "ble", bli: "ble", ogist: "og", ogi: "og", lessli: "less", li: "",
});
const STEP_3 = longest({
  tional: "tion", ational: "ate", alize: "al", icate: "ic", iciti: "ic", ical: "ic", ful: "", ness: "", ative: "",
});
const STEP_4 = /(?:ement|ance|ence|able|ible|ment|ate|ive|ize|iti|ism|ion|ous|ant|ent|ic|al|er)$/;

/**
 * The stem of a word of the letters a to z: `tomographies` gives `tomographi`.
 * @param {string} word
 * @returns {string}
 */
export function stem(word) {
  if (Object.hasOwn(WHOLE, word)) return WHOLE[word];
  if (word.length < 3) return word;
  const marked = word.replace(/^y/, "Y").replace(/([aeiouy])y/g, "$1Y");
  const [r1, r2] = regions(marked);
  let w = withoutPlural(marked);
  w = withoutPast(w, r1);
  w = w.replace(/(.[^aeiouy])[yY]$/, "$1i");
  w = secondStep(w, r1);
  w = thirdStep(w, r1, r2);
  w = fourthStep(w, r2);
  w = fifthStep(w, r1, r2);
  return w.replaceAll("Y", "y");
}

/** Where R1 and R2 begin: behind the first consonant that follows a vowel, and behind the next such. */
/** @type {(w: string) => [number, number]} */
function regions(w) {
  /** @type {(from: number) => number} */
  const behind = (from) => {
    let at = from;
    while (at < w.length && !VOWELS.includes(w[at])) at += 1;
    while (at < w.length && VOWELS.includes(w[at])) at += 1;
    return Math.min(at + 1, w.length);
  };
  const r1 = BEGINNINGS.exec(w)?.[0].length ?? behind(0);
  return [r1, behind(r1)];
}

/** @type {(w: string) => string} */
function withoutPlural(w) {
  if (w.endsWith("sses")) return w.slice(0, -2);
  if (/ie[ds]$/.test(w)) return w.slice(0, w.length > 4 ? -2 : -1);
  if (/(?:us|ss)$/.test(w) || !w.endsWith("s")) return w;
  return HAS_VOWEL.test(w.slice(0, -2)) ? w.slice(0, -1) : w;
}

/** @type {(w: string, r1: number) => string} */
function withoutPast(w, r1) {
  const eed = /eed(?:ly)?$/.exec(w);
  if (eed) return eed.index >= r1 && !NO_PAST.test(w) ? `${w.slice(0, eed.index)}ee` : w;
  const ending = /(?:edly|ingly|ed|ing)$/.exec(w);
  if (!ending) return w;
  if (/^[^aeiouy]ying$/.test(w)) return `${w[0]}ie`;
  if (NO_GERUND.test(w)) return w;
  const short = w.slice(0, ending.index);
  if (!HAS_VOWEL.test(short)) return w;
  if (/(?:at|bl|iz)$/.test(short)) return `${short}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(short)) return /^[aeo]..$/.test(short) ? short : short.slice(0, -1);
  return short.length === r1 && SHORT.test(short) ? `${short}e` : short;
}

/** @type {(w: string, r1: number) => string} */
function secondStep(w, r1) {
  const found = STEP_2.find(([ending]) => w.endsWith(ending));
  if (!found || w.length - found[0].length < r1) return w;
  const [ending, other] = found;
  const before = w.slice(0, -ending.length);
  if (ending === "ogi" && !before.endsWith("l")) return w;
  if (ending === "li" && !/[cdeghkmnrt]$/.test(before)) return w;
  return before + other;
}

/** @type {(w: string, r1: number, r2: number) => string} */
function thirdStep(w, r1, r2) {
  const found = STEP_3.find(([ending]) => w.endsWith(ending));
  if (!found || w.length - found[0].length < (found[0] === "ative" ? r2 : r1)) return w;
  return w.slice(0, -found[0].length) + found[1];
}

/** @type {(w: string, r2: number) => string} */
function fourthStep(w, r2) {
  const found = STEP_4.exec(w);
  if (!found || found.index < r2) return w;
  const before = w.slice(0, found.index);
  return found[0] === "ion" && !/[st]$/.test(before) ? w : before;
}

/** @type {(w: string, r1: number, r2: number) => string} */
function fifthStep(w, r1, r2) {
  const short = w.slice(0, -1);
  if (w.endsWith("e")) return short.length >= r2 || (short.length >= r1 && !SHORT.test(short)) ? short : w;
  return w.endsWith("l") && short.length >= r2 && short.endsWith("l") ? short : w;
}
