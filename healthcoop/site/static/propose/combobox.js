// Text inputs that complete from a list: the combobox with a listbox of the ARIA practices.
//
// `find(name, text)` returns the options of a list for a text: {code, label, also}. A chosen option
// is the input's data-code; another text has none until somebody finds out what it means.

const MOST = 12;

export function fold(text) {
  return text
    .replaceAll("ı", "i")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();
}

export class Combobox {
  #list = document.createElement("ul");
  #input = null;
  #options = [];
  #active = -1;
  #find;

  constructor(form, find) {
    this.#find = find;
    this.#list.id = "options";
    this.#list.className = "options";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Suggestions");
    form.addEventListener("input", ({ target }) => {
      if (target.dataset.options) this.#typed(target);
    });
    form.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("focusout", ({ target }) => {
      if (target === this.#input) this.#close();
    });
    this.#list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the input keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.#choose([...this.#list.children].indexOf(option));
    });
  }

  static set(input, { code, label }) {
    input.value = label;
    input.dataset.code = code;
    const shown = input.parentElement.querySelector(".chosen");
    if (shown) {
      shown.textContent = code;
      shown.hidden = code === label;
    }
  }

  static unset(input) {
    delete input.dataset.code;
    const shown = input.parentElement.querySelector(".chosen");
    if (shown) shown.hidden = true;
  }

  prepare(root) {
    for (const input of root.querySelectorAll("[data-options]")) {
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("autocomplete", "off");
      input.setAttribute("spellcheck", "false");
    }
  }

  async #typed(input) {
    Combobox.unset(input);
    const text = input.value;
    const options = text.trim() ? await this.#find(input.dataset.options, text) : [];
    if (input.value !== text || document.activeElement !== input) return;
    this.#open(input, options.slice(0, MOST));
  }

  #open(input, options) {
    this.#close();
    if (!options.length) return;
    this.#input = input;
    this.#options = options;
    this.#list.replaceChildren(
      ...options.map(({ code, label, also }, place) => {
        const option = document.createElement("li");
        option.id = `option${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(label);
        const more = document.createElement("span");
        more.textContent = [code === label ? "" : code, also].filter(Boolean).join(" · ");
        option.append(" ", more);
        return option;
      }),
    );
    input.after(this.#list);
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", "options");
    this.#list.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#list.remove();
    this.#input?.setAttribute("aria-expanded", "false");
    this.#input?.removeAttribute("aria-activedescendant");
    this.#input?.removeAttribute("aria-controls");
    this.#input = null;
    this.#active = -1;
  }

  #move(to) {
    const options = [...this.#list.children];
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = (to + options.length) % options.length;
    const active = options[this.#active];
    active.setAttribute("aria-selected", "true");
    active.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", active.id);
  }

  #choose(place) {
    const input = this.#input;
    Combobox.set(input, this.#options[place]);
    this.#close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #key(event) {
    if (!event.target.dataset.options) return;
    if (event.key === "ArrowDown" && !this.#input && event.target.value) this.#typed(event.target);
    if (!this.#input) return;
    if (event.key === "ArrowDown") this.#move(this.#active + 1);
    else if (event.key === "ArrowUp") this.#move(this.#active < 0 ? -1 : this.#active - 1);
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
  }
}
