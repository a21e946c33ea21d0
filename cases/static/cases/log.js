// The logging form: says so when the connection is lost, brings the list of errors into view,
// and asks again for what a restored draft has changed.
(() => {
  const form = document.querySelector("#log-form");
  if (!form) return;
  const lost = document.querySelector(form.dataset.lost);

  // What the connection took is kept sealed on the device and sent by itself; sent by hand first, it is the same case.
  async function keep() {
    const key = form.elements.client_key.value;
    const said = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    await self.fieldQueue?.add({
      id: key, kind: "case", label: form.elements.text.value.trim().slice(0, 60), url: new URL(form.action).pathname,
      fields: said.filter(([, value]) => typeof value === "string"),
      photos: said.filter(([, value]) => value instanceof File && value.size),
    });
  }

  form.addEventListener("htmx:sendError", () => {
    lost.hidden = false;
    keep().catch(() => {}); // signed out meanwhile: the draft still holds the words
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) self.fieldQueue?.remove(form.elements.client_key.value);
  });
  self.fieldQueue?.unlock();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  // At a desk one types at once; on a telephone the keyboard would hide the page.
  if (window.matchMedia("(min-width: 1200px)").matches) form.elements.text.focus({ preventScroll: true });
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
