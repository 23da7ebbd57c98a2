// The worker, as functions that return promises.
//
// A worker that stops, as it has no memory left or a file of it could not be loaded, answers no
// call any more: all are rejected then, and `stopped` is called once.
export class Checks {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #last = 0;
  hasStopped = false;

  constructor(stopped) {
    this.#worker.onmessage = ({ data: { id, result, error } }) => {
      const [resolve, reject] = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    this.#worker.onerror = this.#worker.onmessageerror = (event) => {
      event.preventDefault();
      if (this.hasStopped) return;
      this.stop();
      stopped();
    };
  }

  stop() {
    this.hasStopped = true;
    this.#worker.terminate();
    for (const [, reject] of this.#waiting.values()) reject(new Error("the worker stopped"));
    this.#waiting.clear();
  }

  call(name, ...args) {
    if (this.hasStopped) return Promise.reject(new Error("the worker stopped"));
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#last, [resolve, reject]);
      this.#worker.postMessage({ id: this.#last, name, args });
    });
  }
}
