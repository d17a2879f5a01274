import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./page/app.js";
import { begin, shared, writeAddress } from "./page/state.js";
import "./style.css";

/** Milliseconds without a change, until the address follows: Safari takes a hundred changes in half a minute. */
const SETTLED = 500;

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element #app");

try {
  await begin();
  root.replaceChildren();
  render(<App />, root);
  follow();
  if (import.meta.env.PROD && "serviceWorker" in navigator) await navigator.serviceWorker.register("./sw.js");
} catch (error) {
  root.textContent = `The playground could not start: ${error instanceof Error ? error.message : String(error)}`;
}

/** Keeps the address up to date with what can be shared. */
function follow(): void {
  const opened = shared.peek();
  effect(() => {
    if (shared.value === opened) return undefined;
    const timer = setTimeout(() => void writeAddress(), SETTLED);
    return () => clearTimeout(timer);
  });
}
