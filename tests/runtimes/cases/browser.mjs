import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const TOP = new URL("../../../", import.meta.url);
const TYPES = { html: "text/html", js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

/**
 * Serves the repository, or another folder, on loopback, as any static host would.
 * @param {string | URL} root
 * @param {Record<string, string>} headers - sent with everything
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve(root = TOP, headers = {}) {
  const base = typeof root === "string" ? pathToFileURL(`${root}/`) : root;
  const server = createServer(async (request, response) => {
    const path = fileURLToPath(new URL(`.${new URL(request.url ?? "/", "http://host").pathname}`, base));
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) return response.writeHead(404).end();
    const ending = /** @type {keyof typeof TYPES} */ (path.split(".").at(-1));
    response.writeHead(200, { ...headers, "content-type": TYPES[ending] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A headless Chromium: Debian's, or the one that CHROMIUM names. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const args = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({ executablePath, chromiumSandbox: false, args });
}
