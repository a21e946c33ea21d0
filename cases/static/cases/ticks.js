// Rows of a list are ticked all at once; the button says how many are.
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const form = all.closest("form");
  const boxes = [...form.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)];
  const shown = form.querySelector(`[data-ticked="${all.dataset.tickAll}"]`);

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    shown.textContent = ticked;
    shown.hidden = !ticked;
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
}
