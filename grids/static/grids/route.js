// "From where I am": today's route begins where the reader stands.
(() => {
  const button = document.querySelector("[data-from-here]");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        location.search = `?lon=${coords.longitude.toFixed(6)}&lat=${coords.latitude.toFixed(6)}`;
      },
      () => {
        button.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
})();
