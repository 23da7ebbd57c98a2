/* The results of the page "all records" as a file: the columns that `healthcoop list` has by these
   names, written as healthcoop/export/tables.py does. */
"use strict";

const COLUMNS = ["id", "date", "title", "type", "countries", "organisations"];
const MEDIA_TYPES = { csv: "text/csv", json: "application/json" };

/* `rows` are objects with COLUMNS; a list of codes in a cell is joined. */
function asCsv(rows) {
  const line = (cells) => `${cells.map(cell).join(",")}\r\n`;
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name]))].map(line).join("");
}

function cell(value) {
  const text = neutralised(Array.isArray(value) ? value.join("; ") : value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/* What a spreadsheet would run as a formula, or a CI log as a command, begins with '. */
function neutralised(text) {
  return text.replace(/(?<![^])(?=[=+\-@\t\r])|(?<![^\n])(?=\s*::)/g, "'");
}

function asJson(rows) {
  return rows.length ? `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n` : "[]\n";
}

function save(rows, format) {
  const text = { csv: asCsv, json: asJson }[format](rows);
  const file = new Blob([text], { type: `${MEDIA_TYPES[format]};charset=utf-8` });
  const link = element("a", { href: URL.createObjectURL(file), download: `records-found.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
