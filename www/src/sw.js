// @ts-nocheck: a worker's globals, among a page's. // Keeps one version of the playground whole: its page never meets scripts of another build.
const CACHE = `pointsman-${"%VERSION%"}`;
const FILES = ["%FILES%"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

/** Earlier versions of this very site: other sites of the same origin have caches too. */
async function forget() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("pointsman-") && name !== CACHE).map((name) => caches.delete(name)),
  );
}

/** What is kept; a folder's address is its index.html. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const page = request.mode === "navigate" && request.url.split(/[?#]/)[0].endsWith("/") ? "index.html" : request;
  return (await cache.match(page, { ignoreSearch: true })) ?? fetch(request);
}
