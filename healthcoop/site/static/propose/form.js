// The page “Propose a record”: reads the form, has it checked, and shows what comes of it.
//
// Whatever comes from a record or was typed is set as text, never as markup.
import { Checks } from "./checks.js";
import { Codes } from "./codes.js";
import { Combobox } from "./combobox.js";
import {
  addItem,
  collect,
  connect,
  control,
  fieldsOf,
  fill,
  isSame,
  locate,
  removeItem,
} from "./fields.js";
import { showNames, useName } from "./names.js";
import { Result, say } from "./result.js";

const PAUSE = 350; // milliseconds without typing before a check
const PATIENCE = 30_000; // milliseconds without an answer before a new start is offered
const get = (id) => document.getElementById(id);

export let form = null; // once it is open

export async function start(page) {
  const codes = await (await fetch(new URL("codes.json", import.meta.url))).json();
  form = new Form(page, codes);
  form.open();
}

class Form {
  #form = get("record");
  #page;
  checks;
  #ready; // a promise
  #loading = get("status").textContent;
  #isShown = false; // what is to be in the form at the beginning
  #codes;
  #result;
  #combobox;
  #timer = 0;
  #namesTimer = 0;
  #latest = 0;
  #existing = new URLSearchParams(location.search).get("record") ?? "";
  #path = ""; // of an existing record

  constructor(page, codes) {
    this.#page = page;
    this.#codes = new Codes(codes);
    this.#result = new Result(page, this.#form);
    this.#combobox = new Combobox(this.#form, (name, text) => this.#suggest(name, text));
  }

