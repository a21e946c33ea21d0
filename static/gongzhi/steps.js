// A long form one part a screen; it is sent without leaving the page, so that chosen photos survive
// every error and a lost connection. Without scripts it is one long page with the same fields.
(() => {
  function prepare(form) {
    const steps = [...form.querySelectorAll("[data-step]")];
    const list = document.createElement("ol");
    list.className = "stages";
    for (const step of steps) {
      const item = document.createElement("li");
      item.textContent = step.querySelector("h2").textContent;
      list.append(item);
    }
    form.prepend(list);
    let current = 0;

    function show(place, { focus = true } = {}) {
      current = place;
      steps.forEach((step, index) => {
        step.hidden = index !== place;
        if (index === place) list.children[index].setAttribute("aria-current", "step");
        else list.children[index].removeAttribute("aria-current");
      });
      window.dispatchEvent(new Event("resize")); // a map drawn while hidden measures itself again
      if (focus) {
        steps[place].querySelector("h2").focus({ preventScroll: true });
        form.scrollIntoView({ block: "start" });
      }
    }

    function firstWrong() {
      return steps.findIndex((step) => step.querySelector(".field-wrong"));
    }

    function fits(step) {
      const wrong = [...step.querySelectorAll("[required]")].find((field) => !field.checkValidity());
      if (wrong) wrong.reportValidity();
      return !wrong;
    }

    form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.stepNext !== undefined && fits(steps[current])) show(current + 1);
      if (button?.dataset.stepBack !== undefined) show(current - 1);
      const link = event.target.closest("[data-errors] a");
      if (!link) return;
      const field = form.querySelector(link.getAttribute("href"));
      show(steps.findIndex((step) => step.contains(field)), { focus: false });
      event.preventDefault();
      field.focus();
    });

    // Enter inside a field of an early step means "next", not "send".
    form.addEventListener("keydown", (event) => {
      const isField = event.target.matches("input:not([type=submit], [type=button], [type=file])");
      if (event.key !== "Enter" || !isField || current === steps.length - 1) return;
      event.preventDefault();
      if (fits(steps[current])) show(current + 1);
    });

    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      send(form, { show, firstWrong });
    });

    show(Math.max(0, firstWrong()), { focus: false });
  }

  async function send(form, { show, firstWrong }) {
    const errors = form.querySelector("[data-errors]");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.redirected) {
        location.assign(answer.url);
        return;
      }
      takeOver(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
      const wrong = firstWrong();
      if (wrong >= 0) show(wrong, { focus: false });
      errors.querySelector("[data-focus-first]")?.focus();
    } catch {
      const words = document.createElement("p");
      words.className = "notice tone-asked";
      words.setAttribute("role", "alert");
      words.textContent = form.dataset.offline;
      errors.replaceChildren(words);
      words.scrollIntoView({ block: "center" });
    }
    delete form.dataset.sent;
    document.body.classList.remove("busy");
  }

  // What the server says about each field takes the old words' place; the controls stay as they are.
  function takeOver(form, page) {
    const said = page.querySelector("form[data-steps]");
    form.querySelector("[data-errors]").replaceChildren(...(said?.querySelector("[data-errors]").childNodes ?? []));
    for (const control of form.querySelectorAll(".field [name]")) {
      const field = control.closest(".field");
      const answer = said?.querySelector(`[name="${control.name}"]`)?.closest(".field");
      if (!answer) continue;
      field.className = answer.className;
      field.querySelector(".field-error")?.remove();
      const words = answer.querySelector(".field-error");
      if (words) field.append(words);
      control.classList.toggle("is-invalid", Boolean(words));
      for (const name of ["aria-invalid", "aria-describedby"]) {
        const given = said.querySelector(`[name="${control.name}"]`).getAttribute(name);
        if (given) control.setAttribute(name, given);
        else control.removeAttribute(name);
      }
    }
  }

  for (const form of document.querySelectorAll("form[data-steps]")) prepare(form);
})();
