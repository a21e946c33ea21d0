// What was written survives a lost connection, a closed tab and every error.
//
//   <form data-draft="report" data-draft-restored="…" data-draft-discard="…">   add data-draft-sent="yes" when the server
//                                                                             has filled the form in (it knows better)
//   <p data-draft-done="report">                                              on the page after success
//
// Fields with data-no-draft (names, telephone numbers), passwords, files and hidden keys are not kept.
(() => {
  // Each person has drafts of their own: the next one on this device sees none of them.
  const KEY = `draft:${document.querySelector('meta[name="person"]')?.content ?? ""}:`;

  function kept(form) {
    return [...form.elements].filter(
      (field) =>
        field.name && !field.disabled && field.dataset.noDraft === undefined &&
        !["password", "file", "submit", "button"].includes(field.type) &&
        (field.type !== "hidden" || field.dataset.draft !== undefined),
    );
  }

  function save(form) {
    const values = {};
    for (const field of kept(form)) {
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.checked) (values[field.name] ??= []).push(field.value);
      } else if (field.value) values[field.name] = [field.value];
    }
    try {
      localStorage.setItem(KEY + form.dataset.draft, JSON.stringify(values));
    } catch {
      // Private windows may refuse; the form itself still works.
    }
  }

  function restore(form) {
    const values = JSON.parse(localStorage.getItem(KEY + form.dataset.draft) ?? "{}");
    let changed = false;
    for (const field of kept(form)) {
      const [value] = values[field.name] ?? [];
      if (value === undefined) continue;
      if (["checkbox", "radio"].includes(field.type)) {
        changed ||= field.checked !== values[field.name].includes(field.value);
        field.checked = values[field.name].includes(field.value);
      } else if (!field.value) {
        field.value = value;
        changed = true;
      }
    }
    return changed;
  }

  function offerToDiscard(form) {
    const notice = document.createElement("p");
    notice.className = "notice tone-work";
    notice.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = form.dataset.draftRestored;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-ghost";
    button.textContent = form.dataset.draftDiscard;
    button.addEventListener("click", () => {
      localStorage.removeItem(KEY + form.dataset.draft);
      form.reset();
      notice.remove();
    });
    notice.append(words, button);
    form.prepend(notice);
  }

  for (const done of document.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(KEY + done.dataset.draftDone);
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (form.dataset.draftSent !== "yes" && restore(form)) offerToDiscard(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("change", () => save(form));
  }
})();
