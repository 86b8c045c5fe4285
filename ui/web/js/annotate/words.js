// The texts of the page in the reader's language; the template puts them into #words.
const { dataset: words, lang } = document.getElementById("words");

/** %0, %1 ... stand for the values. */
export const say = (name, ...values) => (words[name] ?? name).replace(/%(\d)/g, (_, i) => String(values[i] ?? ""));

export const letter = (index) => String.fromCharCode(65 + index);

/** 1st, 2nd ...; in French 1er, 2e. */
export function ordinal(place) {
  const rule = new Intl.PluralRules(lang || document.documentElement.lang, { type: "ordinal" }).select(place);
  return place + (words[`ordinal${rule[0].toUpperCase()}${rule.slice(1)}`] ?? words.ordinalOther ?? "");
}

export const flagName = (flag) => words[`flag${flag.replace(/(^|-)(\w)/g, (_, __, c) => c.toUpperCase())}`] ?? flag;
