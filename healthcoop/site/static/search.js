/* The page "all records": its results and history. Every text is set as text. The list that is in
   the page is shown until there is an answer. */
"use strict";

document.documentElement.classList.add("scripted");
if (location.search) document.documentElement.classList.add("searching");

const loads = new Map();
let started = false;
addEventListener("load", () => {
  if (!started) document.documentElement.classList.remove("scripted", "searching");
});

/* Scripts with data call this function. */
function healthcoopSearch(name, content) {
  if (name === "records")
    addEventListener("DOMContentLoaded", () => {
      new SearchPage(content);
      started = true;
    });
  else loads.get(name).resolve(content);
}

function load(name) {
  if (!loads.has(name)) {
    let settle;
    const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
    loads.set(name, { promise, ...settle });
    const script = element("script", { src: `search/${name}.js` });
    script.addEventListener("error", () => {
      loads.delete(name);
      settle.reject(new Error("A part of the search could not be loaded; please try again"));
    });
    document.head.append(script);
  }
  return loads.get(name).promise;
}

const byId = (id) => document.getElementById(id);

class SearchPage {
  static KINDS = { "": "All", instrument: "Instruments", encounter: "Encounters" };
  static CERTAINTIES = { "": "Any", possible: "Possibly in force", certain: "Certainly in force" };
  static STATUSES = { 1: ["possible", "Possibly in force"], 2: ["certain", "In force"] };
  static PARTIES = 4;

  constructor(data) {
    const { letters, words: firstWords } = data;
    this.text = new TextSearch({ letters, firstWords, size: data.ofType.length, load });
    this.fold = (text) => this.text.fold(text);
    this.records = new Records(data, this.fold);
    this.latest = 0;
    this.facets = this.makeFacets();
    this.groups = this.makeControls();
    this.listen();
    const filters = this.read();
    this.show(filters, { listed: !address(filters) });
  }

  read() {
    return this.records.resolved(readAddress(location.search));
  }

  makeFacets() {
    const { country: parties, region, type, topic, year } = this.records.terms;
    const those = (isOne) => parties.map((each) => (each[3] === isOne ? each : null));
    const of = (isOne) => region.map((each) => (isOne(each[3]) ? each : null));
    const make = (name, legend, terms, options) => {
      const change = (codes) => this.go({ [name]: codes });
      return new Facet(name, legend, terms, { ...options, fold: this.fold, change });
    };
    // All countries are in the world.
    const isM49 = (kind) => kind !== "who" && kind !== "m49-global";
    return {
      country: make("country", "Country", those(0), { find: "Find a country" }),
      organisation: make("organisation", "Organisation", those(1), {
        find: "Find an organisation",
      }),
      who: make("region", "WHO region", of((kind) => kind === "who")),
      m49: make("region", "Region of the world", of(isM49), { find: "Find a region" }),
      type: make("type", "Type", type),
      topic: make("topic", "Topic", topic, { find: "Find a topic" }),
      year: make("year", "Year", year, { byCount: false }),
    };
  }

  makeControls() {
    const choices = (name, labels, changes) =>
      Object.entries(labels).map(([value, label]) => {
        const box = element("input", { type: "radio", name, value });
        box.addEventListener("change", () => this.go(changes(value)));
        return choice(box, label);
      });
    this.kinds = choices("kind", SearchPage.KINDS, (kind) => ({ kind }));
    this.certainties = choices("certainty", SearchPage.CERTAINTIES, (value) => ({
      certainty: value === "certain" ? value : "",
      "in-force-on": value && (this.dates["in-force-on"].value || this.records.today),
    }));
    this.dates = {};
    const date = (name, label, properties) => {
      const input = element("input", properties);
      input.addEventListener("change", () => this.go({ [name]: input.value.trim() }));
      this.dates[name] = input;
      return element("label", {}, label, input);
    };
    const written = { className: "date", placeholder: "2022-10", autocomplete: "off" };
    const [since, until] = [date("since", "From ", written), date("until", "to ", written)];
    const { year, ...facets } = this.facets;
    year.list.before(element("p", { className: "range" }, since, until));
    const repeated = "A record counts in each year in which it may be.";
    year.element.append(element("p", { className: "detail" }, repeated));
    const rows = (made) => element("ul", {}, ...made.map(({ row }) => row));
    const day = date("in-force-on", "On ", { type: "date" });
    const onDay = element("p", { className: "range" }, day);
    return [
      group("Kind", rows(this.kinds)),
      ...[...Object.values(facets), year].map((each) => each.element),
      group("In force", rows(this.certainties), onDay),
    ];
  }

