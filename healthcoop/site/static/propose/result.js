// What the checks say of the record so far, and its file: shown, copied, downloaded, sent.
//
// Whatever comes from a record or was typed is set as text, never as markup.
import { control, locate, titleOf } from "./fields.js";

const LONGEST = 8000; // characters of an address that servers accept
const get = (id) => document.getElementById(id);

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Replace the lines of a list, unless they are the same: a click would miss a line that goes.
function list(element, items, line) {
  const next = element.cloneNode();
  next.append(...items.map(line));
  if (!next.isEqualNode(element)) element.replaceChildren(...next.childNodes);
}

export class Result {
  isCorrection = false; // of an existing record
  #page;
  #form;
  #touched = new WeakSet();
  #proposal = null;
  #mustCopy = false;
  #usual = get("how").textContent;

  constructor(page, form) {
    this.#page = page;
    this.#form = form;
    get("jump").addEventListener("click", () => get("result").focus());
    get("download").addEventListener("click", () => this.#download());
    get("copy").addEventListener("click", () => this.#copyFile());
    get("send")?.addEventListener("click", () => {
      if (this.#mustCopy) this.#copyFile();
    });
    get("reason").addEventListener("input", () => this.#describe());
    get("description").querySelector("button").addEventListener("click", () => {
      copy(get("description").querySelector("q"), "The description is copied.");
    });
    for (const id of ["findings", "missing"])
      get(id).addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.#goTo(button.dataset.field);
      });
  }

  // Note that somebody has been in a field, and so in what is around it.
  touch(input) {
    for (let node = input.closest("[data-kind]"); node; node = node.parentElement.closest("[data-kind]"))
      this.#touched.add(node);
  }

  wait(words) {
    say(get("status"), words);
    get("restart").hidden = true;
  }

  // State that there are no checks. The file is not what the form has, as soon as that is changed.
  stop(words) {
    say(get("status"), words);
    get("restart").hidden = false;
    get("status").parentElement.classList.remove("complete");
    get("download").disabled = get("copy").disabled = true;
    if (get("send")) get("send").hidden = true;
  }

  clear() {
    this.wait("The checks are ready: begin with the type, the date and the parties.");
    get("result").hidden = get("jump").hidden = true;
  }

  show(proposal) {
    const { findings, duplicates, text, path } = proposal;
    this.#proposal = proposal;
    get("result").hidden = false;
    say(get("yaml"), text);
    say(get("path"), path);
    const missing = findings.filter((one) => one.missing);
    const wrong = findings.filter((one) => !one.missing);
    this.#fillList("findings", "wrong", wrong);
    this.#fillList("missing", "needed", missing);
    this.#beside(findings);
    get("same").hidden = !duplicates.length;
    list(get("duplicates"), duplicates, (one) => this.#duplicate(one));
    const errors = wrong.filter((one) => one.severity === "error").length;
    this.wait(
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
    get("status").parentElement.classList.toggle("complete", !findings.length);
    get("jump").hidden = false;
    get("download").disabled = get("copy").disabled = false;
    const ident = control(locate(this.#form, "/id"));
    ident.placeholder = path.replace(/^.*\/|\.yaml$/g, "");
    this.#address();
    get("explain").hidden = !this.isCorrection;
    this.#describe();
  }

  // Why a record is corrected: a text to paste on the host's page.
  #describe() {
    const reason = get("reason").value.trim();
    get("description").hidden = !reason;
    say(get("description").querySelector("q"), `Correct ${this.#proposal?.id}: ${reason}`);
  }

  #fillList(id, around, findings) {
    get(around).hidden = !findings.length;
    list(get(id), findings, (one) => this.#finding(one));
  }

  #finding(one) {
    const line = document.createElement("li");
    line.className = one.severity;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.dataset.field = one.field;
    button.textContent = one.missing ? this.#title(one.field) : one.problem;
    if (one.missing && one.field === "/id") button.textContent += " (proposed as soon as the date is valid)";
    line.append(button);
    if (!one.missing) line.append(small(one.advice), small(`${one.code}, ${one.severity}`));
    return line;
  }

  #title(pointer) {
    const node = locate(this.#form, pointer);
    const names = [];
    for (let at = node; at && at !== this.#form; at = at.parentElement.closest("[data-kind]")) {
      if (titleOf(at)) names.unshift(titleOf(at));
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
      all.push(one.missing ? "Needed." : `${one.problem} ${one.advice}`);
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
    if (!link) return;
    const { path, text } = this.#proposal;
    const [folder, name] = [path.replace(/\/[^/]*$/, ""), path.replace(/^.*\//, "")];
    const template = this.isCorrection ? this.#page.dataset.edit : this.#page.dataset.new;
    const address = (value) =>
      template
        .replace("{folder}", folder.split("/").map(encodeURIComponent).join("/"))
        .replace("{name}", encodeURIComponent(name))
        .replace("{text}", () => encodeURIComponent(value.toWellFormed?.() ?? value));
    const whole = address(text);
    this.#mustCopy = whole.length > LONGEST || !template.includes("{text}");
    link.href = this.#mustCopy ? address("").replace(/&value=$/, "") : whole;
    link.hidden = false;
    const paste = "The text is copied when you open the page: paste it there, in place of what is there.";
    const long = this.isCorrection ? "" : "The text is too long for an address. ";
    say(get("how"), this.#mustCopy ? long + paste : this.#usual);
  }

  #copyFile() {
    return copy(get("yaml"), "The text of the file is copied.");
  }

  #download() {
    const { path, text } = this.#proposal;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
    link.download = path.replace(/^.*\//, "");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(get("done"), `${link.download} is downloaded; it belongs in the data set as ${path}.`);
  }
}

async function copy(element, done) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    say(get("done"), done);
  } catch {
    getSelection().selectAllChildren(element);
    say(get("done"), "The text is selected: copy it with your keyboard.");
  }
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function small(text) {
  const element = document.createElement("span");
  element.className = "detail";
  element.textContent = text;
  return element;
}
