// “I am here”: asks the browser for the position, puts it into the form and sends it.
// Without a position, or without this script, the person writes why.
(() => {
  const WAIT = { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 };

  function prepare(form) {
    const button = form.querySelector("[data-arrive-here]");
    const words = form.querySelector("[data-arrive-words]");
    const otherwise = form.querySelector("[data-arrive-else]");
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    otherwise.open = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      words.textContent = form.dataset.asking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.lon.value = coords.longitude.toFixed(6);
          form.elements.lat.value = coords.latitude.toFixed(6);
          form.elements.accuracy.value = Math.round(coords.accuracy);
          form.requestSubmit();
        },
        () => {
          button.disabled = false;
          words.textContent = form.dataset.failed;
          otherwise.open = true;
          form.elements.words.focus();
        },
        WAIT,
      );
    });
  }

  for (const form of document.querySelectorAll("[data-arrive]")) prepare(form);
})();
