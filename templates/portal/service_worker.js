{% load static %}// Without a connection a page that cannot be fetched is answered by the page for the street, where it is about work
// on the street, else by the offline page. Nothing else is kept: what pages show must be what the server says now.
// What waits on the device is sent when the browser says that the connection is back, also with every page closed.
const KEPT = "offline-{{ version }}";
const OFFLINE = "{% url "portal:offline" %}";
const FIELD = "{% url "portal:field" %}";
// On these a worker goes on with the page for the street.
const ON_SITE = [FIELD, "{% url "cases:log" %}", "{% url "grids:visits" %}", "{% url "portal:workbench" %}"];
const FILES = [OFFLINE, FIELD, {% for file in files %}"{% static file %}"{% if not forloop.last %}, {% endif %}{% endfor %}];

importScripts("{% static "gongzhi/queue.js" %}");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== KEPT);
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page for the street holds nothing of any person, so its newest form (and language) may be kept.
async function renewed(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) (await caches.open(KEPT)).put(FIELD, answer.clone());
  return answer;
}

function instead(path) {
  const page = ON_SITE.some((start) => path.startsWith(start)) ? FIELD : OFFLINE;
  return caches.match(page, { ignoreSearch: true });
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    const asked = pathname === FIELD ? renewed(event.request) : fetch(event.request);
    event.respondWith(asked.catch(() => instead(pathname)));
  } else if (FILES.includes(pathname)) {
    // Their names change with their content.
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "field-queue") return;
  event.waitUntil(
    self.fieldQueue.flush().then((outcome) => {
      if (["offline", "later"].includes(outcome)) throw new Error(outcome); // the browser comes back
    }),
  );
});
