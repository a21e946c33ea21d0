// What kind of matter the words mean, offered while a resident writes. Without it the page serves.
//
//   <div data-kinds="/report/kinds/" data-kinds-of="#id_text" data-kinds-into="#id_category" aria-live="polite"></div>
const WAIT = 700;

for (const place of document.querySelectorAll("[data-kinds]")) {
  const text = document.querySelector(place.dataset.kindsOf);
  const kind = document.querySelector(place.dataset.kindsInto);
  let timer = 0;
  let asked = 0;

  async function ask() {
    const turn = ++asked;
    const body = new FormData();
    body.set("text", text.value);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(place.dataset.kinds, { method: "POST", body });
      if (answer.ok && turn === asked) place.innerHTML = await answer.text();
    } catch {
      // without a connection the report can still be written
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    if (text.value.trim().length >= 4) timer = setTimeout(ask, WAIT);
  });
  place.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-kind]");
    if (!chosen) return;
    kind.value = chosen.dataset.kind;
    kind.dispatchEvent(new Event("input", { bubbles: true }));
    kind.focus();
  });
}
