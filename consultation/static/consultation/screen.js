/* The screen of a room: the code changes every minute, so the page is fetched again before. */
"use strict";

const screen = document.querySelector("[data-fetch-again]");
if (screen) {
  const seconds = Number(screen.dataset.fetchAgain);
  window.setInterval(async () => {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-fetch-again]");
      if (answer.ok && fresh) screen.replaceChildren(...fresh.childNodes);
    } catch {
      // Without a connection the code stays until the next try; an old one is refused.
    }
  }, seconds * 1000);
}
