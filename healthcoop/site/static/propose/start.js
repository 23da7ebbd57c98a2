// Starts the form where it can work. Not a module, as none may be loaded on file://; and in the head,
// so that the page is laid out for the form from the beginning.
"use strict";
(() => {
  const obstacle =
    location.protocol === "file:"
      ? "The form does not work in a page that is opened as a file, as browsers do not run " +
        "WebAssembly there: run “healthcoop site serve”, or open the published site."
      : typeof WebAssembly !== "object" || typeof Worker !== "function"
        ? "The form needs a browser with WebAssembly and workers."
        : "";
  const root = document.documentElement;
  root.classList.toggle("form", !obstacle);

  function giveUp(reason) {
    root.classList.remove("form");
    document.getElementById("why").textContent = reason;
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (obstacle) {
      giveUp(obstacle);
      return;
    }
    const page = document.getElementById("propose");
    import(new URL(page.dataset.form, location.href).href)
      .then((form) => form.start(page))
      .then(() => page.classList.add("open"))
      .catch(() => giveUp("The form could not be loaded: reload the page."));
  });
})();
