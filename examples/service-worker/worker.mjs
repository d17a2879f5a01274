// A page's service worker: /snapshot.json is the snapshot, and the cookie uid names the visitor.
import { createEngine } from "pointsman";
import { createHandler } from "pointsman/service-worker";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener(
  "fetch",
  createHandler({
    createEngine,
    snapshot: "/snapshot.json",
    // A worker sees no `Cookie` header.
    context: async () => ({ userId: (await cookieStore.get("uid"))?.value }),
    interval: 1_000,
    debugHeader: true,
  }),
);