  get #key() {
    return `healthcoop ${location.pathname} ${this.#existing || "new"}`;
  }

  get #reasonKey() {
    return `${this.#key} reason`;
  }

  open() {
    connect(this.#form);
    this.#listen();
    const kept = storage((store) => JSON.parse(store.getItem(this.#key)));
    this.fill(kept ?? this.#given());
    if (kept) this.#note("What you wrote before is kept: “Start again” removes it.");
    this.#isShown = Boolean(kept) || !this.#existing;
    this.#form.inert = !this.#isShown; // until the record is there
    this.#start();
  }

  #start() {
    this.#result.wait(
      this.#isShown ? this.#loading : "Loading the record and the checks: about 14 MB the first time.",
    );
    const checks = new Checks(() => this.#stop("The checks stopped."));
    this.checks = checks;
    this.#ready = checks.call("start");
    this.#ready.then(
      () => this.#begin(),
      () => {
        checks.stop();
        this.#stop("The checks could not be loaded.");
      },
    );
  }

  #stop(words) {
    this.#result.stop(this.#isShown ? `${words} What you wrote is still in the form.` : words);
  }

  // What a new record has: the usual collection, and what the address states of it:
  // ?country=AZ&country=CU&organisation=WHO.
  #given() {
    if (this.#existing) return {};
    const parties = [...new URLSearchParams(location.search)]
      .filter(([name]) => name === "country" || name === "organisation")
      .map(([name, code]) => ({ [name]: code }));
    const { collection } = this.#page.dataset;
    return { ...(parties.length && { parties }), ...(collection && { collection }) };
  }

  async #begin() {
    if (this.#existing && !this.#path) {
      try {
        await this.#load();
      } catch {
        this.#stop("The record could not be loaded.");
        return;
      }
    }
    this.#form.inert = false;
    for (const input of this.#form.querySelectorAll("[data-options]")) await this.#resolve(input);
    await this.#check();
  }

  async #load() {
    const record = await this.checks.call("read", this.#existing);
    if (!record || !record.data) {
      this.#note(`There is no record “${this.#existing}” that can be read: this is a new one.`);
      this.#existing = "";
      this.#isShown = true;
      return;
    }
    this.#path = record.path;
    this.#result.isCorrection = true;
    say(get("heading"), "Correct a record");
    const ident = control(locate(this.#form, "/id"));
    ident.readOnly = true;
    if (!this.#isShown) {
      this.fill(record.data);
      if (!isSame(this.data, record.data))
        this.#note("This record has content that the form cannot hold: change its file instead.");
      this.#isShown = true;
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
    this.#showKind();
    showNames(this.#form);
    for (const field of this.#form.querySelectorAll("details .field"))
      if (collect(field) !== undefined) field.closest("details").open = true;
  }

  #show(input, value) {
    if (input.dataset.options) {
      Combobox.unset(input);
      const label = this.#codes.label(input.dataset.options, value);
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
      if (target.closest("[data-kind]").dataset.kind === "names") useName(target);
      if (target.type === "url" && target.value) setToday(target.closest(".item"));
      this.#result.touch(target);
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
    get("reason").value = storage((store) => store.getItem(this.#reasonKey)) ?? "";
    get("reason").addEventListener("input", () => {
      storage((store) => store.setItem(this.#reasonKey, get("reason").value));
    });
    get("restart").addEventListener("click", () => {
      this.checks.stop();
      this.#start();
    });
  }

  #add(list) {
    const item = addItem(list);
    this.#prepare(item);
    this.#showKind();
    showNames(this.#form);
    item.querySelector("input, select, textarea").focus();
    this.#changed(0);
  }

  #remove(item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    const list = removeItem(item);
    this.#showKind();
    (next?.querySelector("input, select, textarea") ?? list.querySelector(":scope > .add")).focus();
    this.#changed(0);
  }

  #changed(pause = PAUSE) {
    storage((store) => store.setItem(this.#key, JSON.stringify(this.data)));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), pause);
  }

  #reset() {
    for (const key of [this.#key, this.#reasonKey]) storage((store) => store.removeItem(key));
    location.reload();
  }

  #showKind() {
    const type = control(locate(this.#form, "/type"));
    const isInstrument = type.selectedOptions[0]?.dataset.event === "instrument";
    for (const field of this.#form.querySelectorAll("[data-instruments]"))
      field.hidden = !isInstrument && collect(field) === undefined;
    // Later than a click that ends the change of a field, which would miss a checkbox that moves.
    clearTimeout(this.#namesTimer);
    this.#namesTimer = setTimeout(() => showNames(this.#form), PAUSE);
  }

  async #suggest(name, text) {
    if (name === "record") {
      const ids = (await this.#ask("similar", text)) ?? [];
      return ids.map((code) => ({ code, label: code }));
    }
    return this.#codes.suggest(name, text);
  }

  // What was typed without being chosen: a name in any spelling, as Python knows them.
  async #resolve(input) {
    const name = input.dataset.options;
    const text = input.value;
    if (!name || name === "record" || !text || input.dataset.code) return false;
    const found = await this.#ask("find", name, text);
    if (!found?.code || input.value !== text) return false;
    Combobox.set(input, found);
    return true;
  }

  // What the checks answer; undefined where they cannot.
  async #ask(name, ...args) {
    try {
      await this.#ready;
    } catch {
      return undefined; // as the status has it
    }
    const { checks } = this;
    const slow = setTimeout(() => this.#stop("The checks do not answer."), PATIENCE);
    try {
      return await checks.call(name, ...args);
    } catch (error) {
      if (!checks.hasStopped) this.#stop(`The check failed: ${error.message}.`);
      return undefined;
    } finally {
      clearTimeout(slow);
    }
  }

  async #check() {
    const data = this.data;
    if (Object.keys(data).every((name) => name === "collection")) {
      this.#result.clear();
      return;
    }
    const turn = ++this.#latest;
    const proposal = await this.#ask("preview", data, this.#path);
    if (proposal && turn === this.#latest) this.#result.show(proposal); // else the form has changed
  }
}

// Browsers may refuse to keep anything, as in private windows.
function storage(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

// Whoever writes the address of a page has it open.
function setToday(item) {
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  for (const input of item?.querySelectorAll("[data-today]") ?? []) input.value ||= today;
}