  listen() {
    const wide = matchMedia("(min-width: 60rem)");
    const unfold = () => (byId("filters").open = wide.matches);
    wide.addEventListener("change", unfold);
    unfold();
    // One entry of the history for what is typed at one go.
    let typing = false;
    const query = byId("q");
    query.addEventListener("input", () => {
      this.go({ text: query.value }, { replace: typing });
      typing = true;
    });
    query.addEventListener("change", () => (typing = false));
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      typing = false;
      if (query.value !== this.filters.text) this.go({ text: query.value });
    });
    byId("copy").addEventListener("click", () => this.copy());
    for (const format of Object.keys(MEDIA_TYPES))
      byId(format).addEventListener("click", () => this.download(format));
    document.addEventListener("click", (event) => this.follow(event));
    addEventListener("popstate", () => this.show(this.read()));
  }

  /* Show other results, under an address of their own. */
  go(changes, { replace = false } = {}) {
    const filters = { ...this.filters, page: 1, ...changes };
    const target = address(filters) || location.pathname;
    history[replace ? "replaceState" : "pushState"](null, "", target);
    this.show(filters);
  }

  /* Links to other results are followed here, unless they are to open elsewhere. */
  follow(event) {
    const link = event.target.closest("a[data-filters]");
    const { button, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!link || button || ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    history.pushState(null, "", link.search || location.pathname);
    this.show(this.read());
    byId("found").focus({ preventScroll: true });
    if (byId("found").getBoundingClientRect().top < 0) byId("found").scrollIntoView();
  }

  /* `listed`: the page has the list already. */
  async show(filters, { listed = false } = {}) {
    const turn = ++this.latest;
    this.filters = filters;
    if (byId("q").value !== filters.text) byId("q").value = filters.text;
    let answer, entries;
    try {
      answer = await this.answer(filters);
      const first = (filters.page - 1) * this.records.perPage;
      const shown = answer.found.slice(first, first + this.records.perPage);
      entries = listed || (await Promise.all(shown.map((i) => this.entry(i, answer.status(i)))));
    } catch (error) {
      if (turn === this.latest) this.drawStatus(`${error.message}.`);
      return;
    }
    if (turn !== this.latest) return;
    if (!listed) byId("list").replaceChildren(element("ol", { className: "entries" }, ...entries));
    this.draw(filters, answer);
  }

  /* Promise the numbers of the records found, the counts of facets, what was searched for. */
  async answer(filters) {
    const spans = filters["in-force-on"] ? await this.spans() : null;
    let { text } = filters;
    let texts = null;
    let note = "";
    if (text.trim())
      try {
        texts = await this.text.find(text);
        const longer = TextSearch.longer(text);
        if (longer && !texts.includes(1)) {
          const more = await this.text.find(longer);
          if (more.includes(1)) [texts, text] = [more, longer];
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        [texts, note] = [new Uint8Array(this.records.size), error.message];
      }
    const certain = spans && this.records.inForce({ ...filters, certainty: "certain" }, spans);
    const status = (i) => (certain ? 1 + certain(i) : this.records.ofStatus[i]);
    const selected = this.records.select(filters, texts, spans);
    if (filters.sort) selected.found = this.records.oldestFirst(selected.found);
    return { ...selected, text, note, status };
  }

  async spans() {
    const { whole, sides } = await load("in-force");
    const { length } = this.records.parties;
    return {
      whole: new Map(whole.map(([i, ...span]) => [i, span])),
      sides: new Map(sides.map(([i, party, ...span]) => [i * length + party, span])),
    };
  }

  /* Promise the id and title of a record, its date in words and as EDTF. */
  async titles(i) {
    const { perScript } = this.records;
    return (await load(`titles-${Math.floor(i / perScript)}`))[i % perScript];
  }

  /* Promise a record as the template writes it, with the status on the day of the filters. */
  async entry(i, status) {
    const { types, parties, ofType, ofParties } = this.records;
    const [id, title, words, date] = await this.titles(i);
    const [, type, , kind] = types[ofType[i]];
    const when = /^\d/.test(date)
      ? element("time", { dateTime: date }, words)
      : element("span", { title: date }, words || "no date");
    const typeOf = element("span", { className: "type" }, type);
    const meta = element("p", { className: "meta" }, when, " ", typeOf);
    const [answer, inForce] = SearchPage.STATUSES[status] ?? [];
    if (answer) meta.append(" ", element("span", { className: `status ${answer}` }, inForce));
    const link = element("a", { href: `${encodeURIComponent(id)}.html` }, title);
    const labels = ofParties[i].map((party) => parties[party][1]);
    const more = labels.splice(SearchPage.PARTIES).length;
    const others = more ? ` and ${counted(more, "other")}` : "";
    return element(
      ...["li", { className: kind }, meta],
      element("p", { className: "title" }, link),
      element("p", { className: "parties" }, labels.join(" · ") + others),
    );
  }

  draw(filters, answer) {
    const { found, counts, text } = answer;
    for (const facet of Object.values(this.facets))
      facet.update(counts[facet.name], filters[facet.name]);
    this.kinds.forEach(({ box, count }, n) => {
      box.checked = filters.kind === box.value;
      count.textContent = withCommas(n ? counts.kind[n - 1] : counts.kind[0] + counts.kind[1]);
    });
    const certainty = filters["in-force-on"] && (filters.certainty || "possible");
    for (const { box } of this.certainties) box.checked = box.value === certainty;
    for (const name in this.dates) this.dates[name].value = filters[name];
    if (!certainty) this.dates["in-force-on"].value = this.records.today;
    // Only now, with their values in them: nothing in the page moves.
    if (this.groups) byId("facets").append(...this.groups);
    this.groups = null;
    this.drawStatus(this.summary(filters, answer));
    this.drawChips(filters);
    this.drawTools(filters, found);
    this.drawPages(filters, found);
    const words = commandLine({ ...filters, text }).split(" ");
    byId("line").replaceChildren(...words.flatMap((word) => [element("span", {}, word), " "]));
  }

  summary(filters, { found, text, note }) {
    const day = filters["in-force-on"];
    if (day && !/^.{10}$/.test(day)) return `“${day}” is not one day such as 2022-10-07.`;
    const dates = [filters.since, filters.until, ...filters.year, day];
    const wrong = dates.find((each) => each && !days(each));
    if (wrong) return `“${wrong}” is not a date such as 2022, 2022-10 or 2022-10-07.`;
    if (note) return `${note}.`;
    if (!found.length) return "No record matches. Remove a filter, or use fewer words.";
    const word = text.slice(0, -1).split(/\s/).at(-1);
    const begins = text === filters.text ? "" : ` with words that begin with “${word}”`;
    const first = (filters.page - 1) * this.records.perPage;
    const last = Math.min(first + this.records.perPage, found.length);
    const part = last - first < found.length ? `${first + 1}–${last} of ` : "";
    const order = filters.sort ? "oldest" : "newest";
    return `${part}${counted(found.length, "record")}${begins}, the ${order} event first`;
  }

  drawStatus(message) {
    document.documentElement.classList.remove("searching");
    if (byId("count").textContent !== message) byId("count").textContent = message;
  }

  link(filters, properties, ...words) {
    const link = element("a", { href: address(filters) || "index.html", ...properties }, ...words);
    link.dataset.filters = "";
    return link;
  }

  /* A link for each active filter, to the results without it. */
  drawChips(filters) {
    const chips = [];
    const other = (words, changes) =>
      chips.push(this.link({ ...filters, page: 1, ...changes }, { className: "other" }, words));
    const chip = (words, changes) => {
      const what = element("span", { className: "hidden" }, "Remove the filter ");
      chips.push(this.link({ ...filters, page: 1, ...changes }, {}, what, words));
    };
    const { records } = this;
    const label = (name, code) => records.terms[name][records.number(name, code)]?.[1] ?? code;
    if (filters.text.trim()) chip(`“${filters.text.trim()}”`, { text: "" });
    for (const name of SEVERAL)
      for (const value of filters[name]) {
        const codes = name === "pair" ? value.split(" ") : [value];
        const words = codes.map((code) => label(name, code)).join(" with ");
        chip(words, { [name]: filters[name].filter((each) => each !== value) });
      }
    if (filters.kind) chip(SearchPage.KINDS[filters.kind] ?? filters.kind, { kind: "" });
    for (const name of ["since", "until"])
      if (filters[name]) chip(`${name} ${filters[name]}`, { [name]: "" });
    if (filters["in-force-on"]) {
      const certainly = filters.certainty === "certain" ? "certainly" : "certainly or possibly";
      const words = `${certainly} in force on ${filters["in-force-on"]}`;
      chip(words, { "in-force-on": "", certainty: "" });
    }
    const { country, organisation, pair } = filters;
    if (country.length === 2 && !organisation.length && !pair.length)
      other("Only with both", { country: [], pair: [country.join(" ")] });
    const named = records.named(filters.text);
    if (named.length) {
      const isOrganisation = records.terms.pair[records.number("pair", named[0])][3];
      const one = isOrganisation ? "organisation" : "country";
      const changes = named.length > 1 ? { pair: [named.join(" ")] } : { [one]: named };
      const words = named.map((code) => label("pair", code)).join(" with ");
      const { sort } = filters;
      other(`All records of ${words}`, { ...readAddress(""), sort, ...changes });
    }
    if (chips.length > 1) other("Clear all", { ...readAddress(""), sort: filters.sort });
    byId("chips").replaceChildren(...chips.map((each) => element("li", {}, each)));
  }

  drawTools(filters, found) {
    this.found = found;
    const sort = filters.sort ? "" : OLDEST;
    byId("order").href = address({ ...filters, page: 1, sort }) || "index.html";
    byId("order").textContent = sort ? "Oldest first" : "Newest first";
    for (const format of Object.keys(MEDIA_TYPES)) byId(format).disabled = !found.length;
  }

  /* All results, not only those of a page. */
  async download(format) {
    const { types, parties, ofType, ofParties } = this.records;
    const row = async (i) => {
      const [id, title, , date] = await this.titles(i);
      const codes = (isOne) =>
        ofParties[i].filter((n) => parties[n][3] === isOne).map((n) => parties[n][0]);
      const [countries, organisations] = [codes(0), codes(1)];
      const type = types[ofType[i]][0];
      return { id, date: date.replace(/^EDTF: /, ""), title, type, countries, organisations };
    };
    try {
      save(await Promise.all(this.found.map(row)), format);
    } catch (error) {
      this.drawStatus(`${error.message}.`);
    }
  }

  drawPages(filters, found) {
    const pages = Math.ceil(found.length / this.records.perPage);
    const { page } = filters;
    const link = (number, rel, words) => this.link({ ...filters, page: number }, { rel }, words);
    const parts = [element("span", {}, `Page ${page} of ${pages}`)];
    const [before, after] = filters.sort ? ["Older", "Newer"] : ["Newer", "Older"];
    if (page > 1) parts.unshift(link(page - 1, "prev", before));
    if (page < pages) parts.push(link(page + 1, "next", after));
    byId("pages").replaceChildren(...(pages > 1 ? parts : []));
  }

  /* The clipboard is not open to a page from a file share in every browser. */
  async copy() {
    const line = byId("line");
    getSelection().selectAllChildren(line);
    const copying = navigator.clipboard?.writeText(line.textContent.trim());
    const copied = await copying?.then(() => true, () => false);
    const done = copied || document.execCommand("copy");
    byId("copied").textContent = done ? "Copied" : "Press Ctrl+C to copy";
  }
}
