// The page for the street: what is due, a visit, a case, and what waits on this device. Drawn from what the device has
// taken along, so that it is the same with and without a connection.
(() => {
  const { VisitForm, CaseForm, words, say, copy, metres, position } = self.fieldForms;
  const queue = self.fieldQueue;
  const by = (id) => document.querySelector(id);
  const PARTS = ["visits", "visit", "case", "queue"];
  const EVERY = 30_000;
  let taken = { plans: [], kinds: [] };
  let categories = [];
  let here = null;
  let state = "offline";
  let session = {};

  // -- What was taken along ----------------------------------------------------------------------

  function categoryOf(text) {
    const typed = text.trim().toLowerCase();
    return typed ? categories.find((one) => one.name.toLowerCase() === typed || one.code === typed) : undefined;
  }

  async function fetched(url) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
      const said = await answer.json().catch(() => null);
      return answer.ok ? said : null;
    } catch {
      return null;
    }
  }

  async function take() {
    if (session.visits) {
      const plan = await fetched("/api/v1/visits/plan/");
      if (plan) await queue.keep("plan", { ...plan, at: Date.now() });
    }
    if (session.logs) {
      const listed = await fetched("/field/categories/");
      const before = await queue.kept("categories");
      if (listed && listed.version !== before?.version) await queue.keep("categories", listed);
    }
  }

  async function recall() {
    taken = (await queue.kept("plan")) ?? { plans: [], kinds: [] };
    categories = (await queue.kept("categories"))?.categories ?? [];
    by("#field-categories").replaceChildren(
      ...categories.map((one) => Object.assign(document.createElement("option"), { value: one.name, label: one.large })),
    );
  }

  // -- Drawing -------------------------------------------------------------------------------------

  function kindOf(plan) {
    return taken.kinds.find((kind) => kind.id === plan.kind);
  }

  function nameOf(kind) {
    return (document.documentElement.lang === "en" && kind.name_en) || kind.name;
  }

  function awayFrom({ target }) {
    return here && target.lon !== null ? metres([target.lon, target.lat], [here.lon, here.lat]) : null;
  }

  // From where one stands always to the nearest next; without a position by the day it is due.
  function inOrder(plans) {
    if (!here) return plans;
    const rest = plans.filter((plan) => plan.target.lon !== null);
    const route = [];
    let place = [here.lon, here.lat];
    while (rest.length) {
      const far = rest.map(({ target }) => metres([target.lon, target.lat], place));
      const [next] = rest.splice(far.indexOf(Math.min(...far)), 1);
      place = [next.target.lon, next.target.lat];
      route.push(next);
    }
    return [...route, ...plans.filter((plan) => plan.target.lon === null)];
  }

  async function drawDue() {
    const done = new Set((await queue.list()).map((entry) => entry.plan));
    const plans = inOrder(taken.plans.filter((plan) => kindOf(plan)?.form && !done.has(plan.id)));
    by("#field-due").replaceChildren(...(plans.length ? plans.map(dueRow) : [empty(words.none_due)]));
    by("#field-taken").textContent = taken.at
      ? say("taken_at", { time: new Date(taken.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }) })
      : "";
  }

  function dueRow(plan) {
    const row = copy("#due-row");
    const { target } = plan;
    row.querySelector("[data-name]").textContent = target.name;
    row.querySelector("[data-kind]").textContent = nameOf(kindOf(plan));
    row.querySelector("[data-where]").textContent = [target.grid === target.name ? "" : target.grid, target.address].filter(Boolean).join(" · ");
    row.querySelector("[data-late]").hidden = !plan.is_late;
    const away = awayFrom(plan);
    row.querySelector("[data-away]").textContent = away === null ? dayOf(plan.due_on) : say("away", { metres: Math.round(away) });
    row.querySelector("[data-open]").href = `#visit-${plan.id}`;
    return row;
  }

  function dayOf(day) {
    return new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { month: "short", day: "numeric" });
  }

  function empty(text) {
    return Object.assign(document.createElement("li"), { className: "quiet", textContent: text });
  }

  async function drawQueue() {
    const entries = await queue.list();
    const rows = entries.map(queueRow);
    by("#field-waiting").replaceChildren(...(rows.length ? rows : [empty(words.none_waiting)]));
    const count = by("#field-count");
    count.textContent = entries.length;
    count.hidden = !entries.length;
    by("#field-file").hidden = !entries.length;
    const sent = (await queue.kept("sent")) ?? [];
    by("#field-sent").replaceChildren(...sent.map(sentRow));
    by("#field-sent-lately").hidden = !sent.length;
  }

  function queueRow(entry) {
    const row = copy("#queue-row");
    row.querySelector("[data-name]").textContent = entry.label;
    row.querySelector("[data-kind]").textContent = words[entry.kind];
    const refused = entry.state === "refused";
    row.querySelector("[data-why]").textContent = refused ? entry.why || (entry.status === 403 ? words.forbidden : words.gone) : "";
    row.querySelector("[data-waiting]").hidden = refused;
    row.querySelector("[data-refused]").hidden = !refused;
    amendable(row, entry);
    row.querySelector("[data-retry]").addEventListener("click", async () => after(await queue.retry(entry.id)));
    row.querySelector("[data-delete]").addEventListener("click", () => {
      if (confirm(say("delete", { label: entry.label }))) queue.remove(entry.id);
    });
    return row;
  }

  async function saveFile() {
    const file = await self.fieldFile.fileOf(await queue.list(), queue.photosOf, { kinds: taken.kinds, categories });
    self.fieldFile.save(file);
    tell(say("file_saved", { name: file.name }));
  }

  // Too far from the target, as the server sees it: the reason is all that is missing.
  function amendable(row, entry) {
    const form = row.querySelector("[data-amend]");
    form.hidden = entry.state !== "refused" || entry.code !== "far";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      delete form.dataset.sent;
      const reason = form.elements.far_reason.value.trim();
      if (reason) await after(await queue.amend(entry.id, "far_reason", reason));
    });
  }

  function sentRow(one) {
    const row = copy("#sent-row");
    row.querySelector("[data-name]").textContent = one.label;
    row.querySelector("[data-kind]").textContent = [words[one.kind], one.number].filter(Boolean).join(" ");
    const link = row.querySelector("[data-open]");
    link.hidden = !one.url;
    if (one.url) link.href = one.url;
    return row;
  }

  function drawState() {
    by("#field-state").textContent = words[{ open: "online" }[state] ?? state] ?? words.offline;
    by("#field-locked").hidden = !["signed-out", "locked"].includes(state);
  }

  // -- Moving about ----------------------------------------------------------------------------------

  const visitForm = new VisitForm(by("#visit-form"), categoryOf);
  const caseForm = new CaseForm(by("#case-form"), categoryOf);

  async function show() {
    const [name, key] = location.hash.slice(1).split("-");
    const plan = name === "visit" ? taken.plans.find((one) => String(one.id) === key) : null;
    const wanted = name || (location.pathname.startsWith("/cases/") ? "case" : "visits");
    const part = PARTS.includes(wanted) && (wanted !== "visit" || plan) ? wanted : "visits";
    for (const each of PARTS) by(`#field-${each}`).hidden = each !== part;
    for (const link of document.querySelectorAll("[data-part]")) {
      if (link.dataset.part === part || (part === "visit" && link.dataset.part === "visits")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (plan) beginVisit(plan);
    if (part === "visits") await drawDue();
    if (part === "queue") await drawQueue();
  }

  function beginVisit(plan) {
    if (visitForm.plan?.id !== plan.id) visitForm.begin(plan, kindOf(plan));
    by("#field-visit-heading").textContent = `${nameOf(kindOf(plan))} · ${plan.target.name}`;
    by("#field-visit-where").textContent = [plan.target.grid, plan.target.address, plan.target.note].filter(Boolean).join(" · ");
    by("#field-visit-heading").focus();
  }

  function tell(text) {
    by("#field-said").textContent = text;
    by("#field-said").hidden = !text;
    if (text) by("#field-said").scrollIntoView({ block: "center" });
  }

  async function keep(form, next) {
    const entry = form.entry();
    if (!entry) return;
    try {
      await queue.add(entry);
    } catch {
      state = "locked";
      drawState();
      form.refuse(words.not_kept);
      return;
    }
    next();
    tell(words.kept);
    const outcome = await queue.flush();
    await after(outcome);
    if (outcome === "sent" && !(await queue.list()).some((one) => one.id === entry.id)) tell(words.kept_and_sent);
  }

  async function after(outcome) {
    if (["offline", "signed-out"].includes(outcome)) state = outcome;
    if (outcome === "sent") {
      state = "open";
      await take(); // what has been visited is due no more
    }
    if (["sent", "signed-out"].includes(outcome)) await recall();
    drawState();
    await drawQueue();
    if (!by("#field-visits").hidden) await drawDue();
  }

  // -- The beginning ---------------------------------------------------------------------------------

  async function look() {
    session = await queue.unlock();
    state = session.state;
    if (state === "open") await take();
    if (state !== "offline") await recall();
    drawState();
    if (state === "open") await after(await queue.flush());
  }

  for (const [form, next] of [[visitForm, "#visits"], [caseForm, "#queue"]]) {
    form.form.addEventListener("submit", (event) => {
      event.preventDefault();
      delete form.form.dataset.sent; // pages.js guards forms that leave the page
      keep(form, () => {
        if (form === caseForm) caseForm.begin();
        else visitForm.plan = null;
        location.hash = next;
      });
    });
  }
  by("[data-nearest]").addEventListener("click", async () => {
    here = await position();
    await drawDue();
  });
  by("[data-send-now]").addEventListener("click", look);
  by("[data-save-file]").addEventListener("click", saveFile);
  queue.onChange((what) => {
    if (what === "sent") state = "open"; // also when the service worker has sent it
    drawState();
    drawQueue();
  });
  addEventListener("hashchange", show);
  addEventListener("online", look);
  addEventListener("offline", () => {
    state = state === "open" ? "offline" : state;
    drawState();
  });
  setInterval(async () => {
    if ((await queue.list()).some((entry) => entry.state === "waiting")) await after(await queue.flush());
  }, EVERY);

  (async () => {
    await recall();
    const asked = new URLSearchParams(location.search).get("plan");
    if (asked && !location.hash) history.replaceState(null, "", `${location.pathname}#visit-${asked}`);
    await show();
    await drawQueue();
    await look();
    await show();
    document.documentElement.dataset.ready = "yes";
  })();
})();
