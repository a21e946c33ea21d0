// What every page does: menus that open and close, a sign of work in progress, the first error in view.
function toggle(button, open) {
  const target = document.querySelector(button.dataset.toggle);
  const opened = target.classList.toggle("is-open", open);
  button.setAttribute("aria-expanded", String(opened));
  if (opened) target.querySelector("a, button")?.focus();
}

for (const button of document.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => toggle(button));
}

document.addEventListener("click", (event) => {
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    if (!pop.contains(event.target)) pop.open = false;
  }
  for (const button of document.querySelectorAll("[data-toggle][aria-expanded=true]")) {
    const target = document.querySelector(button.dataset.toggle);
    if (!target.contains(event.target) && !button.contains(event.target)) toggle(button, false);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    pop.open = false;
    pop.querySelector("summary").focus();
  }
  for (const button of document.querySelectorAll("[data-toggle][aria-expanded=true]")) {
    toggle(button, false);
    button.focus();
  }
});

// A second click on a sent form must not send it twice; the server's keys guard what gets through.
const line = document.createElement("div");
line.className = "progress-line";
document.body.append(line);
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (event.target.method === "post") event.target.dataset.sent = "yes";
  setTimeout(() => {
    if (event.target.dataset.sent || event.target.method === "get") document.body.classList.add("busy");
  }, 300);
});
window.addEventListener("pageshow", () => {
  document.body.classList.remove("busy");
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("htmx:afterRequest", (event) => {
  document.body.classList.remove("busy");
  delete event.target.dataset.sent;
});

document.querySelector("[data-focus-first]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[data-copied]").hidden = false;
  });
}
for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => history.back());
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
