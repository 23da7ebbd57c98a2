/* The text search: a text finds the records that `healthcoop list --text` finds with it
   (healthcoop/index/conditions.py and model/folding.py). Words and their places come from scripts
   that are loaded when a query needs them. */
"use strict";

class TextSearch {
  static TERM = /(-?)(?:"([^"]*)"?|([^\s"]+))(\*?)/gu;
  static TOKEN = /[\p{L}\p{N}\p{Co}¶]+/gu;

  /* `load(name)` promises the data of a script; `firstWords` are those of each range of words. */
  constructor({ letters, firstWords, size, load }) {
    Object.assign(this, { letters, size, load });
    this.keys = firstWords.map(TextSearch.key);
  }

  /* Text that sorts by code points, as the words of the index do. */
  static key(word) {
    return Array.from(word, (c) => c.codePointAt(0).toString(16).padStart(6, "0")).join("");
  }

  fold(text) {
    if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
    // What has a combining class changes places with a mark of another one.
    const moves = (pair) => pair.normalize("NFD") !== pair;
    const isMark = (c) => moves("\u05b0" + c) || moves(c + "\u0334");
    const plain = Array.from(text.normalize("NFKD"), (c) => this.letters[c] ?? c).join("");
    return Array.from(plain, (c) =>
      isMark(c) ? "" : c.toLowerCase().toUpperCase().toLowerCase(),
    ).join("");
  }

  /* The alternatives of a query, each with what must be there and what must not. */
  parse(query) {
    const alternatives = [[]];
    for (const [term, minus, phrase, run, star] of query.matchAll(TextSearch.TERM)) {
      if (term === "OR") {
        alternatives.push([]);
        continue;
      }
      const words = this.fold(phrase || run || "");
      if (!/[\p{L}\p{N}]/u.test(words)) continue;
      const tokens = words.match(TextSearch.TOKEN) ?? [];
      const begins = Boolean(star) || (run ?? "").endsWith("*");
      alternatives.at(-1).push({ tokens, begins, minus });
    }
    if (alternatives.some((terms) => !terms.length))
      throw new RangeError(
        alternatives.length > 1
          ? `“${query}” has no words on one side of OR`
          : `No word to search for in “${query}”`,
      );
    return alternatives;
  }

  /* Promise one byte for each record: 1 where it has what a query asks for. */
  async find(query) {
    const found = new Uint8Array(this.size);
    for (const terms of this.parse(query)) {
      const sets = await Promise.all(terms.map((term) => this.phrase(term)));
      for (let i = 0; i < this.size; i++)
        if (terms.every((term, n) => (term.minus ? !sets[n][i] : sets[n][i]))) found[i] = 1;
    }
    return found;
  }

  /* The query whose last word is the beginning of words; null where it ends with something else. */
  static longer(query) {
    const plain = query.trimEnd();
    const last = /(?:^|\s)([^\s"*-][^\s"]*)$/u.exec(plain)?.[1];
    const isWord = last && last !== "OR" && !last.endsWith("*") && plain.split('"').length % 2;
    return isWord ? `${plain}*` : null;
  }

  async phrase({ tokens, begins }) {
    const last = tokens.length - 1;
    const words = await Promise.all(
      tokens.map((token, n) => this.words(token, begins && n === last)),
    );
    const sets = words.map((each) => this.records(each));
    if (last < 1) return sets[0] ?? new Uint8Array(this.size);
    const common = sets.reduce((one, other) => one.map((flag, i) => flag & other[i]));
    const places = await Promise.all(words.map((each) => this.places(each, common)));
    return common.map((flag, i) => {
      if (!flag) return 0;
      // Where the phrase can end: for each token only where it follows what is before it.
      let ends = places[0][i];
      for (const of of places.slice(1)) ends = of[i].filter((place) => ends.includes(place - 1));
      return +(ends.length > 0);
    });
  }

  /* Promise the words that are a token, or begin with it: each its range and its place therein. */
  async words(token, begins) {
    if (!this.keys.length) return [];
    const first = this.range(token);
    const last = begins ? this.range(token + "\u{10ffff}") : first;
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const ranges = await Promise.all(numbers.map((number) => this.load(`words-${number}`)));
    return ranges.flatMap((data, n) => {
      const found = [];
      for (let i = 0; i < data.length; i += 2)
        if (begins ? data[i].startsWith(token) : data[i] === token)
          found.push({ range: numbers[n], position: i / 2, records: data[i + 1] });
      return found;
    });
  }

  range(word) {
    const key = TextSearch.key(word);
    return Math.max(0, this.keys.findLastIndex((first) => first <= key));
  }

  records(words) {
    const found = new Uint8Array(this.size);
    for (const word of words)
      for (const number of TextSearch.numbers(word.records)) found[number] = 1;
    return found;
  }

  /* Promise where words stand in the records that `common` marks: for each a list of positions. */
  async places(words, common) {
    const places = [];
    for (const { range, position, records } of words) {
      const lists = (await this.load(`places-${range}`))[position].split(",");
      TextSearch.numbers(records).forEach((number, i) => {
        if (common[number])
          places[number] = (places[number] ?? []).concat(TextSearch.numbers(lists[i]));
      });
    }
    return places;
  }

  static numbers(differences) {
    if (!differences.includes(" ")) return [parseInt(differences, 36)];
    let sum = 0;
    return differences.split(" ").map((each) => (sum += parseInt(each, 36)));
  }
}
