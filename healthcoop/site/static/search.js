/* The page "all records": its controls, results and history. Every text is set as text. The list
   that is in the page is shown until there is an answer. */
"use strict";

document.documentElement.classList.add("scripted");
if (location.search) document.documentElement.classList.add("searching");

const loads = new Map();

/* Scripts with data call this function. */
function healthcoopSearch(name, content) {
  if (name === "records") addEventListener("DOMContentLoaded", () => new SearchPage(content));
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

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const byId = (id) => document.getElementById(id);

/* A filter with several values: check boxes with counts, of which the first few are shown. */
class Facet {
  static SHORT = 6;

  /* `terms` are codes with labels, and names to find them by; `change(codes)` is called. */
  constructor(legend, { terms, find, byCount = true, change }) {
    Object.assign(this, { terms, byCount, change, rows: new Map(), all: false });
    this.list = element("ul");
    this.more = element("button", { type: "button", className: "more" });
    this.more.addEventListener("click", () => {
      this.all = !this.all;
      this.draw();
    });
    this.element = element("fieldset", { className: "facet" }, element("legend", {}, legend));
    if (find) {
      this.find = element("input", { type: "search", placeholder: find, ariaLabel: find });
      this.find.addEventListener("input", () => this.draw());
      this.element.append(this.find);
    }
    this.element.append(this.list, this.more);
  }

  update(counts, chosen, fold) {
    Object.assign(this, { counts, fold, chosen: new Set(chosen) });
    this.draw();
  }

  draw() {
    const sought = this.fold(this.find?.value.trim() ?? "");
    const isSought = ([code, label, names = ""]) =>
      [code, label].some((name) => this.fold(name).includes(sought)) ||
      names.split("|").some((name) => name.startsWith(sought));
    const numbers = [...this.terms.keys()].filter(
      (n) =>
        this.terms[n] &&
        (this.counts[n] || this.chosen.has(this.terms[n][0])) &&
        (!sought || isSought(this.terms[n])),
    );
    if (this.byCount) numbers.sort((a, b) => this.counts[b] - this.counts[a] || a - b);
    const shown = numbers.filter(
      (n, place) => this.all || place < Facet.SHORT || (!sought && this.chosen.has(this.terms[n][0])),
    );
    const rows = shown.map((n) => this.row(n));
    if (rows.some((row, place) => this.list.children[place] !== row) || rows.length < this.list.children.length) {
      const focused = document.activeElement;
      this.list.replaceChildren(...rows);
      if (this.list.contains(focused)) focused.focus({ preventScroll: true });
    }
    this.list.classList.toggle("all", this.all);
    this.more.hidden = !this.all && shown.length === numbers.length;
    this.more.textContent = this.all ? "Show fewer" : `Show all ${numbers.length}`;
    this.more.ariaExpanded = this.all;
  }

  row(n) {
    const [code, label] = this.terms[n];
    if (!this.rows.has(n)) {
      const box = element("input", { type: "checkbox" });
      box.addEventListener("change", () => {
        box.checked ? this.chosen.add(code) : this.chosen.delete(code);
        this.change([...this.chosen]);
      });
      const count = element("span", { className: "number" });
      this.rows.set(n, element("li", {}, element("label", {}, box, element("span", {}, label), count)));
    }
    const row = this.rows.get(n);
    row.querySelector("input").checked = this.chosen.has(code);
    row.querySelector(".number").textContent = this.counts[n].toLocaleString("en");
    return row;
  }
}

class SearchPage {
  static KINDS = { "": "All", instrument: "Instruments", encounter: "Encounters" };
  static CERTAINTIES = { "": "Any", possible: "Possibly in force", certain: "Certainly in force" };
  static STATUSES = { 1: ["possible", "Possibly in force"], 2: ["certain", "In force"] };
  static PARTIES = 4;

  constructor(data) {
    this.text = new TextSearch({
      ...{ letters: data.letters, firstWords: data.words, size: data.ofType.length, load },
    });
    this.fold = (text) => this.text.fold(text);
    this.records = new Records(data, this.fold);
    this.latest = 0;
    this.facets = this.makeFacets();
    this.makeControls();
    addEventListener("popstate", () => this.show(this.read()));
    document.addEventListener("click", (event) => this.follow(event));
    const filters = this.read();
    this.show(filters, { listed: !address(filters) });
  }

  read() {
    return this.records.resolved(readAddress(location.search));
  }

  makeFacets() {
    const { parties, types, topics, firstYear, lastYear } = this.records;
    const ofKind = (isOrganisation) => parties.map((each) => (each[3] === isOrganisation ? each : null));
    const years = Array.from({ length: lastYear - firstYear + 1 || 0 }, (_, n) => [`${lastYear - n}`, `${lastYear - n}`]);
    const make = (name, legend, options) =>
      new Facet(legend, { ...options, change: (codes) => this.go({ [name]: codes }) });
    return {
      country: make("country", "Country", { terms: ofKind(0), find: "Find a country" }),
      organisation: make("organisation", "Organisation", { terms: ofKind(1), find: "Find an organisation" }),
      type: make("type", "Type", { terms: types.map(([code, label]) => [code, label]) }),
      topic: make("topic", "Topic", { terms: topics, find: "Find a topic" }),
      year: make("year", "Year", { terms: years, byCount: false }),
    };
  }

  makeControls() {
    const choices = (name, labels, changes) =>
      Object.entries(labels).map(([value, label]) => {
        const button = element("input", { type: "radio", name, value });
        button.addEventListener("change", () => this.go(changes(value)));
        const count = element("span", { className: "number" });
        const row = element("li", {}, element("label", {}, button, element("span", {}, label), count));
        return { button, row, count };
      });
    this.kinds = choices("kind", SearchPage.KINDS, (kind) => ({ kind }));
    this.certainties = choices("certainty", SearchPage.CERTAINTIES, (value) => ({
      certainty: value === "certain" ? value : "",
      "in-force-on": value && (this.onDay.input.value || this.records.today),
    }));
    const field = (name, label, properties) => {
      const input = element("input", properties);
      input.addEventListener("change", () => this.go({ [name]: input.value.trim() }));
      return { input, label: element("label", {}, label, input) };
    };
    const date = { type: "text", placeholder: "2022-10", autocomplete: "off" };
    this.since = field("since", "From ", date);
    this.until = field("until", "to ", date);
    this.facets.year.list.before(element("p", { className: "range" }, this.since.label, this.until.label));
    this.onDay = field("in-force-on", "On ", { type: "date" });
    const group = (legend, ...children) =>
      element("fieldset", { className: "facet" }, element("legend", {}, legend), ...children);
    const { country, organisation, type, topic, year } = this.facets;
    this.groups = [
      group("Kind", element("ul", {}, ...this.kinds.map(({ row }) => row))),
      ...[country, organisation, type, topic, year].map((each) => each.element),
      group(
        "In force",
        element("ul", {}, ...this.certainties.map(({ row }) => row)),
        element("p", { className: "range" }, this.onDay.label),
      ),
    ];
    const wide = matchMedia("(min-width: 60rem)");
    wide.addEventListener("change", () => (byId("filters").open = wide.matches));
    byId("filters").open = wide.matches;
    this.query = byId("q");
    this.query.addEventListener("input", () => {
      this.go({ text: this.query.value }, { replace: this.typing });
      this.typing = true;
    });
    this.query.addEventListener("change", () => (this.typing = false));
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.typing = false;
      if (this.query.value !== this.filters.text) this.go({ text: this.query.value });
    });
    byId("copy").addEventListener("click", () => this.copy());
  }

  /* Show other results, under an address of their own. */
  go(changes, { replace = false } = {}) {
    const filters = { ...this.filters, page: 1, ...changes };
    const target = address(filters) || location.pathname;
    history[replace ? "replaceState" : "pushState"](null, "", target);
    return this.show(filters);
  }

  /* Links to other results are followed here, unless they are to open elsewhere. */
  follow(event) {
    const link = event.target.closest?.("a[data-filters]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
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
    if (this.query.value !== filters.text) this.query.value = filters.text;
    let answer, entries;
    try {
      answer = await this.answer(filters);
      const first = (filters.page - 1) * this.records.perPage;
      const shown = answer.found.slice(first, first + this.records.perPage);
      entries = listed || (await Promise.all(shown.map((i) => this.entry(i))));
    } catch (error) {
      if (turn === this.latest) this.drawStatus(`${error.message}.`);
      return;
    }
    if (turn !== this.latest) return;
    if (!listed) byId("list").replaceChildren(element("ol", { className: "entries" }, ...entries));
    this.draw(filters, answer);
  }

  /* Promise the numbers of the records found, counts, and the text that was searched for. */
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
    return { ...this.records.select(filters, texts, spans), text, note };
  }

  async spans() {
    const { whole, sides } = await load("in-force");
    const { length } = this.records.parties;
    return {
      whole: new Map(whole.map(([i, ...span]) => [i, span])),
      sides: new Map(sides.map(([i, party, ...span]) => [i * length + party, span])),
    };
  }

  /* Promise a record as the template writes it. */
  async entry(i) {
    const { types, parties, ofType, ofParties, ofStatus, perScript } = this.records;
    const titles = await load(`titles-${Math.floor(i / perScript)}`);
    const [id, title, words, date] = titles[i % perScript];
    const [, type, kind] = types[ofType[i]];
    const when = /^\d/.test(date)
      ? element("time", { dateTime: date }, words)
      : element("span", { title: date }, words || "no date");
    const meta = element("p", { className: "meta" }, when, " ", element("span", { className: "type" }, type));
    const status = SearchPage.STATUSES[ofStatus[i]];
    if (status) meta.append(" ", element("span", { className: `status ${status[0]}` }, status[1]));
    const labels = ofParties[i].map((party) => parties[party][1]);
    const more = labels.length - SearchPage.PARTIES;
    const sides = labels.slice(0, SearchPage.PARTIES).flatMap((label, n) =>
      n ? [element("span", { className: "dot" }, " · "), label] : [label],
    );
    return element("li", { className: kind }, meta,
      element("p", { className: "title" }, element("a", { href: `${encodeURIComponent(id)}.html` }, title)),
      element("p", { className: "parties" }, ...sides, more > 0 ? ` and ${counted(more, "other")}` : ""),
    );
  }

  draw(filters, { found, counts, text, note }) {
    for (const name in this.facets) this.facets[name].update(counts[name], filters[name], this.fold);
    this.kinds.forEach(({ button, count }, n) => {
      button.checked = filters.kind === button.value;
      const found = n ? counts.kind[n - 1] : counts.kind[0] + counts.kind[1];
      count.textContent = found.toLocaleString("en");
    });
    const certainty = filters["in-force-on"] && (filters.certainty || "possible");
    for (const { button } of this.certainties) button.checked = button.value === certainty;
    this.since.input.value = filters.since;
    this.until.input.value = filters.until;
    this.onDay.input.value = filters["in-force-on"] || this.records.today;
    if (this.groups) byId("facets").append(...this.groups);
    this.groups = null;
    this.drawStatus(this.summary(filters, found, text, note));
    this.drawChips(filters);
    this.drawPages(filters, found);
    byId("line").textContent = commandLine({ ...filters, text });
    document.documentElement.classList.remove("searching");
  }

  summary(filters, found, text, note) {
    const wrong = ["since", "until"].map((name) => filters[name]).concat(filters.year)
      .find((each) => each && !days(each));
    if (wrong) return `“${wrong}” is not a date such as 2022, 2022-10 or 2022-10-07.`;
    if (note) return `${note}.`;
    const begins = text === filters.text ? "" : ` with words that begin with “${text.slice(0, -1).split(/\\s/).at(-1)}”`;
    if (!found.length) return `No record${begins}.`;
    const first = (filters.page - 1) * this.records.perPage;
    const last = Math.min(first + this.records.perPage, found.length);
    const part = last - first < found.length ? `${first + 1}–${last} of ` : "";
    return `${part}${counted(found.length, "record")}${begins}, the newest event first`;
  }

  drawStatus(message) {
    document.documentElement.classList.remove("searching");
    if (byId("count").textContent !== message) byId("count").textContent = message;
  }

  /* A link for each active filter, to the results without it. */
  drawChips(filters) {
    const { records } = this;
    const label = (name, code) => records.terms[name]?.[records.number(name, code)]?.[1] ?? code;
    const chips = [];
    const add = (words, without) => {
      const link = element("a", { href: address({ ...filters, page: 1, ...without }) || "index.html" }, words);
      link.dataset.filters = "";
      link.prepend(element("span", { className: "hidden" }, "Remove the filter "));
      chips.push(element("li", {}, link));
    };
    if (filters.text.trim()) add(`“${filters.text.trim()}”`, { text: "" });
    for (const name of SEVERAL)
      for (const code of filters[name])
        add(
          name === "pair" ? code.split(" ").map((each) => label(name, each)).join(" with ") : label(name, code),
          { [name]: filters[name].filter((each) => each !== code) },
        );
    for (const name of ["kind", "since", "until"]) if (filters[name]) add(`${name} ${filters[name]}`, { [name]: "" });
    if (filters["in-force-on"])
      add(`${filters.certainty === "certain" ? "certainly " : ""}in force on ${filters["in-force-on"]}`,
        { "in-force-on": "", certainty: "" });
    if (chips.length > 1) {
      const link = element("a", { href: "index.html", className: "clear" }, "Clear all");
      link.dataset.filters = "";
      chips.push(element("li", {}, link));
    }
    byId("chips").replaceChildren(...chips);
  }

  drawPages(filters, found) {
    const pages = Math.max(1, Math.ceil(found.length / this.records.perPage));
    const link = (page, words, rel) => {
      const made = element("a", { href: address({ ...filters, page }) || "index.html", rel }, words);
      made.dataset.filters = "";
      return made;
    };
    const parts = [element("span", {}, `Page ${filters.page} of ${pages}`)];
    if (filters.page > 1) parts.unshift(link(filters.page - 1, "Newer", "prev"));
    if (filters.page < pages) parts.push(link(filters.page + 1, "Older", "next"));
    byId("pages").replaceChildren(...parts);
  }

  /* The clipboard is not open to a page from a file share in every browser. */
  async copy() {
    const line = byId("line");
    getSelection().selectAllChildren(line);
    const copied = await navigator.clipboard?.writeText(line.textContent).then(() => true, () => false);
    byId("copied").textContent = copied || document.execCommand("copy") ? "Copied" : "Press Ctrl+C to copy";
  }
}
