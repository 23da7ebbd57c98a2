// The page “Propose a record”: reads the form, has it checked, and shows what comes of it.
//
// Whatever comes from a record or was typed is set as text, never as markup.
import { Checks } from "./checks.js";
import { Combobox, fold } from "./combobox.js";
import {
  addItem,
  clear,
  collect,
  connect,
  control,
  fieldsOf,
  fill,
  isSame,
  locate,
  removeItem,
} from "./fields.js";

const PAUSE = 350; // milliseconds without typing before a check
const LONGEST = 8000; // characters of an address that servers accept
const get = (id) => document.getElementById(id);
const say = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

export let form = null; // once it is open

export async function start(page) {
  const codes = await (await fetch(new URL("codes.json", import.meta.url))).json();
  form = new Form(page, codes);
  form.open();
}

class Form {
  #page;
  #form = get("record");
  checks = new Checks();
  #ready = this.checks.call("start");
  #options;
  #labels = new Map();
  #combobox;
  #timer = 0;
  #latest = 0;
  #touched = new WeakSet();
  #existing = new URLSearchParams(location.search).get("record") ?? "";
  #path = ""; // of an existing record
  #proposal = null;

  constructor(page, codes) {
    this.#page = page;
    this.#options = {
      ...Object.fromEntries(Object.entries(codes).map(([name, terms]) => [name, options(terms)])),
      party: options([...codes.countries, ...codes.organisations]),
    };
    for (const [name, all] of Object.entries(this.#options))
      for (const { code, label } of all) this.#labels.set(`${name} ${code}`, label);
    this.#combobox = new Combobox(this.#form, (name, text) => this.#suggest(name, text));
  }

  get #key() {
    return `healthcoop ${location.pathname} ${this.#existing || "new"}`;
  }

