// The code lists: labels, and suggestions for what is typed.
import { fold } from "./combobox.js";

export class Codes {
  #options;
  #labels = new Map();

  constructor(codes) {
    this.#options = {
      ...Object.fromEntries(Object.entries(codes).map(([name, terms]) => [name, options(terms)])),
      party: options([...codes.countries, ...codes.organisations]),
    };
    for (const [name, all] of Object.entries(this.#options))
      for (const { code, label } of all) this.#labels.set(`${name} ${code}`, label);
  }

  label(name, code) {
    return this.#labels.get(`${name} ${code}`);
  }

  // First what begins with the text, then what has another name that does, then the rest.
  suggest(name, text) {
    const words = fold(text).trim();
    const ranked = [];
    for (const option of this.#options[name]) {
      const place = option.keys.findIndex((key) => key.startsWith(words));
      const within = place < 0 ? option.keys.findIndex((key) => key.includes(words)) : place;
      const rank = place < 0 ? 2 : place > 1 ? 1 : 0;
      if (within >= 0) ranked.push([rank + (option.isFormer ? 0.5 : 0), within, option]);
    }
    ranked.sort(([a], [b]) => a - b);
    return ranked.map(([, within, { code, label, names }]) => ({
      code,
      label,
      also: within > 1 ? names[within - 2] : "",
    }));
  }
}

function options(terms) {
  return terms.map(({ code, label, names, kind }) => ({
    code,
    label,
    names,
    isFormer: kind === "former",
    keys: [code, label, ...names].map(fold),
  }));
}
