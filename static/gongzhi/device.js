// Whose device this is now: a page says who has signed in (<meta name="person">), and what the person before has
// left here becomes unreadable. What waits to be sent stays, sealed, until its owner signs in again.
(() => {
  const OWNER = "field-owner";
  const said = document.querySelector('meta[name="person"]');
  const person = said?.content ?? "";

  function forgetKey() {
    localStorage.removeItem(OWNER);
    const request = indexedDB.open("gongzhi-field");
    request.onupgradeneeded = () => request.transaction.abort(); // nothing was ever kept here
    request.onsuccess = () => {
      const names = ["keys", "kept"].filter((name) => request.result.objectStoreNames.contains(name));
      if (names.length) {
        const change = request.result.transaction(names, "readwrite");
        for (const name of names) change.objectStore(name).clear();
      }
      request.result.close();
    };
  }

  try {
    if (said && (localStorage.getItem(OWNER) ?? person) !== person) forgetKey();
    // Who signs out on purpose takes the drafts along.
    for (const form of document.querySelectorAll("form[data-sign-out]")) {
      form.addEventListener("submit", () => {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith(`draft:${person}:`)) localStorage.removeItem(key);
        }
      });
    }
  } catch {
    // A private window may refuse storage: then nothing was kept either.
  }
})();