  open() {
    connect(this.#form);
    for (const list of this.#form.querySelectorAll(".list")) clear(list);
    this.#prepare(this.#form);
    this.#listen();
    const kept = localStorage.getItem(this.#key);
    if (kept) this.fill(JSON.parse(kept));
    this.#showKind();
    this.#ready.then(
      () => this.#begin(Boolean(kept)),
      () => say(get("status"), "The checks could not be loaded. You can still write; reload the page to check it."),
    );
  }

  async #begin(kept) {
    if (this.#existing) await this.#load(kept);
    for (const input of this.#form.querySelectorAll("[data-options]")) await this.#resolve(input);
    await this.#check();
  }

  async #load(kept) {
    const record = await this.checks.call("read", this.#existing);
    if (!record || !record.data) {
      this.#note(`There is no record “${this.#existing}” that can be read: this is a new one.`);
      this.#existing = "";
      return;
    }
    this.#path = record.path;
    say(get("heading"), "Correct a record");
    const ident = control(locate(this.#form, "/id"));
    ident.readOnly = true;
    if (!kept) {
      this.fill(record.data);
      this.#showKind();
      if (!isSame(this.data, record.data))
        this.#note("This record has content that the form cannot hold: change its file instead.");
    }
    if (record.comments) this.#note("The comments in this record's file are not kept.");
  }

  #note(text) {
    get("note").hidden = false;
    get("note").append(` ${text}`);
  }

  get data() {
    return collect(this.#form) ?? {};
  }

  fill(data) {
    fill(this.#form, data, (input, value) => this.#show(input, value));
    this.#prepare(this.#form);
    if (fieldsOf(this.#form).some((field) => field.closest("#more") && collect(field) !== undefined))
      get("more").open = true;
  }

  #show(input, value) {
    if (input.dataset.options) {
      Combobox.unset(input);
      const label = this.#labels.get(`${input.dataset.options} ${value}`);
      if (label) Combobox.set(input, { code: value, label });
      else input.value = value;
      return;
    }
    if (input.tagName === "SELECT" && value && ![...input.options].some((one) => one.value === value))
      input.append(new Option(value, value));
    input.value = value;
    if (input.tagName === "SELECT") this.#explain(input);
  }

  // What the chosen option of a list means, in place of what the field is about.
  #explain(select) {
    const doc = select.closest("[data-kind]").querySelector(":scope > .doc");
    if (!doc) return;
    doc.dataset.usual ??= doc.textContent;
    say(doc, select.selectedOptions[0]?.dataset.doc || doc.dataset.usual);
    doc.hidden = !doc.textContent;
  }

  #prepare(root) {
    this.#combobox.prepare(root);
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("change", async ({ target }) => {
      if (target.type === "text" || target.type === "url" || target.tagName === "TEXTAREA") {
        const trimmed = target.value.trim();
        if (target.value !== trimmed) target.value = trimmed;
      }
      if (target.tagName === "SELECT") this.#explain(target);
      if (target.type === "url" && target.value) setToday(target.closest(".item"));
      this.#touch(target);
      await this.#resolve(target);
      this.#showKind();
      this.#changed(0);
    });
    // A name that is typed again as it was is no change.
    this.#form.addEventListener("focusout", async ({ target }) => {
      if (await this.#resolve(target)) this.#changed(0);
    });
    this.#form.addEventListener("click", ({ target }) => {
      if (target.closest(".add")) this.#add(target.closest(".list"));
      else if (target.closest(".remove")) this.#remove(target.closest(".item"));
    });
    get("reset").addEventListener("click", () => this.#reset());
    get("download").addEventListener("click", () => this.#download());
    get("copy").addEventListener("click", () => this.#copy());
    get("send")?.addEventListener("click", () => this.#sending());
    for (const id of ["findings", "missing"])
      get(id).addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.#goTo(button.dataset.field);
      });
  }

  #add(list) {
    const item = addItem(list);
    this.#prepare(item);
    this.#showKind();
    item.querySelector("input, select, textarea").focus();
    this.#changed(0);
  }

  #remove(item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    const list = removeItem(item);
    (next?.querySelector("input, select, textarea") ?? list.querySelector(":scope > .add")).focus();
    this.#changed(0);
  }

  #touch(input) {
    for (let node = input.closest("[data-kind]"); node; node = node.parentElement.closest("[data-kind]"))
      this.#touched.add(node);
  }

  #changed(pause = PAUSE) {
    localStorage.setItem(this.#key, JSON.stringify(this.data));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), pause);
  }

  #reset() {
    localStorage.removeItem(this.#key);
    location.assign(location.pathname);
  }

  #showKind() {
    const type = control(locate(this.#form, "/type"));
    const isInstrument = type.selectedOptions[0]?.dataset.event === "instrument";
    for (const field of this.#form.querySelectorAll("[data-instruments]"))
      field.hidden = !isInstrument && collect(field) === undefined;
  }

  async #suggest(name, text) {
    if (name === "record") {
      await this.#ready;
      const ids = await this.checks.call("similar", text);
      return ids.map((code) => ({ code, label: code }));
    }
    const words = fold(text).trim();
    const ranked = [];
    for (const option of this.#options[name]) {
      const place = option.keys.findIndex((key) => key.startsWith(words));
      const within = place < 0 ? option.keys.findIndex((key) => key.includes(words)) : place;
      if (within >= 0) ranked.push([place < 0 ? 2 : place > 1 ? 1 : 0, within, option]);
    }
    ranked.sort(([a], [b]) => a - b);
    return ranked.map(([, within, { code, label, names }]) => ({
      code,
      label,
      also: within > 1 ? names[within - 2] : "",
    }));
  }

  // What was typed without being chosen: a name in any spelling, as Python knows them.
  async #resolve(input) {
    const name = input.dataset.options;
    const text = input.value;
    if (!name || name === "record" || !text || input.dataset.code) return false;
    try {
      await this.#ready;
    } catch {
      return false;
    }
    const found = await this.checks.call("find", name, text);
    if (!found.code || input.value !== text) return false;
    Combobox.set(input, found);
    return true;
  }

  async #check() {
    const data = this.data;
    try {
      await this.#ready;
    } catch {
      return;
    }
    if (!Object.keys(data).length) {
      say(get("status"), "The checks are ready: begin with the type, the date and the parties.");
      get("result").hidden = true;
      return;
    }
    const turn = ++this.#latest;
    const proposal = await this.checks.call("preview", data, this.#path);
    if (turn !== this.#latest) return; // the form has changed meanwhile
    this.#proposal = proposal;
    this.#render(proposal);
  }

  #render({ findings, duplicates, text, path }) {
    get("result").hidden = false;
    say(get("yaml"), text);
    say(get("path"), path);
    const missing = findings.filter((one) => one.missing);
    const wrong = findings.filter((one) => !one.missing);
    this.#list("findings", "wrong", wrong);
    this.#list("missing", "needed", missing);
    this.#beside(findings);
    get("same").hidden = !duplicates.length;
    get("duplicates").replaceChildren(...duplicates.map((one) => this.#duplicate(one)));
    const errors = wrong.filter((one) => one.severity === "error").length;
    say(
      get("status"),
      findings.length
        ? [
            errors && counted(errors, "problem"),
            wrong.length - errors && counted(wrong.length - errors, "remark"),
            missing.length && `${counted(missing.length, "field")} still needed`,
          ]
            .filter(Boolean)
            .join(", ") + "."
        : "No problems found: the record is complete.",
    );
    get("status").classList.toggle("complete", !findings.length);
    get("download").disabled = get("copy").disabled = false;
    const ident = control(locate(this.#form, "/id"));
    ident.placeholder = path.replace(/^.*\/|\.yaml$/g, "");
    this.#address();
  }

  #list(id, around, findings) {
    get(around).hidden = !findings.length;
    get(id).replaceChildren(
      ...findings.map((one) => {
        const line = document.createElement("li");
        line.className = one.severity;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "link";
        button.dataset.field = one.field;
        button.textContent = one.missing ? this.#title(one.field) : one.message;
        line.append(button);
        if (!one.missing) line.append(small(one.hint), small(`${one.code}, ${one.severity}`));
        return line;
      }),
    );
  }

  #title(pointer) {
    const node = locate(this.#form, pointer);
    const names = [];
    for (let at = node; at && at !== this.#form; at = at.parentElement.closest("[data-kind]")) {
      const label = at.querySelector(":scope > legend, :scope > label");
      if (label) names.unshift(plain(label));
    }
    return names.join(", ") || pointer;
  }

  // Show each finding beside its field; that one is empty only where somebody has been.
  #beside(findings) {
    const texts = new Map();
    for (const one of findings) {
      const node = locate(this.#form, one.field);
      if (one.missing && !this.#touched.has(node)) continue;
      const all = texts.get(node) ?? [];
      all.push(one.missing ? "Needed." : `${one.message} ${one.hint}`);
      texts.set(node, all);
    }
    for (const problems of this.#form.querySelectorAll(".problems")) {
      const node = problems.closest("[data-kind]");
      const lines = problems.parentElement === node ? (texts.get(node) ?? []) : [];
      say(problems, lines.join(" "));
      problems.hidden = !lines.length;
      const input = control(node);
      if (input?.closest("[data-kind]") === node) input.setAttribute("aria-invalid", String(lines.length > 0));
    }
  }

  #duplicate({ id, title, date, reasons }) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${this.#page.dataset.record}${encodeURIComponent(id)}.html`;
    link.target = "_blank";
    link.textContent = title;
    line.append(link, small(`${date}: ${reasons.join(", ")}`));
    return line;
  }

  #goTo(pointer) {
    const node = locate(this.#form, pointer);
    const details = node.closest("details");
    if (details) details.open = true;
    const input = node.querySelector("input, select, textarea, .add");
    input?.focus();
    input?.scrollIntoView({ block: "center" });
  }

  // The address of the host's page for this file: with its text, unless that is too long.
  #address() {
    const link = get("send");
    if (!link || !this.#proposal) return;
    const { path, text } = this.#proposal;
    const [folder, name] = [path.replace(/\/[^/]*$/, ""), path.replace(/^.*\//, "")];
    const template = this.#path ? this.#page.dataset.edit : this.#page.dataset.new;
    const address = (value) =>
      template
        .replace("{folder}", folder.split("/").map(encodeURIComponent).join("/"))
        .replace("{name}", encodeURIComponent(name))
        .replace("{text}", () => encodeURIComponent(value.toWellFormed?.() ?? value));
    const whole = address(text);
    this.#mustCopy = whole.length > LONGEST || !template.includes("{text}");
    link.href = this.#mustCopy ? address("").replace(/&value=$/, "") : whole;
    link.hidden = false;
    if (this.#mustCopy)
      say(get("how"), "The text is copied when you open the page: paste it there, in place of what it has.");
  }

  #mustCopy = false;

  #sending() {
    if (this.#mustCopy) this.#copy();
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#proposal.text);
      say(get("done"), "The text of the file is copied.");
    } catch {
      getSelection().selectAllChildren(get("yaml"));
      say(get("done"), "The text is selected: copy it with your keyboard.");
    }
  }

  #download() {
    const { path, text } = this.#proposal;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
    link.download = path.replace(/^.*\//, "");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(get("done"), `${link.download} is downloaded; it belongs into ${path}.`);
  }
}

function options(terms) {
  return terms.map(({ code, label, names }) => ({
    code,
    label,
    names,
    keys: [code, label, ...names].map(fold),
  }));
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function plain(label) {
  const copy = label.cloneNode(true);
  for (const extra of copy.querySelectorAll(".need")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function small(text) {
  const element = document.createElement("span");
  element.className = "detail";
  element.textContent = text;
  return element;
}

// Whoever writes the address of a page has it open.
function setToday(item) {
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  for (const input of item?.querySelectorAll("[data-today]") ?? []) input.value ||= today;
}
