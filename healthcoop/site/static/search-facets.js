/* The controls of the page "all records": elements, and the check boxes of a filter. Every text is
   set as text. */
"use strict";

const withCommas = (count) => count.toLocaleString("en");
const counted = (count, noun) => `${withCommas(count)} ${noun}${count === 1 ? "" : "s"}`;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function group(legend, ...children) {
  return element("fieldset", { className: "facet" }, element("legend", {}, legend), ...children);
}

/* A line with a box to check, what it stands for, and a number of records. */
function choice(box, words) {
  const count = element("span", { className: "number" });
  const label = element("label", {}, box, element("span", {}, words), count);
  return { box, count, row: element("li", {}, label) };
}

/* A filter with several values: check boxes with counts, of which the first few are shown. */
class Facet {
  static SHORT = 6;

  /* `name` is that of the filter; `terms` are codes with labels, and names to find them by; `change(codes)` is called. */
  constructor(name, legend, terms, { find = "", byCount = true, fold, change }) {
    Object.assign(this, { name, terms, byCount, fold, change, rows: new Map(), all: false });
    this.list = element("ul");
    this.more = element("button", { type: "button", className: "more" });
    this.more.addEventListener("click", () => {
      this.all = !this.all;
      this.draw();
    });
    this.element = group(legend);
    if (find) {
      this.find = element("input", { type: "search", placeholder: find, ariaLabel: find });
      this.find.addEventListener("input", () => this.draw());
      this.element.append(this.find);
    }
    this.element.append(this.list, this.more);
  }

  update(counts, chosen) {
    Object.assign(this, { counts, chosen: new Set(chosen) });
    this.draw();
  }

  draw() {
    const sought = this.fold(this.find?.value.trim() ?? "");
    const isSought = ([code, label, names = ""]) =>
      [code, label].some((name) => this.fold(name).includes(sought)) ||
      names.split("|").some((name) => name.startsWith(sought));
    const isChosen = (n) => this.chosen.has(this.terms[n][0]);
    const numbers = [...this.terms.keys()].filter((n) => {
      const term = this.terms[n];
      return term && (this.counts[n] || isChosen(n)) && (!sought || isSought(term));
    });
    if (this.byCount) numbers.sort((a, b) => this.counts[b] - this.counts[a] || a - b);
    const shown = numbers.filter(
      (n, place) => this.all || place < Facet.SHORT || (!sought && isChosen(n)),
    );
    this.place(shown.map((n) => this.row(n)));
    if (sought && !numbers.length) this.list.append(element("li", { className: "detail" }, "None"));
    this.element.hidden = !numbers.length && !sought;
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
        if (box.checked) this.chosen.add(code);
        else this.chosen.delete(code);
        this.change([...this.chosen]);
      });
      this.rows.set(n, choice(box, label));
    }
    const { box, count, row } = this.rows.get(n);
    box.checked = this.chosen.has(code);
    count.textContent = withCommas(this.counts[n]);
    return row;
  }

  /* A box that moves would lose the focus. */
  place(rows) {
    const before = [...this.list.children];
    if (rows.length === before.length && rows.every((row, n) => row === before[n])) return;
    const focused = document.activeElement;
    this.list.replaceChildren(...rows);
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
  }
}
