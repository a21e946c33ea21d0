// The logging form: says so when the connection is lost, brings the list of errors into view,
// and asks again for what a restored draft has changed.
(() => {
  const form = document.querySelector("#log-form");
  if (!form) return;
  const lost = document.querySelector(form.dataset.lost);

  form.addEventListener("htmx:sendError", () => {
    lost.hidden = false;
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === form) lost.hidden = true;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "log-answer") event.target.querySelector("[data-focus-first]")?.focus();
  });
  document.addEventListener("htmx:load", () => {
    for (const field of [form.elements.text, form.elements.address]) {
      if (field.value) window.htmx.trigger(field, "input");
    }
  }, { once: true });
})();
