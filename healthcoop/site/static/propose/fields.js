// The form as data: plain values in, plain values out, and the place of a JSON pointer.
//
// An element with data-kind is a field, the item of a list, or the whole form. Items of a list
// without a value are left out; data-index is the place of the others in the data.

const kinds = (node) => node.dataset.kind;
const own = (node, selector) => node.querySelector(`:scope > ${selector}`);
const items = (list) => [...own(list, ".items").children];
const inside = (item) => item.querySelector("[data-kind]") ?? item;
export const names = (node) => JSON.parse(node.dataset.names ?? "[]"); // in the order of the file
export const control = (node) => node.querySelector("input:not([type=checkbox]), select, textarea");

// The words above a field or a part, less those that say whether it is required.
export function titleOf(node) {
  const label = own(node, "legend") ?? own(node, "label");
  const copy = label?.cloneNode(true);
  for (const extra of copy?.querySelectorAll(".need") ?? []) extra.remove();
  return copy?.textContent.trim().replace(/\s+/g, " ") ?? "";
}

export function fieldsOf(part) {
  return [...part.querySelectorAll(".field")].filter(
    (field) => field.parentElement.closest("[data-kind]") === part,
  );
}

export function collect(node) {
  switch (kinds(node)) {
    case "part": {
      const data = {};
      for (const field of fieldsOf(node)) {
        const value = collect(field);
        if (value !== undefined) data[field.dataset.name] = value;
      }
      return Object.keys(data).length ? data : undefined;
    }
    case "list": {
      const list = [];
      for (const item of items(node)) {
        const value = collect(inside(item));
        item.dataset.index = value === undefined ? "" : list.length;
        if (value !== undefined) list.push(value);
      }
      return list.length ? list : undefined;
    }
    case "says": {
      const data = {};
      for (const item of items(node)) {
        const [key, value] = item.querySelectorAll("input");
        item.dataset.index = key.value;
        if (key.value && value.value) data[key.value] = value.value;
      }
      return Object.keys(data).length ? data : undefined;
    }
    case "names":
      return names(node).length ? names(node) : undefined;
    case "flag":
      return node.querySelector("input").checked || undefined;
    default: {
      const input = control(node);
      return (input.dataset.code ?? input.value) || undefined;
    }
  }
}

let last = 0;

// Labels and descriptions refer to ids, which the copies of a template cannot have in it.
export function connect(root) {
  for (const node of root.querySelectorAll("input, select, textarea")) {
    if (node.id) continue;
    node.id = `f${++last}`;
    const around = node.closest(".field:not(.list), .single") ?? node.parentElement;
    const label = own(around, "label");
    if (label && !label.contains(node)) label.htmlFor = node.id;
    const notes = [own(around, ".doc"), own(around, ".problems")].filter(Boolean);
    for (const note of notes) note.id ||= `f${++last}`;
    if (notes.length) node.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
  }
}

export function addItem(list) {
  const item = own(list, "template").content.cloneNode(true).firstElementChild;
  own(list, ".items").append(item);
  connect(item);
  for (const inner of item.querySelectorAll(".list")) clear(inner);
  number(list);
  return item;
}

export function removeItem(item) {
  const list = item.closest(".list");
  item.remove();
  number(list);
  return list;
}

function number(list) {
  items(list).forEach((item, place) => {
    for (const span of item.querySelectorAll(".number"))
      if (span.closest(".item") === item) span.textContent = place + 1;
  });
}

export function clear(list) {
  own(list, ".items").replaceChildren();
  for (let count = Number(list.dataset.start); count > 0; count -= 1) addItem(list);
}

// `show` is called with a control and the value that it is to have.
export function fill(node, value, show) {
  switch (kinds(node)) {
    case "part":
      for (const field of fieldsOf(node)) fill(field, value?.[field.dataset.name], show);
      return;
    case "list":
      clear(node);
      if (!Array.isArray(value) || !value.length) return;
      own(node, ".items").replaceChildren();
      for (const each of value) fill(inside(addItem(node)), each, show);
      return;
    case "says":
      own(node, ".items").replaceChildren();
      for (const [key, text] of Object.entries(value ?? {})) {
        const inputs = addItem(node).querySelectorAll("input");
        inputs[0].value = key;
        inputs[1].value = text;
      }
      return;
    case "names":
      node.dataset.names = JSON.stringify(Array.isArray(value) ? value : []);
      return;
    case "flag":
      node.querySelector("input").checked = value === true;
      return;
    default:
      show(control(node), typeof value === "string" ? value : "");
  }
}

// Return the element of a JSON pointer, or of the nearest field around it.
export function locate(form, pointer) {
  let node = form;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    let next;
    if (kinds(node) === "part") next = fieldsOf(node).find((field) => field.dataset.name === name);
    else if (kinds(node) === "list" || kinds(node) === "says") {
      const item = items(node).find((each) => each.dataset.index === name);
      next = item && inside(item);
    }
    if (!next) break;
    node = next;
  }
  return node;
}

export function isSame(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(one[key], other[key]))
  );
}
