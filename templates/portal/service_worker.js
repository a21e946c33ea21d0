{% load static %}// Without a connection a page that cannot be fetched is answered by the offline page.
// Nothing else is kept: what pages show must be what the server says now.
const KEPT = "offline-1";
const FILES = [
  "{% url "portal:offline" %}",
  "{% static "npm/@tabler/core/dist/css/tabler.min.css" %}",
  "{% static "gongzhi/tokens.css" %}",
  "{% static "gongzhi/parts.css" %}",
  "{% static "gongzhi/faces.css" %}",
  "{% static "gongzhi/preferences.js" %}",
  "{% static "gongzhi/pages.js" %}",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== KEPT);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const page = event.request.mode === "navigate";
  if (!page && !FILES.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(
    fetch(event.request).catch(() => caches.match(page ? "{% url "portal:offline" %}" : event.request)),
  );
});
