// The worker, as functions that return promises.
export class Checks {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #last = 0;

  constructor() {
    this.#worker.onmessage = ({ data: { id, result, error } }) => {
      const [resolve, reject] = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      for (const [, reject] of this.#waiting.values()) reject(new Error("the worker stopped"));
      this.#waiting.clear();
    };
  }

  call(name, ...args) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#last, [resolve, reject]);
      this.#worker.postMessage({ id: this.#last, name, args });
    });
  }
}
