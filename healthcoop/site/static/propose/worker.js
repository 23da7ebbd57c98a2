// Runs healthcoop in Pyodide. Answers {id, name, args} with {id, result} or {id, error}.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = (name) => new URL(name, import.meta.url).href;

async function load(name, kind) {
  const answer = await fetch(here(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer[kind]();
}

// Python asks for a record in the midst of a check, so this cannot be asynchronous. An empty text
// stands for one that could not be loaded.
function recordText(ident) {
  const request = new XMLHttpRequest();
  request.open("GET", here(`../../records/${encodeURIComponent(ident)}.yaml`), false);
  try {
    request.send();
  } catch {
    return "";
  }
  if (request.status >= 500) return "";
  return request.status === 200 ? request.responseText : undefined;
}

// Return a promise that is rejected when a request or WebAssembly fails. Where one of its own files
// cannot be loaded, Pyodide only logs it, and then waits for ever.
function lostFile() {
  return new Promise((_, reject) => {
    for (const [owner, name] of [
      [self, "fetch"],
      [WebAssembly, "instantiateStreaming"],
    ]) {
      const original = owner[name];
      owner[name] = (...args) => {
        const answer = original.apply(owner, args);
        answer.catch(reject);
        return answer;
      };
    }
  });
}

async function start(today) {
  const files = Promise.all([
    load("python.zip", "arrayBuffer"),
    load("checks.json", "text"),
    load("records.json", "text"),
  ]);
  files.catch(() => {}); // awaited below
  const python = await Promise.race([lostFile(), loadPyodide({ indexURL: here("pyodide/") })]);
  const [code, checks, records] = await files;
  python.unpackArchive(code, "zip", { extractDir: "/code" });
  python.runPython("import sys; sys.path.insert(0, '/code'); sys.dont_write_bytecode = True");
  return python.pyimport("healthcoop.site.propose.browser").Api(checks, records, recordText, today);
}

// What nothing waits for ends the worker, and with it the start.
self.onunhandledrejection = (event) => {
  event.preventDefault();
  throw event.reason;
};

let api;
self.onmessage = async ({ data: { id, name, args } }) => {
  try {
    if (name === "start") {
      api = start(...args);
      await api;
      self.postMessage({ id, result: null });
      return;
    }
    const result = (await api).call(name, JSON.stringify(args));
    self.postMessage({ id, result: JSON.parse(result) });
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error) });
  }
};
