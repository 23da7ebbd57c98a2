// The fields of the record that a source supports, as checkboxes: those that the record has first.
import { collect, names, titleOf } from "./fields.js";

// The names of fields that can be supported: date, terms.term, parties.AZ.ratified.
function supportable(form) {
  const found = new Map();
  for (const field of form.querySelectorAll("[data-supportable]")) {
    const outer = field.parentElement.closest("[data-kind]");
    const party = field.closest(".item") && collect(outer);
    const code = party && (party.country ?? party.organisation);
    const around = outer.closest(".field");
    const path = [around?.dataset.name, code, field.dataset.name].filter(Boolean);
    const isFilled = collect(field) !== undefined;
    if (isFilled || !(field.closest("[hidden]") || field.closest(".item")))
      found.set(path.join("."), { isFilled, titles: [around && titleOf(around), code, titleOf(field)] });
  }
  return found;
}

// Show the checkboxes of each source, unless they are there already.
export function showNames(form) {
  const all = supportable(form);
  const { activeElement: active } = document;
  for (const field of form.querySelectorAll('[data-kind="names"]')) {
    const hasFocus = field.contains(active);
    const checked = names(field);
    const known = [...all.keys()];
    const first = known.filter((name) => all.get(name).isFilled || checked.includes(name));
    first.push(...checked.filter((name) => !all.has(name)));
    fill(field.querySelector("[data-filled]"), first, checked, all);
    const rest = known.filter((name) => !first.includes(name));
    fill(field.querySelector("[data-empty]"), rest, checked, all);
    field.querySelector("details").hidden = !rest.length;
    if (hasFocus && !active.isConnected)
      [...field.querySelectorAll("input")].find((box) => box.value === active.value)?.focus();
  }
}

function fill(place, listed, checked, all) {
  const shown = JSON.stringify(listed);
  if (place.dataset.shown !== shown) {
    place.dataset.shown = shown;
    place.replaceChildren(...listed.map((name) => choice(name, all.get(name)?.titles ?? [name])));
  }
  for (const box of place.querySelectorAll("input")) box.checked = checked.includes(box.value);
}

function choice(name, titles) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.value = name;
  label.append(box, ` ${titles.filter(Boolean).join(", ")}`);
  return label;
}

// Note that a checkbox was used; a name that is added is the last.
export function useName(box) {
  const field = box.closest('[data-kind="names"]');
  const others = names(field).filter((name) => name !== box.value);
  field.dataset.names = JSON.stringify(box.checked ? [...others, box.value] : others);
}
