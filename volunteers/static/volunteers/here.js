// “I am here” and “I leave”: with the place of the telephone, and without a connection.
//
// What could not be sent is kept on the telephone under the shift's address and sent again when the
// connection is back. The server knows a repeat, and the code itself tells when it was read.
(() => {
  const STORE = "gongzhi-here";
  const read = () => JSON.parse(localStorage.getItem(STORE) ?? "[]");
  const write = (rows) => localStorage.setItem(STORE, JSON.stringify(rows));

  async function send(row) {
    const body = new FormData();
    Object.entries(row.fields).forEach(([name, value]) => body.set(name, value));
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token) body.set("csrfmiddlewaretoken", token.value);
    const answer = await fetch(row.address, { method: "POST", body, credentials: "same-origin" });
    return answer.status < 500;
  }

  async function sendKept() {
    const rows = read();
    const left = [];
    for (const row of rows) {
      try {
        if (!(await send(row))) left.push(row);
      } catch {
        left.push(row);
      }
    }
    write(left);
    if (rows.length && !left.length) location.reload();
  }

  function keep(form) {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    write([...read(), { address: location.pathname, fields }]);
    form.querySelector("[data-kept]").hidden = false;
  }

  function withPlace(form) {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude;
        form.elements.lat.value = coords.latitude;
        form.requestSubmit();
      },
      () => form.requestSubmit(),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  }

  document.querySelectorAll("form[data-here]").forEach((form) => {
    form.elements.key.value = crypto.randomUUID();
    const button = form.querySelector("[data-with-place]");
    if ("geolocation" in navigator) {
      button.hidden = false;
      form.querySelector("[data-place-words]").hidden = false;
      button.addEventListener("click", (event) => {
        event.preventDefault();
        withPlace(form);
      });
    }
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keep(form);
    }, true);
  });
  addEventListener("online", sendKept);
  if (navigator.onLine && read().length) sendKept();
})();
