/* The filters of the page "all records", by the names that they have in `healthcoop list`: in the
   address, on a command line, and applied to the columns of data in records.js. */
"use strict";

const SEVERAL = ["country", "organisation", "pair", "region", "type", "topic", "year"];
const SINGLE = ["text", "kind", "since", "until", "in-force-on", "certainty"];
/* The order of results that begins with the oldest event; without it, the newest is the first. */
const OLDEST = "date";

/* The filters that an address states. A pair is two codes with a space between them. */
function readAddress(search) {
  const query = new URLSearchParams(search);
  const filters = { page: Math.max(1, parseInt(query.get("page"), 10) || 1) };
  for (const name of SEVERAL) filters[name] = [...new Set(query.getAll(name).filter(Boolean))];
  for (const name of SINGLE) filters[name] = query.get(name) ?? "";
  filters.sort = query.get("sort") === OLDEST ? OLDEST : "";
  return filters;
}

function address(filters) {
  const query = new URLSearchParams();
  for (const name of SINGLE) if (filters[name].trim()) query.append(name, filters[name]);
  for (const name of SEVERAL) for (const value of filters[name]) query.append(name, value);
  if (filters.sort) query.append("sort", filters.sort);
  if (filters.page > 1) query.append("page", filters.page);
  return `${query}` && `?${query}`;
}

