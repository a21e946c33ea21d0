// Suggest rows of a catalogue while one types. Without this script a code or a name is typed in full.
const WAIT = 200;

for (const field of document.querySelectorAll("[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("list"));
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const address = new URL(field.dataset.suggest, window.location.href);
      address.searchParams.set("q", field.value);
      const answer = await fetch(address);
      if (!answer.ok) return;
      const { options } = await answer.json();
      list.replaceChildren(
        ...options.map((text) => {
          const option = document.createElement("option");
          option.value = text;
          return option;
        }),
      );
    }, WAIT);
  });
}
