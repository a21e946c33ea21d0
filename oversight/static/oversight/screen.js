// The wall of the duty room shows what is now: the page loads itself again after `data-reload` seconds.
(() => {
  const seconds = Number(document.body.dataset.reload);
  if (seconds) setTimeout(() => location.reload(), seconds * 1000);
})();
