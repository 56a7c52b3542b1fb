// The stem of an English word by M. F. Porter's algorithm (Program 14, 130, 1980), step by step as Whoosh takes it.

const CONSONANTS = "[^aeiouy]+";
const VOWELS = "[aeiou]+";
const HAS_VOWEL = new RegExp(`^(${CONSONANTS})?[aeiouy]`);
const ONE_OR_MORE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const EXACTLY_ONE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`);
const TWO_OR_MORE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const SHORT = new RegExp(`^${CONSONANTS}[aeiouy][^aeiouwxy]$`);

const STEP_2 = {
  ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent",
  eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful",
  ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log",
};
const STEP_3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
const ENDS_2 = new RegExp(`^(.+?)(${Object.keys(STEP_2).join("|")})$`);
const ENDS_3 = new RegExp(`^(.+?)(${Object.keys(STEP_3).join("|")})$`);
const ENDS_4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** The stem of a word of the letters a to z: `tomographies` gives `tomographi`. */
export function stem(word) {
  if (word.length < 3) return word;
  const beginsWithY = word[0] === "y"; // there it is a consonant
  let w = beginsWithY ? "Y" + word.slice(1) : word;
  w = withoutPlural(w);
  w = withoutPast(w);
  if (w.endsWith("y") && HAS_VOWEL.test(w.slice(0, -1))) w = w.slice(0, -1) + "i";
  w = replaced(w, ENDS_2, STEP_2);
  w = replaced(w, ENDS_3, STEP_3);
  w = withoutEnding(w);
  if (w.endsWith("e")) {
    const short = w.slice(0, -1);
    if (short && (TWO_OR_MORE.test(short) || (EXACTLY_ONE.test(short) && !SHORT.test(short)))) w = short;
  }
  if (w.endsWith("ll") && TWO_OR_MORE.test(w)) w = w.slice(0, -1);
  return beginsWithY ? "y" + w.slice(1) : w;
}

function withoutPlural(w) {
  if (w.endsWith("sses") || w.endsWith("ies")) return w.slice(0, -2);
  return w.endsWith("s") && w.at(-2) !== "s" ? w.slice(0, -1) : w;
}

function withoutPast(w) {
  if (w.endsWith("eed")) return ONE_OR_MORE.test(w.slice(0, -3)) ? w.slice(0, -1) : w;
  const found = /^(.*)(ed|ing)$/.exec(w);
  if (!found || !HAS_VOWEL.test(found[1])) return w;
  const short = found[1];
  // Porter looks at how the rest ends (`at`, `bl`, `iz`, a double consonant); Whoosh looks at the whole of it.
  if (/^(at|bl|iz)$/.test(short)) return short + "e";
  if (/^([^aeiouylsz])\1$/.test(short)) return short.slice(0, -1);
  return SHORT.test(short) ? short + "e" : short;
}

function replaced(w, ends, replacements) {
  const found = ends.exec(w);
  return found && ONE_OR_MORE.test(found[1]) ? found[1] + replacements[found[2]] : w;
}

function withoutEnding(w) {
  const found = ENDS_4.exec(w);
  if (found) return TWO_OR_MORE.test(found[1]) ? found[1] : w;
  const ion = /^(.+?)(s|t)ion$/.exec(w);
  return ion && TWO_OR_MORE.test(ion[1] + ion[2]) ? ion[1] + ion[2] : w;
}
