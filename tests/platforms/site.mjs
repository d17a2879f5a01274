import { createServer, request } from "node:http";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { listen } from "../runtimes/router/origin.mjs";
import { bundled } from "./bundle.mjs";

const PAGE = fileURLToPath(new URL("../../examples/service-worker/index.html", import.meta.url));
const BEHIND = /^\/behind\/(\w+)(\/.*)$/;

/**
 * A page's own server: the example's page and worker, the snapshot, and both origins under `/behind/NAME/`, as a page can only ask
 * its own origin without leave.
 * @param {import("./world.mjs").World} world
 */
export async function serveSite(world) {
  const { code, wasm } = await bundled("examples/service-worker/worker.mjs", "browser");
  /** @type {Record<string, [status: number, type: string, body: string | Buffer]>} */
  const files = {
    "/": [200, "text/html", readFileSync(PAGE)],
    "/worker.js": [200, "text/javascript", code],
    "/pointsman.wasm": [200, "application/wasm", wasm],
  };
  const server = createServer((asked, response) => {
    const behind = BEHIND.exec(asked.url ?? "");
    if (behind !== null) return relay(asked, response, world[behind[1] ?? ""].url + behind[2]);
    const [status, type, body] = files[asked.url ?? ""] ?? [404, "text/plain", `the site has no ${asked.url}`];
    return response.writeHead(status, { "content-type": type }).end(body);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const store = (status, body) => void (files["/snapshot.json"] = [status, "application/json", body]);
  return {
    url,
    put: async (snapshot) => store(200, JSON.stringify(behindSite(snapshot, url))),
    fail: async () => store(500, "the store is down"),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param {import("node:http").IncomingMessage} asked @param {import("node:http").ServerResponse} response @param {string} url */
function relay(asked, response, url) {
  const { method, headers } = asked;
  const sent = request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.pipe(sent);
}

/** The same backends, reached through the page's own server. */
function behindSite(snapshot, origin) {
  const reached = (name) => ({ origin, pathPrefix: `/behind/${name}` });
  return { ...snapshot, backends: { ...snapshot.backends, stable: reached("stable"), canary: reached("canary") } };
}
