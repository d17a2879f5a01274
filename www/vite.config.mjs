import { defineConfig } from "vite";
import { serviceWorker } from "./service-worker.mjs";

export default defineConfig({
  // Relative addresses: the site works in any folder of any server.
  base: "./",
  build: {
    target: "es2023",
    // The engine's .wasm stays a file, which browsers compile while it loads.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "live.html"] },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [serviceWorker(["index.html"])],
});