/* The command line that finds the same. Of both lists of parties one of each must be a party. */
function commandLine(filters) {
  const words = ["healthcoop", "list", "--sort", filters.sort || "-date"];
  const { country, organisation } = filters;
  const both = country.length && organisation.length;
  const pairs = filters.pair.map((pair) => pair.split(" "));
  if (both) pairs.push(...country.flatMap((one) => organisation.map((other) => [one, other])));
  else for (const code of [...country, ...organisation]) words.push("--country", code);
  for (const pair of pairs) words.push("--pair", ...pair);
  for (const name of ["region", "type", "topic", "year"])
    for (const value of filters[name]) words.push(`--${name}`, value);
  for (const name of SINGLE)
    if (filters[name].trim() && (name !== "certainty" || filters["in-force-on"]))
      words.push(`--${name}`, filters[name]);
  return words.map(quoted).join(" ");
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/* The first and last day of a year, month or day, since 1970; null for any other text. */
function days(text) {
  if (!/^\d{4}(-\d\d){0,2}$/.test(text)) return null;
  const [year, month, day] = text.split("-");
  const first = new Date(`${year}-${month ?? "01"}-${day ?? "01"}`);
  const last = new Date(first);
  if (!month) last.setUTCMonth(12, 0);
  else if (!day) last.setUTCMonth(last.getUTCMonth() + 1, 0);
  const exact = !Number.isNaN(+first) && first.toISOString().startsWith(text);
  return exact ? [first / 864e5, last / 864e5] : null;
}

/* Which records meet all filters, and for each value of a facet how many would with it alone. */
class Records {
  static BITS = Object.fromEntries(
    ["text", "kind", ...SEVERAL, "range", "force"].map((name, n) => [name, 1 << n]),
  );

  constructor(data, fold) {
    Object.assign(this, data, { fold, size: data.ofType.length });
    const year = (day) => (day === null ? null : new Date(day * 864e5).getUTCFullYear());
    const years = this.ofDays.map(([first, last = first]) => [year(first), year(last)]);
    const known = years.flat().filter((each) => each !== null);
    const [from, to] = known.length ? [Math.min(...known), Math.max(...known)] : [0, -1];
    const count = (length, value) => Array.from({ length }, (_, n) => value(n));
    const kinds = { instrument: [0], encounter: [1] };
    const ofType = this.types.map((_, n) => [n]);
    /* Codes with their labels; then, for each record, the numbers of those it has. */
    this.terms = {
      ...{ country: this.parties, organisation: this.parties, pair: this.parties },
      ...{ type: this.types, topic: this.topics, kind: Object.keys(kinds) },
      region: this.regions,
      year: count(to - from + 1, (n) => [`${to - n}`, `${to - n}`]),
    };
    this.values = {
      kind: this.ofType.map((type) => kinds[this.types[type][3]] ?? []),
      ...{ type: this.ofType.map((type) => ofType[type]), topic: this.ofTopics },
      ...{ country: this.ofParties, organisation: this.ofParties },
      region: this.ofRegions(),
      year: years.map(([first, last]) =>
        first === null && last === null
          ? []
          : count((last ?? to) - (first ?? from) + 1, (n) => to - (last ?? to) + n),
      ),
    };
  }

  ofRegions() {
    const others = new Map(this.otherRegions);
    const known = new Map();
    return this.ofParties.map((parties, i) => {
      if (others.has(i)) return others.get(i);
      const key = `${parties}`;
      if (!known.has(key))
        known.set(key, [...new Set(parties.flatMap((party) => this.regionsOfParties[party]))]);
      return known.get(key);
    });
  }

  /* Numbers of records, with the newest event first, with the oldest first: as `list --sort date`
     has them, with an open or unknown beginning last. */
  oldestFirst(numbers) {
    const key = (i) => {
      const [first, last = first] = this.ofDays[i];
      return [first ?? Infinity, last ?? Infinity];
    };
    const compared = (one, other) => (one < other ? -1 : +(one > other));
    const keyed = numbers.map((i) => [i, ...key(i)]);
    keyed.sort((one, other) => compared(one[1], other[1]) || compared(one[2], other[2]));
    return keyed.map(([i]) => i);
  }

  /* The number of the term with a code or a name; -1 where there is none. */
  number(name, text) {
    const folded = this.fold(text);
    const exact = this.terms[name].findIndex(([code]) => code === text);
    if (exact >= 0) return exact;
    return this.terms[name].findIndex(
      ([code, label, names = ""]) =>
        [code, label].map(this.fold).includes(folded) || names.split("|").includes(folded),
    );
  }

  /* The codes of the party, or of the two parties, that a text names: "Holland", "Cuba Peru". */
  named(text) {
    const words = text.split(/\s+(?:and\s+)?/).filter(Boolean);
    const code = (from, to) => {
      const number = this.number("pair", words.slice(from, to).join(" "));
      return this.terms.pair[number]?.[0];
    };
    for (let n = words.length; n > 0; n -= 1) {
      const codes = n < words.length ? [code(0, n), code(n)] : [code(0)];
      if (codes.every(Boolean) && codes[0] !== codes[1]) return codes;
    }
    return [];
  }

  numbers(name, texts) {
    return texts.map((text) => this.number(name, text));
  }

  /* Filters with codes in the place of names. */
  resolved(filters) {
    const code = (name, text) => this.terms[name][this.number(name, text)]?.[0] ?? text;
    const resolved = { ...filters, pair: [] };
    for (const name of ["country", "organisation", "region", "type", "topic"])
      resolved[name] = filters[name].map((text) => code(name, text));
    for (const pair of filters.pair) {
      const codes = pair.split(" ").map((text) => code("pair", text));
      if (codes.length === 2) resolved.pair.push(codes.join(" "));
    }
    return resolved;
  }

  /* `texts` has a byte for each record, or is null; `spans` is made of in-force.js, if needed. */
  select(filters, texts, spans) {
    const { BITS } = Records;
    const force = spans && this.inForce(filters, spans);
    const tests = this.tests(filters, texts);
    if (force) tests.push([BITS.force, (i) => force(i)]);
    // A party is counted where it is in force for that party itself.
    const forEach = (name) => (i) =>
      this.ofParties[i].filter((party) => force(i, { [name]: [party] }));
    const facets = Object.entries(this.values).map(([name, values]) => {
      const isParty = force && values === this.ofParties;
      return {
        name,
        others: ~(BITS[name] | (isParty ? BITS.force : 0)),
        of: isParty ? forEach(name) : (i) => values[i],
        count: new Int32Array(this.terms[name].length),
      };
    });
    const found = [];
    for (let i = 0; i < this.size; i++) {
      let failed = 0;
      for (const [bit, test] of tests) if (!test(i)) failed |= bit;
      if (!failed) found.push(i);
      for (const { others, of, count } of facets)
        if (!(failed & others)) for (const value of of(i)) count[value]++;
    }
    return { found, counts: Object.fromEntries(facets.map(({ name, count }) => [name, count])) };
  }

  tests(filters, texts) {
    const tests = [];
    const add = (name, test) => tests.push([Records.BITS[name], test]);
    const numbers = (name) => new Set(this.numbers(name, filters[name]));
    if (texts) add("text", (i) => texts[i]);
    if (filters.kind) add("kind", (i) => this.types[this.ofType[i]][3] === filters.kind);
    for (const name of ["country", "organisation", "region", "topic"]) {
      const chosen = numbers(name);
      const of = this.values[name];
      if (chosen.size) add(name, (i) => of[i].some((each) => chosen.has(each)));
    }
    if (filters.pair.length) {
      const pairs = this.pairs(filters);
      const has = (i) => (party) => this.ofParties[i].includes(party);
      add("pair", (i) => pairs.some((pair) => pair.every(has(i))));
    }
    if (filters.type.length) {
      const types = numbers("type");
      add("type", (i) => types.has(this.ofType[i]));
    }
    if (filters.year.length) add("year", this.within(filters.year.map(days)));
    if (filters.since || filters.until) {
      const from = filters.since ? days(filters.since)?.[0] : -Infinity;
      const to = filters.until ? days(filters.until)?.[1] : Infinity;
      add("range", this.within([from === undefined || to === undefined ? null : [from, to]]));
    }
    return tests;
  }

  pairs(filters) {
    return filters.pair.map((pair) => this.numbers("pair", pair.split(" ")));
  }

  /* Whether the date of a record can fall between two days, of one of several pairs of them. */
  within(bounds) {
    return (i) => {
      const [first, last = first] = this.ofDays[i];
      const dated = first !== null || last !== null;
      const meets = ([from, to]) => (last ?? to) >= from && (first ?? from) <= to;
      return dated && bounds.some((each) => each && meets(each));
    };
  }

  /* Whether an instrument is in force on the day of the filters: for one of the countries, for one
     of the organisations and for both of a pair, where there are any. */
  inForce(filters, { whole, sides }) {
    const [day, last] = days(filters["in-force-on"]) ?? [];
    const onlyCertain = filters.certainty === "certain";
    const on = (span) => {
      if (!span || day === undefined || day !== last) return false;
      const [possibleFrom, possibleUntil, certainFrom, certainUntil] = span;
      if ((possibleFrom ?? day) > day || (possibleUntil ?? day) < day) return false;
      const known = certainFrom !== null && certainUntil !== null;
      return !onlyCertain || (known && certainFrom <= day && day <= certainUntil);
    };
    const side = (i, party) =>
      this.ofParties[i].includes(party) &&
      on(sides.get(i * this.parties.length + party) ?? whole.get(i));
    const chosen = {
      country: this.numbers("country", filters.country),
      organisation: this.numbers("organisation", filters.organisation),
    };
    const pairs = this.pairs(filters);
    return (i, parties = {}) => {
      const isSide = (party) => side(i, party);
      const { country, organisation } = { ...chosen, ...parties };
      return (
        on(whole.get(i)) &&
        [country, organisation].every((each) => !each.length || each.some(isSide)) &&
        (!pairs.length || pairs.some((pair) => pair.every(isSide)))
      );
    };
  }
}
