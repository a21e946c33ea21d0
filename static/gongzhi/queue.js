// What was written without a connection: sealed on this device, sent when the connection is back.
// Used by pages and by the service worker, so it touches no document.
//
//   await fieldQueue.unlock()                 asks the server who is here; answers "open", "offline" or "signed-out"
//   await fieldQueue.add({id, kind, label, url, fields: [[name, value]], photos: [[name, File]]})
//   await fieldQueue.list()                   my entries: {id, kind, label, state, why, tries, at}
//   await fieldQueue.photosOf(entry)         of one of my entries: [[name, File]]
//   await fieldQueue.flush()                  sends what waits; "sent", "nothing", "offline", "signed-out", "busy", "later"
//   await fieldQueue.keep(name, value)        what is taken along, sealed as well; fieldQueue.kept(name)
//
// Everything is encrypted (AES-GCM) with a key that the server derives for the account and hands over only to it. The
// key lies here as one that cannot be read out, and goes as soon as a page says that somebody else is here, or nobody.
// `id` is the key that makes a repeat harmless: the server answers a second try with what the first has made.
(() => {
  const NAME = "gongzhi-field";
  const SESSION = "/field/session/";
  const OWNER = "field-owner"; // in localStorage, for gongzhi/device.js
  const LONGEST_ALONE = 24 * 3600 * 1000; // so long the server need not confirm who is here

  function asked(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  let opened = null;
  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("keys", { keyPath: "id" });
        request.result.createObjectStore("entries", { keyPath: "id" });
        request.result.createObjectStore("photos", { keyPath: ["entry", "place"] });
        request.result.createObjectStore("kept", { keyPath: ["owner", "name"] });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  async function within(stores, mode, work) {
    const transaction = (await database()).transaction(stores, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const answer = await work(...stores.map((name) => transaction.objectStore(name)));
    await done;
    return answer;
  }

  // -- Keys ------------------------------------------------------------------------------------

  async function keys() {
    const rows = await within(["keys"], "readonly", (store) => asked(store.getAll()));
    const fresh = rows.filter((row) => Date.now() - row.confirmed < LONGEST_ALONE);
    if (rows.length && !fresh.length) await lock();
    return fresh.sort((a, b) => a.rank - b.rank);
  }

  // Forget the key and what was taken along; what waits stays, unreadable without the key.
  async function lock() {
    await within(["keys", "kept"], "readwrite", async (store, kept) => {
      await asked(store.clear());
      await asked(kept.clear());
    });
    if (self.localStorage) localStorage.removeItem(OWNER);
  }

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  async function remember(given) {
    const rows = [];
    for (const [rank, { id, secret }] of given.keys.entries()) {
      const key = await crypto.subtle.importKey("raw", bytes(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
      rows.push({ id, key, rank, confirmed: Date.now() });
    }
    const own = new Set(rows.map((row) => row.id));
    const before = await within(["keys"], "readonly", (store) => asked(store.getAllKeys()));
    if (before.some((id) => !own.has(id))) await lock();
    await within(["keys"], "readwrite", async (store) => {
      await asked(store.clear());
      for (const row of rows) await asked(store.put(row));
    });
    if (self.localStorage) localStorage.setItem(OWNER, given.tag);
  }

  // Who is here, by the server's word: {state: "open", csrf, …}, {state: "offline"} or {state: "signed-out"}.
  async function session() {
    let answer;
    try {
      answer = await fetch(SESSION, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    } catch {
      return { state: "offline" };
    }
    const said = await answer.json().catch(() => null);
    if (answer.status >= 500 || answer.status === 429) return { state: "offline" };
    if (!answer.ok || !said) {
      await lock();
      return { state: "signed-out" };
    }
    const { keys: _keys, ...given } = said;
    await remember(said);
    return { state: "open", ...given };
  }

  async function unlock() {
    const here = await session();
    if (here.state !== "offline") return here;
    return { state: (await keys()).length ? "offline" : "locked" };
  }

  // -- Sealing ---------------------------------------------------------------------------------

  async function seal(key, content) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, content) };
  }

  function unseal(key, { iv, sealed }) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
  }

  const asBytes = (value) => new TextEncoder().encode(JSON.stringify(value));
  const asValue = (content) => JSON.parse(new TextDecoder().decode(content));

  async function mine(rows) {
    const byId = new Map((await keys()).map((row) => [row.id, row.key]));
    return rows.filter((row) => byId.has(row.owner)).map((row) => [row, byId.get(row.owner)]);
  }

  // -- Entries ---------------------------------------------------------------------------------

  async function add({ photos = [], ...said }) {
    const [own] = await keys();
    if (!own) throw new Error("locked");
    const about = { ...said, why: "", tries: 0, at: Date.now() };
    const row = { id: said.id, owner: own.id, made: Date.now(), state: "waiting", ...(await seal(own.key, asBytes(about))) };
    const pictures = [];
    for (const [place, [name, file]] of photos.entries()) {
      const head = await seal(own.key, asBytes({ name, file: file.name, type: file.type }));
      const body = await seal(own.key, await file.arrayBuffer());
      pictures.push({ entry: said.id, place, head, iv: body.iv, sealed: new Blob([body.sealed]) });
    }
    await within(["entries", "photos"], "readwrite", async (entries, store) => {
      await asked(store.delete(IDBKeyRange.bound([said.id, 0], [said.id, Infinity])));
      await asked(entries.put(row));
      for (const picture of pictures) await asked(store.put(picture));
    });
    await wake();
    tell();
  }

  async function list() {
    const rows = await within(["entries"], "readonly", (store) => asked(store.getAll()));
    const found = [];
    for (const [row, key] of await mine(rows)) {
      found.push({ ...asValue(await unseal(key, row)), state: row.state, made: row.made, owner: row.owner });
    }
    return found.sort((a, b) => a.made - b.made);
  }

  async function photosOf(entry) {
    const range = IDBKeyRange.bound([entry.id, 0], [entry.id, Infinity]);
    const rows = await within(["photos"], "readonly", (store) => asked(store.getAll(range)));
    const key = (await keys()).find((row) => row.id === entry.owner).key;
    const found = [];
    for (const row of rows) {
      const about = asValue(await unseal(key, row.head));
      const content = await unseal(key, { iv: row.iv, sealed: await row.sealed.arrayBuffer() });
      found.push([about.name, new File([content], about.file, { type: about.type })]);
    }
    return found;
  }

  async function change(entry, state, changes) {
    const own = (await keys()).find((row) => row.id === entry.owner);
    if (!own) return;
    const { made, owner, renewed: _renewed, ...about } = { ...entry, ...changes };
    delete about.state;
    const row = { id: entry.id, owner, made, state, ...(await seal(own.key, asBytes(about))) };
    await within(["entries"], "readwrite", async (store) => {
      if (await asked(store.getKey(entry.id))) await asked(store.put(row));
    });
    tell();
  }

  async function remove(id) {
    await within(["entries", "photos"], "readwrite", async (entries, photos) => {
      await asked(entries.delete(id));
      await asked(photos.delete(IDBKeyRange.bound([id, 0], [id, Infinity])));
    });
    tell();
  }

  async function retry(id) {
    const entry = (await list()).find((one) => one.id === id);
    if (entry) await change(entry, "waiting", { why: "" });
    return flush();
  }

  // What was refused for want of one answer goes on with it, under the same key.
  async function amend(id, name, value) {
    const entry = (await list()).find((one) => one.id === id);
    if (!entry) return "nothing";
    const fields = [...entry.fields.filter(([each]) => each !== name), [name, value]];
    await change(entry, "waiting", { fields, why: "", code: "" });
    return flush();
  }

  // -- Sending ---------------------------------------------------------------------------------

  function flush() {
    if (!self.navigator.locks) return sendAll();
    return navigator.locks.request(NAME, { ifAvailable: true }, (held) => (held ? sendAll() : "busy"));
  }

  async function sendAll() {
    const waiting = (await list()).filter((entry) => entry.state === "waiting");
    if (!waiting.length) return "nothing";
    let here = await session();
    if (here.state !== "open") return here.state;
    for (const entry of waiting) {
      let outcome = await send(entry, here.csrf);
      if (outcome.again) {
        here = await session();
        if (here.state !== "open") return here.state;
        outcome = await send(entry, here.csrf);
      }
      if (outcome.stop) {
        await change(entry, "waiting", { tries: entry.tries + 1 });
        return outcome.stop;
      }
      if (outcome.done) await sent(entry, outcome.done);
      else await change(entry, "refused", { why: outcome.why ?? "", code: outcome.code ?? "", status: outcome.status, tries: entry.tries + 1 });
    }
    return "sent";
  }

  async function send(entry, csrf) {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    for (const [name, file] of await photosOf(entry)) body.append(name, file);
    const headers = { Accept: "application/json", "X-CSRFToken": csrf };
    let answer;
    try {
      answer = await fetch(entry.url, { method: "POST", body, headers, redirect: "manual" });
    } catch {
      return { stop: "offline" };
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      await lock();
      return { stop: "signed-out" };
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status >= 500 || answer.status === 429) return { stop: "later" };
    if (answer.ok) return { done: said };
    // A refused token comes as a page, or as words of the API without a code.
    if (answer.status === 403 && !said.code && !entry.renewed) {
      entry.renewed = true;
      return { again: true };
    }
    return { why: words(said), code: said.code, status: answer.status };
  }

  function words(said) {
    if (typeof said === "string") return said;
    if (said?.detail) return String(said.detail);
    return Object.values(said ?? {}).flat().map(words).join(" ");
  }

  async function sent(entry, said) {
    const before = (await kept("sent")) ?? [];
    const row = { id: entry.id, kind: entry.kind, label: entry.label, at: Date.now(), number: said.number ?? "", url: said.url ?? "" };
    await keep("sent", [row, ...before.filter((one) => one.id !== entry.id)].slice(0, 20));
    await remove(entry.id);
    tell("sent");
  }

  // -- What is taken along -----------------------------------------------------------------------

  async function keep(name, value) {
    const [own] = await keys();
    if (!own) return;
    const row = { owner: own.id, name, ...(await seal(own.key, asBytes(value))) };
    await within(["kept"], "readwrite", (store) => asked(store.put(row)));
  }

  async function kept(name) {
    for (const own of await keys()) {
      const row = await within(["kept"], "readonly", (store) => asked(store.get([own.id, name])));
      if (row) return asValue(await unseal(own.key, row));
    }
    return null;
  }

  // -- Others who want to know -------------------------------------------------------------------

  const channel = self.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const listeners = new Set();
  function tell(what = "changed") {
    channel?.postMessage(what);
    for (const listener of listeners) listener(what);
  }
  channel?.addEventListener("message", ({ data }) => {
    for (const listener of listeners) listener(data);
  });

  async function wake() {
    const worker = await self.navigator.serviceWorker?.getRegistration?.();
    await worker?.sync?.register("field-queue").catch(() => {});
  }

  self.fieldQueue = {
    unlock, lock, add, list, photosOf, remove, retry, amend, flush, keep, kept,
    onChange: (listener) => listeners.add(listener),
  };
})();
